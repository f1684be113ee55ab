// What a model declares: parameters, how it is fitted, and what it can do afterwards (architecture.md, Adding something).

import type { Job } from '../contract/job.ts';
import type { Params, Values } from '../contract/params.ts';
import type { Arrays, NamedArray } from '../contract/result.ts';
import type { Chosen, MetricPoint } from '../contract/run.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { Preparation } from './constrained/preparation.ts';
import type { PlainFlow } from './flows.ts';
import type { Readouts } from './readout.ts';
import type { Tested } from './tested.ts';

/** Everything a fit needs to go on as if it had never stopped: bit for bit on the fused engine. */
export interface Checkpoint {
  readonly step: number;
  readonly bestStep: number;
  /** Weights, optimiser moments, best weights: by name. */
  readonly arrays: Arrays;
  /** Plain data: schedule, patience, smoothed losses, engine build, shard count. */
  readonly state: Readonly<Record<string, unknown>>;
}

export interface FitJob extends Job {
  /** Go on from here; undefined at the start. */
  readonly resume?: Checkpoint;
  /** Train longer: weights and optimiser from `resume`, a new fall of the learning rate over this many steps. */
  readonly moreSteps?: number;
  /** A device name of interfaces.md, or `auto`. */
  readonly device: string;
  /** Called at every validation (and at most ten times a second). */
  metric(point: MetricPoint): void;
  /** Called every 10 s, at the end, and when cancelled; the store writes it. */
  save(checkpoint: Checkpoint): Promise<void>;
}

export interface FitOutcome {
  readonly checkpoint: Checkpoint;
  /** Name of interfaces.md and the library's own words: 'fused', 'CPU, relaxed SIMD'. */
  readonly device: string;
  readonly deviceName: string;
  readonly notes: readonly string[];
  /** Parameters that were left to the data and that only the fit could choose: they take the place of those resolved before it. */
  readonly chosen?: Readonly<Record<string, Chosen>>;
  /** Numbers that the model alone knows of its fit. */
  readonly diagnostics?: Readonly<Record<string, number>>;
  /** Correlation with the true weights, without those of units onto themselves, where they are known. */
  readonly weightCorrelation?: number;
}

/**
 * Takes the outputs of a model for some trials. Each array's first axis is these trials, in this order.
 * Names: rates (Hz, trial × bin × unit), ratesSd (Hz), factors (trial × bin × factor), initialConditions and
 * initialConditionsSd (trial × dimension), inputs and inputsSd (trial × bin × input), generator (trial × bin × state).
 */
export type Sink = (trials: Int32Array, arrays: Arrays) => Promise<void> | void;

/** KL of posteriors from their prior by dimension, in nats, summed over trials. */
export interface Divergences {
  readonly initial: Float64Array;
  /** Summed over bins; empty without inferred inputs. */
  readonly inputs: Float64Array;
  /** The part of `inputs` that an input costs which tells nothing: its posterior has no memory where its prior has. */
  readonly unusedInputs: Float64Array;
}

/** What a fit will cost on this machine. */
export interface Foretold {
  readonly seconds: number;
  /** Of the outputs of a trial, where they take long. */
  readonly outputSeconds?: number;
  /** Of memory, where it is planned. */
  readonly bytes?: number;
  /** Of this model, measured on the device. */
  readonly stepMs?: number;
  /** What `auto` will use, as far as that is known before the fit. */
  readonly device?: Chosen;
}

export interface Model<P extends Params = Params> {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly about: string;
  readonly params: P;
  /** Papers to cite for it, as references of a methods section. */
  readonly cites?: readonly string[];
  /** Analyses that a report of its runs makes by itself. */
  readonly reports?: readonly string[];
  /** `network`: arrays of a file that holds no trials, instead of a recording's trials. */
  readonly reads?: 'network';
  /** Every parameter's value in use for this dataset, chosen ones with their reason. Pure. */
  resolve(dataset: Dataset, settings: Partial<Values<P>>): Readonly<Record<keyof P & string, Chosen>>;
  /** What a fit costs on this machine and a device, or `auto`; undefined where it is under a second. */
  foretell?(dataset: Dataset, resolved: Readonly<Record<string, Chosen>>, threads: number, device: string): Promise<Foretold>;
  /** Devices that a fit can be told to use, beside `auto`; absent from models that leave no choice. */
  readonly devices?: readonly string[];
  /** Throws a Failure where the named device is not here; absent from models that leave no choice of devices. */
  requireDevice?(device: string): Promise<void>;
  /** What preprocessing makes of activity before a fit to it; absent where counts are fitted as they are. Throws a Failure that says why there is none. */
  prepares?(dataset: Dataset, resolved: Readonly<Record<string, Chosen>>): Preparation;
  fit(dataset: Dataset, resolved: Readonly<Record<string, Chosen>>, job: FitJob): Promise<FitOutcome>;
  /** Posterior outputs for the given trials of any dataset with the same units and bins; streams batches into `sink`. */
  infer(
    checkpoint: Checkpoint,
    dataset: Dataset,
    resolved: Readonly<Record<string, Chosen>>,
    trials: Int32Array,
    sink: Sink,
    job: Job,
  ): Promise<void>;
  /** How much a model's posteriors tell of trials, from outputs that `infer` gave for them. */
  divergences?(checkpoint: Checkpoint, resolved: Readonly<Record<string, Chosen>>, outputs: Arrays): Divergences;
  /** The model with its inferred inputs held at zero; undefined where it infers none. */
  withoutInputs?(checkpoint: Checkpoint): Checkpoint | undefined;
  /** The dynamics, where the model has any: x' = F(x, u) or ẋ = f(x, u) at a held input. */
  flow?(checkpoint: Checkpoint, resolved: Readonly<Record<string, Chosen>>): Flow;
  /** The fitted prior of inferred inputs: u(t) = α u(t − 1) + N(0, q) from bin to bin, one value of each an input; absent where none are inferred. */
  inputPrior?(
    checkpoint: Checkpoint,
    resolved: Readonly<Record<string, Chosen>>,
  ): { readonly alpha: Float64Array; readonly variance: Float64Array } | undefined;
  /** Whether the state of a bin is that at its start, so that the bin's input leads to the next one; else its own input leads to it. */
  readonly statesAtStart?: boolean;
  /** What a state of these dynamics stands for, where that is known. */
  readouts?(checkpoint: Checkpoint, resolved: Readonly<Record<string, Chosen>>): Readouts;
  /** Place in the dataset of each state, where states are recorded units. */
  recordedUnits?(checkpoint: Checkpoint, resolved: Readonly<Record<string, Chosen>>): Int32Array | undefined;
  /** How far to believe a network that is fitted to a recording: what it does over trials, and how it is fitted to other activity. */
  readonly tested?: Tested;
  /** Whether a fit computes in one thread, so that several seeds run side by side. */
  readonly oneThread?: boolean;
  /** Whether a recording of one piece, without trials that could judge, can be fitted. */
  readonly takesOnePiece?: boolean;
  /**
   * What came with a network: `starts` to search from (start × state), states that it visits (trial × bin × state, or row × state), and inputs
   * that it had (trial × bin × input, or row × input).
   */
  brought?(checkpoint: Checkpoint): { readonly starts?: NamedArray; readonly states?: NamedArray; readonly inputs?: NamedArray };
}

/**
 * States and inputs are float64 vectors; Jacobians row-major, states × states; derivatives per ms. `jacobianLipschitz` is an upper bound of
 * ‖J(x) − J(y)‖ / ‖x − y‖ at any held input, where one is known.
 */
export type Flow = FlowOf & {
  /** What it is made of, where threads can make it again. */
  readonly plain?: PlainFlow;
  /** ∂F/∂u or ∂f/∂u at x, row-major, states × inputs; by finite differences where it is absent. */
  inputJacobian?(x: Float64Array, u: Float64Array): Float64Array;
  /** Whether a unit lies on the kink of its nonlinearity, where no Jacobian exists; absent where there are no kinks. */
  kinked?(x: Float64Array, u: Float64Array): boolean;
};

type FlowOf =
  | {
      readonly kind: 'map';
      readonly stepMs: number;
      readonly states: number;
      readonly inputs: number;
      readonly jacobianLipschitz?: number;
      map(x: Float64Array, u: Float64Array): Float64Array;
      /** Into `into` where that is given and the flow knows how, else into a new array. */
      jacobian(x: Float64Array, u: Float64Array, into?: Float64Array): Float64Array;
    }
  | {
      readonly kind: 'ode';
      readonly states: number;
      readonly inputs: number;
      readonly jacobianLipschitz?: number;
      derivative(x: Float64Array, u: Float64Array): Float64Array;
      jacobian(x: Float64Array, u: Float64Array, into?: Float64Array): Float64Array;
    };

export type { NamedArray };

export const defineModel = <const P extends Params>(model: Model<P>): Model<P> => model;

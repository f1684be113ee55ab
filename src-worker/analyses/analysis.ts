// What an analysis declares. Everything else (form, command, cache, provenance, export) follows from the declaration.

import type { AnalysisDetails } from '../contract/api.ts';
import type { Job } from '../contract/job.ts';
import type { Params, Values } from '../contract/params.ts';
import type { NamedArray, Result, States } from '../contract/result.ts';
import type { Verdict } from '../contract/run.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { Constrained } from '../models/constrained/constrained.ts';
import type { FittedNetwork } from '../models/constrained/network.ts';
import type { Resolved } from '../models/constrained/resolved.ts';
import type { Flow } from '../models/model.ts';
import type { Readouts } from '../models/readout.ts';
import type { TruePoint } from '../synthetic/true-points.ts';

/** Inputs that dynamics had in the trials in use. */
export interface Drive {
  /** trials × bins × inputs, each bin's being those that led to its state: inferred inputs (posterior means), then external ones. */
  readonly values: Float64Array;
  readonly trials: number;
  readonly bins: number;
  /** How long an input is held; a map may take several steps in it. */
  readonly binMs: number;
  readonly names: readonly string[];
  /** Of each; empty where it has none. */
  readonly units?: readonly string[];
  /** How many of them are inferred. */
  readonly inferred: number;
  /** Condition of each trial, −1 for none. */
  readonly conditions: Int32Array;
  readonly conditionNames: readonly string[];
}

/** Dynamics of a run. */
export interface Dynamics {
  readonly flow: Flow;
  /** Whose they are, for captions: 'the generator of run 1a2b3c4d'. */
  readonly of: string;
  /** Undefined where no inputs are known. */
  readonly driven?: Drive;
  /** Prior of inferred inputs, one value each: u(t) = α u(t − 1) + N(0, q) from bin to bin; undefined where none are inferred. */
  readonly prior?: { readonly alpha: Float64Array; readonly variance: Float64Array };
  /** Length of a trial; undefined where there are no trials. */
  readonly trialMs?: number;
  /** States that a network brought to start from, start × state. */
  readonly starts?: NamedArray;
  /** What a state stands for. */
  readonly readouts?: Readouts;
  /** Place in the dataset of each state, where states are recorded units. */
  readonly recorded?: Int32Array;
  /** Fixed points of the system that the recording was simulated from, without input. */
  readonly truth?: readonly TruePoint[];
  /** Of other seeds of the same fit, for analyses that compare them. */
  readonly seeds?: readonly { readonly seed: number; readonly flow: Flow }[];
  /** What must be known when points of these dynamics are looked at. */
  readonly notes: readonly string[];
}

/** A fitted network whose units are recorded units, and those of other seeds of the same fit. */
export interface ConstrainedRun {
  readonly model: Constrained;
  readonly resolved: Resolved;
  readonly fitted: FittedNetwork;
  readonly seed: number;
  /** The run itself first. */
  readonly members: readonly { readonly run: string; readonly seed: number; readonly network: FittedNetwork['network'] }[];
  /** Whose it is, for captions: 'CURBD, run 1a2b3c4d'. */
  readonly of: string;
}

/** What an analysis may ask for; the catalogue offers it only where that exists. */
export interface Inputs {
  /** Of the state that was asked for, single trials. */
  readonly states: States;
  readonly dataset: Dataset;
  /** Of the run, where the analysis needs `flow`: `states` are then those that its dynamics visited. */
  readonly dynamics?: Dynamics;
  /** Of the run, where the analysis needs `constrained`. */
  readonly constrained?: ConstrainedRun;
}

/** A reading of numbers, with how good it is. */
export interface Said {
  readonly title: string;
  readonly verdict: Verdict;
  readonly sentence: string;
}

export interface Analysis<P extends Params = Params> {
  readonly id: string;
  /** Raised whenever the numbers change for the same input: old results are then made anew. */
  readonly version: number;
  readonly title: string;
  readonly about: string;
  /** Papers to cite for it, as references of a methods section. */
  readonly cites?: readonly string[];
  /**
   * `states`: trials × bins × dimensions of a run or of the data; `flow`: the dynamics of a run that has any;
   * `constrained`: a network of recorded units.
   */
  readonly needs: 'states' | 'dataset' | 'flow' | 'constrained';
  /** With `flow`: the dynamics of other seeds of the same fit come along. */
  readonly comparesSeeds?: true;
  /** State that is used unless another is asked for. */
  readonly state?: 'rates' | 'factors' | 'generator' | 'counts';
  readonly params: P;
  run(input: Inputs, params: Values<P>, job: Job): Promise<Result>;
  /** A sentence for each thing that its numbers tell, for report pages. */
  readings?(summary: Result['summary']): readonly Said[];
  /** What its report says beyond numbers, out of a result that was made or kept. */
  details?(result: Result): AnalysisDetails;
}

/** Gives `run` the types of its own schema. */
export const defineAnalysis = <const P extends Params>(analysis: Analysis<P>): Analysis<P> => analysis;

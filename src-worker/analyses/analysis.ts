// What an analysis declares. Everything else (form, command, cache, provenance, export) follows from the declaration.

import type { AnalysisDetails } from '../contract/api.ts';
import type { Job } from '../contract/job.ts';
import type { Params, Settings, Values } from '../contract/params.ts';
import type { NamedArray, Result, States, Table } from '../contract/result.ts';
import type { Verdict } from '../contract/run.ts';
import { valuesOf } from '../contract/settings.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { Resolved } from '../models/constrained/resolved.ts';
import type { Flow } from '../models/model.ts';
import type { Readouts } from '../models/readout.ts';
import type { Tested, TestedNetwork } from '../models/tested.ts';
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

/** A network that was fitted to the recording, and those of other seeds of the same fit. */
export interface TestedRun {
  readonly model: Tested;
  readonly resolved: Resolved;
  readonly seed: number;
  /** The run itself first. */
  readonly members: readonly { readonly run: string; readonly seed: number; readonly network: TestedNetwork }[];
  /** Whose it is, for captions: 'CURBD, run 1a2b3c4d'. */
  readonly of: string;
  /** The model's title. */
  readonly title: string;
}

/** What an analysis may ask for; the catalogue offers it only where that exists. */
export interface Inputs {
  /** Of the state that was asked for, single trials. */
  readonly states: States;
  readonly dataset: Dataset;
  /** Of the run, where the analysis needs `flow`: `states` are then those that its dynamics visited. */
  readonly dynamics?: Dynamics;
  /** Of the run, where the analysis needs `tested`. */
  readonly tested?: TestedRun;
  /** Makes the result of another analysis of the same run, or opens the one that is kept. */
  kept?(analysis: string, settings: Settings, job: Job): Promise<Result>;
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
   * `tested`: a network that was fitted to the recording and can be fitted again.
   */
  readonly needs: 'states' | 'dataset' | 'flow' | 'tested';
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
  /** What a report lists of it, out of a result that was made or kept. */
  table?(result: Result): Table;
}

/** Gives `run` the types of its own schema. */
export const defineAnalysis = <const P extends Params>(analysis: Analysis<P>): Analysis<P> => analysis;

/** What another analysis makes of the same input: an analysis that builds on it asks for it so, and is raised in version with it. */
export const resultOf = (analysis: Analysis, inputs: Inputs, settings: Settings, job: Job): Promise<Result> =>
  inputs.kept ? inputs.kept(analysis.id, settings, job) : analysis.run(inputs, valuesOf(analysis.params, settings), job);

/** The part of a job between two shares of the whole. */
export const partOf = (job: Job, from: number, to: number): Job => ({
  ...job,
  progress: (done, doing) => job.progress(from + (to - from) * done, doing),
});

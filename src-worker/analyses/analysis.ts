// What an analysis declares. Everything else (form, command, cache, provenance, export) follows from the declaration.

import type { Job } from '../contract/job.ts';
import type { Params, Values } from '../contract/params.ts';
import type { Result, States } from '../contract/result.ts';
import type { Dataset } from '../dataset/dataset.ts';

/** What an analysis may ask for; the catalogue offers it only where that exists. */
export interface Inputs {
  /** Of the state that was asked for, single trials. */
  readonly states: States;
  readonly dataset: Dataset;
}

export interface Analysis<P extends Params = Params> {
  readonly id: string;
  /** Raised whenever the numbers change for the same input: old results are then made anew. */
  readonly version: number;
  readonly title: string;
  readonly about: string;
  /** `states`: trials × bins × dimensions of a run or of the data. */
  readonly needs: 'states' | 'dataset';
  /** State that is used unless another is asked for. */
  readonly state?: 'rates' | 'factors' | 'generator' | 'counts';
  readonly params: P;
  run(input: Inputs, params: Values<P>, job: Job): Promise<Result>;
}

/** Gives `run` the types of its own schema. */
export const defineAnalysis = <const P extends Params>(analysis: Analysis<P>): Analysis<P> => analysis;

// What a network that was fitted to a recording offers to those who ask how far to believe it: what it does over trials, how it is fitted to
// other activity, and, where its units are recorded ones, weights that can be compared from fit to fit.

import type { Job } from '../contract/job.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { Activity, Transform } from './constrained/activity.ts';
import type { Preparation } from './constrained/preparation.ts';
import type { Resolved } from './constrained/resolved.ts';
import type { Checkpoint } from './model.ts';

/** What the network gives: recorded units, or channels of behaviour. */
export interface Outputs {
  /** Place in the dataset of each; absent where they are no units. */
  readonly places?: Int32Array;
  /** Of what is no unit. */
  readonly names?: readonly string[];
  /** An output is (value − offset) / scale. */
  readonly transform: Transform;
  /** Of values. */
  readonly unit: string;
}

/** Weights between recorded units. The current onto i is onto_i Σ_j weights_ij from_j r_j, r being what flows. */
export interface Between {
  /** Place in the dataset of each unit of the network. */
  readonly places: Int32Array;
  /** units × units, in units that are the same in every fit. */
  readonly weights: Float64Array;
  readonly onto: Float64Array;
  readonly from: Float64Array;
  /** Of currents. */
  readonly unit: string;
  /** Whether what flows is also known of the data, which then are `Followed.rows` themselves. */
  readonly fromData: boolean;
  /** Whether what flows is the activity that true weights of a recording act on, in units of `transform.scale`. */
  readonly hasTruth: boolean;
}

/** Averages of trials, and the network left alone over them. */
export interface Followed {
  /** What was recorded, smoothed and in the network's range, rows × bins × outputs. */
  readonly rows: Activity;
  /** The same of the network. */
  readonly found: Float64Array;
  /** What flows through its weights, rows × bins × units of the network. */
  readonly flowing: Float64Array;
}

export interface RowsAsked {
  /** Trials of a condition in an average; as in the fit unless given. */
  readonly perAverage?: number;
  /** S.d. of the smoothing; that of the fit unless given. */
  readonly sdMs?: number;
}

/** What a network is fitted to again: its own outputs, measured as noisily as the data were, or the data with some units shifted in time. */
export type Again =
  | { readonly of: 'itself'; readonly seed: number }
  | { readonly of: 'shifted'; readonly seed: number /** Of the network. */; readonly units: Int32Array; readonly bins: number };

/** A fit to be made, as plain data that another thread can be given. */
export interface Refit {
  readonly seed: number;
  /** Multiplications, roughly. */
  readonly work: number;
  /** For the model that made it. */
  readonly plain: unknown;
}

export interface TestedNetwork {
  readonly units: number;
  /** units × units, row i the weights onto unit i. */
  readonly J: Float64Array;
  /** Of one step: x' = (1 − α) x + α J φ(x), or α φ(J x). */
  readonly alpha: number;
  readonly stepMs: number;
  /** How activity is prepared. */
  readonly choices: Pick<Preparation, 'sdMs' | 'trialsPerAverage' | 'scale' | 'centre' | 'regions' | 'range'>;
  readonly outputs: Outputs;
  readonly between?: Between;
  /** Where a free run begins: at a trial's first bin, at the state of its condition, or at one that an encoder read from the trial. */
  readonly start: 'first bin' | 'condition' | 'encoded';
  /** How what it was fitted to came about: 'smoothed by …'; absent where that follows from `choices`. */
  readonly fittedTo?: string;
  recorded(trials: Int32Array, asked?: RowsAsked): Activity;
  follow(trials: Int32Array, asked: RowsAsked, job: Job): Promise<Followed>;
  again(to: Again, job: Job): Promise<Refit>;
}

export interface Tested {
  /** The model's id. */
  readonly id: string;
  /** Whether fits compute in one thread, so that several run side by side. */
  readonly oneThread: boolean;
  /** A test takes minutes: an app begins it where a user asks for it, and not by itself. */
  readonly isLong?: true;
  /** Tests that are made unless others are asked for: few where each takes long. */
  readonly usual: { readonly recoveries: number; readonly shifted: boolean };
  open(checkpoint: Checkpoint, resolved: Resolved, dataset: Dataset): TestedNetwork;
  refit(refit: Refit, resolved: Resolved, job: Job): Promise<Checkpoint>;
}

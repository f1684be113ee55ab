// A dataset: trials × bins × units of counts with everything that belongs to them, made of a recording by a recipe.

import type { Settings } from '../contract/params.ts';
import type { DatasetSummary } from '../contract/dataset.ts';
import type { Column } from '../formats/format.ts';

export const TRAINING = 0;
export const VALIDATION = 1;
export const TEST = 2;

/** What names a dataset: its hash is the hash of this. */
export interface DatasetRecipe {
  readonly kind: 'dataset';
  readonly version: number;
  /** Identity of the recording. */
  readonly recording: string;
  /** What the user set of `datasetParams`. */
  readonly settings: Settings;
}

export interface Conditions {
  /** The column, product of columns, or binned column. */
  readonly label: string;
  readonly names: readonly string[];
  /** Condition of each trial, −1 for none. */
  readonly of: Int32Array;
  /** An angle gets a cyclic palette; then `values` holds degrees. */
  readonly scale: 'nominal' | 'ordinal' | 'angle';
  readonly values?: Float64Array;
}

/** trials × bins × channels, averaged within bins. */
export interface Binned {
  readonly name: string;
  readonly unit: string;
  readonly channels: readonly string[];
  readonly values: Float32Array;
}

/** An array of a file as it lies there, row-major. */
export interface FileArray {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

export interface Dataset {
  readonly recipe: DatasetRecipe;
  readonly hash: string;
  readonly summary: DatasetSummary;
  readonly trials: number;
  readonly bins: number;
  readonly units: number;
  readonly binMs: number;
  /** What time zero is: 'move_onset_time', 'segment start', 'start of the array'. */
  readonly event: string;
  /** bins + 1 edges about the event, ms. */
  readonly edgesMs: Float64Array;
  /** Counts, trials × bins × units. */
  readonly counts: Float32Array;
  /** Exact times of a unit's spikes in a trial (both by place), ms about the event, where the recording has spike times: for pictures. */
  spikesMs?(unit: number, trial: number): Float64Array;
  /** 1 where a bin was observed, trials × bins; undefined when all were. Missing bins hold zero counts. */
  readonly observed?: Uint8Array;
  /** Row of the file's table for each trial and unit: these are their identities. */
  readonly trialRows: Int32Array;
  readonly unitRows: Int32Array;
  readonly trialIds: Float64Array;
  readonly unitIds: Float64Array;
  readonly areas: readonly string[];
  /** TRAINING, VALIDATION or TEST for each trial. */
  readonly split: Uint8Array;
  /** 1 for a held-out unit. */
  readonly heldOut: Uint8Array;
  readonly conditions?: Conditions;
  readonly external?: Binned;
  readonly behaviors: readonly Binned[];
  /** True rates in counts per bin, trials × bins × units. */
  readonly truth?: Float32Array;
  /**
   * Time of every event column about the alignment, ms, NaN where missing; one entry per trial. `lengthMs` where some of them begin an
   * interval of another table of the recording: how long that lasts, NaN for the others.
   */
  readonly events: readonly { readonly name: string; readonly timeMs: Float64Array; readonly lengthMs?: Float64Array }[];
  /** Columns of the trial table, restricted to the trials in use and in their order. */
  readonly columns: readonly Column[];
  /** Columns of the table of units, restricted to the units in use and in their order. */
  readonly unitColumns?: readonly Column[];
  /** Known weights of a simulated network among the units in use, units × units, row i those onto unit i. */
  readonly trueWeights?: Float64Array;
  /** units × units: 0 where there can be no connection onto unit i (row) from unit j. */
  readonly connectome?: Float64Array;
  /** Every array of numbers of the file by its path, where it holds a network: then there are no trials. */
  readonly network?: ReadonlyMap<string, FileArray>;
  /** Segments of a chopped recording: trial k covers bins from `startBin[k]` of the whole; merging cross-fades `overlapBins`. */
  readonly segments?: { readonly startBin: Int32Array; readonly overlapBins: number; readonly startSeconds: Float64Array };
  /** Length at the end of a trial that the file keeps from the encoders of a model, ms: forward prediction. */
  readonly forwardMs?: number;
}

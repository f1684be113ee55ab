// Where a dataset comes from: spike times cut into trials or segments, arrays of counts or rates, or an LFADS file.

import type { Job } from '../../contract/job.ts';
import type { LeftOut } from '../../contract/run.ts';
import type { Column } from '../../formats/format.ts';
import type { Binned, Dataset } from '../dataset.ts';

/** Rows of the file's table, or of the segments cut from it. */
export interface RowsOf {
  readonly count: number;
  readonly ids: Float64Array;
  readonly columns: readonly Column[];
}

/** A recording whose units are known, before any are chosen. */
export interface Uncut {
  readonly units: RowsOf & { readonly areas: readonly string[] };
  /** Spikes per second of a unit over the recording. */
  rateHz(unit: number): number;
  /** Reads what the units need, so that a long read can be cancelled. */
  read(units: Int32Array, job: Job): Promise<void>;
  /** Trials of these units. */
  cut(units: Int32Array): Source;
  readonly fixedHeldOut?: Uint8Array;
  /** Length at the end of a trial that the file keeps from the encoders of a model, ms. */
  readonly forwardMs?: number;
}

/** Trials of the chosen units; arrays are asked for by rows of the table of trials. */
export interface Source {
  readonly event: string;
  readonly binMs: number;
  readonly edgesMs: Float64Array;
  /** False for rates: then values are in Hz and nothing is counted. */
  readonly areCounts: boolean;
  readonly trials: RowsOf;
  /** Those of the trials that were recorded, the others added to `left`. */
  usable(trials: Int32Array, left: LeftOut[]): Int32Array;
  /** trials × bins × chosen units. */
  counts(trials: Int32Array, job: Job): Promise<Float32Array>;
  /** Exact times of the spikes of the k-th chosen unit in one of the trials (by place), ms about the event; where the file has them. */
  spikesMs?(trials: Int32Array): (unit: number, trial: number) => Float64Array;
  /** 1 where a bin was observed, trials × bins; undefined when all were. */
  observed(trials: Int32Array): Uint8Array | undefined;
  events(trials: Int32Array): Dataset['events'];
  /** Times of an event column about the alignment, ms; NaN where missing. */
  eventMs(name: string, trials: Int32Array): Float64Array;
  /** A signal averaged into bins. Throws a Failure that lists the signals there are. */
  signal(name: string, trials: Int32Array): Binned;
  /** True counts per bin, trials × bins × chosen units. */
  truth(trials: Int32Array): Float32Array | undefined;
  /** External inputs that the file itself holds. */
  external?(trials: Int32Array): Binned | undefined;
  /** The file's own split, by row. */
  readonly fixedSplit?: Uint8Array;
  /** Segments that go to the same part of the split, by row. */
  readonly groups?: Int32Array;
  /** One piece without trials: all of it trains unless it is chopped. */
  readonly whole?: boolean;
  segments?(trials: Int32Array): Dataset['segments'];
  readonly notes: readonly string[];
}

/** Rows counted and named: '2 units have …', '1 trial has …'. */
export const counted = (rows: readonly number[], what: 'unit' | 'trial', one: string, many: string): string =>
  rows.length === 1 ? `1 ${what} ${one}` : `${rows.length} ${what}s ${many}`;

/** Adds rows that are left out, where there are any. */
export function leave(left: LeftOut[], what: 'unit' | 'trial', rows: readonly number[], one: string, many: string): void {
  if (rows.length > 0) left.push({ what, rows, why: counted(rows, what, one, many) });
}

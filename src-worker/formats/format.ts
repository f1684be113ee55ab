// What a format declares, and the Recording that it opens: lazily read, never written to.

import type { Job } from '../contract/job.ts';
import type { Params, Values } from '../contract/params.ts';
import type { RecordingSummary } from '../contract/recording.ts';

/** A column of a table, read when asked for. Missing numbers are NaN, missing text is ''. */
export interface Column {
  readonly name: string;
  readonly description: string;
  readonly kind: 'number' | 'text' | 'boolean';
  /** `number` and `boolean` (0, 1, NaN) give numbers; `text` gives strings. */
  readonly values: Float64Array | readonly string[];
}

export interface Table {
  readonly path: string;
  readonly rows: number;
  /** Ids of the rows as the file has them, else 0, 1, 2 … */
  readonly ids: Float64Array;
  readonly columns: readonly Column[];
}

export interface UnitTable extends Table {
  /** Spike times of a row in s, sorted. */
  spikeTimes(row: number): Float64Array;
  /** Start, stop, start, stop … of the time in which the row was observed, s; undefined where the file does not say. */
  observed(row: number): Float64Array | undefined;
  /** Area of each row where known (own column, or joined from its electrodes), else ''. */
  readonly areas: readonly string[];
}

/** An interval table has number columns `start_time` and `stop_time` in s. */
export type IntervalTable = Table;

export interface Signal {
  readonly path: string;
  readonly title: string;
  readonly unit: string;
  readonly channels: readonly string[];
  readonly samples: number;
  /** Times in s and values samples × channels of the samples in [from, to). */
  read(from: number, to: number): { readonly times: Float64Array; readonly values: Float64Array };
}

/** An n-dimensional array of a binned file; slices are along the first axis. */
export interface ArraySource {
  readonly path: string;
  readonly shape: readonly number[];
  readonly type: string;
  /** Rows [from, to) in row-major order, numbers only. */
  read(from?: number, to?: number): Float64Array;
  readText(): readonly string[];
}

/** Truth of a synthetic recording: rates at any time, and inputs. */
export interface Truth {
  /** True rates in Hz of the given unit rows, at the steps of `stepSeconds`: rate of the step that holds t. */
  rateHz(unitRow: number, fromStep: number, toStep: number): Float64Array;
  readonly stepSeconds: number;
  /** What was simulated, by the file's identifier, and the log rates in Hz that latents stand for. */
  readonly system?: string;
  logRateHz?(unitRow: number, latents: ArrayLike<number>): number;
}

export interface Recording {
  readonly summary: RecordingSummary;
  readonly path: string;
  unitTables(): readonly UnitTable[];
  intervalTables(): readonly IntervalTable[];
  signals(): readonly Signal[];
  arrays(): readonly ArraySource[];
  truth(): Truth | undefined;
  /** For files in the LFADS layout: trials with their split, else undefined. */
  lfadsLayout(): LfadsLayout | undefined;
  close(): void;
}

/** Paths of the arrays of an LFADS file; training trials come first, then validation, then test. */
export interface LfadsLayout {
  readonly encod: Readonly<Partial<Record<'train' | 'valid' | 'test', string>>>;
  readonly recon: Readonly<Partial<Record<'train' | 'valid' | 'test', string>>>;
  readonly external: Readonly<Partial<Record<'train' | 'valid' | 'test', string>>>;
  readonly truth: Readonly<Partial<Record<'train' | 'valid' | 'test', string>>>;
  readonly conversionFactor: number;
}

export interface Format<P extends Params = Params> {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly about: string;
  readonly extensions: readonly string[];
  readonly params: P;
  /** Whether the file at `path`, whose first bytes are `head`, is this format's. Cheap, never throws. */
  sniff(path: string, head: Uint8Array): Promise<boolean>;
  /** Throws a Failure that names what is wrong with the file. */
  open(path: string, params: Values<P>, job: Job): Promise<Recording>;
}

export const defineFormat = <const P extends Params>(format: Format<P>): Format<P> => format;

// A recording as other processes see it: what the file holds, reduced to what a screen or a table can show.

export interface ColumnSummary {
  readonly name: string;
  readonly description: string;
  readonly kind: 'number' | 'text' | 'boolean';
  /** True for a numeric column of times in seconds that trials can be aligned to. */
  readonly isTime: boolean;
  /** Rows without a value (NaN, empty). */
  readonly missing: number;
  readonly distinct: number;
  /** The distinct values in order, as text, where there are at most 24. */
  readonly values?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** Of a column of times, where the file says when units were observed: time before and after that nineteen in twenty rows have at least, ms. */
  readonly reachMs?: readonly [number, number];
}

export interface TableSummary {
  readonly path: string;
  readonly rows: number;
  readonly columns: readonly ColumnSummary[];
}

export interface SignalSummary {
  readonly path: string;
  readonly title: string;
  readonly unit: string;
  readonly channels: readonly string[];
  readonly samples: number;
  readonly rateHz?: number;
}

export interface ArraySummary {
  readonly path: string;
  readonly shape: readonly number[];
  readonly type: string;
}

export interface RecordingSummary {
  /** Id of the format that opened it. */
  readonly format: string;
  readonly name: string;
  /** Size and hash of its structure and sampled blocks: the same for a copy or after a move. */
  readonly identity: string;
  readonly bytes: number;
  /** From the first to the last thing recorded, s. */
  readonly seconds: number;
  readonly units: number;
  readonly trials: number;
  readonly spikes: number;
  readonly unitTables: readonly TableSummary[];
  readonly intervalTables: readonly TableSummary[];
  readonly signals: readonly SignalSummary[];
  readonly arrays: readonly ArraySummary[];
  readonly areas: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/** A table's first rows, for the screen. Missing numbers are NaN, missing text is ''. */
export interface TableRows {
  readonly path: string;
  /** Rows that the file has; the columns may hold fewer. */
  readonly rows: number;
  readonly columns: readonly {
    readonly name: string;
    readonly kind: ColumnSummary['kind'];
    readonly isTime: boolean;
    readonly values: Float64Array | readonly string[];
  }[];
}

/** What each unit does about the event, over all trials of a dataset. */
export interface UnitMeans {
  /** Bin centres, ms. */
  readonly timeMs: Float64Array;
  /** Rows of the file's table. */
  readonly unitRows: Int32Array;
  /** Spikes in trials, one a unit. */
  readonly spikes: Float64Array;
  /** units × bins, Hz. */
  readonly rateHz: Float32Array;
  /** Trials in use, as rows of the file's table, and the condition of each, −1 for none. */
  readonly trialRows: Int32Array;
  readonly conditions: Int32Array;
}

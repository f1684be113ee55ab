// What models and analyses hand on: named arrays with axes and units, numbers for tables, and notes.

export type Numbers = Float64Array | Float32Array | Int32Array | Uint8Array;

export interface NamedArray {
  readonly values: Numbers;
  readonly shape: readonly number[];
  /** One name per dimension, outermost first: ['trial', 'bin', 'unit']. */
  readonly axes: readonly string[];
  readonly unit: string;
  /** What it is, in a sentence, for files that outlive the program. */
  readonly about?: string;
  /** One name for each entry along the last axis, where they have names. */
  readonly labels?: readonly string[];
  /** What each whole number of it stands for, from 0, where numbers stand for words. */
  readonly words?: readonly string[];
}

export type Arrays = Readonly<Record<string, NamedArray>>;

export interface Result {
  readonly arrays: Arrays;
  /** Single numbers for tables and `--json`. */
  readonly summary: Readonly<Record<string, number>>;
  /** A sentence that says what was computed from what: state, trials, parameters, run. */
  readonly recipe: string;
  /** Partial trouble, shown beside the result. */
  readonly notes: readonly string[];
}

/** Words and numbers in rows, for a report. */
export interface Table {
  readonly title: string;
  /** What its numbers are. */
  readonly about: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export type StateName = 'rates' | 'factors' | 'generator' | 'counts';

/** What every analysis of activity works on: rates, factors, generator states or counts, cut into trials or condition averages. */
export interface States {
  readonly state?: StateName;
  /** rows × bins × dimensions, row-major, in the units of `unit`; a row is a trial or a condition average. */
  readonly values: Float64Array;
  readonly rows: number;
  readonly bins: number;
  readonly dimensions: number;
  readonly binMs: number;
  /** Bin centres about the event. */
  readonly timeMs: Float64Array;
  readonly unit: string;
  /** What each row stands for: its trial (row of the file's table) or its condition. */
  readonly of: 'trials' | 'conditions';
  readonly rowIds: Int32Array;
  /** Condition of each row, −1 for none. */
  readonly conditions: Int32Array;
  readonly conditionNames: readonly string[];
  /** How they were made, for captions: 'rates, 8 condition averages, soft-normalised, first 8 principal components (92 %)'. */
  readonly recipe: string;
}

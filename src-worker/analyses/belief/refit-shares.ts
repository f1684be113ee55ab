// What the threads that fit a network again are given, share and answer.

import type { Resolved } from '../../models/constrained/resolved.ts';
import type { Checkpoint } from '../../models/model.ts';
import type { Refit } from '../../models/tested.ts';

/** In the shared counters. */
export const NEXT = 0;
export const STOP = 1;

export interface RefitThreadData {
  readonly model: string;
  readonly resolved: Resolved;
  readonly tasks: readonly Refit[];
  readonly kernels: WebAssembly.Module;
  /** The next task, and whether to stop. */
  readonly shared: Int32Array;
  /** Share done of every task. */
  readonly done: Float64Array;
}

export type Refitted =
  | { readonly task: number; readonly network: Checkpoint }
  | { readonly failure: { readonly code: string; readonly sentence: string; readonly hint: string } };

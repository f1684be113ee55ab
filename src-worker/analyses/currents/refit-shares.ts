// What the threads that fit a network again are given, share and answer.

import type { Activity } from '../../models/constrained/activity.ts';
import type { PlainGiven } from '../../models/constrained/constrained.ts';
import type { DrivenNetwork } from '../../models/constrained/network.ts';
import type { Resolved } from '../../models/constrained/resolved.ts';

/** In the shared counters. */
export const NEXT = 0;
export const STOP = 1;

/** Activity that the network is fitted to anew, from first weights of this seed. */
export interface RefitTask {
  readonly activity: Activity;
  readonly seed: number;
}

export interface RefitThreadData {
  readonly model: string;
  readonly resolved: Resolved;
  readonly given: PlainGiven;
  readonly tasks: readonly RefitTask[];
  readonly kernels: WebAssembly.Module;
  /** The next task, and whether to stop. */
  readonly shared: Int32Array;
  /** Share done of every task. */
  readonly done: Float64Array;
}

export type Refitted =
  | { readonly task: number; readonly network: DrivenNetwork }
  | { readonly failure: { readonly code: string; readonly sentence: string; readonly hint: string } };

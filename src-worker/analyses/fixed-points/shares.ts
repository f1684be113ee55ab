// What the threads of a search are given, share and answer.

import type { PlainFlow } from '../../models/flows.ts';
import type { Ending } from './point.ts';

/** In the shared counters. */
export const NEXT = 0;
export const STOP = 1;

export interface SearchThreadData {
  readonly flow: PlainFlow;
  readonly u: Float64Array;
  readonly starts: readonly Float64Array[];
  readonly usualSpeed: number;
  readonly kernels: WebAssembly.Module;
  /** The next start, and whether to stop. */
  readonly shared: Int32Array;
}

/** Where a start ended; no `ending` where it led to nothing finite. */
export interface ThreadEnd {
  readonly start: number;
  readonly ending?: Ending;
}

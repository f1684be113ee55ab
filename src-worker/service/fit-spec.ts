// What a fit's thread is given, and what it tells.

import type { FitProgress } from '../contract/api.ts';
import type { Settings } from '../contract/params.ts';
import type { MetricPoint, RunRecord } from '../contract/run.ts';

export interface FitSpec {
  readonly project: string;
  readonly run: string;
  readonly recording: string;
  readonly data: Settings;
  readonly model: string;
  readonly settings: Settings;
  readonly seed: number;
  readonly threads: number;
  readonly device: string;
  /** It computes in one thread: others like it run beside it, as many as there are threads. */
  readonly oneThread?: boolean;
  /** The run whose last checkpoint this one goes on from, where that is another. */
  readonly parent?: string;
  readonly moreSteps?: number;
}

export type FromFit =
  | { readonly kind: 'point'; readonly point: MetricPoint }
  | ({ readonly kind: 'progress' } & FitProgress)
  /** `last`: nothing follows. */
  | { readonly kind: 'record'; readonly record: RunRecord; readonly last: boolean };

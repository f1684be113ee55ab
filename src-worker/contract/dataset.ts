// A dataset as other processes see it: what a fit would get, what was left out and why, before anything is fitted.

import type { LeftOut } from './run.ts';

export interface DatasetSummary {
  readonly hash: string;
  readonly trials: number;
  readonly bins: number;
  readonly units: number;
  readonly binMs: number;
  /** Bin edges about the event, first and last, ms. */
  readonly windowMs: readonly [number, number];
  readonly event: string;
  /** Share of bins × units × trials without a spike, 0 to 1. */
  readonly emptyShare: number;
  readonly spikes: number;
  readonly conditions: readonly { readonly name: string; readonly training: number; readonly validation: number; readonly test: number }[];
  readonly trainingTrials: number;
  readonly validationTrials: number;
  readonly testTrials: number;
  readonly heldOutUnits: number;
  /** Bytes a fit's arrays would take. */
  readonly bytes: number;
  readonly left: readonly LeftOut[];
  /** Sentences about what may be wrong with the data. */
  readonly warnings: readonly string[];
  /** Rows of units that look like one unit sorted twice, the one with fewer spikes second. */
  readonly duplicates?: readonly (readonly [number, number])[];
  readonly hasTruth: boolean;
  readonly behaviors: readonly string[];
  readonly externals: readonly string[];
  /** Columns of units, and those of them that tell groups of units apart, the likeliest to be regions first. */
  readonly unitColumns?: readonly string[];
  readonly groupingColumns?: readonly string[];
}

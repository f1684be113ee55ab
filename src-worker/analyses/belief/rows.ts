// Which trials networks are shown for: averages of conditions, or some trials or pieces where there are none.

import { type Dataset, TRAINING, trialsIn } from '../../dataset/index.ts';
import { judgingTrials } from '../../metrics/report.ts';
import { thinned } from '../../models/baseline.ts';
import type { Activity } from '../../models/constrained/activity.ts';

/** Trials without conditions are shown one by one, at most so many. */
const MOST_ROWS = 24;

/** Trials that are averaged by condition, and how many trials an average takes: all of a condition (0), or 1 where there are none. */
export function shownTrials(dataset: Dataset, part: 'training' | 'judging'): { readonly trials: Int32Array; readonly perAverage: number } {
  const judging = judgingTrials(dataset);
  const trials = part === 'judging' && judging.length > 0 ? judging : trialsIn(dataset, TRAINING);
  if (dataset.conditions && trials.some((trial) => (dataset.conditions?.of[trial] ?? -1) >= 0)) return { trials, perAverage: 0 };
  return { trials: thinned(trials, MOST_ROWS), perAverage: 1 };
}

/** The bins that every row has. */
export const sharedBins = ({ lengths, bins }: Activity): number => lengths.reduce((least, length) => Math.min(least, length), bins);

/** Rows × bins × units turned to units × (rows · bins), of the bins that every row has. */
export function unitMajor(
  { rows, bins, units }: Pick<Activity, 'rows' | 'bins' | 'units'>,
  values: Float64Array,
  shared: number,
): Float64Array {
  const out = new Float64Array(units * rows * shared);
  for (let row = 0; row < rows; row++)
    for (let t = 0; t < shared; t++)
      for (let i = 0; i < units; i++) out[i * rows * shared + row * shared + t] = values[(row * bins + t) * units + i];
  return out;
}

/** Rows × bins × units in the unit of what was recorded, of the bins that every row has. */
export function inUnit(
  { rows, bins, units }: Activity,
  values: Float64Array,
  shared: number,
  { scale, offset }: { readonly scale: Float64Array; readonly offset: Float64Array },
): Float64Array {
  const out = new Float64Array(rows * shared * units);
  for (let row = 0; row < rows; row++)
    for (let t = 0; t < shared; t++)
      for (let i = 0; i < units; i++) out[(row * shared + t) * units + i] = values[(row * bins + t) * units + i] * scale[i] + offset[i];
  return out;
}

/** Each row (of `samples`) less its mean. */
export function modulated(values: Float64Array, samples: number): Float64Array {
  const out = new Float64Array(values.length);
  for (let from = 0; from < values.length; from += samples) {
    let sum = 0;
    for (let t = 0; t < samples; t++) sum += values[from + t];
    const mean = sum / samples;
    for (let t = 0; t < samples; t++) out[from + t] = values[from + t] - mean;
  }
  return out;
}

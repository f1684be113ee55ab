// Condition averages and soft normalisation of activity cut into rows × bins × dimensions.

import type { Numbers } from '../contract/result.ts';

export interface Averages {
  /** conditions × bins × dimensions; NaN where no trial of the condition was observed. */
  readonly values: Float64Array;
  /** Conditions that have trials, in order: row k of `values` is condition `conditions[k]`. */
  readonly conditions: Int32Array;
  /** Trials of each row. */
  readonly trials: Int32Array;
}

/** Mean over the rows of each condition (−1: in none), over observed bins where `observed` (rows × bins) is given. */
export function averageByCondition(
  values: Numbers,
  bins: number,
  dimensions: number,
  conditionOf: Int32Array,
  observed?: Uint8Array,
): Averages {
  const present = [...new Set(conditionOf)].filter((c) => c >= 0).sort((a, b) => a - b);
  const place = new Map(present.map((condition, k) => [condition, k]));
  const sums = new Float64Array(present.length * bins * dimensions);
  const counted = new Float64Array(present.length * bins);
  const trials = new Int32Array(present.length);
  for (let row = 0; row < conditionOf.length; row++) {
    const k = place.get(conditionOf[row]);
    if (k === undefined) continue;
    trials[k]++;
    for (let t = 0; t < bins; t++) {
      if (observed && !observed[row * bins + t]) continue;
      counted[k * bins + t]++;
      const [from, to] = [(row * bins + t) * dimensions, (k * bins + t) * dimensions];
      for (let d = 0; d < dimensions; d++) sums[to + d] += values[from + d];
    }
  }
  for (let i = 0; i < counted.length; i++)
    for (let d = 0; d < dimensions; d++) sums[i * dimensions + d] = counted[i] > 0 ? sums[i * dimensions + d] / counted[i] : Number.NaN;
  return { values: sums, conditions: Int32Array.from(present), trials };
}

/** Divides every dimension by its range plus `plus`, as Churchland et al. 2012 do, so that busy units do not outweigh the rest. */
export function softNormalise(values: Numbers, dimensions: number, plus: number): { values: Float64Array; divisors: Float64Array } {
  const low = new Float64Array(dimensions).fill(Infinity);
  const high = new Float64Array(dimensions).fill(-Infinity);
  for (let i = 0; i < values.length; i++) {
    const d = i % dimensions;
    if (values[i] < low[d]) low[d] = values[i];
    if (values[i] > high[d]) high[d] = values[i];
  }
  const divisors = low.map((from, d) => Math.max(high[d] - from, 0) + plus);
  return { values: Float64Array.from(values, (value, i) => value / divisors[i % dimensions]), divisors };
}

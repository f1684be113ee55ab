// The opponent of a free run: the mean of each condition over training, said of every trial of it.

import type { Activity } from './activity.ts';

/** For each row of `judged` the mean of the rows of `known` of its condition (of all where it has none), rows × bins × units. */
export function conditionMeans(known: Activity, judged: Activity): Float64Array {
  const { bins, units } = judged;
  const means = new Map<number, Float64Array>();
  const meanOf = (condition: number): Float64Array => {
    const before = means.get(condition);
    if (before) return before;
    const [sums, counts] = [new Float64Array(bins * units), new Float64Array(bins)];
    const own = known.conditions.some((of) => of === condition);
    for (let row = 0; row < known.rows; row++) {
      if (own && known.conditions[row] !== condition) continue;
      for (let t = 0; t < known.lengths[row]; t++) {
        counts[t] += known.averaged[row];
        for (let i = 0; i < units; i++) sums[t * units + i] += known.averaged[row] * known.values[(row * bins + t) * units + i];
      }
    }
    const mean = sums.map((sum, at) => sum / counts[Math.floor(at / units)]);
    means.set(condition, mean);
    return mean;
  };
  const said = new Float64Array(judged.rows * bins * units);
  for (let row = 0; row < judged.rows; row++) said.set(meanOf(judged.conditions[row]), row * bins * units);
  return said;
}

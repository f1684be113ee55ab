// Area under the ROC curve: the chance that a case of one kind scores above one of the other, ties counting half.

import type { Numbers } from '../contract/result.ts';

/** NaN where either list is empty. */
export function areaUnderCurve(positive: Numbers, negative: Numbers): number {
  if (positive.length === 0 || negative.length === 0) return Number.NaN;
  const sorted = Float64Array.from(negative).sort();
  let above = 0;
  for (let i = 0; i < positive.length; i++) above += (countBelow(sorted, positive[i], false) + countBelow(sorted, positive[i], true)) / 2;
  return above / positive.length / negative.length;
}

/** How many values of a sorted list are below `value`, or not above it. */
function countBelow(sorted: Float64Array, value: number, orEqual: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value || (orEqual && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Small float64 statistics over plain lists and over rows of a row-major array.

import type { Numbers } from '../contract/result.ts';

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Population variance. */
export function variance(values: Numbers): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) ** 2;
  return sum / values.length;
}

/** The p-quantile by linear interpolation between order statistics; NaN for an empty list. */
export function quantile(values: ArrayLike<number>, p: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const place = p * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

export const median = (values: ArrayLike<number>): number => quantile(values, 0.5);

/** Mean of every column of a row-major array of `dimensions` columns. */
export function columnMeans(values: Numbers, dimensions: number): Float64Array {
  const means = new Float64Array(dimensions);
  for (let i = 0; i < values.length; i += dimensions) for (let d = 0; d < dimensions; d++) means[d] += values[i + d];
  const rows = values.length / dimensions;
  for (let d = 0; d < dimensions; d++) means[d] /= rows;
  return means;
}

/** Population variance of every column of a row-major array. */
export function columnVariances(values: Numbers, dimensions: number): Float64Array {
  const means = columnMeans(values, dimensions);
  const spreads = new Float64Array(dimensions);
  for (let i = 0; i < values.length; i += dimensions) for (let d = 0; d < dimensions; d++) spreads[d] += (values[i + d] - means[d]) ** 2;
  const rows = values.length / dimensions;
  for (let d = 0; d < dimensions; d++) spreads[d] /= rows;
  return spreads;
}

/** Population variance summed over dimensions, over all rows and bins, in the values' unit squared. */
export const totalVariance = ({ values, dimensions }: { readonly values: Numbers; readonly dimensions: number }): number =>
  columnVariances(values, dimensions).reduce((sum, spread) => sum + spread, 0);

/** |row i − row j|² of a row-major array. */
export function squaredDistance(rows: Numbers, i: number, j: number, dimensions: number): number {
  let sum = 0;
  for (let d = 0; d < dimensions; d++) sum += (rows[i * dimensions + d] - rows[j * dimensions + d]) ** 2;
  return sum;
}

/** Pearson's correlation of two lists of equal length; NaN where one of them is constant. */
export function correlation(a: Numbers, b: Numbers): number {
  const [centreA, centreB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - centreA) * (b[i] - centreB);
    aa += (a[i] - centreA) ** 2;
    bb += (b[i] - centreB) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

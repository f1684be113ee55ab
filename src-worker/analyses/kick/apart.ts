// How far what was kicked is from what was left alone: states, rates, and the run left alone from what the fit inferred.

import { median } from '../../numerics/statistics.ts';
import type { Trials } from './simulate.ts';

/** rows × bins. */
export function distances(a: Float64Array, b: Float64Array, n: number, scale: number): Float64Array {
  const out = new Float64Array(a.length / n);
  for (let i = 0; i < a.length; i++) out[Math.floor(i / n)] += (a[i] - b[i]) ** 2;
  return out.map((sum) => Math.sqrt(sum) / scale);
}

export const overRows = (values: Float64Array, rows: number, bins: number): Float64Array =>
  Float64Array.from({ length: bins }, (_, bin) => median(Float64Array.from({ length: rows }, (_row, row) => values[row * bins + bin])));

export function changesOf(before: Float64Array, after: Float64Array, units: number): Float64Array {
  const out = new Float64Array(units);
  for (let i = 0; i < before.length; i++) out[i % units] += (Math.abs(after[i] - before[i]) * units) / before.length;
  return out;
}

/** Root mean square difference between the run and what was inferred, in s.d. of the states. */
export function reproduction(
  values: Float64Array,
  alone: Float64Array,
  { rows, bins, rowIds }: Trials,
  all: Int32Array,
  n: number,
  scale: number,
): number {
  let [sum, count] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const from = all.indexOf(rowIds[row]) * bins * n;
    for (let i = 0; i < bins * n; i++) {
      const difference = values[from + i] - alone[row * bins * n + i];
      if (!Number.isFinite(difference)) continue;
      sum += difference ** 2;
      count++;
    }
  }
  return Math.sqrt((sum * n) / count) / scale;
}

// What CORNN's solver asks of the columns of a matrix, one a unit, and of its eigenvalues.

import { padded } from '../constrained/doubles.ts';

const POWERS = 30;

/** Of a symmetric matrix without negative eigenvalues, by powers. */
export function largestEigenvalue(n: number, at: (i: number, j: number) => number): number {
  let x = new Float64Array(n).fill(1 / Math.sqrt(n));
  let size = 0;
  for (let k = 0; k < POWERS; k++) {
    const y = Float64Array.from(x, (_, i) => {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += at(i, j) * x[j];
      return sum;
    });
    size = Math.hypot(...y);
    x = y.map((value) => value / size);
  }
  return size;
}

/** Largest difference in each column. */
export function columnsDiffer(a: Float64Array, b: Float64Array, rows: number, ld: number): Float64Array {
  const most = new Float64Array(ld);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < ld; k++) {
      const apart = Math.abs(a[i * ld + k] - b[i * ld + k]);
      // A comparison that NaN passes too.
      if (!(apart <= most[k])) most[k] = apart;
    }
  return most;
}

/** Keeps some columns, in place; those that pad them are 0. */
export function narrow(values: Float64Array, rows: number, ld: number, kept: readonly number[]): void {
  const to = padded(kept.length);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < kept.length; k++) values[row * to + k] = values[row * ld + kept[k]];
    values.fill(0, row * to + kept.length, (row + 1) * to);
  }
}

// Products, exponentials and singular values of small square matrices, row-major.

import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { timesOf } from '../engine/times.ts';

/** A B of n × n matrices. */
export function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const x = a[i * n + k];
      if (x !== 0) for (let j = 0; j < n; j++) out[i * n + j] += x * b[k * n + j];
    }
  return out;
}

/** A x of a rows × columns matrix. */
export function apply(a: Float64Array, x: Float64Array): Float64Array {
  const columns = x.length;
  const out = new Float64Array(columns === 0 ? 0 : a.length / columns);
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += a[i * columns + j] * x[j];
    out[i] = sum;
  }
  return out;
}

/** Terms of the series at ‖A‖ ≤ ½: the next is below 1e-23. */
const TERMS = 18;

/** e^A by its series, halved until ‖A‖₁ ≤ ½ and squared back. */
export function exponential(a: Float64Array, n: number): Float64Array {
  let norm = 0;
  for (let j = 0; j < n; j++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += Math.abs(a[i * n + j]);
    norm = Math.max(norm, sum);
  }
  const halvings = norm > 0.5 ? Math.ceil(Math.log2(norm / 0.5)) : 0;
  const small = a.map((value) => value / 2 ** halvings);
  const identity = new Float64Array(n * n);
  for (let i = 0; i < n; i++) identity[i * (n + 1)] = 1;
  const times = timesOf(small, n);
  // Horner: I + A (I + A/2 (I + A/3 (…)))
  let out: Float64Array = identity;
  for (let k = TERMS; k >= 1; k--) {
    out = times(out).map((value) => value / k);
    for (let i = 0; i < n; i++) out[i * (n + 1)] += 1;
  }
  for (let k = 0; k < halvings; k++) out = product(out, out, n);
  return out;
}

export interface Gain {
  readonly norm: number;
  /** The direction that is amplified most, and where it goes, both of length 1. */
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/** The largest singular value of an n × n matrix, exact to rounding. */
export function gainOf(a: Float64Array, n: number): Gain {
  const found = new SingularValueDecomposition(Matrix.from1DArray(n, n, a as unknown as number[]), { autoTranspose: true });
  const column = (matrix: Matrix): Float64Array => Float64Array.from({ length: n }, (_, i) => matrix.get(i, 0));
  return { norm: found.diagonal[0], from: column(found.rightSingularVectors), to: column(found.leftSingularVectors) };
}

/** Singular values of a rows × columns matrix, largest first. */
export function singularValues(values: Float64Array, rows: number, columns: number): Float64Array {
  const matrix = Matrix.from1DArray(rows, columns, values as unknown as number[]);
  return Float64Array.from(
    new SingularValueDecomposition(matrix, {
      autoTranspose: true,
      computeLeftSingularVectors: false,
      computeRightSingularVectors: false,
    }).diagonal,
  );
}

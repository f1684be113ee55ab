// Eigenvalues of real square matrices with right and left eigenvectors, and how well each is determined.

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { factoriseLu, solveLuTransposed } from './lu.ts';

/** n modes; vectors lie one after another, real and imaginary parts apart. */
export interface Modes {
  readonly count: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** Right eigenvectors, modes × n, of length 1. */
  readonly rightRe: Float64Array;
  readonly rightIm: Float64Array;
  /** Left eigenvectors, modes × n, with l·r = 1 (no conjugation); NaN where the matrix has no full set of eigenvectors. */
  readonly leftRe: Float64Array;
  readonly leftIm: Float64Array;
  /** ‖l‖‖r‖ of each: by how much an error of the matrix can move the eigenvalue; Infinity for a defective matrix. */
  readonly condition: Float64Array;
}

/** Over the largest entry of a matrix. */
const NOTHING = 1e-30;

/** Modes of a row-major n × n matrix, ordered by `rank`, largest first; pairs stay together, the positive imaginary part first. */
export function modesOf(matrix: Float64Array, n: number, rank: (re: number, im: number) => number): Modes {
  // Far beneath rounding, such numbers only couple equal eigenvalues into ones without eigenvectors of their own.
  const floor = NOTHING * matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const clean = matrix.map((value) => (Math.abs(value) < floor ? 0 : value));
  const found = new EigenvalueDecomposition(Matrix.from1DArray(n, n, clean as unknown as number[]));
  const { realEigenvalues: d, imaginaryEigenvalues: e, eigenvectorMatrix } = found;
  // Columns j and j + 1 are the real and imaginary part of a pair's vector: A V = V D with real blocks in D.
  const columns = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) columns[i * n + j] = eigenvectorMatrix.get(i, j);
  const rows = rowsOfInverse(columns, n);
  const order = Array.from({ length: n }, (_, k) => k).sort((a, b) => rank(d[b], e[b]) - rank(d[a], e[a]) || a - b);
  const modes = {
    count: n,
    re: Float64Array.from(order, (k) => d[k]),
    im: Float64Array.from(order, (k) => e[k]),
    rightRe: new Float64Array(n * n),
    rightIm: new Float64Array(n * n),
    leftRe: new Float64Array(n * n),
    leftIm: new Float64Array(n * n),
    condition: new Float64Array(n),
  };
  for (const [place, k] of order.entries()) {
    const sign = Math.sign(e[k]);
    const first = sign < 0 ? k - 1 : k;
    let [right, left] = [0, 0];
    for (let i = 0; i < n; i++) {
      const [re, im] = [columns[i * n + first], sign === 0 ? 0 : sign * columns[i * n + first + 1]];
      right += re * re + im * im;
      modes.rightRe[place * n + i] = re;
      modes.rightIm[place * n + i] = im;
      // With V = [v v̄] T the pair's rows of V⁻¹ are (row₁ ∓ i·row₂) / 2.
      const [a, b] = sign === 0 ? [rows[first * n + i], 0] : [rows[first * n + i] / 2, (-sign * rows[(first + 1) * n + i]) / 2];
      left += a * a + b * b;
      modes.leftRe[place * n + i] = a;
      modes.leftIm[place * n + i] = b;
    }
    const size = Math.sqrt(right);
    for (let i = place * n; i < (place + 1) * n; i++) {
      modes.rightRe[i] /= size;
      modes.rightIm[i] /= size;
      modes.leftRe[i] *= size;
      modes.leftIm[i] *= size;
    }
    const condition = size * Math.sqrt(left);
    modes.condition[place] = Number.isFinite(condition) ? condition : Infinity;
  }
  return modes;
}

/** Rows of V⁻¹, one after another; NaN where V is singular. */
function rowsOfInverse(columns: Float64Array, n: number): Float64Array {
  const lu = columns.slice();
  const pivots = new Int32Array(n);
  const rows = new Float64Array(n * n);
  if (!factoriseLu(lu, n, pivots)) return rows.fill(Number.NaN);
  for (let k = 0; k < n; k++) {
    const row = rows.subarray(k * n, (k + 1) * n);
    row[k] = 1;
    // e_kᵀ V⁻¹ is the solution of Vᵀ y = e_k.
    solveLuTransposed(lu, n, pivots, row);
  }
  return rows;
}

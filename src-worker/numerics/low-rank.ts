// A matrix as a sum of few outer products, J = m nᵀ / N, in the one gauge that fixes them (Valente, Pillow and Ostojic 2022): columns of m and
// of n orthogonal, their lengths √(N s) with s the singular values, the largest entry of each column of m positive.

import { symmetricEigen } from './symmetric.ts';

export interface LowRank {
  readonly rank: number;
  readonly units: number;
  /** units × rank: where each dimension drives the units. */
  readonly m: Float64Array;
  /** units × rank: how each dimension is read from their activity. */
  readonly n: Float64Array;
  /** Singular values of J, from the largest down. */
  readonly singular: Float64Array;
}

/** What is left of a column counts as nothing below this, relative to the largest column. */
const NOTHING = 1e-6;

/** The loadings of a row-major N × N matrix; undefined where its rank is above `most`, or 0. */
export function lowRankOf(J: Float64Array, N: number, most: number): LowRank | undefined {
  const basis = rangeOf(J, N, most);
  if (basis === undefined || basis.length === 0) return undefined;
  const R = basis.length;
  // J = Q B, and B Bᵀ = U s² Uᵀ
  const B = basis.map((q) => {
    const row = new Float64Array(N);
    for (let i = 0; i < N; i++) for (let j = 0; j < N; j++) row[j] += q[i] * J[i * N + j];
    return row;
  });
  const square = new Float64Array(R * R);
  for (let a = 0; a < R; a++) for (let b = 0; b < R; b++) for (let j = 0; j < N; j++) square[a * R + b] += B[a][j] * B[b][j];
  const { values, vectors } = symmetricEigen(square, R);
  const m = new Float64Array(N * R);
  const n = new Float64Array(N * R);
  const singular = values.map((value) => Math.sqrt(Math.max(0, value)));
  for (let r = 0; r < R; r++) {
    const u = new Float64Array(N);
    const v = new Float64Array(N);
    for (let a = 0; a < R; a++)
      for (let i = 0; i < N; i++) {
        u[i] += vectors[r * R + a] * basis[a][i];
        v[i] += (vectors[r * R + a] * B[a][i]) / singular[r];
      }
    const largest = u.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
    const scale = Math.sign(largest) * Math.sqrt(N * singular[r]);
    for (let i = 0; i < N; i++) {
      m[i * R + r] = scale * u[i];
      n[i * R + r] = scale * v[i];
    }
  }
  return { rank: R, units: N, m, n, singular };
}

/** An orthonormal basis of the columns, the longest rest first; undefined where more than `most` are needed. */
function rangeOf(J: Float64Array, N: number, most: number): Float64Array[] | undefined {
  const rest = J.slice();
  const lengths = (): Float64Array => {
    const squares = new Float64Array(N);
    for (let i = 0; i < N; i++) for (let j = 0; j < N; j++) squares[j] += rest[i * N + j] ** 2;
    return squares.map(Math.sqrt);
  };
  const basis: Float64Array[] = [];
  const least = NOTHING * lengths().reduce((a, b) => Math.max(a, b), 0);
  for (;;) {
    const left = lengths();
    const column = left.reduce((best, length, j) => (length > left[best] ? j : best), 0);
    if (!(left[column] > least)) return basis;
    if (basis.length === most) return undefined;
    const q = Float64Array.from({ length: N }, (_, i) => rest[i * N + column] / left[column]);
    basis.push(q);
    for (let j = 0; j < N; j++) {
      let along = 0;
      for (let i = 0; i < N; i++) along += q[i] * rest[i * N + j];
      for (let i = 0; i < N; i++) rest[i * N + j] -= along * q[i];
    }
  }
}

/** aᵀ b / N of arrays of N × p and N × q, p × q. */
export function overlaps(a: Float64Array, b: Float64Array, N: number): Float64Array {
  const [p, q] = [a.length / N, b.length / N];
  const out = new Float64Array(p * q);
  for (let i = 0; i < N; i++) for (let r = 0; r < p; r++) for (let s = 0; s < q; s++) out[r * q + s] += (a[i * p + r] * b[i * q + s]) / N;
  return out;
}

/** Principal angles between the spans of the columns of a and of b (N × R each), degrees, from the smallest up. */
export function principalAngles(a: Float64Array, b: Float64Array, N: number): Float64Array {
  const R = a.length / N;
  const [qa, qb] = [orthonormal(a, N), orthonormal(b, N)];
  const cosines = overlaps(qa, qb, N).map((x) => N * x);
  const square = new Float64Array(R * R);
  for (let i = 0; i < R; i++)
    for (let j = 0; j < R; j++) for (let k = 0; k < R; k++) square[i * R + j] += cosines[i * R + k] * cosines[j * R + k];
  return symmetricEigen(square, R).values.map((value) => (180 / Math.PI) * Math.acos(Math.sqrt(Math.min(1, Math.max(0, value)))));
}

function orthonormal(a: Float64Array, N: number): Float64Array {
  const R = a.length / N;
  const q = a.slice();
  for (let r = 0; r < R; r++) {
    // Twice, so that rounding leaves nothing along earlier columns.
    for (let pass = 0; pass < 2; pass++)
      for (let s = 0; s < r; s++) {
        let along = 0;
        for (let i = 0; i < N; i++) along += q[i * R + s] * q[i * R + r];
        for (let i = 0; i < N; i++) q[i * R + r] -= along * q[i * R + s];
      }
    let length = 0;
    for (let i = 0; i < N; i++) length += q[i * R + r] ** 2;
    for (let i = 0; i < N; i++) q[i * R + r] /= Math.sqrt(length) || 1;
  }
  return q;
}

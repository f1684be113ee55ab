// The fit of jPCA (Churchland et al. 2012), exactly: ẋ = M x with M skew-symmetric, from midpoints within each condition.
//
// X = (x(t+1) + x(t)) / 2 and D = (x(t+1) − x(t)) / Δ are rows, D ≈ X M. With C = XᵀX = V Λ Vᵀ and S = XᵀD − DᵀX, the least squares over
// skew-symmetric M solve C M + M C = S, so that M = V [(VᵀSV)_ij / (λ_i + λ_j)] Vᵀ.

import { symmetricEigen } from '../../numerics/symmetric.ts';

export interface Rotation {
  readonly dimensions: number;
  /** Skew-symmetric M, 1/s, dimensions × dimensions: rows x of states move as x M. */
  readonly skew: Float64Array;
  /** M of the fit without constraint. */
  readonly free: Float64Array;
  /** 1 − |D − X M|² / |D|² of each. */
  readonly r2Skew: number;
  readonly r2Free: number;
}

export interface Plane {
  /** 2 × dimensions, orthonormal: states turn from the first axis to the second. */
  readonly axes: Float64Array;
  readonly frequencyHz: number;
}

/** A variance below this share of the largest is rounding. */
const NOTHING = 1e-12;

/** Fits rows × bins × dimensions of states, all finite. */
export function fitRotation(values: Float64Array, rows: number, bins: number, dimensions: number, binMs: number): Rotation {
  const k = dimensions;
  const c = new Float64Array(k * k);
  /** XᵀD. */
  const xd = new Float64Array(k * k);
  let total = 0;
  const [x, d] = [new Float64Array(k), new Float64Array(k)];
  for (let row = 0; row < rows; row++)
    for (let bin = 0; bin + 1 < bins; bin++) {
      const at = (row * bins + bin) * k;
      for (let i = 0; i < k; i++) {
        x[i] = (values[at + k + i] + values[at + i]) / 2;
        d[i] = (values[at + k + i] - values[at + i]) / (binMs / 1000);
        total += d[i] * d[i];
      }
      for (let i = 0; i < k; i++)
        for (let j = 0; j < k; j++) {
          c[i * k + j] += x[i] * x[j];
          xd[i * k + j] += x[i] * d[j];
        }
    }
  const { values: lambda, vectors } = symmetricEigen(c, k);
  const kept = lambda.map((value) => (value > NOTHING * lambda[0] ? 1 : 0));
  /** V W Vᵀ, where W holds an entry of Vᵀ (XᵀD) V changed by `entry`. */
  const inBasis = (entry: (inner: Float64Array, i: number, j: number) => number): Float64Array => {
    const inner = sandwich(vectors, xd, k, false);
    const changed = inner.map((_, at) => {
      const [i, j] = [Math.floor(at / k), at % k];
      return kept[i] || kept[j] ? entry(inner, i, j) : 0;
    });
    return sandwich(vectors, changed, k, true);
  };
  const skew = inBasis((inner, i, j) => (inner[i * k + j] - inner[j * k + i]) / (lambda[i] + lambda[j]));
  const free = inBasis((inner, i, j) => (kept[i] ? inner[i * k + j] / lambda[i] : 0));
  // |D − X M|² = |D|² − 2 tr(Mᵀ XᵀD) + tr(Mᵀ C M)
  const r2 = (m: Float64Array): number => {
    let explained = 0;
    for (let i = 0; i < k; i++)
      for (let j = 0; j < k; j++) {
        let cm = 0;
        for (let l = 0; l < k; l++) cm += c[i * k + l] * m[l * k + j];
        explained += m[i * k + j] * (2 * xd[i * k + j] - cm);
      }
    return total > 0 ? explained / total : Number.NaN;
  };
  return { dimensions, skew, free, r2Skew: r2(skew), r2Free: r2(free) };
}

/** Vᵀ A V, or V A Vᵀ where `back`, with the columns of V as rows of `vectors`. */
function sandwich(vectors: Float64Array, a: Float64Array, k: number, back: boolean): Float64Array {
  const v = (i: number, column: number) => (back ? vectors[column * k + i] : vectors[i * k + column]);
  const half = new Float64Array(k * k);
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) for (let l = 0; l < k; l++) half[i * k + j] += v(i, l) * a[l * k + j];
  const out = new Float64Array(k * k);
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) for (let l = 0; l < k; l++) out[i * k + j] += half[i * k + l] * v(j, l);
  return out;
}

/**
 * Planes of a skew-symmetric M, the fastest first; an odd dimension is left over. Frequencies undo the midpoint rule: a rotation by angle φ a bin
 * has ω Δ / 2 = tan(φ / 2).
 */
export function planesOf({ skew, dimensions: k }: Rotation, binMs: number): readonly Plane[] {
  // Rows move as x M, so columns as A x with A = Mᵀ; the eigenvectors of AᵀA = M Mᵀ span the planes, and A turns within each.
  const square = new Float64Array(k * k);
  for (let i = 0; i < k; i++)
    for (let j = 0; j < k; j++) for (let l = 0; l < k; l++) square[i * k + j] += skew[i * k + l] * skew[j * k + l];
  const { vectors } = symmetricEigen(square, k);
  const taken: Float64Array[] = [];
  const planes: Plane[] = [];
  const seconds = binMs / 1000;
  for (let place = 0; place < k && planes.length < Math.floor(k / 2); place++) {
    const first = beside(vectors.slice(place * k, (place + 1) * k), taken);
    if (first === undefined) continue;
    const moved = new Float64Array(k);
    for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) moved[j] += first[i] * skew[i * k + j];
    const omega = Math.sqrt(moved.reduce((sum, value) => sum + value * value, 0));
    taken.push(first);
    const second = beside(moved, taken) ?? nextBeside(vectors, k, taken);
    taken.push(second);
    const axes = new Float64Array(2 * k);
    axes.set(first);
    axes.set(second, k);
    planes.push({ axes, frequencyHz: Math.atan((omega * seconds) / 2) / (Math.PI * seconds) });
  }
  return planes.toSorted((a, b) => b.frequencyHz - a.frequencyHz);
}

/** A vector made orthogonal to others, of length 1; undefined where nothing of it is left. */
function beside(vector: Float64Array, others: readonly Float64Array[]): Float64Array | undefined {
  const size = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (!(size > 0)) return undefined;
  const own = vector.map((value) => value / size);
  for (let pass = 0; pass < 2; pass++)
    for (const other of others) {
      const along = own.reduce((sum, value, i) => sum + value * other[i], 0);
      for (let i = 0; i < own.length; i++) own[i] -= along * other[i];
    }
  const left = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
  return left > 1e-6 ? own.map((value) => value / left) : undefined;
}

/** The first of the vectors (rows) of which something is left: where M is zero nothing turns, and any two axes make a plane. */
function nextBeside(vectors: Float64Array, k: number, taken: readonly Float64Array[]): Float64Array {
  for (let place = 0; place < k; place++) {
    const found = beside(vectors.slice(place * k, (place + 1) * k), taken);
    if (found) return found;
  }
  throw new Error('no dimension is left for a plane');
}

/**
 * A plane turned within itself so that its first axis has the larger variance of the given scores (rows × dimensions, of the first bin), positive
 * for the row that lies farthest out; the sense of rotation stays.
 */
export function turned(plane: Plane, scores: Float64Array): Plane {
  const k = plane.axes.length / 2;
  const rows = scores.length / k;
  const [a, b] = [new Float64Array(rows), new Float64Array(rows)];
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < k; i++) {
      a[row] += scores[row * k + i] * plane.axes[i];
      b[row] += scores[row * k + i] * plane.axes[k + i];
    }
  const centre = (of: Float64Array) => of.reduce((sum, value) => sum + value / rows, 0);
  const [ma, mb] = [centre(a), centre(b)];
  let [aa, ab, bb] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    aa += (a[row] - ma) ** 2;
    ab += (a[row] - ma) * (b[row] - mb);
    bb += (b[row] - mb) ** 2;
  }
  // The principal axis of the 2 × 2 covariance.
  let angle = Math.atan2(2 * ab, aa - bb) / 2;
  const along = a.map((value, row) => (value - ma) * Math.cos(angle) + (b[row] - mb) * Math.sin(angle));
  const farthest = along.reduce((best, value, row) => (Math.abs(value) > Math.abs(along[best]) * (1 + 1e-9) ? row : best), 0);
  if (along[farthest] < 0) angle += Math.PI;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const axes = plane.axes.map((value, at) => (at < k ? cos * value + sin * plane.axes[k + at] : cos * value - sin * plane.axes[at - k]));
  return { ...plane, axes };
}

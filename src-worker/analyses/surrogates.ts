// Tensor maximum entropy surrogates (Elsayed and Cunningham 2017): random data with the same covariance across time, across
// dimensions and across conditions as the data, and no other structure. What they also show is no finding.
//
// In the eigenbases of the three marginal covariances the surrogate is independent Gaussians of variance 1 / (α + β + γ), with
// the multipliers that give the marginals their eigenvalues: the minimum of −Σ log(α_i + β_j + γ_k) + α·a + β·b + γ·c.

import { key, normal } from '../engine/random.ts';
import { factorise, solveFactorised } from '../numerics/cholesky.ts';
import { symmetricEigen, type Symmetric } from '../numerics/symmetric.ts';

/** Eigenvalues below this share of the largest are dropped, and the others scaled up to keep the trace. */
const LEAST = 1e-4;

/** An axis this long, with at most half as many numbers at each place, has its eigenvectors from the smaller side's products. */
const LONG = 512;

/** Counter of the surrogates' randomness, apart from the streams of a fit. */
const SURROGATES = 101;

interface Marginal {
  readonly size: number;
  readonly kept: number;
  /** size × kept, orthonormal columns. */
  readonly vectors: Float64Array;
  readonly values: Float64Array;
}

export interface SurrogateModel {
  readonly rows: number;
  readonly bins: number;
  readonly dimensions: number;
  /** Mean of every dimension, given back to each draw. */
  readonly means: Float64Array;
  readonly marginals: readonly [Marginal, Marginal, Marginal];
  /** Standard deviations in the eigenbases: rows kept × bins kept × dimensions kept. */
  readonly sd: Float64Array;
  /** Largest relative error of the marginal eigenvalues. */
  readonly error: number;
  readonly iterations: number;
}

/** Fits the surrogates of rows × bins × dimensions, all finite. Undefined where the data do not vary. */
export function surrogateModel(values: Float64Array, rows: number, bins: number, dimensions: number): SurrogateModel | undefined {
  const means = new Float64Array(dimensions);
  const count = rows * bins;
  for (let i = 0; i < values.length; i++) means[i % dimensions] += values[i] / count;
  const centred = values.map((value, i) => value - means[i % dimensions]);
  const shape = [rows, bins, dimensions] as const;
  const marginals = [0, 1, 2].map((axis) => marginalOf(centred, shape, axis)) as [Marginal, Marginal, Marginal];
  if (marginals.some(({ kept }) => kept === 0)) return undefined;
  const { multipliers, error, iterations } = solve(marginals.map(({ values: eigen }) => eigen));
  const [rowMultipliers, binMultipliers, dimensionMultipliers] = multipliers;
  const sd = new Float64Array(rowMultipliers.length * binMultipliers.length * dimensionMultipliers.length);
  let at = 0;
  for (const a of rowMultipliers) for (const b of binMultipliers) for (const c of dimensionMultipliers) sd[at++] = 1 / Math.sqrt(a + b + c);
  return { rows, bins, dimensions, means, marginals, sd, error, iterations };
}

/** Sum over the other two axes of the products of the mean-free tensor, by its eigenvectors. */
function marginalOf(tensor: Float64Array, shape: readonly [number, number, number], axis: number): Marginal {
  const size = shape[axis];
  const stride = axis === 0 ? shape[1] * shape[2] : axis === 1 ? shape[2] : 1;
  const starts = Int32Array.from({ length: tensor.length / size }, (_, k) => Math.floor(k / stride) * stride * size + (k % stride));
  const across = size >= LONG && starts.length <= size / 2;
  const { values, vectors: all } = across ? acrossEigen(tensor, size, stride, starts) : alongEigen(tensor, size, stride, starts);
  const largest = Math.max(0, values[0]);
  const kept = largest > 0 ? values.filter((value) => value > LEAST * largest).length : 0;
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  const keptTotal = values.subarray(0, kept).reduce((sum, value) => sum + value, 0);
  const vectors = new Float64Array(size * kept);
  for (let row = 0; row < size; row++) for (let k = 0; k < kept; k++) vectors[row * kept + k] = all[k * size + row];
  return { size, kept, vectors, values: values.slice(0, kept).map((value) => (value * total) / keptTotal) };
}

/** Of C = A Aᵀ, size × size: column k of A begins at place k of `starts` and goes on by `stride`. */
function alongEigen(tensor: Float64Array, size: number, stride: number, starts: Int32Array): Symmetric {
  const covariance = new Float64Array(size * size);
  for (const start of starts)
    for (let i = 0; i < size; i++) {
      const value = tensor[start + i * stride];
      if (value === 0) continue;
      for (let j = 0; j <= i; j++) covariance[i * size + j] += value * tensor[start + j * stride];
    }
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) covariance[j * size + i] = covariance[i * size + j];
  return symmetricEigen(covariance, size);
}

/** The same from AᵀA, which has the same eigenvalues but for zeros: A w / √λ is the vector of C to w. Vectors below `LEAST` are left zero. */
function acrossEigen(tensor: Float64Array, size: number, stride: number, starts: Int32Array): Symmetric {
  const count = starts.length;
  const gram = new Float64Array(count * count);
  const row = new Float64Array(count);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < count; k++) row[k] = tensor[starts[k] + i * stride];
    for (let k = 0; k < count; k++) for (let l = 0; l <= k; l++) gram[k * count + l] += row[k] * row[l];
  }
  for (let k = 0; k < count; k++) for (let l = 0; l < k; l++) gram[l * count + k] = gram[k * count + l];
  const { values, vectors: small } = symmetricEigen(gram, count);
  const vectors = new Float64Array(count * size);
  for (let v = 0; v < count && values[v] > LEAST * values[0]; v++)
    for (let k = 0; k < count; k++) {
      const weight = small[v * count + k] / Math.sqrt(values[v]);
      for (let i = 0; i < size; i++) vectors[v * size + i] += weight * tensor[starts[k] + i * stride];
    }
  return { values, vectors };
}

/** Newton's method on the convex dual; all three lists of eigenvalues have the same sum. */
function solve(eigen: readonly Float64Array[]): {
  readonly multipliers: readonly Float64Array[];
  readonly error: number;
  readonly iterations: number;
} {
  const sizes = eigen.map(({ length }) => length);
  const offsets = [0, sizes[0], sizes[0] + sizes[1]];
  const unknowns = sizes[0] + sizes[1] + sizes[2];
  const cells = sizes[0] * sizes[1] * sizes[2];
  const trace = eigen[0].reduce((sum, value) => sum + value, 0);
  // In units of a cell's mean variance, so that multipliers are of order one.
  const wanted = Float64Array.from(eigen.flatMap((values) => Array.from(values, (value) => (value * cells) / trace)));
  let x = Float64Array.from(wanted, (value, i) => cells / (3 * sizes[offsets.findLastIndex((offset) => i >= offset)] * value));
  let best = objective(x, sizes, wanted);
  let iterations = 0;
  for (; iterations < 200 && best.error > 1e-10; iterations++) {
    const step = newtonStep(best.gradient, best.hessian, unknowns);
    const decrement = Math.sqrt(Math.max(0, -best.gradient.reduce((sum, value, i) => sum + value * step[i], 0)));
    let next: Objective | undefined;
    let share = 1 / (1 + decrement);
    // A damped step stays inside the domain in theory; halving keeps it there under rounding.
    for (let tries = 0; tries < 40 && next === undefined; tries++, share /= 2) {
      const moved = x.map((value, i) => value + share * step[i]);
      const tried = objective(moved, sizes, wanted);
      if (Number.isFinite(tried.value) && (tried.value <= best.value + 1e-9 * Math.abs(best.value) || tried.error < best.error)) {
        next = tried;
        x = moved;
      }
    }
    if (next === undefined) break;
    best = next;
  }
  const scale = cells / trace;
  return {
    multipliers: sizes.map((size, axis) => x.slice(offsets[axis], offsets[axis] + size).map((value) => value * scale)),
    error: best.error,
    iterations,
  };
}

interface Objective {
  readonly value: number;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  readonly error: number;
}

function objective(x: Float64Array, [ni, nj, nk]: readonly number[], wanted: Float64Array): Objective {
  const n = x.length;
  const gradient = wanted.slice();
  const hessian = new Float64Array(n * n);
  let value = x.reduce((sum, part, i) => sum + part * wanted[i], 0);
  for (let i = 0; i < ni; i++)
    for (let j = 0; j < nj; j++)
      for (let k = 0; k < nk; k++) {
        const [p, q, r] = [i, ni + j, ni + nj + k];
        const sum = x[p] + x[q] + x[r];
        if (!(sum > 0)) return { value: Infinity, gradient, hessian, error: Infinity };
        value -= Math.log(sum);
        const variance = 1 / sum;
        gradient[p] -= variance;
        gradient[q] -= variance;
        gradient[r] -= variance;
        const curve = variance * variance;
        for (const [s, t] of [
          [p, p],
          [q, q],
          [r, r],
          [p, q],
          [p, r],
          [q, r],
        ])
          hessian[s * n + t] += curve;
      }
  for (let s = 0; s < n; s++) for (let t = 0; t < s; t++) hessian[s * n + t] = hessian[t * n + s];
  let error = 0;
  for (let i = 0; i < n; i++) error = Math.max(error, Math.abs(gradient[i]) / wanted[i]);
  return { value, gradient, hessian, error };
}

/** −H⁻¹ g by Cholesky after scaling H to a unit diagonal; a ridge fixes what the sum of multipliers leaves free. */
function newtonStep(gradient: Float64Array, hessian: Float64Array, n: number): Float64Array {
  const scale = Float64Array.from({ length: n }, (_, i) => 1 / Math.sqrt(hessian[i * n + i]));
  for (let ridge = 1e-12; ; ridge *= 100) {
    const l = hessian.map((value, at) => value * scale[Math.floor(at / n)] * scale[at % n]);
    for (let i = 0; i < n; i++) l[i * n + i] += ridge;
    if (!factorise(l, n)) continue;
    const step = gradient.map((value, i) => -value * scale[i]);
    solveFactorised(l, n, step);
    return step.map((value, i) => value * scale[i]);
  }
}

/** One surrogate, rows × bins × dimensions, set by the seed and its number. */
export function drawSurrogate(model: SurrogateModel, seed: number, draw: number): Float64Array {
  const [rows, bins, dimensions] = model.marginals;
  const { values } = drawAlongAxes(model, seed, draw);
  return expanded(values, rows.size * bins.size, dimensions, 1).map((value, i) => value + model.means[i % model.dimensions]);
}

/** The same surrogate about its means, along the orthogonal axes of its dimensions: rows × bins × dimensions kept. */
export function drawAlongAxes(
  model: SurrogateModel,
  seed: number,
  draw: number,
): { readonly values: Float64Array; readonly dimensions: number } {
  const [rows, bins, dimensions] = model.marginals;
  const k = key(seed, SURROGATES, draw);
  const tensor = model.sd.map((sd, i) => sd * normal(k, i));
  // Out of the eigenbases, one axis after the other: kept × kept × kept to rows × bins × kept.
  const wide = expanded(tensor, 1, rows, bins.kept * dimensions.kept);
  return { values: expanded(wide, rows.size, bins, dimensions.kept), dimensions: dimensions.kept };
}

/** outer × kept × inner to outer × size × inner. */
function expanded(tensor: Float64Array, outer: number, { size, kept, vectors }: Marginal, inner: number): Float64Array {
  const out = new Float64Array(outer * size * inner);
  for (let o = 0; o < outer; o++)
    for (let s = 0; s < size; s++)
      for (let k = 0; k < kept; k++) {
        const weight = vectors[s * kept + k];
        const [to, from] = [(o * size + s) * inner, (o * kept + k) * inner];
        for (let i = 0; i < inner; i++) out[to + i] += weight * tensor[from + i];
      }
  return out;
}

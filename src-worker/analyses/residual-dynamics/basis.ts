// The dimensions in which the past of residuals tells of their future: singular directions of the Hankel matrix of covariances between them, which
// noise of single bins does not enter (Galgali, Sahani, Mante 2023; subspace identification).

import { leadingEigen } from '../../numerics/leading.ts';
import { principalComponents, project } from '../../numerics/pca.ts';

/** More units than this are first taken together in as many principal components. */
export const MOST_UNITS = 96;
/** Bins of the past and of the future. */
const LAGS = 5;

/**
 * Residuals (trials × bins × units) along the first `count` dimensions, and these, dimensions × units, orthonormal; the first few of them are those that
 * fewer would be.
 */
export function alongDynamics(
  values: Float64Array,
  bins: number,
  units: number,
  count: number,
): { readonly values: Float64Array; readonly basis: Float64Array; readonly dimensions: number } {
  const pre = units > MOST_UNITS ? principalComponents(values, units, MOST_UNITS) : undefined;
  const n = pre?.count ?? units;
  const r = pre ? project(values, { ...pre, mean: new Float64Array(units) }) : values;
  const lags = Math.max(1, Math.min(LAGS, Math.floor(bins / 2)));
  const covariances = Array.from({ length: 2 * lags - 1 }, (_, k) => laggedCovariance(r, bins, n, k + 1));
  const directions = orthonormal(presentOf(covariances, n, lags, count), n);
  const kept = directions.length / n;
  const basis = new Float64Array(kept * units);
  for (let k = 0; k < kept; k++)
    for (let i = 0; i < n; i++) {
      if (!pre) basis[k * units + i] = directions[k * n + i];
      else for (let u = 0; u < units; u++) basis[k * units + u] += directions[k * n + i] * pre.components[i * units + u];
    }
  const out = new Float64Array((values.length / units) * kept);
  for (let row = 0; row < values.length / units; row++)
    for (let k = 0; k < kept; k++) for (let u = 0; u < units; u++) out[row * kept + k] += values[row * units + u] * basis[k * units + u];
  return { values: out, basis, dimensions: kept };
}

/** Mean over trials and bins of r(t) r(t − lag)ᵀ. */
function laggedCovariance(r: Float64Array, bins: number, n: number, lag: number): Float64Array {
  const c = new Float64Array(n * n);
  const trials = r.length / (bins * n);
  for (let trial = 0; trial < trials; trial++)
    for (let bin = lag; bin < bins; bin++) {
      const [now, past] = [(trial * bins + bin) * n, (trial * bins + bin - lag) * n];
      for (let i = 0; i < n; i++) {
        const value = r[now + i];
        if (value !== 0) for (let j = 0; j < n; j++) c[i * n + j] += value * r[past + j];
      }
    }
  return c.map((value) => value / (trials * (bins - lag)));
}

/**
 * Rows for the present, the first of the future, of the leading left singular directions of the Hankel matrix, whose block (i, j), 0 ≤ i < lags and
 * 1 ≤ j ≤ lags, is the covariance of r(t + i) and r(t − j).
 */
function presentOf(covariances: readonly Float64Array[], n: number, lags: number, count: number): Float64Array {
  const size = n * lags;
  // H Hᵀ, by the blocks Σ_j C(i + j) C(k + j)ᵀ.
  const square = new Float64Array(size * size);
  for (let i = 0; i < lags; i++)
    for (let k = 0; k <= i; k++) {
      const block = new Float64Array(n * n);
      for (let j = 1; j <= lags; j++) {
        const [a, b] = [covariances[i + j - 1], covariances[k + j - 1]];
        for (let row = 0; row < n; row++)
          for (let column = 0; column < n; column++) {
            let sum = 0;
            for (let l = 0; l < n; l++) sum += a[row * n + l] * b[column * n + l];
            block[row * n + column] += sum;
          }
      }
      for (let row = 0; row < n; row++)
        for (let column = 0; column < n; column++)
          square[(i * n + row) * size + k * n + column] = square[(k * n + column) * size + i * n + row] = block[row * n + column];
    }
  const { vectors } = leadingEigen(square, size, Math.min(count, n));
  return Float64Array.from({ length: Math.min(count, n) * n }, (_, at) => vectors[Math.floor(at / n) * size + (at % n)]);
}

/** Rows of n made orthonormal one after the other; one of which nothing is left makes room for the next axis. */
function orthonormal(rows: Float64Array, n: number): Float64Array {
  const out = rows.slice();
  let axis = 0;
  for (let from = 0; from < out.length; from += n) {
    const own = out.subarray(from, from + n);
    for (;;) {
      const whole = Math.hypot(...own);
      for (let pass = 0; pass < 2; pass++)
        for (let before = 0; before < from; before += n) {
          let along = 0;
          for (let i = 0; i < n; i++) along += own[i] * out[before + i];
          for (let i = 0; i < n; i++) own[i] -= along * out[before + i];
        }
      const left = Math.hypot(...own);
      if (left > 1e-8 * whole && left > 0) {
        for (let i = 0; i < n; i++) own[i] /= left;
        break;
      }
      own.fill(0);
      own[axis++] = 1;
    }
  }
  return out;
}

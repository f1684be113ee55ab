// Residual dynamics in two stages (Galgali, Sahani, Mante 2023, Nat. Neurosci. 26:326): residuals are predicted from their own past, which noise
// of observation does not reach, and A_t maps that prediction one bin on. Plain least squares would find noise for decay.
//
//   stage 1   R̂_t = Z_t B_t, Z_t = [r(t−1) … r(t−ℓ)], B_t fitted on the other folds of trials
//   stage 2   (R̂_tᵀR_t + α n_t I) M_t − α (M_{t−1} + M_{t+1}) = R̂_tᵀR_{t+1}, A_t = M_tᵀ, solved as block tridiagonal
//
// Both need residuals by their lagged products alone (lagged.ts): of fold f, R̂_tᵀR_t = B_tᵀ Z_tᵀR_t.

import { factoriseLu, solveLu } from '../../numerics/lu.ts';
import { added, type Folded, type Moments } from './lagged.ts';

export interface Chain {
  /** First bin t that has an A_t, and how many have. */
  readonly from: number;
  readonly count: number;
  /** M_t of each, count × d × d: rows r of residuals move as r M. */
  readonly m: Float64Array;
}

/** Share of the mean variance of instruments that is added to each, against singular products. */
const RIDGE = 1e-6;

/** B = (ZᵀZ + εI)⁻¹ZᵀR, q × d. */
function firstStage({ zz, zNow }: Moments, d: number): Float64Array {
  const q = zNow.length / d;
  const ridged = zz.slice();
  let trace = 0;
  for (let i = 0; i < q; i++) trace += zz[i * (q + 1)];
  for (let i = 0; i < q; i++) ridged[i * (q + 1)] += (RIDGE * trace) / q || 1;
  return solved(ridged, q, zNow, d);
}

/** A⁻¹ B for B of `columns` columns; zeros where A is singular. */
export function solved(a: Float64Array, n: number, b: Float64Array, columns: number): Float64Array {
  const lu = a.slice();
  const pivots = new Int32Array(n);
  const out = new Float64Array(n * columns);
  if (!factoriseLu(lu, n, pivots)) return out;
  const x = new Float64Array(n);
  for (let c = 0; c < columns; c++) {
    for (let i = 0; i < n; i++) x[i] = b[i * columns + c];
    solveLu(lu, n, pivots, x);
    for (let i = 0; i < n; i++) out[i * columns + c] = x[i];
  }
  return out;
}

/** Adds BᵀC to `out`, for B and C of q × d. */
function addProduct(out: Float64Array, b: Float64Array, c: Float64Array, d: number): void {
  for (let row = 0; row < b.length; row += d)
    for (let i = 0; i < d; i++) {
      const weight = b[row + i];
      for (let j = 0; j < d; j++) out[i * d + j] += weight * c[row + j];
    }
}

/** R̂ᵀR_t and R̂ᵀR_{t+1} of what shares one first stage, each fold predicted by the others. */
function crossed(parts: readonly Moments[], d: number): { readonly now: Float64Array; readonly next: Float64Array } {
  const [now, next] = [new Float64Array(d * d), new Float64Array(d * d)];
  for (const [fold, own] of parts.entries()) {
    const b = firstStage(added(parts.filter((_, other) => other !== fold)), d);
    addProduct(now, b, own.zNow, d);
    addProduct(next, b, own.zNext, d);
  }
  return { now, next };
}

/** M_t of all bins, smoothed over time by α. */
export function chainOf({ bins, d, lags }: Folded, alpha: number): Chain {
  const sides = bins.map((parts) => crossed(parts, d));
  const [left, right] = [sides.map(({ now }) => now), sides.map(({ next }) => next)];
  return { from: lags, count: sides.length, m: smoothedOver(left, right, alpha, d) };
}

/** The second stage: α holds the M of neighbouring bins together. */
function smoothedOver(left: readonly Float64Array[], right: readonly Float64Array[], alpha: number, d: number): Float64Array {
  const diagonals = left.map((own, k) => {
    const neighbours = Number(k > 0) + Number(k < left.length - 1);
    return own.map((value, i) => (i % (d + 1) === 0 ? value + alpha * neighbours : value));
  });
  return thomas(diagonals, right, alpha, d);
}

/** Block tridiagonal with −α I beside the diagonal: forward elimination, then back. */
export function thomas(diagonals: readonly Float64Array[], right: readonly Float64Array[], alpha: number, d: number): Float64Array {
  const [count, size] = [diagonals.length, d * d];
  const out = new Float64Array(count * size);
  const unit = Float64Array.from({ length: size }, (_, i) => (i % (d + 1) === 0 ? alpha : 0));
  /** D'⁻¹ α I and D'⁻¹ right' of each bin. */
  const onward: Float64Array[] = [];
  const reduced: Float64Array[] = [];
  for (let k = 0; k < count; k++) {
    const diagonal = diagonals[k].slice();
    const side = right[k].slice();
    if (k > 0)
      for (let i = 0; i < size; i++) {
        diagonal[i] -= alpha * onward[k - 1][i];
        side[i] += alpha * reduced[k - 1][i];
      }
    onward.push(solved(diagonal, d, unit, d));
    reduced.push(solved(diagonal, d, side, d));
  }
  for (let k = count - 1; k >= 0; k--) {
    const own = reduced[k].slice();
    if (k < count - 1)
      for (let i = 0; i < d; i++)
        for (let j = 0; j < d; j++) for (let l = 0; l < d; l++) own[i * d + j] += onward[k][i * d + l] * out[(k + 1) * size + l * d + j];
    out.set(own, k * size);
  }
  return out;
}

/** One M for all bins (α → ∞), with one first stage for all bins. */
export function pooledMap({ bins, d }: Folded): Float64Array {
  const parts = bins[0].map((_, fold) => added(bins.map((folds) => folds[fold])));
  const { now, next } = crossed(parts, d);
  return solved(now, d, next, d);
}

/** That of plain least squares, which noise of observation biases. */
export function leastSquaresMap({ bins, d }: Folded): Float64Array {
  const { nowNow, nowNext } = added(bins.flat());
  return solved(nowNow, d, nowNext, d);
}

/**
 * F of the first stage, of the dimension where instruments tell least: at each bin, and over all of them; 0 where there are no more trials than
 * instruments, means of conditions counted as trials less.
 */
export function strengths({ bins, d, lags }: Folded, trials: number): { readonly each: Float64Array; readonly pooled: number } {
  const q = d * lags;
  const of = (whole: Moments, samples: number): number => {
    const free = samples - q;
    if (free < 1) return 0;
    const b = firstStage(whole, d);
    let least = Infinity;
    for (let j = 0; j < d; j++) {
      let explained = 0;
      for (let i = 0; i < q; i++) explained += b[i * d + j] * whole.zNow[i * d + j];
      least = Math.min(least, explained / q / (Math.max(1e-300, whole.nowNow[j * (d + 1)] - explained) / free));
    }
    return Number.isFinite(least) ? least : 0;
  };
  return { each: Float64Array.from(bins, (parts) => of(added(parts), trials)), pooled: of(added(bins.flat()), trials * bins.length) };
}

/**
 * Mean squared error of the next residual of trials held out, per fold of so many trials, over all dimensions that there are, of which the first d are
 * predicted, from bin `from` on.
 */
export function heldOutErrors({ bins, d, lags }: Folded, sizes: Int32Array, alpha: number, from: number): Float64Array {
  return Float64Array.from(sizes, (size, fold) => {
    const stages = bins.map((parts) => {
      const known = added(parts.filter((_, other) => other !== fold));
      const b = firstStage(known, d);
      const right = new Float64Array(d * d);
      addProduct(right, b, known.zNext, d);
      // R̂ᵀR̂ in the place of R̂ᵀR, for R̂ was fitted on these very trials.
      return { b, left: quadratic(b, known.zz, d), right };
    });
    const m = smoothedOver(
      stages.map(({ left }) => left),
      stages.map(({ right }) => right),
      alpha,
      d,
    );
    let [sum, count] = [0, 0];
    for (let k = from - lags; k < bins.length; k++) {
      const held = bins[k][fold];
      const b = through(stages[k].b, m.subarray(k * d * d, (k + 1) * d * d), d);
      // |R' − Z B M|² = |R'|² − 2 tr((BM)ᵀZᵀR') + tr((BM)ᵀZᵀZ(BM))
      sum += held.next;
      for (let i = 0; i < b.length; i++) sum -= 2 * b[i] * held.zNext[i];
      const twice = quadratic(b, held.zz, d);
      for (let i = 0; i < d; i++) sum += twice[i * (d + 1)];
      count += size;
    }
    return count > 0 ? sum / count : Number.NaN;
  });
}

/** BᵀCB for B of q × d. */
function quadratic(b: Float64Array, c: Float64Array, d: number): Float64Array {
  const q = b.length / d;
  const half = new Float64Array(q * d);
  for (let i = 0; i < q; i++)
    for (let k = 0; k < q; k++) {
      const value = c[i * q + k];
      for (let j = 0; j < d; j++) half[i * d + j] += value * b[k * d + j];
    }
  const out = new Float64Array(d * d);
  addProduct(out, b, half, d);
  return out;
}

/** BM for B of q × d. */
function through(b: Float64Array, m: Float64Array, d: number): Float64Array {
  const out = new Float64Array(b.length);
  for (let row = 0; row < b.length; row += d)
    for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) out[row + j] += b[row + i] * m[i * d + j];
  return out;
}

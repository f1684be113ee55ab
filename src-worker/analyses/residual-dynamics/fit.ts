// Residual dynamics in two stages (Galgali, Sahani, Mante 2023, Nat. Neurosci. 26:326): residuals are predicted from their own past, which noise
// of observation does not reach, and A_t maps that prediction one bin on. Plain least squares would find noise for decay.
//
//   stage 1   R̂_t = Z_t B_t, Z_t = [r(t−1) … r(t−ℓ)], B_t fitted on the other folds of trials
//   stage 2   (R̂_tᵀR_t + α n_t I) M_t − α (M_{t−1} + M_{t+1}) = R̂_tᵀR_{t+1}, A_t = M_tᵀ, solved as block tridiagonal

import { factoriseLu, solveLu } from '../../numerics/lu.ts';

/** Residuals, trials × bins × dimensions, with the fold that each trial is in. */
export interface Residuals {
  readonly values: Float64Array;
  readonly trials: number;
  readonly bins: number;
  readonly dimensions: number;
  readonly folds: Int32Array;
  /** Means of conditions that were taken away at every bin: so many trials tell nothing of their own. */
  readonly means?: number;
}

export interface Chain {
  /** First bin t that has an A_t, and how many have. */
  readonly from: number;
  readonly count: number;
  /** M_t of each, count × d × d: rows r of residuals move as r M. */
  readonly m: Float64Array;
}

/** Share of the mean variance of instruments that is added to each, against singular products. */
const RIDGE = 1e-6;
export const FOLDS = 5;

/** The sub-matrix of residuals of one bin: rows × d. */
const at = ({ bins, dimensions }: Residuals, trial: number, bin: number): number => (trial * bins + bin) * dimensions;

/** ZᵀZ and ZᵀR at bin t (of all bins from ℓ on, where t is undefined), over the trials that `uses` keeps. */
function moments(r: Residuals, lags: number, t: number | undefined, uses: (trial: number) => boolean) {
  const { trials, bins, dimensions: d, values } = r;
  const q = d * lags;
  const zz = new Float64Array(q * q);
  const zr = new Float64Array(q * d);
  const z = new Float64Array(q);
  const [first, last] = t === undefined ? [lags, bins - 2] : [t, t];
  for (let trial = 0; trial < trials; trial++) {
    if (!uses(trial)) continue;
    for (let bin = first; bin <= last; bin++) {
      instruments(r, lags, trial, bin, z);
      const now = at(r, trial, bin);
      for (let i = 0; i < q; i++) {
        for (let j = 0; j <= i; j++) zz[i * q + j] += z[i] * z[j];
        for (let j = 0; j < d; j++) zr[i * d + j] += z[i] * values[now + j];
      }
    }
  }
  for (let i = 0; i < q; i++) for (let j = 0; j < i; j++) zz[j * q + i] = zz[i * q + j];
  return { zz, zr };
}

function instruments(r: Residuals, lags: number, trial: number, bin: number, z: Float64Array): void {
  const d = r.dimensions;
  for (let lag = 1; lag <= lags; lag++) {
    const from = at(r, trial, bin - lag);
    for (let i = 0; i < d; i++) z[(lag - 1) * d + i] = r.values[from + i];
  }
}

/** B = (ZᵀZ + εI)⁻¹ZᵀR, q × d. */
function firstStage({ zz, zr }: ReturnType<typeof moments>, q: number, d: number): Float64Array {
  const lu = zz.slice();
  let trace = 0;
  for (let i = 0; i < q; i++) trace += zz[i * q + i];
  for (let i = 0; i < q; i++) lu[i * q + i] += (RIDGE * trace) / q || 1;
  return solved(lu, q, zr, d);
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

/** Predictions R̂, trials × bins × d, from bin ℓ on; `pooled` takes one B for all bins. */
export function predicted(r: Residuals, lags: number, pooled: boolean, known?: (trial: number) => boolean): Float64Array {
  const { trials, bins, dimensions: d, values, folds } = r;
  const q = d * lags;
  const out = new Float64Array(values.length);
  const z = new Float64Array(q);
  // Where it is said which trials are known, B is fitted on these alone; else on the other folds of each trial's own.
  const parts = known ? [-1] : [...new Set(folds)].sort((a, b) => a - b);
  for (const part of parts) {
    const uses = known ?? ((trial: number) => folds[trial] !== part);
    const whole = pooled ? firstStage(moments(r, lags, undefined, uses), q, d) : undefined;
    for (let bin = lags; bin <= bins - 2; bin++) {
      const b = whole ?? firstStage(moments(r, lags, bin, uses), q, d);
      for (let trial = 0; trial < trials; trial++) {
        if (!known && folds[trial] !== part) continue;
        instruments(r, lags, trial, bin, z);
        const to = at(r, trial, bin);
        for (let i = 0; i < q; i++) for (let j = 0; j < d; j++) out[to + j] += z[i] * b[i * d + j];
      }
    }
  }
  return out;
}

/** R̂_tᵀX of one bin over the trials kept: X is R_t, R̂_t or R_{t+1}. */
function products(
  r: Residuals,
  hat: Float64Array,
  other: Float64Array,
  bin: number,
  later: number,
  uses: (trial: number) => boolean,
): Float64Array {
  const { trials, dimensions: d } = r;
  const out = new Float64Array(d * d);
  for (let trial = 0; trial < trials; trial++) {
    if (!uses(trial)) continue;
    const [from, to] = [at(r, trial, bin), at(r, trial, bin + later)];
    for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) out[i * d + j] += hat[from + i] * other[to + j];
  }
  return out;
}

/** M_t of all bins, smoothed over time by α. `inSample`: R̂ was fitted on these very trials, so that R̂ᵀR̂ stands for R̂ᵀR. */
export function secondStage(
  r: Residuals,
  hat: Float64Array,
  lags: number,
  alpha: number,
  inSample = false,
  uses = (_trial: number) => true,
): Chain {
  const { bins, dimensions: d, values } = r;
  const count = Math.max(0, bins - 1 - lags);
  const size = d * d;
  const diagonals: Float64Array[] = [];
  const right: Float64Array[] = [];
  for (let k = 0; k < count; k++) {
    const diagonal = products(r, hat, inSample ? hat : values, lags + k, 0, uses);
    const neighbours = Number(k > 0) + Number(k < count - 1);
    for (let i = 0; i < d; i++) diagonal[i * (d + 1)] += alpha * neighbours;
    diagonals.push(diagonal);
    right.push(products(r, hat, values, lags + k, 1, uses));
  }
  return { from: lags, count, m: thomas(diagonals, right, alpha, d, size) };
}

/** Block tridiagonal with −α I beside the diagonal: forward elimination, then back. */
export function thomas(
  diagonals: readonly Float64Array[],
  right: readonly Float64Array[],
  alpha: number,
  d: number,
  size = d * d,
): Float64Array {
  const count = diagonals.length;
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

/** One M for all bins (α → ∞), with one first stage for all bins; and the one of plain least squares, which noise of observation biases. */
export function pooledMaps(r: Residuals, lags: number): { readonly instrumental: Float64Array; readonly leastSquares: Float64Array } {
  const { bins, dimensions: d, values } = r;
  const hat = predicted(r, lags, true);
  const all = () => true;
  const sums = [0, 1, 2, 3].map(() => new Float64Array(d * d));
  for (let bin = lags; bin <= bins - 2; bin++)
    for (const [k, part] of [
      products(r, hat, values, bin, 0, all),
      products(r, hat, values, bin, 1, all),
      products(r, values, values, bin, 0, all),
      products(r, values, values, bin, 1, all),
    ].entries())
      for (let i = 0; i < d * d; i++) sums[k][i] += part[i];
  return { instrumental: solved(sums[0], d, sums[1], d), leastSquares: solved(sums[2], d, sums[3], d) };
}

/** F of the first stage, of the dimension where instruments tell least: at each bin, and over all of them; 0 where there are no more trials than instruments. */
export function strengths(r: Residuals, lags: number): { readonly each: Float64Array; readonly pooled: number } {
  const { trials, bins, dimensions: d, means = 0 } = r;
  const q = d * lags;
  const of = (t: number | undefined, samples: number): number => {
    const free = samples - q;
    if (free < 1) return 0;
    const sums = moments(r, lags, t, () => true);
    const b = firstStage(sums, q, d);
    const [first, last] = t === undefined ? [lags, bins - 2] : [t, t];
    let least = Infinity;
    for (let j = 0; j < d; j++) {
      let total = 0;
      for (let trial = 0; trial < trials; trial++) for (let bin = first; bin <= last; bin++) total += r.values[at(r, trial, bin) + j] ** 2;
      let explained = 0;
      for (let i = 0; i < q; i++) explained += b[i * d + j] * sums.zr[i * d + j];
      least = Math.min(least, explained / q / (Math.max(1e-300, total - explained) / free));
    }
    return Number.isFinite(least) ? least : 0;
  };
  return {
    each: Float64Array.from({ length: Math.max(0, bins - 1 - lags) }, (_, k) => of(lags + k, trials - means)),
    pooled: of(undefined, (trials - means) * Math.max(0, bins - 1 - lags)),
  };
}

/** Mean squared error of the next residual of trials held out, per fold, over `wide` dimensions of which only those of the model are predicted. */
export function heldOutErrors(whole: Residuals, dimensions: number, lags: number, alpha: number, from: number): Float64Array {
  const { trials, bins, folds, dimensions: wide } = whole;
  const r = firstDimensions(whole, dimensions);
  const d = dimensions;
  return Float64Array.from({ length: FOLDS }, (_, fold) => {
    const uses = (trial: number) => folds[trial] !== fold;
    const hat = predicted(r, lags, false, uses);
    const { m } = secondStage(r, hat, lags, alpha, true, uses);
    let [sum, count] = [0, 0];
    for (let trial = 0; trial < trials; trial++) {
      if (uses(trial)) continue;
      for (let bin = from; bin <= bins - 2; bin++, count++) {
        const next = at(whole, trial, bin + 1);
        const now = at(r, trial, bin);
        for (let j = 0; j < wide; j++) {
          let rest = whole.values[next + j];
          if (j < d) for (let i = 0; i < d; i++) rest -= hat[now + i] * m[(bin - lags) * d * d + i * d + j];
          sum += rest * rest;
        }
      }
    }
    return count > 0 ? sum / count : Number.NaN;
  });
}

export function firstDimensions(r: Residuals, dimensions: number): Residuals {
  if (dimensions === r.dimensions) return r;
  const values = new Float64Array((r.values.length / r.dimensions) * dimensions);
  for (let row = 0; row < r.values.length / r.dimensions; row++)
    for (let i = 0; i < dimensions; i++) values[row * dimensions + i] = r.values[row * r.dimensions + i];
  return { ...r, values, dimensions };
}

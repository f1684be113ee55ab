// Products of residuals with those before them, summed over the trials of each fold: all that the two stages of the fit need, so that a bootstrap
// draw, which counts some trials twice and others not at all, goes through the trials once.

import { FOLDS, type Residuals } from './residuals.ts';

/** Σ over trials of r(t) r(t − k)ᵀ for k = 0 … ℓ + 1. */
export interface Lagged {
  /** The same, with another r(t + 1) for the second stage. */
  readonly later?: readonly Float64Array[];
  readonly bins: number;
  readonly dimensions: number;
  readonly lags: number;
  /** Of each fold: bins × (ℓ + 2) × d × d; and its trials. */
  readonly folds: readonly Float64Array[];
  readonly sizes: Int32Array;
}

/** `copies`: how often each trial counts; once unless told. `now`: other values for r(t), those of its past stay. */
export function laggedProducts(r: Residuals & { readonly now?: Float64Array }, lags: number, copies?: Int32Array): Lagged {
  const { values, now: later = values, trials, bins, dimensions: d } = r;
  const folds = Array.from({ length: FOLDS }, () => new Float64Array(bins * (lags + 2) * d * d));
  const sizes = new Int32Array(FOLDS);
  for (let trial = 0; trial < trials; trial++) {
    const weight = copies === undefined ? 1 : copies[trial];
    if (weight === 0) continue;
    const sums = folds[r.folds[trial]];
    sizes[r.folds[trial]] += weight;
    for (let bin = 0; bin < bins; bin++) {
      const now = (trial * bins + bin) * d;
      const most = Math.min(bin, lags + 1);
      let to = bin * (lags + 2) * d * d;
      for (let k = 0; k <= most; k++) {
        const past = now - k * d;
        for (let i = 0; i < d; i++) {
          const value = weight * later[now + i];
          for (let j = 0; j < d; j++) sums[to++] += value * values[past + j];
        }
      }
    }
  }
  return { bins, dimensions: d, lags, folds, sizes };
}

/** Products of the instruments Z = [r(t − 1) … r(t − ℓ)] among themselves and with r(t) and r(t + 1); and of these two. */
export interface Moments {
  /** q × q, q × d, q × d. */
  readonly zz: Float64Array;
  readonly zNow: Float64Array;
  readonly zNext: Float64Array;
  /** r(t) r(t)ᵀ, r(t) r(t + 1)ᵀ, d × d, and |r(t + 1)|² over all dimensions that there are. */
  readonly nowNow: Float64Array;
  readonly nowNext: Float64Array;
  readonly next: number;
}

/** Moments of the folds at every bin that has an A, of the first `d` dimensions and `lags` lags: bins × folds. */
export interface Folded {
  readonly d: number;
  readonly lags: number;
  readonly bins: readonly (readonly Moments[])[];
}

export function foldedMoments(p: Lagged, lags: number, d = p.dimensions): Folded {
  const bins = Array.from({ length: Math.max(0, p.bins - 1 - lags) }, (_, k) =>
    p.folds.map((sums, fold) => momentsAt(p, sums, p.later?.[fold] ?? sums, lags + k, d, lags)),
  );
  return { d, lags, bins };
}

function momentsAt(
  { dimensions: wide, lags: most }: Lagged,
  sums: Float64Array,
  later: Float64Array,
  bin: number,
  d: number,
  lags: number,
): Moments {
  const q = d * lags;
  /** Where Σ r(t) r(t − k)ᵀ stands. */
  const product = (t: number, k: number): number => (t * (most + 2) + k) * wide * wide;
  const zz = new Float64Array(q * q);
  for (let a = 0; a < lags; a++)
    for (let b = a; b < lags; b++) {
      const from = product(bin - 1 - a, b - a);
      for (let i = 0; i < d; i++)
        for (let j = 0; j < d; j++) zz[(a * d + i) * q + b * d + j] = zz[(b * d + j) * q + a * d + i] = sums[from + i * wide + j];
    }
  const zNow = new Float64Array(q * d);
  const zNext = new Float64Array(q * d);
  for (let a = 0; a < lags; a++) {
    const [now, next] = [product(bin, a + 1), product(bin + 1, a + 2)];
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++) {
        zNow[(a * d + i) * d + j] = sums[now + j * wide + i];
        zNext[(a * d + i) * d + j] = later[next + j * wide + i];
      }
  }
  const nowNow = new Float64Array(d * d);
  const nowNext = new Float64Array(d * d);
  const [now, next] = [product(bin, 0), product(bin + 1, 1)];
  for (let i = 0; i < d; i++)
    for (let j = 0; j < d; j++) {
      nowNow[i * d + j] = sums[now + i * wide + j];
      nowNext[i * d + j] = later[next + j * wide + i];
    }
  let variance = 0;
  for (let i = 0; i < wide; i++) variance += sums[product(bin + 1, 0) + i * (wide + 1)];
  return { zz, zNow, zNext, nowNow, nowNext, next: variance };
}

/** Adds up moments, of folds or of bins. */
export function added(parts: readonly Moments[]): Moments {
  const sum = (of: (part: Moments) => Float64Array): Float64Array => {
    const out = of(parts[0]).slice();
    for (const part of parts.slice(1)) {
      const own = of(part);
      for (let i = 0; i < out.length; i++) out[i] += own[i];
    }
    return out;
  };
  return {
    zz: sum((part) => part.zz),
    zNow: sum((part) => part.zNow),
    zNext: sum((part) => part.zNext),
    nowNow: sum((part) => part.nowNow),
    nowNext: sum((part) => part.nowNext),
    next: parts.reduce((total, part) => total + part.next, 0),
  };
}

// Gaussian smoothing along time. Ends are reflected (d c b a | a b c d | d c b a), so that a constant stays one and no
// value from outside the trial is invented; a kernel reaches four standard deviations.

import type { Numbers } from '../contract/result.ts';

/** Weights at offsets 0, 1 … radius; all 2·radius + 1 of them sum to 1. */
export function gaussianKernel(sdBins: number): Float64Array {
  const radius = sdBins > 0 ? Math.floor(4 * sdBins + 0.5) : 0;
  const half = Float64Array.from({ length: radius + 1 }, (_, k) => (k === 0 ? 1 : Math.exp(-0.5 * (k / sdBins) ** 2)));
  const sum = half.reduce((total, weight) => total + 2 * weight, -half[0]);
  return half.map((weight) => weight / sum);
}

/** The bin in 0 … bins − 1 that bin k is a mirror image of. */
function reflected(k: number, bins: number): number {
  const place = ((k % (2 * bins)) + 2 * bins) % (2 * bins);
  return place < bins ? place : 2 * bins - 1 - place;
}

/** bins × bins: row t holds what every bin of a trial of that length adds to bin t. `own` false leaves the bin itself out. */
export function smoothingMatrix(bins: number, sdBins: number, own = true): Float64Array {
  const half = gaussianKernel(sdBins);
  const matrix = new Float64Array(bins * bins);
  for (let t = 0; t < bins; t++) {
    let sum = 0;
    for (let k = 1 - half.length; k < half.length; k++) {
      const from = reflected(t + k, bins);
      if (!own && from === t) continue;
      matrix[t * bins + from] += half[Math.abs(k)];
      sum += half[Math.abs(k)];
    }
    if (sum > 0) for (let from = 0; from < bins; from++) matrix[t * bins + from] /= sum;
  }
  return matrix;
}

/**
 * Smooths rows × bins × dimensions along bins. Where `observed` (rows × bins) is given, each unbroken stretch of observed
 * bins is smoothed for itself, and missing bins stay 0. `own` false predicts every bin from the others alone.
 */
export function smoothBins(
  values: Numbers,
  rows: number,
  bins: number,
  dimensions: number,
  sdBins: number,
  { observed, own = true }: { readonly observed?: Uint8Array | undefined; readonly own?: boolean } = {},
): Float64Array {
  const smoothed = new Float64Array(rows * bins * dimensions);
  const filled = new Int32Array(dimensions);
  const matrices = new Map<number, Float64Array>();
  for (let row = 0; row < rows; row++) {
    for (const [start, stop] of stretches(row, bins, observed)) {
      const length = stop - start;
      const matrix = matrices.get(length) ?? smoothingMatrix(length, sdBins, own);
      matrices.set(length, matrix);
      for (let s = 0; s < length; s++) {
        const from = (row * bins + start + s) * dimensions;
        // Most bins of most units are empty: only what is there is spread.
        let there = 0;
        for (let d = 0; d < dimensions; d++) if (values[from + d] !== 0) filled[there++] = d;
        for (let t = 0; t < length; t++) {
          const weight = matrix[t * length + s];
          if (weight === 0) continue;
          const to = (row * bins + start + t) * dimensions;
          for (let k = 0; k < there; k++) smoothed[to + filled[k]] += weight * values[from + filled[k]];
        }
      }
    }
  }
  return smoothed;
}

/** Unbroken stretches [start, stop) of observed bins of a row. */
function stretches(row: number, bins: number, observed: Uint8Array | undefined): readonly (readonly [number, number])[] {
  if (!observed) return [[0, bins]];
  const found: [number, number][] = [];
  for (let t = 0; t < bins; t++) {
    if (!observed[row * bins + t]) continue;
    const last = found.at(-1);
    if (last && last[1] === t) last[1] = t + 1;
    else found.push([t, t + 1]);
  }
  return found;
}

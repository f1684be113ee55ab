// Residuals about condition means, and the dimensions in which the past tells of the future: those of the lagged covariances, which noise of
// single bins does not enter.

import type { States } from '../../contract/result.ts';
import { bits, key, permutation } from '../../engine/random.ts';
import { principalComponents, project } from '../../numerics/pca.ts';
import { symmetricEigen } from '../../numerics/symmetric.ts';
import { finiteBins } from '../states.ts';
import { FOLDS, type Residuals } from './fit.ts';

const STREAM = { folds: 151, shuffle: 152, resample: 153 } as const;
/** Bins narrower than this are merged: counts in them are nearly all zeros and ones. */
const WIDE_MS = 15;
/** More units than this are first taken together in as many principal components. */
const MOST_UNITS = 96;
/** Lags whose covariances span the dimensions. */
const LAGS = 5;

/** Counts in Hz, in bins of at least 15 ms; what is left over at the end is dropped. */
export function widened(states: States): States {
  const factor = Math.max(1, Math.ceil(WIDE_MS / states.binMs - 1e-9));
  if (factor === 1) return states;
  const { values, rows, dimensions } = states;
  const bins = Math.floor(states.bins / factor);
  const out = new Float64Array(rows * bins * dimensions);
  for (let row = 0; row < rows; row++)
    for (let bin = 0; bin < bins; bin++)
      for (let part = 0; part < factor; part++)
        for (let d = 0; d < dimensions; d++)
          out[(row * bins + bin) * dimensions + d] += values[(row * states.bins + bin * factor + part) * dimensions + d] / factor;
  const middle = (states.timeMs[factor - 1] - states.timeMs[0]) / 2;
  const timeMs = Float64Array.from({ length: bins }, (_, bin) => states.timeMs[bin * factor] + middle);
  return { ...states, values: out, bins, binMs: states.binMs * factor, timeMs };
}

/** Trials that were observed throughout and are not alone in their condition, less the mean of it; scaled for the mean's own noise. */
export function residualsOf({ values, rows, bins, dimensions, conditions }: States): {
  readonly values: Float64Array;
  readonly trials: number;
  /** Conditions whose means were taken away. */
  readonly means: number;
} {
  const finite = finiteBins(values, dimensions);
  const none = !conditions.some((condition) => condition >= 0);
  const whole = Array.from({ length: rows }, (_, row) => row).filter(
    (row) => (none || conditions[row] >= 0) && finite.subarray(row * bins, (row + 1) * bins).every((known) => known === 1),
  );
  const groups = [...Map.groupBy(whole, (row) => (none ? 0 : conditions[row])).values()].filter((group) => group.length > 1);
  const kept = groups.flat();
  const size = bins * dimensions;
  const out = new Float64Array(kept.length * size);
  let to = 0;
  for (const group of groups) {
    const mean = new Float64Array(size);
    for (const row of group) for (let i = 0; i < size; i++) mean[i] += values[row * size + i] / group.length;
    const scale = Math.sqrt(group.length / (group.length - 1));
    for (const row of group) {
      for (let i = 0; i < size; i++) out[to * size + i] = scale * (values[row * size + i] - mean[i]);
      to++;
    }
  }
  return { values: out, trials: kept.length, means: groups.length };
}

/** The first `count` dimensions of the lagged covariances, rows of units; and the residuals along them. */
export function alongDynamics(values: Float64Array, bins: number, units: number, count: number) {
  const pre = units > MOST_UNITS ? principalComponents(values, units, MOST_UNITS) : undefined;
  const n = pre?.count ?? units;
  const r = pre ? project(values, { ...pre, mean: new Float64Array(units) }) : values;
  const trials = r.length / (bins * n);
  const square = new Float64Array(n * n);
  for (let lag = 1; lag <= Math.min(LAGS, bins - 1); lag++) {
    const c = new Float64Array(n * n);
    for (let trial = 0; trial < trials; trial++)
      for (let bin = lag; bin < bins; bin++) {
        const [now, past] = [(trial * bins + bin) * n, (trial * bins + bin - lag) * n];
        for (let i = 0; i < n; i++) {
          const value = r[now + i];
          if (value !== 0) for (let j = 0; j < n; j++) c[i * n + j] += value * r[past + j];
        }
      }
    // Left and right singular directions alike: what is told, and what tells.
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        for (let k = 0; k < n; k++) square[i * n + j] += c[i * n + k] * c[j * n + k] + c[k * n + i] * c[k * n + j];
  }
  const { vectors } = symmetricEigen(square, n);
  const kept = Math.min(count, n);
  const basis = new Float64Array(kept * units);
  for (let k = 0; k < kept; k++)
    for (let i = 0; i < n; i++) {
      if (!pre) basis[k * units + i] = vectors[k * n + i];
      else for (let u = 0; u < units; u++) basis[k * units + u] += vectors[k * n + i] * pre.components[i * units + u];
    }
  const out = new Float64Array((values.length / units) * kept);
  for (let row = 0; row < values.length / units; row++)
    for (let k = 0; k < kept; k++) for (let u = 0; u < units; u++) out[row * kept + k] += values[row * units + u] * basis[k * units + u];
  return { values: out, basis, dimensions: kept };
}

/** Trials in five folds of nearly equal size. */
export function foldsOf(trials: number, seed: number): Int32Array {
  const order = permutation(key(seed, STREAM.folds), trials);
  const folds = new Int32Array(trials);
  for (const [place, trial] of order.entries()) folds[trial] = place % FOLDS;
  return folds;
}

/** Trials in another order at every bin: what is left has no dynamics. */
export function shuffled(r: Residuals, seed: number, draw: number): Residuals {
  const { values, trials, bins, dimensions: d } = r;
  const out = new Float64Array(values.length);
  for (let bin = 0; bin < bins; bin++) {
    const order = permutation(key(seed, STREAM.shuffle, draw, bin), trials);
    for (let trial = 0; trial < trials; trial++) {
      const from = (order[trial] * bins + bin) * d;
      out.set(values.subarray(from, from + d), (trial * bins + bin) * d);
    }
  }
  return { ...r, values: out };
}

/** As many trials drawn with replacement; copies of a trial stay in its fold. */
export function resampled(r: Residuals, seed: number, draw: number): Residuals {
  const { values, trials, bins, dimensions: d, folds } = r;
  const size = bins * d;
  const out = new Float64Array(values.length);
  const own = new Int32Array(trials);
  for (let trial = 0; trial < trials; trial++) {
    const from = bits(key(seed, STREAM.resample, draw), trial) % trials;
    out.set(values.subarray(from * size, (from + 1) * size), trial * size);
    own[trial] = folds[from];
  }
  return { ...r, values: out, folds: own };
}

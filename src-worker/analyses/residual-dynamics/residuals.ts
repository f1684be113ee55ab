// Residuals about condition means, in folds of trials; trials shuffled at every bin, and drawn anew.

import type { States } from '../../contract/result.ts';
import { bits, key, permutation } from '../../engine/random.ts';
import { finiteBins } from '../states.ts';

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

export const FOLDS = 5;

const STREAM = { folds: 151, shuffle: 152, resample: 153 } as const;
/** Bins narrower than this are merged: counts in them are nearly all zeros and ones. */
const WIDE_MS = 15;

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

/** How often each trial counts in a draw of as many, with replacement; copies of a trial stay in its fold. */
export function copiesOf(trials: number, seed: number, ...draw: readonly number[]): Int32Array {
  const stem = key(seed, STREAM.resample, ...draw);
  const copies = new Int32Array(trials);
  for (let trial = 0; trial < trials; trial++) copies[bits(stem, trial) % trials]++;
  return copies;
}

/** The first of the dimensions alone. */
export function firstDimensions(r: Residuals, dimensions: number): Residuals {
  if (dimensions === r.dimensions) return r;
  const rows = r.values.length / r.dimensions;
  const values = new Float64Array(rows * dimensions);
  for (let row = 0; row < rows; row++) for (let i = 0; i < dimensions; i++) values[row * dimensions + i] = r.values[row * r.dimensions + i];
  return { ...r, values, dimensions };
}

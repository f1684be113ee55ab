// Cross-validated spectra (Stringer et al. 2019, Nature 571:361): variance of condition averages that two halves of the trials share.
//
//   cv_i = Σ (c₁ v_i)(c₂ v_i) / (n − 1)
//
// with the averages c₁ and c₂ of either half, centred, and the principal components v of the first. Noise of single trials is not shared,
// so it adds nothing on average; a shuffle that breaks the signal leaves nothing.

import { bits, key, permutation } from '../../engine/random.ts';
import { principalComponents, project } from '../../numerics/pca.ts';
import { columnMeans } from '../../numerics/statistics.ts';

const STREAM = { halves: 111, shuffle: 112 } as const;

/** Single trials, sorted by condition. */
export interface Trials {
  /** trials × bins × units; NaN where a bin was not observed. */
  readonly values: Float64Array;
  readonly bins: number;
  readonly units: number;
  /** Places of the trials of each condition, two or more. */
  readonly groups: readonly (readonly number[])[];
}

/** `none`: as recorded; `within`: every unit's trials in another order within their condition; `across`: over all conditions. */
export type Shuffle = 'none' | 'within' | 'across';

/** Variance along each dimension that the halves share, largest of the first half first; always as many as `most` or units or rows less one. */
export function crossValidated(trials: Trials, shuffle: Shuffle, seed: number, draw: number): Float64Array {
  const { units } = trials;
  const [first, second] = halves(trials, shuffle, seed, draw);
  const known = observedRows(first, second, units);
  const [c1, c2] = [centred(known.first, units), centred(known.second, units)];
  const rows = c1.length / units;
  const kept = Math.min(units, rows - 1);
  const basis = principalComponents(c1, units, kept);
  const free = { ...basis, mean: new Float64Array(units) };
  const [a, b] = [project(c1, free), project(c2, free)];
  const shared = new Float64Array(kept);
  for (let i = 0; i < a.length; i++) shared[i % kept] += (a[i] * b[i]) / (rows - 1);
  return shared;
}

/** Averages of either half of the trials of every condition, conditions × bins × units; of an odd number one half has one more. */
function halves({ values, bins, units, groups }: Trials, shuffle: Shuffle, seed: number, draw: number): [Float64Array, Float64Array] {
  const size = groups.length * bins * units;
  const sums = [new Float64Array(size), new Float64Array(size)] as [Float64Array, Float64Array];
  const counts = [new Float64Array(size), new Float64Array(size)];
  const inOrder = groups.flat();
  const orderOf = (unit: number): readonly number[] => {
    if (shuffle === 'across') return Array.from(permutation(key(seed, STREAM.shuffle, draw, unit), inOrder.length), (k) => inOrder[k]);
    // Which trial meets which half is drawn anew for each unit where noise that units share is to be broken.
    const own = shuffle === 'within' ? unit + 1 : 0;
    return groups.flatMap((group, condition) =>
      Array.from(permutation(key(seed, STREAM.halves, draw, own, condition), group.length), (k) => group[k]),
    );
  };
  // The half that gets the odd trial.
  const odd = groups.map((_, condition) => bits(key(seed, STREAM.halves, draw, condition), 1) & 1);
  let order: readonly number[] = shuffle === 'none' ? orderOf(0) : [];
  for (let unit = 0; unit < units; unit++) {
    if (shuffle !== 'none') order = orderOf(unit);
    let place = 0;
    for (const [condition, group] of groups.entries())
      for (let k = 0; k < group.length; k++, place++) {
        const half = (k + odd[condition]) & 1;
        for (let bin = 0; bin < bins; bin++) {
          const value = values[(order[place] * bins + bin) * units + unit];
          if (!Number.isFinite(value)) continue;
          const to = (condition * bins + bin) * units + unit;
          sums[half][to] += value;
          counts[half][to]++;
        }
      }
  }
  for (const [half, own] of sums.entries()) for (let i = 0; i < own.length; i++) own[i] /= counts[half][i];
  return sums;
}

/** Rows without NaN in either. */
function observedRows(first: Float64Array, second: Float64Array, units: number) {
  const rows = Array.from({ length: first.length / units }, (_, row) => row).filter((row) => {
    for (let i = row * units; i < (row + 1) * units; i++) if (!Number.isFinite(first[i] + second[i])) return false;
    return true;
  });
  if (rows.length === first.length / units) return { first, second };
  const kept = (of: Float64Array) => {
    const out = new Float64Array(rows.length * units);
    for (const [to, row] of rows.entries()) out.set(of.subarray(row * units, (row + 1) * units), to * units);
    return out;
  };
  return { first: kept(first), second: kept(second) };
}

function centred(values: Float64Array, units: number): Float64Array {
  const means = columnMeans(values, units);
  return values.map((value, i) => value - means[i % units]);
}

/** The same trials with only some of their units. */
export function withUnits(trials: Trials, chosen: readonly number[]): Trials {
  const { values, units } = trials;
  const out = new Float64Array((values.length / units) * chosen.length);
  for (let row = 0; row < values.length / units; row++)
    for (const [k, unit] of chosen.entries()) out[row * chosen.length + k] = values[row * units + unit];
  return { ...trials, values: out, units: chosen.length };
}

/** Bins over which values of the same row go together: 1 + 2 Σ autocorrelation, up to where that falls below zero; of rows × bins × units. */
export function integratedTime(values: Float64Array, bins: number, units: number): number {
  const own = centred(values, units);
  const rows = values.length / (bins * units);
  let zero = 0;
  for (const value of own) zero += value * value;
  let time = 1;
  for (let lag = 1; lag < bins; lag++) {
    let sum = 0;
    for (let row = 0; row < rows; row++)
      for (let i = row * bins * units; i < (row * bins + bins - lag) * units; i++) sum += own[i] * own[i + lag * units];
    // Of as many pairs as there are values at lag 0.
    const correlation = (sum / (bins - lag)) * (bins / zero);
    if (!(correlation > 0)) break;
    time += 2 * correlation;
  }
  return Math.min(time, bins);
}

// Trials as dimensionality takes them: normalised, by condition, where there are two of each.

import { Failure } from '../../contract/failure.ts';
import type { States } from '../../contract/result.ts';
import { softNormalise } from '../../numerics/averages.ts';
import { conditionAverages, finiteBins, isRate, SOFTENING_HZ } from '../states.ts';
import type { Trials } from './spectrum.ts';

export function normalised(states: States, how: 'soft' | 'square-root' | 'none'): States {
  if (how === 'none' || !isRate(states)) return states;
  if (how === 'square-root') return { ...states, values: states.values.map(Math.sqrt), unit: '√Hz' };
  const averages = conditionAverages(states);
  if (averages.values.length === 0) return states;
  const { divisors } = softNormalise(averages.values, states.dimensions, SOFTENING_HZ);
  return { ...states, values: states.values.map((value, i) => value / divisors[i % states.dimensions]), unit: 'soft-normalised' };
}

export const wordsOf = (given: States, { normalise, smoothMs }: { readonly normalise: string; readonly smoothMs: number }): string => {
  const how =
    !isRate(given) || normalise === 'none' ? 'not normalised' : normalise === 'soft' ? 'soft-normalised' : 'square roots of rates';
  return `, ${how}${smoothMs > 0 ? `, smoothed (s.d. ${smoothMs} ms)` : ''}`;
};

/** Trials by condition, of conditions with two trials or more; all in one where there are no conditions. Throws where nothing can be split. */
export function trialsOf({ values, rows, bins, dimensions, conditions }: States): { readonly trials: Trials; readonly left: number } {
  const none = !conditions.some((condition) => condition >= 0);
  const finite = finiteBins(values, dimensions);
  const seen = Array.from({ length: rows }, (_, row) => row).filter((row) => finite.subarray(row * bins, (row + 1) * bins).includes(1));
  const all = Map.groupBy(seen, (row) => (none ? 0 : conditions[row]));
  const kept = [...all].filter(([condition, group]) => condition >= 0 && group.length > 1).sort(([a], [b]) => a - b);
  if (kept.length === 0)
    throw new Failure(
      'too-few-trials',
      `Dimensionality needs two trials of a condition, and ${rows === 0 ? 'there are none' : 'no condition has so many'}.`,
      'Let more trials in, or choose a column with fewer values as condition.',
    );
  if (kept.length * bins < 3)
    throw new Failure(
      'too-few-bins',
      `Dimensionality needs 3 bins over all conditions, and there are ${kept.length * bins}.`,
      'Choose a longer window, shorter bins or more conditions.',
    );
  const groups = kept.map(([, group]) => group);
  return { trials: { values, bins, units: dimensions, groups }, left: rows - groups.flat().length };
}

export function keptRows(states: States, rows: readonly number[]): States {
  if (rows.length === states.rows) return states;
  const size = states.bins * states.dimensions;
  const values = new Float64Array(rows.length * size);
  for (const [to, row] of rows.entries()) values.set(states.values.subarray(row * size, (row + 1) * size), to * size);
  const pick = (of: Int32Array) => Int32Array.from(rows, (row) => of[row]);
  return { ...states, values, rows: rows.length, rowIds: pick(states.rowIds), conditions: pick(states.conditions) };
}

export const knownValues = ({ values, dimensions }: States): Float64Array => {
  const finite = finiteBins(values, dimensions);
  return values.filter((_, i) => finite[Math.floor(i / dimensions)] === 1);
};

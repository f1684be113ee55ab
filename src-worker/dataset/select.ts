// Which units and trials are used; what is not is named with the reason.

import { Failure } from '../contract/failure.ts';
import type { Values } from '../contract/params.ts';
import type { LeftOut } from '../contract/run.ts';
import type { Column } from '../formats/format.ts';
import { hasColumn, matching } from './columns.ts';
import { TRAINING } from './dataset.ts';
import type { datasetParams } from './params.ts';
import { leave, type Source, type Uncut } from './sources/source.ts';

type DatasetValues = Values<typeof datasetParams>;

/** Columns of units, with `area`, `rate` (Hz) and `row` (from 0) where the file has none of that name and a filter asks for them. */
function unitColumns({ units, rateHz }: Uncut, expressions: readonly string[]): readonly Column[] {
  const asks = (name: string): boolean => !hasColumn(units.columns, name) && expressions.some((text) => text.trim().startsWith(name));
  const area: Column = { name: 'area', description: 'Area of the unit', kind: 'text', values: units.areas };
  const rate = (): Column => ({
    name: 'rate',
    description: 'Spikes per second over the recording',
    kind: 'number',
    values: Float64Array.from({ length: units.count }, (_, k) => rateHz(k)),
  });
  const row: Column = {
    name: 'row',
    description: 'Row of the table, from 0',
    kind: 'number',
    values: Float64Array.from({ length: units.count }, (_, k) => k),
  };
  return [...units.columns, ...(asks('area') ? [area] : []), ...(asks('rate') ? [rate()] : []), ...(asks('row') ? [row] : [])];
}

/** Rows of the units in use. Throws a Failure where none is left, or a row to leave out does not exist. */
export function chooseUnits(uncut: Uncut, values: DatasetValues, left: LeftOut[]): Int32Array {
  const { count } = uncut.units;
  const beyond = values.leaveOutUnits.find((row) => !Number.isInteger(row) || row < 0 || row >= count);
  if (beyond !== undefined)
    throw new Failure(
      'unknown-unit',
      `There is no unit in row ${beyond}: the table has ${count} rows.`,
      `Rows for --leave-out-units count from 0 to ${count - 1}.`,
    );
  const matches = matching(unitColumns(uncut, values.units), values.units, count, 'unit');
  const asked = new Set(values.leaveOutUnits);
  const rows = Array.from({ length: count }, (_, row) => row);
  leave(
    left,
    'unit',
    [...asked].sort((a, b) => a - b),
    'was left out as asked',
    'were left out as asked',
  );
  const text = values.units.join(', ');
  leave(
    left,
    'unit',
    rows.filter((row) => !matches[row] && !asked.has(row)),
    `does not match ${text}`,
    `do not match ${text}`,
  );
  const kept = Int32Array.from(rows.filter((row) => matches[row] && !asked.has(row)));
  if (kept.length > 1) return kept;
  throw tooFew('unit', kept.length, count, left);
}

/**
 * Rows of the trials in use; filters know `row` (from 0) where the file has no such column. Throws a Failure where fewer than two are left,
 * or a row to leave out does not exist.
 */
export function chooseTrials(source: Source, values: DatasetValues, left: LeftOut[]): Int32Array {
  const { count, columns } = source.trials;
  const rows = Array.from({ length: count }, (_, row) => row);
  const asksRow = !hasColumn(columns, 'row') && values.trials.some((text) => /^\s*row\s*[=!<>]/.test(text));
  const row: Column = { name: 'row', description: 'Row of the table, from 0', kind: 'number', values: Float64Array.from(rows) };
  const matches = matching(asksRow ? [...columns, row] : columns, values.trials, count, 'trial');
  const beyond = values.leaveOutTrials.find((one) => !Number.isInteger(one) || one < 0 || one >= count);
  if (beyond !== undefined)
    throw new Failure(
      'unknown-trial',
      `There is no trial in row ${beyond}: there are ${count} trials.`,
      `Rows for --leave-out-trials count from 0 to ${count - 1}.`,
    );
  const asked = new Set(values.leaveOutTrials);
  leave(
    left,
    'trial',
    [...asked].sort((a, b) => a - b),
    'was left out as asked',
    'were left out as asked',
  );
  const text = values.trials.join(', ');
  leave(
    left,
    'trial',
    rows.filter((one) => !matches[one] && !asked.has(one)),
    `does not match ${text}`,
    `do not match ${text}`,
  );
  const kept = source.usable(Int32Array.from(rows.filter((one) => matches[one] && !asked.has(one))), left);
  if (kept.length > 1 || (source.whole && kept.length === 1)) return kept;
  throw tooFew('trial', kept.length, count, left);
}

function tooFew(what: 'unit' | 'trial', kept: number, all: number, left: readonly LeftOut[]): Failure {
  const reasons = left.filter((one) => one.what === what).map(({ why }) => why);
  const why = reasons.length > 0 ? `: ${reasons.join('; ')}` : ` of ${all}`;
  const hint =
    what === 'unit'
      ? 'A model of a population needs at least two units: widen --units, leave fewer out, or choose another table.'
      : 'A fit needs trials to learn from and others to be judged by: widen --trials or the window, or choose another event.';
  return new Failure(
    kept === 0 ? `no-${what}s` : `one-${what}`,
    `${kept === 0 ? `No ${what} is` : `Only one ${what} is`} left${why}.`,
    hint,
  );
}

/**
 * Places (among `units`) of the units that fire in training trials; the others are left out. Throws a Failure where nothing fires at all, or
 * fewer than two units are left.
 */
export function firing(
  counts: Float32Array,
  trials: number,
  bins: number,
  units: Int32Array,
  split: Uint8Array,
  uncut: Uncut,
  left: LeftOut[],
): Int32Array {
  const [all, training] = [new Float64Array(units.length), new Float64Array(units.length)];
  for (let trial = 0; trial < trials; trial++)
    for (let bin = 0; bin < bins; bin++) {
      const at = (trial * bins + bin) * units.length;
      for (let u = 0; u < units.length; u++) {
        all[u] += counts[at + u];
        if (split[trial] === TRAINING) training[u] += counts[at + u];
      }
    }
  if (all.every((sum) => sum === 0))
    throw new Failure(
      'no-spikes',
      `None of ${units.length} units has a spike in ${trials} trials.`,
      'Check the event, the window, and whether times are in seconds.',
    );
  const places = Int32Array.from(units, (_, u) => u);
  const kept = places.filter((u) => training[u] > 0);
  if (kept.length < units.length) {
    const rowsOf = (is: (u: number) => boolean): number[] => Array.from(places.filter(is), (u) => units[u]);
    leave(
      left,
      'unit',
      rowsOf((u) => uncut.rateHz(units[u]) === 0),
      'is silent',
      'are silent',
    );
    leave(
      left,
      'unit',
      rowsOf((u) => uncut.rateHz(units[u]) > 0 && all[u] === 0),
      'has no spikes in trials',
      'have no spikes in trials',
    );
    leave(
      left,
      'unit',
      rowsOf((u) => all[u] > 0 && training[u] === 0),
      'has no spikes in training trials',
      'have no spikes in training trials',
    );
  }
  if (kept.length > 1) return kept;
  throw tooFew('unit', kept.length, units.length, left);
}

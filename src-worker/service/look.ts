// What the tables of a recording show: rows as the file has them, and each unit's average about the event.

import { holdsRates } from '../dataset/kind.ts';
import { Failure } from '../contract/failure.ts';
import type { TableRows, UnitMeans } from '../contract/recording.ts';
import { binCentres } from '../analyses/states.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { Recording, Table, UnitTable } from '../formats/format.ts';

const MOST_ROWS = 20_000;

/** Rows of the table at that path. Throws a Failure where the recording has no such table. */
export function rowsOf(recording: Recording, path: string): TableRows {
  const units = recording.unitTables().find((table) => table.path === path);
  const table: Table | undefined = units ?? recording.intervalTables().find((other) => other.path === path);
  const known = [...recording.summary.unitTables, ...recording.summary.intervalTables];
  if (!table)
    throw new Failure(
      'unknown-table',
      `There is no table ${path} in ${recording.summary.name}.`,
      `Known are: ${known.map((other) => other.path).join(', ')}.`,
    );
  const times = new Set(known.find((other) => other.path === path)?.columns.flatMap(({ name, isTime }) => (isTime ? [name] : [])));
  const own = table.columns.map(({ name, kind, values }) => ({
    name,
    kind,
    isTime: times.has(name),
    values: values instanceof Float64Array ? values.slice(0, MOST_ROWS) : values.slice(0, MOST_ROWS),
  }));
  const more = units ? measuredOf(units, recording.summary.seconds).filter(({ name }) => !own.some((column) => column.name === name)) : [];
  return { path, rows: table.rows, columns: [...more, ...own] };
}

/** Area, spikes and rate over the recording (the `rate` that filters of units know). */
function measuredOf(units: UnitTable, seconds: number): TableRows['columns'] {
  const rows = Math.min(MOST_ROWS, units.rows);
  const spikes = Float64Array.from({ length: rows }, (_, row) => units.spikeTimes(row).length);
  const area = { name: 'area', kind: 'text' as const, isTime: false, values: units.areas.slice(0, rows) };
  return [
    ...(units.areas.some((name) => name !== '') ? [area] : []),
    { name: 'rate', kind: 'number', isTime: false, values: spikes.map((count) => count / Math.max(seconds, 1e-6)) },
    { name: 'spikes', kind: 'number', isTime: false, values: spikes },
  ];
}

/** Average of each unit over the trials of a dataset, where observed. */
export function unitMeans(dataset: Dataset): UnitMeans {
  const { trials, bins, units, binMs, counts, observed, unitRows } = dataset;
  const sums = new Float64Array(units * bins);
  const seen = new Float64Array(bins);
  for (let trial = 0; trial < trials; trial++)
    for (let bin = 0; bin < bins; bin++) {
      const at = trial * bins + bin;
      if (observed && !observed[at]) continue;
      seen[bin]++;
      for (let unit = 0; unit < units; unit++) sums[unit * bins + bin] += counts[at * units + unit];
    }
  const spikes = Float64Array.from({ length: units }, (_, unit) =>
    sums.subarray(unit * bins, (unit + 1) * bins).reduce((sum, count) => sum + count, 0),
  );
  const hz = holdsRates(dataset) ? 1 : 1000 / binMs;
  const rateHz = Float32Array.from(sums, (sum, i) => (seen[i % bins] > 0 ? (hz * sum) / seen[i % bins] : Number.NaN));
  const conditions = dataset.conditions?.of ?? new Int32Array(trials).fill(-1);
  return { timeMs: binCentres(dataset), unitRows, spikes, rateHz, trialRows: dataset.trialRows, conditions };
}

// Unit tables of an NWB file: ragged spike times, the time each unit was observed, and what its electrodes say about where it lies.

import { Failure } from '../../contract/failure.ts';
import type { Column, UnitTable } from '../format.ts';
import type { H5File } from '../h5/file.ts';
import { joinElectrodes } from './electrodes.ts';
import { columnOf, raggedEnds, readTable, rowsNamed } from './tables.ts';

/** Spike times of up to this many spikes stay in memory once read; those of larger tables are read unit by unit. */
const MOST_KEPT = 2 ** 22;
/** Rows of a larger table whose spike times are read when it is opened. */
const ROWS_LOOKED_AT = 64;

export interface NwbUnits extends UnitTable {
  readonly spikes: number;
  /** First and last spike of the table, s; undefined without spikes. */
  readonly span: readonly [number, number] | undefined;
}

/** Where each row's spike times lie: ends in the ragged array, or one region reference a row. */
interface SpikeIndex {
  count(row: number): number;
  read(row: number): Float64Array;
}

const noSpikes: SpikeIndex = { count: () => 0, read: () => new Float64Array() };

function spikeIndex(file: H5File, path: string, rows: number, notes: string[]): SpikeIndex {
  const data = file.array(`${path}/spike_times`);
  const index = file.array(`${path}/spike_times_index`);
  if (data === undefined) {
    notes.push(`${path} has no spike times.`);
    return noSpikes;
  }
  if (data.length === 0) return noSpikes;
  if (data.kind !== 'number' || data.shape.length !== 1)
    throw new Failure(
      'bad-spikes',
      `Column ${data.path} of ${file.name} holds no list of times.`,
      'Spike times are one list of numbers, in seconds.',
    );
  if (data.elsewhere)
    throw new Failure(
      'elsewhere',
      `The values of ${data.path} lie in another file.`,
      'Copy the data into one file, for example with h5repack, and open that.',
    );
  if (index !== undefined && index.shape[0] !== rows)
    throw new Failure(
      'bad-index',
      `Column ${index.path} of ${file.name} has ${index.shape[0]} rows where its table has ${rows}.`,
      'The file breaks the rules of NWB: write it again with the program that made it.',
    );
  if (index?.kind === 'region') {
    const counts = file.regionLengths(index.path);
    return { count: (row) => counts[row], read: (row) => file.region(index.path, row) };
  }
  if (index === undefined && data.length !== rows)
    throw new Failure(
      'bad-index',
      `Column ${data.path} of ${file.name} has ${data.length} values for ${rows} units and no index that divides them.`,
      'Add spike_times_index, or write the file again with the program that made it.',
    );
  const ends = index === undefined ? Float64Array.from({ length: rows }, (_, row) => row + 1) : raggedEnds(file, index.path, data.length);
  const start = (row: number) => (row === 0 ? 0 : ends[row - 1]);
  const used = ends.at(-1) ?? 0;
  if (used < data.length) notes.push(`The last ${data.length - used} values of ${data.path} belong to no unit.`);
  const all = data.length <= MOST_KEPT ? file.numbers(data.path) : undefined;
  return {
    count: (row) => ends[row] - start(row),
    read: (row) => all?.slice(start(row), ends[row]) ?? file.numbers(data.path, start(row), ends[row]),
  };
}

/** Start, stop, start, stop … of each row. */
function observedIndex(file: H5File, path: string, rows: number, notes: string[]): ((row: number) => Float64Array) | undefined {
  const data = file.array(`${path}/obs_intervals`);
  if (data === undefined || data.length === 0) return undefined;
  if (data.kind !== 'number' || data.elsewhere || data.shape.length !== 2 || data.shape[1] !== 2) {
    notes.push(`${data.path} is not a list of starts and stops, and is left out.`);
    return undefined;
  }
  const index = file.array(`${path}/obs_intervals_index`);
  if (index?.kind === 'region' || (index === undefined && data.shape[0] !== rows)) {
    notes.push(`${data.path} has no index that can be read, and is left out.`);
    return undefined;
  }
  const ends = index === undefined ? undefined : raggedEnds(file, index.path, data.shape[0]);
  if (ends !== undefined && ends.length !== rows)
    throw new Failure(
      'bad-index',
      `Column ${index!.path} of ${file.name} has ${ends.length} rows where its table has ${rows}.`,
      'The file breaks the rules of NWB: write it again with the program that made it.',
    );
  const values = file.numbers(data.path);
  return (row) =>
    values.slice(2 * (ends === undefined ? row : row === 0 ? 0 : ends[row - 1]), 2 * (ends === undefined ? row + 1 : ends[row]));
}

const isSorted = (times: Float64Array): boolean => times.every((time, i) => i === 0 || time >= times[i - 1]);

/** Finite times in order. */
const cleaned = (times: Float64Array): Float64Array => {
  const finite = times.every(Number.isFinite) ? times : times.filter(Number.isFinite);
  return isSorted(finite) ? finite : finite.sort();
};

export function readUnits(file: H5File, path: string, notes: string[]): NwbUnits {
  const table = readTable(file, path, notes);
  const index = spikeIndex(file, path, table.rows, notes);
  const observed = observedIndex(file, path, table.rows, notes);
  const joined = joinElectrodes(file, path, table, notes);

  let [spikes, first, last] = [0, Infinity, -Infinity];
  const unsorted: number[] = [];
  const unreal: number[] = [];
  const total = Array.from({ length: table.rows }, (_, row) => index.count(row)).reduce((sum, count) => sum + count, 0);
  // Of tables too large to keep only some rows are looked at now, the others when they are read.
  const stride = total > MOST_KEPT ? Math.ceil(table.rows / ROWS_LOOKED_AT) : 1;
  for (let row = 0; row < table.rows; row++) {
    const count = index.count(row);
    spikes += count;
    if (count === 0) continue;
    if (row % stride !== 0 && row !== table.rows - 1) continue;
    const times = index.read(row);
    const finite = times.filter(Number.isFinite);
    if (finite.length < times.length) unreal.push(row);
    if (!isSorted(finite)) unsorted.push(row);
    const inOrder = cleaned(finite);
    spikes -= count - inOrder.length;
    if (inOrder.length === 0) continue;
    first = Math.min(first, inOrder[0]);
    last = Math.max(last, inOrder[inOrder.length - 1]);
  }
  if (unsorted.length > 0) notes.push(`Spike times in ${path} were not in order and were sorted: ${rowsNamed(unsorted)}.`);
  if (unreal.length > 0) notes.push(`Spike times in ${path} that are no numbers were left out: ${rowsNamed(unreal)}.`);

  const twice = [...new Set(table.ids.filter((id, row) => table.ids.indexOf(id) < row))];
  if (twice.length > 0)
    notes.push(
      `Ids in ${path} are not unique (${twice.slice(0, 5).join(', ')}${twice.length > 5 ? ' …' : ''}): units are told apart by row.`,
    );

  const extra = joined.columns.filter(({ name }) => columnOf(table, name) === undefined);
  const columns: readonly Column[] = [...table.columns, ...extra];
  return {
    ...table,
    columns,
    areas: joined.areas,
    spikes,
    span: first <= last ? [first, last] : undefined,
    spikeTimes: (row) => cleaned(index.read(row)),
    observed: (row) => observed?.(row),
  };
}

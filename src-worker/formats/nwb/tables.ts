// Tables of an NWB file: columns of a DynamicTable with their ragged indices, checked before anything relies on them.

import { Failure } from '../../contract/failure.ts';
import type { Column, Table } from '../format.ts';
import type { H5Array, H5File } from '../h5/file.ts';

/** A ragged column with more values than this per row, on average, describes spikes rather than rows and is no column. */
const MOST_A_ROW = 16;
/** An array with up to this many values a row becomes as many columns. */
const MOST_COLUMNS = 8;

/** Columns that hold a row's times and are read by their own means. */
const OWN_MEANS = ['id', 'spike_times', 'obs_intervals'];

export const isTable = (file: H5File, path: string, column: string): boolean => file.array(`${path}/${column}`) !== undefined;

const badIndex = (file: H5File, path: string, why: string): Failure =>
  new Failure(
    'bad-index',
    `Column ${path} of ${file.name} ${why}.`,
    'The file breaks the rules of NWB: write it again with the program that made it.',
  );

/**
 * Ends of each row's values in a ragged column, checked to rise and to stay within the data.
 * `path` is the index, `length` the number of values it divides.
 */
export function raggedEnds(file: H5File, path: string, length: number): Float64Array {
  const { kind, shape } = file.array(path)!;
  if (kind !== 'number' || shape.length !== 1) throw badIndex(file, path, 'is no list of indices');
  const ends = file.numbers(path);
  let before = 0;
  for (const [row, end] of ends.entries()) {
    if (!Number.isInteger(end) || end < 0) throw badIndex(file, path, `holds ${end} in row ${row}, which is no index`);
    if (end < before) throw badIndex(file, path, `falls from ${before} to ${end} in row ${row}`);
    if (end > length) throw badIndex(file, path, `points to value ${end} in row ${row}, past its data of ${length} values`);
    before = end;
  }
  return ends;
}

/** Rows of the table at `path`: as many as it has ids, else as its first column or index is long. */
function rowCount(file: H5File, path: string): number {
  const ids = file.array(`${path}/id`);
  if (ids !== undefined) return ids.length;
  const arrays = file.children(path).map((name) => file.array(`${path}/${name}`));
  const index = arrays.find((array) => array?.path.endsWith('_index'));
  return (index ?? arrays.find((array) => array !== undefined))?.shape[0] ?? 0;
}

/** Names of the columns in the file's order, then any that it does not list. */
function columnNames(file: H5File, path: string): readonly string[] {
  const listed = file.attribute(path, 'colnames');
  const order = typeof listed === 'string' ? [listed] : Array.isArray(listed) ? listed.map(String) : [];
  const present = file.children(path);
  const isIndex = (name: string) => name.endsWith('_index') && present.includes(name.slice(0, -'_index'.length));
  return [...new Set([...order.filter((name) => present.includes(name)), ...present])].filter(
    (name) => !isIndex(name) && !OWN_MEANS.includes(name) && file.array(`${path}/${name}`) !== undefined,
  );
}

/** A column whose values are read when first asked for. */
export function lazyColumn(name: string, description: string, kind: Column['kind'], read: () => Column['values']): Column {
  let values: Column['values'] | undefined;
  return {
    name,
    description,
    kind,
    get values() {
      values ??= read();
      return values;
    },
  };
}

const lastPart = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** The values of a column, one a row: references give the name of what they point to. */
function plainColumn(file: H5File, array: H5Array, description: string): Column | undefined {
  const name = lastPart(array.path);
  switch (array.kind) {
    case 'number':
    case 'boolean':
      return lazyColumn(name, description, array.kind, () => file.numbers(array.path));
    case 'text':
      return lazyColumn(name, description, 'text', () => file.texts(array.path));
    case 'reference':
      return lazyColumn(name, description, 'text', () => file.texts(array.path).map(lastPart));
    default:
      return undefined;
  }
}

/** Several values a row become one: the number where no row has more than one, else text with commas between. */
function raggedColumn(file: H5File, array: H5Array, ends: Float64Array, description: string): Column | undefined {
  const name = lastPart(array.path);
  const single = ends.every((end, row) => end - (row === 0 ? 0 : ends[row - 1]) <= 1);
  if (array.kind === 'number' && single)
    return lazyColumn(name, description, 'number', () => {
      const values = file.numbers(array.path);
      return ends.map((end, row) => (end > (row === 0 ? 0 : ends[row - 1]) ? values[end - 1] : NaN));
    });
  if (array.kind === 'other' || array.kind === 'region') return undefined;
  return lazyColumn(name, description, 'text', () => {
    const texts = file.texts(array.path);
    return Array.from(ends, (end, row) => texts.slice(row === 0 ? 0 : ends[row - 1], end).join(', '));
  });
}

function columnsOf(file: H5File, path: string, rows: number, name: string, notes: string[]): readonly Column[] {
  const array = file.array(`${path}/${name}`)!;
  const description = file.attributeText(array.path, 'description');
  const index = file.array(`${path}/${name}_index`);
  if (array.elsewhere) {
    notes.push(`Column ${array.path} lies in another file and is left out.`);
    return [];
  }
  if (index !== undefined) {
    const nested = file.array(`${path}/${name}_index_index`) !== undefined;
    if (nested || array.shape.length !== 1 || index.kind === 'region' || array.length > MOST_A_ROW * Math.max(rows, 1)) return [];
    const ends = raggedEnds(file, index.path, array.length);
    if (ends.length !== rows) throw badIndex(file, index.path, `has ${ends.length} rows where its table has ${rows}`);
    return [raggedColumn(file, array, ends, description)].filter((column) => column !== undefined);
  }
  if (array.shape[0] !== rows) {
    notes.push(`Column ${array.path} has ${array.shape[0] ?? 1} values for ${rows} rows and is left out.`);
    return [];
  }
  const width = array.shape.slice(1).reduce((product, size) => product * size, 1);
  if (width === 1) return [plainColumn(file, array, description)].filter((column) => column !== undefined);
  if (width > MOST_COLUMNS || array.kind !== 'number') return [];
  let values: Float64Array | undefined;
  return Array.from({ length: width }, (_, k) =>
    lazyColumn(`${name}_${k}`, description, 'number', () => {
      values ??= file.numbers(array.path);
      const all = values;
      return Float64Array.from({ length: rows }, (_, row) => all[row * width + k]);
    }),
  );
}

export function readTable(file: H5File, path: string, notes: string[]): Table {
  const rows = rowCount(file, path);
  const ids = file.array(`${path}/id`);
  return {
    path,
    rows,
    ids: ids?.kind === 'number' ? file.numbers(ids.path) : Float64Array.from({ length: rows }, (_, row) => row),
    columns: columnNames(file, path).flatMap((name) => columnsOf(file, path, rows, name, notes)),
  };
}

/** `row 3`, `rows 1, 4, 7`; of many the first five and how many more. */
export const rowsNamed = (rows: readonly number[]): string =>
  `${rows.length === 1 ? 'row' : 'rows'} ${rows.slice(0, 5).join(', ')}${rows.length > 5 ? ` and ${rows.length - 5} more` : ''}`;

/** A table with number columns `start_time` and `stop_time`; a missing end is NaN. */
export function readIntervals(file: H5File, path: string, notes: string[]): Table | undefined {
  const table = readTable(file, path, notes);
  const isNumber = (name: string) => table.columns.some((column) => column.name === name && column.kind === 'number');
  if (!isNumber('start_time')) {
    notes.push(`${path} has no start_time and is left out.`);
    return undefined;
  }
  if (isNumber('stop_time')) {
    const [starts, stops] = [numbersOf(table, 'start_time')!, numbersOf(table, 'stop_time')!];
    const turned = Array.from(starts.keys()).filter((row) => stops[row] < starts[row]);
    if (turned.length > 0) notes.push(`Rows of ${path} end before they start: ${rowsNamed(turned)}.`);
    return table;
  }
  notes.push(`${path} has no stop_time: its rows have no end.`);
  const others = table.columns.filter(({ name }) => name !== 'stop_time');
  const end = lazyColumn('stop_time', 'Not in the file', 'number', () => new Float64Array(table.rows).fill(NaN));
  return { ...table, columns: [...others, end] };
}

export const columnOf = (table: Table, name: string): Column | undefined => table.columns.find((column) => column.name === name);

/** Values of a number column, undefined where the table has none of that name. */
export function numbersOf(table: Table, name: string): Float64Array | undefined {
  const column = columnOf(table, name);
  return column === undefined || column.kind === 'text' ? undefined : (column.values as Float64Array);
}

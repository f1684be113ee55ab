// Columns of trials and units: found by name, filtered by expressions such as `area=M1|PMd` or `isolation>3`.

import { Failure } from '../contract/failure.ts';
import type { Column } from '../formats/format.ts';

export type Rows = 'trial' | 'unit';

/** `/condition` and `condition` name the same column. */
const plain = (name: string): string => name.trim().replace(/^\//, '');

export const hasColumn = (columns: readonly Column[], name: string): boolean => columns.some((column) => column.name === plain(name));

/** Of a list that says where each unit was recorded. */
export const NAMES_REGIONS = /area|region|location/i;

/** Whether a column tells groups of rows apart: names or whole numbers, not one for each row. */
export function tellsGroups({ kind, values }: Column): boolean {
  if (kind === 'number' && !Array.from(values, Number).every((value) => Number.isNaN(value) || Number.isInteger(value))) return false;
  const groups = new Set(Array.from(values, String)).size;
  return groups > 1 && (kind === 'number' ? groups <= values.length / 2 : groups < values.length);
}

/** Names of the columns that tell groups of rows apart, first those that are named like regions, then names before numbers. */
export function groupingColumns(columns: readonly Column[]): readonly string[] {
  const rank = ({ name, kind }: Column): number => (NAMES_REGIONS.test(name) ? 0 : kind === 'text' ? 1 : 2);
  return columns
    .filter(tellsGroups)
    .sort((a, b) => rank(a) - rank(b))
    .map(({ name }) => name);
}

/** The column of that name. Throws a Failure that lists the columns there are. */
export function columnOf(columns: readonly Column[], name: string, rows: Rows): Column {
  const found = columns.find((column) => column.name === plain(name));
  if (found) return found;
  const known = columns.map((column) => column.name);
  throw new Failure(
    'unknown-column',
    `There is no ${rows} column “${plain(name)}”.`,
    known.length > 0 ? `Known are: ${known.join(', ')}.` : `This recording has no ${rows} columns.`,
  );
}

/** A column of numbers. Throws a Failure where it holds text. */
export function numbersOf(column: Column, rows: Rows): Float64Array {
  if (column.values instanceof Float64Array) return column.values;
  throw new Failure('not-numbers', `The ${rows} column “${column.name}” holds text.`, 'A column of numbers is wanted here.');
}

/** Values as text, as filters and names of conditions write them; '' where missing. */
export function textOf(column: Column, row: number): string {
  const value = column.values[row];
  if (typeof value === 'string') return value;
  if (Number.isNaN(value)) return '';
  return column.kind === 'boolean' ? String(value === 1) : String(value);
}

/** The chosen rows of a column. */
export const restrict = (column: Column, rows: Int32Array): Column => ({
  ...column,
  values:
    column.values instanceof Float64Array
      ? Float64Array.from(rows, (row) => column.values[row] as number)
      : Array.from(rows, (row) => column.values[row] as string),
});

const EXPRESSION = /^([^=<>!]+?)\s*(!=|>=|<=|=|>|<)\s*(.*)$/;

/** Whether each row meets every expression. Throws a Failure naming a column that is unknown or an expression that is no comparison. */
export function matching(columns: readonly Column[], expressions: readonly string[], count: number, rows: Rows): Uint8Array {
  const passes = new Uint8Array(count).fill(1);
  for (const expression of expressions) {
    const test = testOf(columns, expression, rows);
    for (let row = 0; row < count; row++) if (!test(row)) passes[row] = 0;
  }
  return passes;
}

function testOf(columns: readonly Column[], expression: string, rows: Rows): (row: number) => boolean {
  const parts = EXPRESSION.exec(expression.trim());
  if (!parts) {
    throw new Failure(
      'bad-filter',
      `“${expression}” is no comparison of a ${rows} column.`,
      'Write for example area=M1, area=M1|PMd, quality!=mua or isolation>3, with commas between several.',
    );
  }
  const [, name, operator, right] = parts;
  const column = columnOf(columns, name, rows);
  const wanted = right.split('|').map((text) => text.trim());
  if (operator === '=' || operator === '!=') {
    const equal = equalTo(column, wanted);
    if (operator === '!=') return (row) => !equal(row);
    refuseUnknown(column, equal, right, rows);
    return equal;
  }
  const values = numbersOf(column, rows);
  const bound = Number(right);
  if (right.trim() === '' || !Number.isFinite(bound))
    throw new Failure(
      'bad-filter',
      `“${expression}” compares ${name} with “${right}”, which is no number.`,
      'Write for example isolation>3.',
    );
  switch (operator) {
    case '>':
      return (row) => values[row] > bound;
    case '>=':
      return (row) => values[row] >= bound;
    case '<':
      return (row) => values[row] < bound;
    default:
      return (row) => values[row] <= bound;
  }
}

/** Throws a Failure that lists the values of a column of text where none of its rows has the one asked for. */
function refuseUnknown(column: Column, equal: (row: number) => boolean, wanted: string, rows: Rows): void {
  if (column.kind !== 'text' || column.values.length === 0) return;
  const texts = column.values as readonly string[];
  if (texts.some((_, row) => equal(row))) return;
  const known = [...new Set(texts)].filter((text) => text !== '').sort();
  throw new Failure(
    'unknown-value',
    `No ${rows} has ${column.name} = “${wanted}”.`,
    `Its values are: ${known.slice(0, 24).join(', ')}${known.length > 24 ? ' …' : ''}.`,
  );
}

function equalTo(column: Column, wanted: readonly string[]): (row: number) => boolean {
  if (!(column.values instanceof Float64Array)) return (row) => wanted.includes(column.values[row] as string);
  const values = column.values;
  const numbers = wanted.map((text) => (/^true$/i.test(text) ? 1 : /^false$/i.test(text) ? 0 : Number(text)));
  const bad = wanted.find((_, i) => Number.isNaN(numbers[i]));
  if (bad !== undefined)
    throw new Failure(
      'bad-filter',
      `“${column.name}” holds ${column.kind === 'boolean' ? 'true and false' : 'numbers'}, not “${bad}”.`,
      'Compare it with a value it can have.',
    );
  return (row) => numbers.includes(values[row]);
}

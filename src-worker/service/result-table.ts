// Arrays of a result as one table of comma-separated values: a row for each place along the axis that most of them begin with.

import { Failure } from '../contract/failure.ts';
import type { Arrays, NamedArray } from '../contract/result.ts';
import { writeWhole } from './write-whole.ts';

/** Arrays with more dimensions than these are for files that hold arrays. */
const MOST_DIMENSIONS = 2;

/** The table as text. Columns are named as in exports of runs: `positions[3]` is the third state; numbers that stand for words are words. Throws where no arrays share an axis. */
export function tableText(arrays: Arrays): string {
  const flat = Object.entries(arrays).filter(([, { shape }]) => shape.length >= 1 && shape.length <= MOST_DIMENSIONS);
  const counts = new Map<string, number>();
  for (const [, array] of flat) counts.set(axisOf(array), (counts.get(axisOf(array)) ?? 0) + 1);
  const [axis] = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const entries = flat.filter(([, array]) => axisOf(array) === axis);
  if (axis === undefined || entries.length === 0)
    throw new Failure('no-table', 'This result has no arrays for a table.', 'Write it to a file that ends in .h5.');
  const [name, length] = axis.split(' ');
  const widths = entries.map(([, { shape }]) => shape[1] ?? 1);
  const head = entries.flatMap(([title, { shape }], k) =>
    shape.length === 1 ? [title] : Array.from({ length: widths[k] }, (_, at) => `${title}[${at + 1}]`),
  );
  const lines = Array.from({ length: Number(length) }, (_, row) => [
    row + 1,
    ...entries.flatMap(([, { values, words }], k) =>
      Array.from(values.subarray(row * widths[k], (row + 1) * widths[k]), (value) => words?.[value] ?? cell(value)),
    ),
  ]);
  return [[name, ...head], ...lines].map((line) => `${line.join(',')}\n`).join('');
}

/** What arrays along it have in common: 'point 5'. */
const axisOf = ({ axes, shape }: NamedArray): string => `${axes[0]} ${shape[0]}`;

/** Missing numbers are empty cells. */
const cell = (value: number): string => (Number.isNaN(value) ? '' : String(value));

/** Throws a Failure where a result cannot be written under that name. */
export function checkResultName(path: string): void {
  if (!/\.(csv|h5|hdf5)$/i.test(path))
    throw new Failure('other-ending', `A result cannot be written as “${path}”.`, 'Let its name end in .h5, or in .csv for a table.');
}

export async function writeTable(path: string, arrays: Arrays): Promise<void> {
  await writeWhole(path, new TextEncoder().encode(tableText(arrays)));
}

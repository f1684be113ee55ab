// Arrays of a result as one table of comma-separated values: a row for each place along the axis that most of them begin with.

import { writeFile } from 'node:fs/promises';
import { Failure } from '../contract/failure.ts';
import type { Arrays, NamedArray } from '../contract/result.ts';

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

export async function writeTable(path: string, arrays: Arrays): Promise<void> {
  const text = tableText(arrays);
  try {
    await writeFile(path, text);
  } catch (cause) {
    throw new Failure('not-written', `${path} could not be written.`, 'Choose a folder that is there and may be written to.', { cause });
  }
}

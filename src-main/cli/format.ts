// Numbers and tables for people.

import Table from 'cli-table3';

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** A table without lines; columns whose cells are all numbers stand to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const isNumeric = (column: number) => rows.length > 0 && rows.every((row) => row[column] === '' || /^[−\-.\d]/.test(row[column]));
  const drawn = new Table({
    head: [...head],
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: head.map((_, column) => (isNumeric(column) ? 'right' : 'left')),
  });
  drawn.push(...rows.map((row) => [...row]));
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** `0.4312` as `0.431`; nothing for what is not there. */
export const score = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(3));

/** `0`, `1.234e-5`, `12.35`: four figures. */
export const figures = (value: number): string => (Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4))));

export const count = (value: number): string => value.toLocaleString('en-US').replaceAll(',', ' ');

/** `1 trial`, `20 000 trials`. */
export const many = (value: number, what: string): string => `${count(value)} ${what}${value === 1 ? '' : 's'}`;

/** `48 s`, `2 min 5 s`, `1 h 12 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 10) return `${Number(seconds.toFixed(1))} s`;
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** `3.2 MB`. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [scaled, unit] = [value, 0];
  while (scaled >= 1000 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${unit === 0 ? scaled : Number(scaled.toPrecision(3))} ${units[unit]}`;
}

/** Rows of a table as people count them: `3, 7, 11 …`, at most ten. */
export const rowsText = (rows: readonly number[]): string => `${rows.slice(0, 10).join(', ')}${rows.length > 10 ? ' …' : ''}`;

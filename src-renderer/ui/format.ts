// Numbers as a person reads them: thousands apart, true minus, units beside.

import { minus } from '../../src-worker/contract/minus.ts';
import type { Value } from '../../src-worker/contract/params.ts';
import { numberText } from '../../src-worker/scene/axes.ts';

export const count = (value: number): string => numberText(value, 0);
export const counted = (value: number, one: string, many = `${one}s`): string => `${count(value)} ${value === 1 ? one : many}`;

export function bytes(value: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = value > 0 ? Math.min(units.length - 1, Math.floor(Math.log10(value) / 3)) : 0;
  return `${power === 0 ? value : (value / 1000 ** power).toPrecision(3)} ${units[power]}`;
}

/** '4 min 24 s', '51 min', '2 h 5 min'. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 3600) return `${Math.round(whole / 60)} min`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}

export const score = (value: number | undefined): string => (value === undefined ? '–' : numberText(value, 3));

const numeral = (value: number): string => minus(String(Number(value.toPrecision(6))));

/** A setting as it stands in a field. */
export function valueText(value: Value | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return numeral(value);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'string' ? value : value.map((part) => (typeof part === 'number' ? numeral(part) : part)).join(', ');
}

/** A sentence of the program's without the options and commands of the command line that stand in brackets: they have no place in the window. */
export const withoutOptions = (sentence: string): string => sentence.replace(/ \((--|orrery )[^)]*\)/g, '');

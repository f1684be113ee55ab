// Filters of units as the recipe writes them, `rate>=0.1` or `area=M1|PMd`, read and changed by controls.

import type { TableRows } from '../../../src-worker/contract/recording.ts';
import { valueText } from '../../ui/format.ts';

export type ColumnRows = TableRows['columns'][number];

const expression = /^\s*([^=<>!]+?)\s*(>=|<=|=)\s*(.*)$/;

/** Bounds of a numeric column among the filters. */
export function boundsOf(filters: readonly string[], column: string): { readonly low?: number; readonly high?: number } {
  const of = (sign: string): number | undefined => {
    const found = filters.map((text) => expression.exec(text)).find((parts) => parts?.[1] === column && parts[2] === sign);
    return found ? Number(found[3]) : undefined;
  };
  const [low, high] = [of('>='), of('<=')];
  return { ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) };
}

/** Values of a column of text among the filters; undefined where all are let in. */
export function valuesOfFilter(filters: readonly string[], column: string): readonly string[] | undefined {
  const found = filters.map((text) => expression.exec(text)).find((parts) => parts?.[1] === column && parts[2] === '=');
  return found?.[3]?.split('|').map((value) => value.trim());
}

/** The filters with those of one column replaced. */
export function withFilter(
  filters: readonly string[],
  column: string,
  sign: '>=' | '<=' | '=',
  value: string | undefined,
): readonly string[] {
  const others = filters.filter((text) => {
    const parts = expression.exec(text);
    return parts?.[1] !== column || parts[2] !== sign;
  });
  return value === undefined ? others : [...others, `${column}${sign}${value}`];
}

export interface Histogram {
  readonly from: number;
  readonly to: number;
  readonly isLog: boolean;
  readonly counts: readonly number[];
}

const BINS = 18;

/** How a column's numbers are spread; on a log scale where they span two decades. */
export function histogramOf(values: Float64Array): Histogram | undefined {
  const known = values.filter(Number.isFinite);
  if (known.length < 2) return undefined;
  const positive = known.filter((value) => value > 0);
  const [least, most] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
  if (least === most) return undefined;
  const isLog =
    least >= 0 &&
    positive.length > 0 &&
    most /
      Math.max(
        positive.reduce((a, b) => Math.min(a, b)),
        most / 1e3,
      ) >=
      50;
  const from = isLog
    ? Math.max(
        positive.reduce((a, b) => Math.min(a, b)),
        most / 1e3,
      ) / 1.2
    : least;
  const counts = new Array<number>(BINS).fill(0);
  const to = most;
  for (const value of known) {
    const share = shareIn({ from, to, isLog, counts }, value);
    const bin = Math.min(BINS - 1, Math.floor(share * BINS));
    counts[bin] = counts[bin]! + 1;
  }
  return { from, to, isLog, counts };
}

/** Where a value lies in the histogram, 0 to 1. */
export function shareIn({ from, to, isLog }: Histogram, value: number): number {
  const share = isLog ? Math.log(Math.max(value, from) / from) / Math.log(to / from) : (value - from) / (to - from);
  return Math.min(1, Math.max(0, share));
}

/** The value at a share, rounded to what a filter can bear. */
export function valueAt({ from, to, isLog }: Histogram, share: number): number {
  const value = isLog ? from * (to / from) ** share : from + share * (to - from);
  return Number(value.toPrecision(2));
}

/** '≥ 0.1 Hz', '1.1 to 8', 'all'. */
export function boundsText({ low, high }: { readonly low?: number; readonly high?: number }, unit: string): string {
  const more = unit === '' ? '' : ` ${unit}`;
  if (low !== undefined && high !== undefined) return `${valueText(low)} to ${valueText(high)}${more}`;
  if (low !== undefined) return `≥ ${valueText(low)}${more}`;
  return high !== undefined ? `≤ ${valueText(high)}${more}` : 'all';
}

// From tables and signals to what a screen shows of them: kinds, ranges, distinct values, and which columns are times to align to.

import type { ArraySummary, ColumnSummary, SignalSummary, TableSummary } from '../contract/recording.ts';
import { quantile } from '../numerics/statistics.ts';
import type { ArraySource, Column, Signal, Table } from './format.ts';

/** A column with more distinct values than this is summarised by its range alone. */
const MOST_VALUES = 24;
/** A time belongs to its row when it lies this close to it, s. */
const NEAR_SECONDS = 10;

const numbersOf = (column: Column | undefined): Float64Array | undefined =>
  column !== undefined && column.kind !== 'text' ? (column.values as Float64Array) : undefined;

/**
 * Whether a column of an interval table holds times of events: nine in ten of its values lie within their row or near it. In
 * tables too short to tell, or where rows are as long as values are large, its name has to say so as well.
 */
function isTime(column: Column, table: Table): boolean {
  if (column.kind !== 'number') return false;
  if (column.name === 'start_time' || column.name === 'stop_time') return true;
  const start = numbersOf(table.columns.find(({ name }) => name === 'start_time'));
  const stop = numbersOf(table.columns.find(({ name }) => name === 'stop_time'));
  if (start === undefined || stop === undefined) return false;
  const values = column.values as Float64Array;
  let [known, near] = [0, 0];
  for (const [row, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    known += 1;
    const end = Number.isNaN(stop[row]) ? (start[row + 1] ?? Infinity) : stop[row];
    if (value >= start[row] - NEAR_SECONDS && value <= end + NEAR_SECONDS) near += 1;
  }
  if (known === 0 || near < 0.9 * known) return false;
  return known >= 10 || /time|onset|offset|cue|_t$|_at$|_on$|_off$/i.test(column.name);
}

export function summarizeColumn(column: Column, table: Table): ColumnSummary {
  const base = { name: column.name, description: column.description, kind: column.kind, isTime: isTime(column, table) };
  if (column.kind === 'text') {
    const texts = column.values as readonly string[];
    const distinct = [...new Set(texts.filter((text) => text !== ''))].sort();
    const missing = texts.filter((text) => text === '').length;
    return { ...base, missing, distinct: distinct.length, ...(distinct.length <= MOST_VALUES && { values: distinct }) };
  }
  const numbers = (column.values as Float64Array).filter((value) => !Number.isNaN(value)).sort();
  const distinct = numbers.filter((value, i) => i === 0 || value !== numbers[i - 1]);
  const word = (value: number) => (column.kind === 'boolean' ? String(value !== 0) : String(value));
  return {
    ...base,
    missing: column.values.length - numbers.length,
    distinct: distinct.length,
    ...(distinct.length <= MOST_VALUES && { values: Array.from(distinct, word) }),
    ...(numbers.length > 0 && { min: numbers[0], max: numbers[numbers.length - 1] }),
  };
}

/** `observed`: start, stop … of what was recorded, s, where the file says so. */
export const summarizeTable = (table: Table, observed?: Float64Array): TableSummary => ({
  path: table.path,
  rows: table.rows,
  columns: table.columns.map((column) => {
    const summary = summarizeColumn(column, table);
    const reachMs = summary.isTime && observed ? reachOf(column.values as Float64Array, observed) : undefined;
    return reachMs ? { ...summary, reachMs } : summary;
  }),
});

/** Share of rows that may reach less far. */
const FEW = 0.05;

/** Whole ms from times to the edges of the observed stretches they lie in, that all but few of them have at least. */
function reachOf(times: Float64Array, observed: Float64Array): readonly [number, number] | undefined {
  const [before, after]: [number[], number[]] = [[], []];
  for (const time of times)
    for (let k = 0; k < observed.length; k += 2)
      if (time >= observed[k] && time <= observed[k + 1]) {
        before.push(time - observed[k]);
        after.push(observed[k + 1] - time);
        break;
      }
  const least = (seconds: readonly number[]): number => Math.floor(1000 * quantile(Float64Array.from(seconds).sort(), FEW) + 1e-3);
  return before.length > 0 ? [least(before), least(after)] : undefined;
}

export const summarizeSignal = ({ path, title, unit, channels, samples }: Signal, rateHz: number | undefined): SignalSummary => ({
  path,
  title,
  unit,
  channels,
  samples,
  ...(rateHz !== undefined && { rateHz }),
});

export const summarizeArray = ({ path, shape, type }: ArraySource): ArraySummary => ({ path, shape, type });

/** The names that occur, in order, each once. */
export const distinctTexts = (texts: readonly string[]): readonly string[] => [...new Set(texts.filter((text) => text !== ''))].sort();

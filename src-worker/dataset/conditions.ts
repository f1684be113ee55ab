// Which trials belong together: a column, every combination of several, or bins of a numeric or angular one.

import { Failure } from '../contract/failure.ts';
import { quantile } from '../numerics/statistics.ts';
import type { Column } from '../formats/format.ts';
import { columnOf } from './columns.ts';
import type { Conditions } from './dataset.ts';

/** One column's share in a condition. */
interface Factor {
  readonly names: readonly string[];
  readonly of: Int32Array;
  readonly scale: Conditions['scale'];
  readonly values?: Float64Array;
}

const MOST_VALUES = 64;

/**
 * Conditions of the trials from `A`, `A*B` or `COLUMN:4`. Columns are already restricted to the trials in use. Throws a Failure for an
 * unknown column, or one with so many values that each trial would be a condition of its own.
 */
export function conditionsOf(columns: readonly Column[], spec: string): Conditions {
  const factors = spec.split('*').map((part) => factorOf(columns, part.trim()));
  const [only] = factors;
  const label = spec.replaceAll('/', '').replaceAll('*', ' × ');
  if (factors.length === 1) return { label: label.replace(/:\d+$/, ''), ...only };
  const trials = only.of.length;
  const codes = Array.from({ length: trials }, (_, trial) =>
    factors.reduce((code, { of, names }) => (code < 0 || of[trial] < 0 ? -1 : code * names.length + of[trial]), 0),
  );
  const present = [...new Set(codes)].filter((code) => code >= 0).sort((a, b) => a - b);
  const place = new Map(present.map((code, k) => [code, k]));
  const nameOf = (code: number): string => {
    const parts: string[] = [];
    let rest = code;
    for (const { names } of factors.toReversed()) {
      parts.unshift(names[rest % names.length]);
      rest = Math.floor(rest / names.length);
    }
    return parts.join(', ');
  };
  return { label, names: present.map(nameOf), of: Int32Array.from(codes, (code) => place.get(code) ?? -1), scale: 'nominal' };
}

function factorOf(columns: readonly Column[], part: string): Factor {
  const binned = /^(.*):(\d+)$/.exec(part);
  const column = columnOf(columns, binned?.[1] ?? part, 'trial');
  const bins = binned ? Number(binned[2]) : undefined;
  if (!(column.values instanceof Float64Array)) {
    if (bins !== undefined)
      throw new Failure(
        'not-numbers',
        `The trial column “${column.name}” holds text and cannot be cut into bins.`,
        'Leave out the number after the colon.',
      );
    return ofText(column, column.values);
  }
  const { values } = column;
  if (column.kind === 'boolean')
    return { names: [`not ${column.name}`, column.name], of: Int32Array.from(values, (v) => (Number.isNaN(v) ? -1 : v)), scale: 'nominal' };
  const degrees = degreesOf(column, values);
  if (bins !== undefined) return degrees ? sectors(degrees, bins) : quantiles(values, bins, column.name);
  return degrees ? distinct(column, degrees, 'angle') : distinct(column, values, isCode(column) ? 'nominal' : 'ordinal');
}

function ofText(column: Column, values: readonly string[]): Factor {
  const names = [...new Set(values)].filter((text) => text !== '').sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  checkCount(column, names.length, values.length);
  const place = new Map(names.map((name, k) => [name, k]));
  return { names, of: Int32Array.from(values, (text) => place.get(text) ?? -1), scale: 'nominal' };
}

function distinct(column: Column, values: Float64Array, scale: Conditions['scale']): Factor {
  const known = [...new Set(values)].filter((v) => !Number.isNaN(v)).sort((a, b) => a - b);
  checkCount(column, known.length, values.length);
  const place = new Map(known.map((value, k) => [value, k]));
  const names = known.map((value) => (scale === 'angle' ? `${Number(value.toFixed(1))}°` : String(Number(value.toPrecision(6)))));
  const of = Int32Array.from(values, (value) => place.get(value) ?? -1);
  return { names, of, scale, ...(scale === 'angle' && { values: Float64Array.from(known) }) };
}

function checkCount(column: Column, count: number, trials: number): void {
  if (count === 0)
    throw new Failure('no-conditions', `The trial column “${column.name}” has no values.`, 'Choose another column for the conditions.');
  if (count <= MOST_VALUES && (count <= 12 || count < trials / 2)) return;
  throw new Failure(
    'too-many-conditions',
    `The trial column “${column.name}” has ${count} values for ${trials} trials.`,
    column.kind === 'number' ? `Cut it into bins, for example ${column.name}:4.` : 'Choose a column that several trials share.',
  );
}

/** Values that stand for kinds rather than amounts. */
const isCode = ({ name, values }: Column): boolean =>
  /cond|type|kind|class|group|category|(^|_)(id|code)$/i.test(name) &&
  values instanceof Float64Array &&
  values.every((v) => Number.isNaN(v) || Number.isInteger(v));

/** Degrees from one code to the next, where a description says that codes go round: 'times 45 degrees', '0 to 7 counter-clockwise'. */
function degreesPerCode(description: string): number | undefined {
  const times = /(?:times|×|x|steps of)\s*(\d+(?:\.\d+)?)\s*(?:degrees|deg\b|°)/i.exec(description);
  if (times) return Number(times[1]);
  const round = /\b0 to (\d+)\b.*clockwise/i.exec(description);
  return round ? 360 / (Number(round[1]) + 1) : undefined;
}

/** The column in degrees from 0 to 360, where its name or description says that it is an angle; else undefined. */
function degreesOf({ name, description }: Column, values: Float64Array): Float64Array | undefined {
  const perCode = degreesPerCode(description);
  const said =
    perCode !== undefined || /angle|degree|radian|°/i.test(description) || /angle|orientation|azimuth|heading|_deg$|_rad$/i.test(name);
  const largest = values.reduce((most, v) => Math.max(most, Math.abs(v) || 0), 0);
  const directionInDegrees = /direction/i.test(name) && largest >= 45 && largest <= 360;
  if (!said && !directionInDegrees) return undefined;
  const fractions = largest <= 2 * Math.PI + 1e-6 && values.some((v) => !Number.isNaN(v) && !Number.isInteger(v));
  const radians = /radian/i.test(description) || /_rad$/i.test(name) || fractions;
  const scale = perCode ?? (radians ? 180 / Math.PI : 1);
  // Rounded so that an angle which was written in two ways is one condition.
  return values.map((v) => (Math.round(((((v * scale) % 360) + 360) % 360) * 1e6) / 1e6) % 360);
}

/** Equal sectors, the first of them about 0°. */
function sectors(degrees: Float64Array, bins: number): Factor {
  const width = 360 / bins;
  const centres = Float64Array.from({ length: bins }, (_, k) => k * width);
  const of = Int32Array.from(degrees, (v) => (Number.isNaN(v) ? -1 : Math.round(v / width) % bins));
  return { names: Array.from(centres, (v) => `${Number(v.toFixed(1))}°`), of, scale: 'angle', values: centres };
}

/** Bins with equal shares of the trials. */
function quantiles(values: Float64Array, bins: number, name: string): Factor {
  const known = values.filter((v) => !Number.isNaN(v));
  if (known.length === 0)
    throw new Failure('no-conditions', `The trial column “${name}” has no values.`, 'Choose another column for the conditions.');
  const edges = [...new Set(Array.from({ length: bins + 1 }, (_, k) => quantile(known, k / bins)))];
  const inner = edges.slice(1, -1);
  const text = (v: number): string => String(Number(v.toPrecision(3)));
  const names = edges.length === 1 ? [text(edges[0])] : edges.slice(0, -1).map((edge, k) => `${text(edge)} to ${text(edges[k + 1])}`);
  const of = Int32Array.from(values, (v) => (Number.isNaN(v) ? -1 : inner.filter((edge) => v >= edge).length));
  return { names, of, scale: 'ordinal' };
}

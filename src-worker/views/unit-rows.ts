// Averages of one unit of a network of recorded units, a curve for each row of an analysis.

import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import type { NamedArray } from '../contract/result.ts';
import { conditionRole } from './shared.ts';

const MOST_NAMED = 24;

/** The parameter that names the unit; `usual` says which is shown unless given. */
export const unitParam = (usual: string) =>
  defineParams({
    unit: {
      kind: 'number',
      label: 'Unit',
      help: `Row of the unit in the file’s table; ${usual} unless given.`,
      min: 0,
      integer: true,
      tier: 'common',
    },
  });

/** Place among a network's units of a row of the file's table. Throws where the unit is not among them. */
export function placeOfUnit(unit: number, { values }: NamedArray): number {
  const place = values.indexOf(unit);
  if (place < 0)
    throw new Failure(
      'unknown-unit',
      `Unit ${unit} is not in this network.`,
      `Known are: ${Array.from(values.slice(0, MOST_NAMED)).join(', ')}${values.length > MOST_NAMED ? ' …' : ''}.`,
    );
  return place;
}

/** One unit of one row of rows × bins × units. */
export function seriesOf({ values, shape: [, bins, units] }: NamedArray, row: number, place: number): Float64Array {
  return Float64Array.from({ length: bins }, (_, t) => values[(row * bins + t) * units + place]);
}

/** What the curves of a row have alike. */
export const curveOf = (condition: number, x: Float64Array) =>
  ({ kind: 'line', datum: condition >= 0 ? { condition } : {}, colour: conditionRole(condition), x, timeMs: x }) as const;

/** 'Unit 12', or the name of a channel of behaviour. */
export const nameOf = ({ values, labels }: NamedArray, place: number): string => labels?.[place] ?? `Unit ${values[place]}`;

/** What rates, or values of behaviour, stand along. */
export const valueAxis = ({ labels }: NamedArray, unit: string) => ({ label: labels ? 'Value' : 'Rate', unit, scale: 'linear' }) as const;

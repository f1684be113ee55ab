// The arrays of a result of currents that tell of units, in order of region: the current into each, and how it is foretold.

import type { Arrays, NamedArray } from '../../contract/result.ts';
import { array, type Computed, type FlowBetween } from './arrays.ts';

/** Currents by unit are kept up to so many numbers. */
const MOST_BY_UNIT = 8e6;

export function unitArrays(
  { dataset, unit, places, regions, order, rows, bins, own, activity }: Computed,
  flows: readonly FlowBetween[],
): Arrays {
  const n = own.units;
  const R = regions.length;
  const { samples } = own;
  const regionOf = new Int32Array(n);
  for (const [k, units] of regions.entries()) for (const one of units) regionOf[one] = k;
  const whole = (of: (one: number) => number, about: string): NamedArray => array(Int32Array.from(order, of), [n], ['unit'], '', about);
  const inOrder = ({ values, ...rest }: NamedArray): NamedArray => ({ ...rest, values: Float64Array.from(order, (at) => values[at]) });
  const { freeRunPVar, conditionMeanPVar } = activity;
  return {
    unitRegions: whole((one) => regionOf[one], 'Region of each unit'),
    unitRows: whole((one) => dataset.unitRows[places[one]], 'Row of the file’s table of each unit'),
    ...(n * R * samples <= MOST_BY_UNIT && {
      byUnit: array(
        byUnit(flows, order, R, samples),
        [n, R, rows.rows, bins],
        ['unit', 'source', 'row', 'bin'],
        unit,
        'Current into each unit from each region, signed',
      ),
    }),
    freeRunPVar: inOrder(freeRunPVar),
    ...(conditionMeanPVar && { conditionMeanPVar: inOrder(conditionMeanPVar) }),
  };
}

/** unit × source × sample, units in `order`. */
function byUnit(flows: readonly FlowBetween[], order: Int32Array, R: number, samples: number): Float32Array {
  const placeOf = new Int32Array(order.length);
  for (const [place, unit] of order.entries()) placeOf[unit] = place;
  const out = new Float32Array(order.length * R * samples);
  for (const [pair, { into, whole }] of flows.entries())
    for (const [i, unit] of into.entries())
      out.set(whole.subarray(i * samples, (i + 1) * samples), (placeOf[unit] * R + (pair % R)) * samples);
  return out;
}

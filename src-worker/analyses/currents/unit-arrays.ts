// The arrays of a result of currents that tell of units, in order of region: weights, activity before and after its transformation, free runs.

import type { Arrays, NamedArray } from '../../contract/result.ts';
import { array, type Computed, type FlowBetween } from './arrays.ts';
import { turned } from './judged.ts';
import { spreadOver } from '../agreement.ts';

/** Currents by unit are kept up to so many numbers. */
const MOST_BY_UNIT = 8e6;

export function unitArrays(computed: Computed, flows: readonly FlowBetween[]): Arrays {
  const { dataset, constrained, regions, order, rows, bins, own, perMember, judged, spectrum, raw, recovered } = computed;
  const { network, transform, places } = constrained.fitted;
  const n = network.units;
  const R = regions.length;
  const { samples } = own;
  const regionOf = new Int32Array(n);
  for (const [k, units] of regions.entries()) for (const unit of units) regionOf[unit] = k;
  const perUnit = (numbers: ArrayLike<number>, unit: string, about: string): NamedArray =>
    array(
      Float64Array.from(order, (at) => numbers[at]),
      [n],
      ['unit'],
      unit,
      about,
    );
  const rowsByUnit = (numbers: Float64Array, count: number, length: number, unit: string, about: string): NamedArray =>
    array(
      Float32Array.from(numbers, (_, at) => numbers[Math.floor(at / n) * n + order[at % n]]),
      [count, length, n],
      ['row', 'bin', 'unit'],
      unit,
      about,
    );
  const inOrder = (J: Float64Array): Float64Array => Float64Array.from(J, (_, at) => J[order[Math.floor(at / n)] * n + order[at % n]]);
  const squareOf = (values: Float64Array, about: string): NamedArray => array(values, [n, n], ['target unit', 'source unit'], '', about);
  const members = constrained.members.map(({ network: { J } }) => inOrder(J));
  return {
    unitRegions: array(
      Int32Array.from(order, (unit) => regionOf[unit]),
      [n],
      ['unit'],
      '',
      'Region of each unit',
    ),
    unitRows: array(
      Int32Array.from(order, (unit) => dataset.unitRows[places[unit]]),
      [n],
      ['unit'],
      '',
      'Row of the file’s table of each unit',
    ),
    ...(n * R * samples <= MOST_BY_UNIT && {
      byUnit: array(
        byUnit(flows, order, R, samples),
        [n, R, rows.rows, bins],
        ['unit', 'source', 'row', 'bin'],
        'Hz',
        'Current into each unit from each region, signed',
      ),
    }),
    weights: squareOf(members[0], 'J in the network’s units of activity'),
    ...(perMember.length > 1 && { weightSd: squareOf(spreadOver(members), 'Its s.d. over seeds') }),
    ...(recovered && { recoveredJ: squareOf(inOrder(recovered.J), 'J fitted again to the network’s own noisy activity') }),
    eigenvaluesRe: array(spectrum.re, [n], ['mode'], '', 'Eigenvalues of J'),
    eigenvaluesIm: array(spectrum.im, [n], ['mode']),
    scale: perUnit(transform.scale, 'Hz', 'Activity is (Hz − offset) / scale'),
    offset: perUnit(transform.offset, 'Hz', 'Offset of each unit'),
    raw: rowsByUnit(raw, rows.rows, bins, 'Hz', 'Averages as they were recorded, without smoothing'),
    activity: rowsByUnit(turned(rows, bins), rows.rows, bins, '', 'What the network was fitted to, in its units'),
    judged: rowsByUnit(judged.data, judged.rows, judged.bins, 'Hz', 'Averages of trials that judge the network'),
    freeRun: rowsByUnit(judged.found, judged.rows, judged.bins, 'Hz', 'The network started at their first bin and left alone'),
    judgedConditions: array(judged.conditions, [judged.conditions.length], ['row']),
    freeRunPVar: perUnit(judged.perUnit, '', 'Share of each unit’s variance that the free run explains'),
    ...(judged.meanPerUnit && {
      conditionMeanPVar: perUnit(judged.meanPerUnit, '', 'Share that the means of conditions over training explain'),
    }),
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

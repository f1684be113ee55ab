// Recorded activity before and after preprocessing, for a network of recorded units that was fitted to it or is about to be.

import { minus } from '../contract/minus.ts';
import type { Arrays, NamedArray, Result } from '../contract/result.ts';
import type { Dataset } from '../dataset/index.ts';
import { type Activity, activityRows } from '../models/constrained/activity.ts';
import { type Preparation, someAverages } from '../models/constrained/preparation.ts';
import { regionsOf } from '../models/constrained/regions.ts';
import type { Outputs } from '../models/tested.ts';
import { inUnit, sharedBins } from './belief/rows.ts';
import { countOf } from './states.ts';

const number = (value: number): string => minus(String(Number(value.toPrecision(3))));

/** What a fit would be given, before there is one: as recorded, smoothed, and in the network's range. */
export function aboutToFit(dataset: Dataset, preparation: Preparation): Result {
  const { groups, averages } = someAverages(dataset, preparation);
  const { arrays, largest, steps, units, smallestScale, largestScale } = preparedActivity(dataset, preparation, groups);
  const what = preparation.trialsPerAverage === 1 || !dataset.conditions ? 'trial' : 'average';
  const shown = groups.length < averages ? `; the first ${countOf(groups.length, what)} of ${averages} are here` : '';
  return {
    arrays,
    summary: { units, averages, sdMs: preparation.sdMs, scaleLeast: smallestScale, scaleMost: largestScale, largest },
    recipe: `Activity of ${countOf(units, 'unit')} in ${countOf(averages, what)} of training: ${steps}${shown}. Rates and currents are given with this undone.`,
    notes: [],
  };
}

/** Arrays of some averages of trials, each of `groups`, and what was done to them in words. */
export const preparedActivity = (dataset: Dataset, preparation: Preparation, groups: readonly Int32Array[]) =>
  preparedRows(dataset, {
    ...preparation,
    unit: 'Hz',
    rows: activityRows(dataset, preparation, groups, preparation.sdMs),
    plain: activityRows(dataset, preparation, groups, 0),
  });

/** What units, or channels of behaviour, are prepared as, with averages of trials before and after. */
interface PreparedRows
  extends Pick<Preparation, 'transform' | 'sdMs' | 'trialsPerAverage' | 'scale' | 'centre' | 'regions' | 'range'>,
    Outputs {
  readonly rows: Activity;
  /** The same, not smoothed. */
  readonly plain: Activity;
}

export function preparedRows(dataset: Dataset, prepared: PreparedRows) {
  const { places, names: channels, unit, transform, range = [-Infinity, Infinity], rows, plain } = prepared;
  const every = places && regionsOf(dataset, prepared.regions);
  const regions = Array.from({ length: rows.units }, (_none, k) => (places && every?.[places[k]]) ?? '');
  const names = [...new Set(regions)].sort();
  const bins = sharedBins(rows);
  const n = rows.units;
  const byUnit = (values: Float64Array, unit: string, about: string): NamedArray => ({
    values: Float32Array.from(values),
    shape: [rows.rows, bins, n],
    axes: ['row', 'bin', 'unit'],
    unit,
    about,
  });
  const perUnit = (values: NamedArray['values'], unit: string, about: string): NamedArray => ({
    values,
    shape: [n],
    axes: ['unit'],
    unit,
    about,
  });
  const list = (values: Int32Array | Float64Array, axis: string, unit = ''): NamedArray => ({
    values,
    shape: [values.length],
    axes: [axis],
    unit,
  });
  const activity = inUnit(rows, rows.values, bins, asItIs(n));
  const centres = Float64Array.from({ length: bins }, (_none, t) => (dataset.edgesMs[t] + dataset.edgesMs[t + 1]) / 2);
  const sizes = [...transform.scale].sort((a, b) => a - b);
  const arrays = {
    timeMs: list(centres, 'bin', 'ms'),
    unitRows: {
      ...list(
        Int32Array.from({ length: n }, (_none, k) => (places ? dataset.unitRows[places[k]] : k)),
        'unit',
      ),
      ...(channels && { labels: channels }),
    },
    rowConditions: list(rows.conditions, 'row'),
    rowTrials: { ...list(rows.averaged, 'row'), about: 'Trials averaged in each row' },
    raw: byUnit(inUnit(plain, plain.values, bins, transform), unit, 'Averages as they were recorded'),
    smoothed: byUnit(inUnit(rows, rows.values, bins, transform), unit, 'The same, smoothed'),
    activity: byUnit(activity, '', 'What the network is fitted to: (Hz − offset) / scale'),
    scale: perUnit(transform.scale, unit, 'Activity is (Hz − offset) / scale'),
    offset: perUnit(transform.offset, unit, 'Offset of each unit'),
    range: { ...list(Float64Array.from(range), 'end'), about: 'Of the nonlinearity' },
    regions: {
      ...list(
        Int32Array.from(regions, (name) => names.indexOf(name)),
        'unit',
      ),
      about: 'Region of each unit',
      labels: names,
    },
  } satisfies Arrays;
  return {
    arrays,
    units: n,
    regions: names.length,
    largest: activity.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    smallestScale: sizes[0],
    largestScale: sizes[n - 1],
    steps: stepsOf(prepared, sizes),
  };
}

const asItIs = (n: number) => ({ scale: new Float64Array(n).fill(1), offset: new Float64Array(n) });

/** 'smoothed by a Gaussian of 30 ms (s.d.), averaged over about 5 trials of a condition, each unit divided …' */
function stepsOf(
  { sdMs, trialsPerAverage, centre, scale }: Pick<Preparation, 'sdMs' | 'trialsPerAverage' | 'centre' | 'scale'>,
  sizes: readonly number[],
): string {
  const between = `${number(sizes[0])} to ${number(sizes[sizes.length - 1])}`;
  const divided = {
    none: 'not scaled',
    global: `divided by ${number(sizes[0])}`,
    unit: `each unit divided by its own maximum and a little more (${between})`,
    standard: `each unit divided by its s.d. (${between})`,
  };
  return [
    sdMs > 0 ? `smoothed by a Gaussian of ${number(sdMs)} ms (s.d.)` : 'as it is, without smoothing',
    ...(trialsPerAverage === 1
      ? []
      : [trialsPerAverage === 0 ? 'averaged by condition' : `averaged over about ${countOf(trialsPerAverage, 'trial')} of a condition`]),
    ...(centre ? ['means taken away'] : []),
    divided[scale],
  ].join(', ');
}

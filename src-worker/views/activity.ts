// What a network of recorded units is fitted to, unit by unit: averages as recorded beneath the same smoothed, or both in the network's range.

import { allTrials, countOf } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import { numberText } from '../scene/axes.ts';
import type { Mark } from '../scene/scene.ts';
import { conditionKey, eventRules, sourceText, timeAxis } from './shared.ts';
import { curveOf, nameOf, placeOfUnit, seriesOf, unitParam, valueAxis } from './unit-rows.ts';
import { defineView } from './view.ts';

export const activityView = defineView({
  id: 'activity',
  title: 'Activity before and after',
  version: 1,
  about: 'Averages of a unit as they were recorded, and as a network of recorded units is fitted to them.',
  shows: 'activity',
  params: defineParams({
    ...unitParam('the first of the network'),
    show: {
      kind: 'choice',
      label: 'Show',
      help: 'Rates before and after smoothing, or what the network is fitted to in its own range.',
      choices: ['rates', 'network'],
      default: 'rates',
      tier: 'common',
    },
    average: {
      kind: 'number',
      label: 'Average',
      help: 'Where a condition has several averages (or trials), this one of each, counted from 1 and from the first again after the last; all unless given.',
      min: 1,
      integer: true,
      tier: 'occasional',
    },
  }),
  report: { more: () => [{ show: 'network' }] },
  scene(shown, { unit, show, average }) {
    const { result, dataset } = shown;
    if (!result?.arrays.smoothed)
      throw new Failure('no-result', 'There is no activity of a network to show.', 'Run the analysis first: orrery analyze activity.');
    const { raw, smoothed, activity, scale, offset, unitRows, rowConditions, range, timeMs } = result.arrays;
    const place = unit === undefined ? 0 : placeOfUnit(unit, unitRows);
    const [all, bins] = activity.shape;
    const { rows, most, nth } = pickedRows(rowConditions.values, average);
    const x = Float64Array.from({ length: bins }, (_, t) => timeMs.values[t]);
    const [by, off] = [scale.values[place], offset.values[place]];
    const inRange = show === 'network';
    const before = rows.map((row) => seriesOf(raw, row, place));
    const after = rows.map((row) => seriesOf(inRange ? activity : smoothed, row, place));
    const marks = rows.flatMap((row, k): readonly Mark[] => {
      const common = curveOf(rowConditions.values[row], x);
      const thin = inRange ? before[k].map((hz) => (hz - off) / by) : before[k];
      return [
        { ...common, key: `raw ${row}`, weight: 'thin', y: thin, legend: 'as recorded' },
        { ...common, key: `fitted ${row}`, weight: 'thick', y: after[k], legend: 'fitted to' },
      ];
    });
    const name = nameOf(unitRows, place);
    const own = raw.unit || 'value';
    const inUnit = raw.unit === '' ? '' : ` ${raw.unit}`;
    const formula = off === 0 ? `${own} / ${numberText(by)}` : `(${own} − ${numberText(off)}) / ${numberText(by)}`;
    const undone = `× ${shortText(by)}${off === 0 ? '' : ` + ${shortText(off)}`}${inUnit}`;
    const key = conditionKey(dataset, allTrials(dataset));
    const rims: readonly Mark[] = inRange
      ? Array.from(range.values)
          .filter(Number.isFinite)
          .map((y) => ({ kind: 'rule', key: `rim ${y}`, datum: {}, colour: 'guide', y, label: '' }))
      : [];
    const of = most > 1 && average !== undefined ? `, ${dataset.conditions ? 'average' : 'trial'} ${nth} of ${most}` : '';
    const shownRows = countOf(rows.length, 'average') + (rows.length < all ? ` of ${all}` : '');
    return {
      title: `${name}${of}`,
      subtitle: inRange
        ? `${spanText(after)}, undone by ${undone}`
        : `recorded ${spanText(before)}${inUnit}, ${result.summary.sdMs > 0 ? `smoothed ${spanText(after)}${inUnit}` : 'not smoothed'}`,
      x: timeAxis(dataset),
      y: inRange ? { label: 'Activity of the network', unit: '', scale: 'linear' } : valueAxis(unitRows, raw.unit),
      marks: [...marks, ...rims, ...eventRules(dataset, allTrials(dataset))],
      ...(key ? { conditions: key } : {}),
      text: `${name} in ${shownRows} of training, as recorded and as a network is fitted to it: activity is ${formula}.`,
      caption: `${sourceText(shown)}. ${result.recipe} ${name}${of}: thin, averages as recorded, thick, what the network is fitted to; activity is ${formula}.`,
    };
  },
});

/** '0 to 87.2', of all curves together. */
function spanText(curves: readonly Float64Array[]): string {
  let [least, most] = [Infinity, -Infinity];
  for (const curve of curves)
    for (const value of curve) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  return `${shortText(least)} to ${shortText(most)}`;
}

const shortText = (value: number): string => numberText(Number(value.toPrecision(Math.abs(value) < 1 ? 2 : 3)));

/** The asked-for row of each condition (that again from the first on where it has fewer), or all; and how many the richest condition has. */
function pickedRows(conditions: ArrayLike<number>, average: number | undefined) {
  const own = new Map<number, number[]>();
  for (let row = 0; row < conditions.length; row++) own.set(conditions[row], [...(own.get(conditions[row]) ?? []), row]);
  const most = Math.max(1, ...Array.from(own.values(), ({ length }) => length));
  const nth = (((average ?? 1) - 1) % most) + 1;
  const rows =
    average === undefined
      ? Array.from(conditions, (_, row) => row)
      : Array.from(own.values(), (list) => list[(nth - 1) % list.length]).sort((a, b) => a - b);
  return { rows, most, nth };
}

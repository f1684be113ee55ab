// What a network of recorded units was fitted to, unit by unit: averages as recorded beneath the same smoothed, or both in the network's range.

import { allTrials, countOf } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import { numberText } from '../scene/axes.ts';
import type { Mark } from '../scene/scene.ts';
import { conditionKey, eventRules, sourceText, timeAxis } from './shared.ts';
import { curveOf, placeOfUnit, seriesOf, unitParam } from './unit-rows.ts';
import { defineView } from './view.ts';

export const activityView = defineView({
  id: 'activity',
  title: 'Activity before and after',
  version: 1,
  about: 'Averages of a unit as they were recorded, and as a network of recorded units was fitted to them.',
  shows: 'activity',
  params: defineParams({
    ...unitParam('the first of the network'),
    show: {
      kind: 'choice',
      label: 'Show',
      help: 'Rates before and after smoothing, or what the network was fitted to in its own range.',
      choices: ['rates', 'network'],
      default: 'rates',
      tier: 'common',
    },
  }),
  report: { more: () => [{ show: 'network' }] },
  scene(shown, { unit, show }) {
    const { result, dataset } = shown;
    if (!result?.arrays.smoothed)
      throw new Failure('no-result', 'There is no activity of a network to show.', 'Run the analysis first: orrery analyze activity.');
    const { raw, smoothed, activity, scale, offset, unitRows, rowConditions, timeMs } = result.arrays;
    const place = unit === undefined ? 0 : placeOfUnit(unit, unitRows);
    const [rows, bins] = activity.shape;
    const x = Float64Array.from({ length: bins }, (_, t) => timeMs.values[t]);
    const [by, off] = [scale.values[place], offset.values[place]];
    const inRange = show === 'network';
    const marks = Array.from({ length: rows }, (_, row): readonly Mark[] => {
      const condition = rowConditions.values[row];
      const common = curveOf(condition, x);
      const before = seriesOf(raw, row, place);
      return [
        { ...common, key: `raw ${row}`, weight: 'thin', y: inRange ? before.map((hz) => (hz - off) / by) : before, legend: 'as recorded' },
        { ...common, key: `fitted ${row}`, weight: 'thick', y: seriesOf(inRange ? activity : smoothed, row, place), legend: 'fitted to' },
      ];
    }).flat();
    const row = unitRows.values[place];
    const formula = off === 0 ? `Hz / ${numberText(by)}` : `(Hz − ${numberText(off)}) / ${numberText(by)}`;
    const key = conditionKey(dataset, allTrials(dataset));
    const rims: readonly Mark[] = inRange
      ? [-1, 1].map((y) => ({ kind: 'rule', key: `rim ${y}`, datum: {}, colour: 'guide', y, label: '' }))
      : [];
    return {
      title: `Unit ${row}`,
      subtitle: inRange ? `activity = ${formula}` : `activity = ${formula}; as recorded, and smoothed`,
      x: timeAxis(dataset),
      y: inRange ? { label: 'Activity of the network', unit: '', scale: 'linear' } : { label: 'Rate', unit: raw.unit, scale: 'linear' },
      marks: [...marks, ...rims, ...eventRules(dataset, allTrials(dataset))],
      ...(key ? { conditions: key } : {}),
      text: `Unit ${row} in ${countOf(rows, 'average')} of training, as recorded and as the network was fitted to it: activity is ${formula}.`,
      caption: `${sourceText(shown)}. ${result.recipe} Unit ${row}: thin, averages as recorded, thick, what the network was fitted to; activity is ${formula}.`,
    };
  },
});

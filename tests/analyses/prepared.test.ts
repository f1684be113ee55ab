// Activity as a fit would be given it, before there is one: what the fit itself then gets, and what undoes it.

import { expect, test } from 'vitest';
import { aboutToFit } from '../../src-worker/analyses/prepared.ts';
import { holdsRates, TRAINING, trialsIn } from '../../src-worker/dataset/index.ts';
import { groupsOf, prepare } from '../../src-worker/models/constrained/activity.ts';
import { activityChoices } from '../../src-worker/models/constrained/params.ts';
import { curbd } from '../../src-worker/models/curbd/index.ts';
import { force } from '../../src-worker/models/force/index.ts';
import type { Model } from '../../src-worker/models/model.ts';
import { rateRnn } from '../../src-worker/models/rate-rnn/index.ts';
import { activityView } from '../../src-worker/views/activity.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import type { Line } from '../../src-worker/scene/scene.ts';
import { turningDataset } from '../metrics/small-dataset.ts';

const dataset = await turningDataset();
const preparedFor = (model: Model, settings: object) => model.prepares!(dataset, model.resolve(dataset, settings));
const about = (settings: object, model: Model = curbd) => aboutToFit(dataset, preparedFor(model, settings));

test('raw rows are the means of the counts of their trials, and what is fitted is undone by scale and offset', () => {
  const resolved = curbd.resolve(dataset, { trialsPerAverage: 3, centre: true });
  const choices = activityChoices(resolved);
  const { arrays } = aboutToFit(dataset, curbd.prepares!(dataset, resolved));
  const { raw, smoothed, activity, scale, offset } = arrays;
  const [rows, bins, units] = raw.shape as [number, number, number];
  const groups = groupsOf(dataset, trialsIn(dataset, TRAINING), 3).slice(0, 1);
  const { places, transform } = prepare(dataset, choices);
  expect(scale.values).toEqual(transform.scale);
  for (const [row, group] of groups.entries())
    for (let t = 0; t < bins; t += 7)
      for (let i = 0; i < units; i++) {
        const counts = Array.from(group, (trial) => dataset.counts[(trial * dataset.bins + t) * dataset.units + places[i]!]!);
        const hz = (counts.reduce((sum, count) => sum + count, 0) / group.length) * (1000 / dataset.binMs);
        expect(raw.values[(row * bins + t) * units + i]).toBeCloseTo(hz, 3);
      }
  for (let at = 0; at < rows * bins * units; at += 11)
    expect(activity.values[at]! * scale.values[at % units]! + offset.values[at % units]!).toBeCloseTo(smoothed.values[at]!, 3);
});

test('it follows what the form says, and says it', () => {
  const usual = about({});
  expect(usual.recipe).toMatch(/smoothed by a Gaussian of 30 ms \(s\.d\.\).*with this undone/);
  const [sharp, whole, alike] = [about({ sdMs: 0 }), about({ trialsPerAverage: 0 }), about({ scale: 'global' })];
  expect(sharp.arrays.smoothed!.values).toEqual(sharp.arrays.raw!.values);
  expect(sharp.recipe).toContain('without smoothing');
  expect(whole.summary.averages).toBeLessThan(about({ trialsPerAverage: 1 }).summary.averages!);
  expect(new Set(alike.arrays.scale!.values).size).toBe(1);
  expect(usual.summary.largest).toBeLessThan(1);
  expect(Array.from(usual.arrays.range!.values)).toEqual([-1, 1]);
});

test('one average of each condition can be looked at, from the first again after the last', () => {
  const result = about({ trialsPerAverage: 1 });
  const draw = (average: number) =>
    activityView
      .scene({ dataset, result }, valuesOf(activityView.params, { average }), { width: 300, height: 200 })
      .marks.filter((mark): mark is Line => mark.kind === 'line' && mark.key.startsWith('fitted'))
      .map(({ key }) => key);
  const conditions = new Set(result.arrays.rowConditions!.values).size;
  expect(draw(1)).toHaveLength(conditions);
  expect(draw(2)).not.toEqual(draw(1));
  const each = result.arrays.rowConditions!.values.filter((of) => of === result.arrays.rowConditions!.values[0]).length;
  expect(draw(each + 1)).toEqual(draw(1));
});

test('networks with units of their own say what of this they do', () => {
  expect(about({}, force).recipe).toMatch(/smoothed by a Gaussian of 30 ms/);
  expect(holdsRates(dataset)).toBe(false);
  expect(() => preparedFor(rateRnn as unknown as Model, {})).toThrow(/Counts are fitted as they are/);
});

// What a network of recorded units was fitted to, and pictures of rates: in Hz as they are, never taken for counts.

import { expect, test } from 'vitest';
import { activityAnalysis } from '../../src-worker/analyses/activity.ts';
import { statesOf } from '../../src-worker/analyses/states.ts';
import type { Dataset } from '../../src-worker/dataset/index.ts';
import type { Image, Line } from '../../src-worker/scene/scene.ts';
import { unitMeans } from '../../src-worker/service/look.ts';
import { activityView } from '../../src-worker/views/activity.ts';
import { freeRun } from '../../src-worker/views/free-run.ts';
import { psth } from '../../src-worker/views/psth.ts';
import { raster } from '../../src-worker/views/raster.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import { weightsView } from '../../src-worker/views/weights.ts';
import { reaches } from './reaches.ts';
import { shownFor } from './shown.ts';
import { inTwoRegions } from './two-regions.ts';

const size = { width: 400, height: 300 };
const { dataset: spikes, outputs, run } = reaches({ trials: 16, units: 6 });
const asRates: Dataset = { ...spikes, recipe: { ...spikes.recipe, settings: { ...spikes.recipe.settings, rates: '/rates' } } };
const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };
const inputs = inTwoRegions({ states: statesOf(spikes, 'rates', outputs), dataset: spikes });
const result = await activityAnalysis.run(inputs, {}, job);
const shown = { dataset: inputs.dataset, outputs, run, result };
const line = (marks: readonly { key: string }[], key: string) => marks.find((mark): mark is Line => mark.key === key)!;

test('activity of the network is what was smoothed, scaled, and what undoes it is kept', () => {
  const { smoothed, activity, scale, offset, unitRows } = result.arrays;
  const units = unitRows.values.length;
  for (let at = 0; at < activity.values.length; at += 37)
    expect(activity.values[at] * scale.values[at % units] + offset.values[at % units]).toBeCloseTo(smoothed.values[at], 4);
  expect(result.recipe).toMatch(/smoothed by a Gaussian of 30 ms .*divided by its own maximum .*with this undone/);
  expect(activityAnalysis.details?.(result).units?.map(({ region }) => region)).toEqual(['A', 'B', 'A', 'B', 'A', 'B']);
});

test('a unit is shown before and after, in Hz or in the range of the network', () => {
  const unit = result.arrays.unitRows.values[2]!;
  const draw = (show: string) => activityView.scene(shown, valuesOf(activityView.params, { unit, show }), size);
  const [rates, network] = [draw('rates'), draw('network')];
  const { scale, offset } = result.arrays;
  for (const key of ['raw 1', 'fitted 1'])
    expect(line(network.marks, key).y[4]).toBeCloseTo((line(rates.marks, key).y[4]! - offset.values[2]!) / scale.values[2]!, 5);
  expect(rates.subtitle).toMatch(/^recorded 0 to [\d.]+ Hz, smoothed /);
  expect(network.subtitle).toMatch(/, undone by × 50 Hz$/);
});

test('what is left of the data without the network is the data less it', () => {
  const unit = result.arrays.unitRows.values[0]!;
  const draw = (show: string) => freeRun.scene(shown, valuesOf(freeRun.params, { unit, show }), size).marks;
  const [runs, left] = [draw('runs'), draw('residuals')];
  const { freeRun: found, judged } = result.arrays;
  const [, bins, units] = found.shape;
  const at = (1 * bins! + 3) * units!;
  expect(line(left, 'residual 1').y[3]).toBeCloseTo(judged.values[at]! - found.values[at]!, 5);
  expect(line(runs, 'network 1').y[3]).toBe(Math.max(0, found.values[at]!));
});

test('averages that trained the network are not said to be kept from it', () => {
  const captionOf = (judging: number) =>
    freeRun.scene({ ...shown, result: { ...result, summary: { ...result.summary, judging } } }, valuesOf(freeRun.params, {}), size).caption;
  expect(captionOf(1)).toMatch(/averages of trials kept from training/);
  expect(captionOf(0)).toMatch(/averages of training trials/);
});

test('rates are drawn as they are, a colour for each bin of a trial', () => {
  const rates = raster.scene({ dataset: asRates }, valuesOf(raster.params, { order: 'file' }), size);
  const image = rates.marks.find((mark): mark is Image => mark.kind === 'image')!;
  expect([image.rows, image.columns]).toEqual([asRates.trials, asRates.bins]);
  expect(image.values[asRates.bins + 2]).toBe(asRates.counts[(asRates.bins + 2) * asRates.units]);
  expect(rates.subtitle).toMatch(/^rates in 16 trials/);
  const settings = valuesOf(psth.params, { smoothMs: 0 });
  const [first, again] = [asRates, spikes].map(
    (dataset) => psth.scene({ dataset }, settings, size).marks.find((mark): mark is Line => mark.kind === 'line')!,
  );
  expect(first!.y[5]).toBeCloseTo((again!.y[5]! * spikes.binMs) / 1000, 9);
  expect(unitMeans(asRates).rateHz[5]).toBeCloseTo((unitMeans(spikes).rateHz[5]! * spikes.binMs) / 1000, 4);
});

test('weights are ordered by region, and within it by peak time where that is asked', async () => {
  const { dataset, result: weights, ...rest } = await shownFor(weightsView, { trials: 16, units: 6 });
  const { order, recorded, weights: J } = weights!.arrays;
  const { bins, units, trials, counts, areas } = dataset;
  const peakOf = (place: number): number => {
    const sums = Array.from({ length: bins }, (_, t) =>
      Array.from({ length: trials }, (_trial, trial) => counts[(trial * bins + t) * units + place]!).reduce((a, b) => a + b),
    );
    return sums.indexOf(Math.max(...sums));
  };
  const placeOf = (unit: number): number => recorded.values[unit]!;
  const wanted = Array.from(order.values).sort(
    (a, b) => areas[placeOf(a)]!.localeCompare(areas[placeOf(b)]!) || peakOf(placeOf(a)) - peakOf(placeOf(b)),
  );
  const scene = weightsView.scene({ ...rest, dataset, result: weights! }, valuesOf(weightsView.params, { order: 'peak' }), size);
  const image = scene.marks.find((mark): mark is Image => mark.kind === 'image')!;
  expect(Array.from(image.values)).toEqual(
    Array.from(wanted.flatMap((i) => wanted.map((j) => Math.fround(J.values[i * wanted.length + j]!)))),
  );
  expect(wanted).not.toEqual(Array.from(order.values));
});

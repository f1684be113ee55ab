import { expect, test } from 'vitest';
import type { Dataset } from '../../src-worker/dataset/index.ts';
import { chooseSmoothing, SMOOTHING_SDS_MS, smoothing } from '../../src-worker/models/smoothing.ts';
import { smoothBins } from '../../src-worker/numerics/smoothing.ts';
import { turningDataset } from '../metrics/small-dataset.ts';
import { fitAndInfer } from './fits.ts';

const choose = (dataset: Dataset): Promise<number> => chooseSmoothing(dataset, SMOOTHING_SDS_MS, async () => {});

test('rates are smoothed counts in Hz; held-out units get their mean rate', async () => {
  const dataset = await turningDataset({ heldOutUnits: 'every:4' });
  const { outputs } = await fitAndInfer(smoothing, dataset, { sdMs: [40] });
  expect(outputs.rates).toMatchObject({ shape: [40, 20, 8], axes: ['trial', 'bin', 'unit'], unit: 'Hz' });
  const expected = smoothBins(dataset.counts, 40, 20, 8, 2);
  expect(outputs.rates.values[20 * 8 + 5]).toBeCloseTo(50 * expected[20 * 8 + 5], 3);
  const held = outputs.rates.values.filter((_, i) => i % 8 === 3);
  expect(new Set(held).size).toBe(1);
});

test('the width is chosen on training trials, whatever the others hold', async () => {
  const dataset = await turningDataset();
  const counts = dataset.counts.map((n, i) => (dataset.split[Math.floor(i / 160)] === 0 ? n : 7 * (i % 2)));
  expect(await choose({ ...dataset, counts })).toBe(await choose(dataset));
});

test('without truth the width comes close to the best one', async () => {
  const [blind, told] = [await turningDataset(), await turningDataset({ truth: '/rates' })];
  const [guess, best] = [await choose(blind), await choose(told)];
  expect(Math.abs(Math.log2(guess / best))).toBeLessThan(1.1);
});

test('what was chosen is told', async () => {
  const { outcome } = await fitAndInfer(smoothing, await turningDataset());
  expect(outcome.notes[0]).toMatch(/s\.d\. \d+ ms, chosen on training trials/);
});

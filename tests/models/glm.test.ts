import { expect, test } from 'vitest';
import { type Dataset, TRAINING, VALIDATION } from '../../src-worker/dataset/index.ts';
import { scoreRates } from '../../src-worker/metrics/report.ts';
import { glm } from '../../src-worker/models/glm/index.ts';
import { turningDataset } from '../metrics/small-dataset.ts';
import { fitAndInfer, infer, perBin } from './fits.ts';

const all = Int32Array.from({ length: 40 }, (_, k) => k);
const FIXED = { sdMs: [40], components: [5], penalty: [0.01] };

test('no unit sees its own spikes', async () => {
  const dataset = await turningDataset({ heldOutUnits: 'every:4' });
  const { outcome, outputs } = await fitAndInfer(glm, dataset, FIXED);
  for (const unit of [0, 3]) {
    const altered = { ...dataset, counts: dataset.counts.map((n, i) => (i % 8 === unit ? 5 : n)) };
    const again = await infer(glm, altered, FIXED, outcome.checkpoint);
    const of = (values: ArrayLike<number>): number[] => Array.from(values).filter((_, i) => i % 8 === unit);
    const [before, after] = [of(outputs.rates.values), of(again.rates.values)];
    for (let i = 0; i < before.length; i++) expect(after[i]).toBeCloseTo(before[i], 3);
    if (unit === 0) expect(again.rates.values[1]).not.toBeCloseTo(outputs.rates.values[1], 3);
  }
});

test('units that go together are predicted from each other', async () => {
  const dataset = await turningDataset({ heldOutUnits: 'every:4', truth: '/rates' });
  const { outputs } = await fitAndInfer(glm, dataset);
  const scores = scoreRates(dataset, all, perBin(outputs, dataset));
  expect(scores.coBitsPerSpike).toBeGreaterThan(0.1);
  expect(scores.r2Truth).toBeGreaterThan(0.4);
});

test('of several widths and penalties the choice is told, and made on training trials alone', async () => {
  const dataset = await turningDataset();
  const counts = dataset.counts.map((n, i) => (dataset.split[Math.floor(i / 160)] === 0 ? n : (i % 3) * 4));
  const [a, b] = [await fitAndInfer(glm, dataset), await fitAndInfer(glm, { ...dataset, counts })];
  expect(a.outcome.notes[0]).toMatch(/s\.d\. (40|60|80|120) ms, \d+ components, penalty 0\.\d+, chosen on training trials/);
  expect(b.outcome.checkpoint).toEqual(a.outcome.checkpoint);
});

test('rates are refused: they are no counts', async () => {
  const dataset = await turningDataset();
  const rates = { ...dataset, recipe: { ...dataset.recipe, settings: { rates: '/rates' } } };
  await expect(fitAndInfer(glm, rates)).rejects.toThrow(/predicts counts/);
  await expect(glm.foretell!(rates, glm.resolve(rates, {}), 1, 'auto')).rejects.toThrow(/predicts counts/);
});

test('a fit is foretold, of one trial and of one unit that is held out too', async () => {
  const dataset = await turningDataset();
  const seconds = async (of: Dataset, settings: object = {}) => (await glm.foretell!(of, glm.resolve(of, settings), 1, 'auto')).seconds;
  // A search makes hundreds of regressions, a fit by itself eight.
  expect(await seconds(dataset)).toBeGreaterThan(await seconds(dataset, FIXED));
  const oneTrial = { ...dataset, split: dataset.split.map((_, trial) => (trial === 0 ? TRAINING : VALIDATION)) };
  expect(await seconds(oneTrial)).toBeGreaterThan(0);
  expect(await seconds(await turningDataset({ heldOutUnits: 'every:8' }))).toBeGreaterThan(0);
});

test('a fit can be cancelled', async () => {
  const stop = async (done: number): Promise<void> => {
    if (done > 0.3) throw new Error('cancelled');
  };
  await expect(fitAndInfer(glm, await turningDataset(), {}, { progress: stop })).rejects.toThrow('cancelled');
});

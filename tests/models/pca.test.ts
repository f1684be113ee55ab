import { expect, test } from 'vitest';
import { scoreRates } from '../../src-worker/metrics/report.ts';
import { pca } from '../../src-worker/models/pca.ts';
import { turningDataset } from '../metrics/small-dataset.ts';
import { fitAndInfer, infer, perBin } from './fits.ts';

const all = Int32Array.from({ length: 40 }, (_, k) => k);

test('two latents are found as two components', async () => {
  const dataset = await turningDataset({ truth: '/rates' });
  const { outcome, outputs } = await fitAndInfer(pca, dataset, { components: 2, sdMs: [40] });
  expect(outputs.factors.shape).toEqual([40, 20, 2]);
  expect(outcome.notes[0]).toMatch(/2 components of condition averages hold (8\d|9\d) %/);
  const { r2Truth } = scoreRates(dataset, all, perBin(outputs, dataset));
  const full = await fitAndInfer(pca, dataset, { components: 8, sdMs: [40] });
  expect(r2Truth).toBeGreaterThan(scoreRates(dataset, all, perBin(full.outputs, dataset)).r2Truth ?? 1);
});

test('held-out units are read out from the factors of the others', async () => {
  const dataset = await turningDataset({ heldOutUnits: 'every:4' });
  const settings = { components: 2, sdMs: [40] };
  const { outcome, outputs } = await fitAndInfer(pca, dataset, settings);
  expect(scoreRates(dataset, all, perBin(outputs, dataset)).coBitsPerSpike).toBeGreaterThan(0.1);
  const hidden = { ...dataset, counts: dataset.counts.map((n, i) => (i % 4 === 3 ? 0 : n)) };
  expect((await infer(pca, hidden, settings, outcome.checkpoint)).rates.values).toEqual(outputs.rates.values);
});

test('rates never fall to zero', async () => {
  const { outputs } = await fitAndInfer(pca, await turningDataset(), { components: 3 });
  expect(outputs.rates.values.every((rate) => rate > 0)).toBe(true);
});

test('without conditions, components come from all training trials', async () => {
  const { conditions: _, ...plain } = await turningDataset();
  expect((await fitAndInfer(pca, plain, { components: 2 })).outcome.notes[0]).toMatch(/all training trials/);
});

// Ensembles: spreads, averages that beat their members, and what is read from them.

import { expect, test } from 'vitest';
import { ofTrials } from '../../src-worker/dataset/index.ts';
import { key, normal } from '../../src-worker/engine/random.ts';
import { RateAverage, readEnsemble, spreadOf, spreads } from '../../src-worker/metrics/ensemble.ts';
import { judgingTrials, scoreRates } from '../../src-worker/metrics/report.ts';
import { report } from '../cli/fake.ts';
import { SIZES, turningDataset } from './small-dataset.ts';

test('mean, sample s.d., least and largest', () => {
  expect(spreadOf([1, 2, 3, 6])).toEqual({ mean: 3, sd: Math.sqrt(14 / 3), min: 1, max: 6 });
  expect(spreadOf([4])).toEqual({ mean: 4, sd: 0, min: 4, max: 4 });
});

test('only what every fit has is spread', () => {
  const { bitsPerSpike: _none, ...without } = report;
  const found = spreads([
    { ...report, bitsPerSpike: 0.4, r2Truth: 0.9, diagnostics: { klInitial: 3, perturbationAuc: 0.9 } },
    { ...without, r2Truth: 0.8, diagnostics: { klInitial: 5 } },
  ]);
  expect(Object.keys(found)).toEqual(['r2Truth', 'klInitial']);
  expect(found.klInitial).toMatchObject({ mean: 4, min: 3, max: 5 });
});

test('the average of noisy rates scores higher than any of them', async () => {
  const dataset = await turningDataset({ truth: '/rates', heldOutUnits: 'every:4' });
  const trials = judgingTrials(dataset);
  const truth = ofTrials(dataset.truth!, trials, SIZES.bins * SIZES.units);
  const average = new RateAverage();
  const scores = Array.from({ length: 5 }, (_, seed) => {
    const noisy = truth.map((rate, i) => rate * Math.exp(0.4 * normal(key(seed), i)));
    average.take(noisy);
    return scoreRates(dataset, trials, noisy);
  });
  const together = scoreRates(dataset, trials, average.mean());
  for (const name of ['bitsPerSpike', 'coBitsPerSpike', 'r2Truth'] as const)
    for (const one of scores) expect(together[name], name).toBeGreaterThan(one[name]!);
});

test('the average of equal rates is those rates', () => {
  const average = new RateAverage();
  const rates = Float32Array.of(0.5, 1.25, 3);
  for (let k = 0; k < 3; k++) average.take(rates);
  expect(average.mean()).toEqual(rates);
});

test('scores below zero stand with a true minus', () => {
  const [spread] = readEnsemble(3, { r2Truth: spreadOf([-0.29, -0.3, -0.31]) }, { r2Truth: -0.25 }, {});
  expect(spread.sentence).toContain('−0.300 ± 0.010 (s.d.); of their rates averaged −0.250');
});

test('readings tell fits that agree from fits that do not', () => {
  const metrics = { coBitsPerSpike: spreadOf([0.29, 0.3, 0.31]) };
  const pairs = (mean: number) => ({ mean, least: mean - 0.02, pairs: 6 });
  const read = (factors: number, within: number) =>
    readEnsemble(3, metrics, { coBitsPerSpike: 0.32 }, { factors: pairs(factors), factorsWithinConditions: pairs(within) });
  const [spread, agree] = read(0.97, 0.95);
  expect(spread).toMatchObject({ id: 'spread', verdict: 'fine' });
  expect(spread.sentence).toContain('0.300 ± 0.010');
  expect(spread.sentence).toContain('0.320, above the best of them');
  expect(agree).toMatchObject({ id: 'agreement', verdict: 'fine' });
  expect(read(0.97, 0.8)[1].verdict).toBe('look');
  expect(read(0.97, 0.3)[1].verdict).toBe('doubt');
  expect(read(0.5, 0.3)[1].sentence).toContain('R² 0.50 (0.48 at the least), and 0.30 in what differs');
  expect(readEnsemble(2, { coBitsPerSpike: spreadOf([0.1, 0.3]) }, { coBitsPerSpike: 0.15 }, {})[0].verdict).toBe('look');
});

// What is gathered of a fit to judge it: scores of training trials, KL by dimension, the share that inferred inputs carry.

import { expect, test } from 'vitest';
import type { Settings } from '../../src-worker/contract/params.ts';
import { type Dataset, TRAINING, VALIDATION } from '../../src-worker/dataset/index.ts';
import { lfads } from '../../src-worker/models/lfads/index.ts';
import type { Model } from '../../src-worker/models/model.ts';
import { pca } from '../../src-worker/models/pca.ts';
import { smoothing } from '../../src-worker/models/smoothing.ts';
import { scoreRates } from '../../src-worker/metrics/report.ts';
import { type Fitted, TrustGauge, varianceGone } from '../../src-worker/service/trust.ts';
import { fitAndInfer, fitJob, perBin } from '../models/fits.ts';
import { sineDataset, tiny } from '../models/lfads/sine.ts';

async function judgedFit(model: Model, dataset: Dataset, settings: Settings, more: Partial<Fitted> = {}) {
  const { outcome, outputs } = await fitAndInfer(model, dataset, settings, { device: 'fused' });
  const resolved = model.resolve(dataset, settings);
  const gauge = new TrustGauge(dataset, { model, checkpoint: outcome.checkpoint, resolved, trainedHere: true, ...more });
  // In two parts, the later one first, as any stream may come.
  const half = dataset.trials / 2;
  for (const from of [half, 0]) {
    const part = Object.entries(outputs).map(([name, array]) => {
      const row = array.values.length / dataset.trials;
      return [name, { ...array, values: array.values.slice(from * row, (from + half) * row), shape: [half, ...array.shape.slice(1)] }];
    });
    gauge.take(
      Int32Array.from({ length: half }, (_, k) => from + k),
      Object.fromEntries(part),
    );
  }
  const all = Int32Array.from({ length: dataset.trials }, (_, k) => k);
  const scores = scoreRates(dataset, all, perBin(outputs, dataset));
  return { ...(await gauge.judge(scores, { glm: { bitsPerSpike: 0.01, coBitsPerSpike: 0.01 } }, fitJob())), outputs, scores };
}

test('training trials are scored as judging ones are, held-in and held-out units apart', async () => {
  const dataset = sineDataset({ heldOut: [1, 4] });
  const { diagnostics, outputs, scores } = await judgedFit(lfads, dataset, tiny);
  // The same trials as if they were those that judge.
  const swapped = { ...dataset, split: dataset.split.map((part) => (part === TRAINING ? VALIDATION : TRAINING)) };
  const all = Int32Array.from({ length: dataset.trials }, (_, k) => k);
  const onTraining = scoreRates(swapped, all, perBin(outputs, dataset));
  expect(diagnostics.trainingBitsPerSpike).toBeCloseTo(onTraining.bitsPerSpike!, 6);
  expect(diagnostics.trainingCoBitsPerSpike).toBeCloseTo(onTraining.coBitsPerSpike!, 6);
  expect(diagnostics.trainingGap).toBeCloseTo(onTraining.coBitsPerSpike! - scores.coBitsPerSpike!, 6);
  expect(diagnostics.aboveGlm).toBeCloseTo(scores.coBitsPerSpike! - 0.01, 6);
});

test('a model with inferred inputs is told their share, one without has none', async () => {
  const dataset = sineDataset();
  const driven = await judgedFit(lfads, dataset, { ...tiny, steps: 30, learningRate: 0.02, betaInputs: 0.01, betaInitial: 10 });
  expect(driven.diagnostics.inputShare).toBeGreaterThan(0.05);
  expect(driven.diagnostics.inputShare).toBeLessThanOrEqual(1);
  expect(driven.diagnostics).toMatchObject({ initialDimensions: 4, inputDimensions: 1 });

  const alone = await judgedFit(lfads, dataset, { ...tiny, inputs: 0 });
  expect(alone.diagnostics.inputShare).toBe(0);
  expect(alone.diagnostics).not.toHaveProperty('klInputs');
  expect(alone.readings.find(({ id }) => id === 'inputShare')?.sentence).toMatch(/infers no inputs/);
});

test('a model without latents is read by its scores alone, and trials it did not learn from give no gap', async () => {
  const dataset = sineDataset();
  const { readings } = await judgedFit(pca, dataset, {});
  expect(readings.map(({ id }) => id)).toEqual(['gap', 'glm']);
  const elsewhere = await judgedFit(pca, dataset, {}, { trainedHere: false });
  expect(elsewhere.readings.map(({ id }) => id)).toEqual(['glm']);
  // Smoothing sees the spikes that it would be scored on.
  expect((await judgedFit(smoothing, dataset, {})).readings).toEqual([]);
});

test('counts withheld from training are read beside those that it saw', async () => {
  const { readings, diagnostics } = await judgedFit(smoothing, sineDataset(), {}, { withheldBitsPerSpike: 0.001 });
  expect(diagnostics.withheldBitsPerSpike).toBe(0.001);
  expect(readings.find(({ id }) => id === 'sampleValidation')).toMatchObject({ verdict: 'doubt', numbers: ['withheldBitsPerSpike'] });
});

test('variance that goes: none, all, a known part, and only of observed bins', () => {
  const whole = Float32Array.of(1, 10, 3, 14, 1, 10, 3, 14);
  const mean = Float32Array.of(2, 12, 2, 12, 2, 12, 2, 12);
  const part = whole.map((x, i) => x + (mean[i] - x) / 2);
  expect(varianceGone([{ whole, without: whole }], 2)).toBe(0);
  expect(varianceGone([{ whole, without: mean }], 2)).toBeCloseTo(1);
  expect(varianceGone([{ whole, without: part }], 2)).toBeCloseTo(0.25);
  expect(varianceGone([{ whole, without: whole.map((x) => x + 100) }], 2)).toBe(1);
  const observed = Uint8Array.of(1, 1, 1, 0);
  const spoilt = part.map((x, i) => (i >= 6 ? 1e6 : x));
  expect(varianceGone([{ whole, without: spoilt, observed }], 2)).toBeLessThan(0.5);
  expect(varianceGone([{ whole: mean, without: whole }], 2)).toBeUndefined();
});

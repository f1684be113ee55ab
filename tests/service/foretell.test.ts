// What a run will take: its dataset, its fit, outputs of every trial, and the scores of baselines that are not known yet.

import { expect, test } from 'vitest';
import type { Foretold, Model } from '../../src-worker/models/model.ts';
import { lfads } from '../../src-worker/models/lfads/index.ts';
import { rateRnn } from '../../src-worker/models/rate-rnn/index.ts';
import { foretellRun } from '../../src-worker/service/foretell.ts';
import { comparedTrials } from '../../src-worker/service/trust.ts';
import { sineDataset, tiny } from '../models/lfads/sine.ts';

const here = { threads: 1, device: 'fused', isScored: true, reading: 0.5 };

const foretelling = (told: Foretold, more: Partial<Model> = {}): Model => ({ ...rateRnn, ...more, foretell: async () => told });

test('outputs of every trial are added, and of those that are computed once more without inputs', async () => {
  const dataset = sineDataset();
  const told = { seconds: 5, outputSeconds: 0.25, stepMs: 20 };
  const run = await foretellRun(foretelling(told), dataset, {}, here);
  expect(run).toEqual({ seconds: 5.5 + 0.25 * dataset.trials, stepMs: 20 });
  const twice = comparedTrials(dataset).length;
  expect(twice).toBeGreaterThan(0);
  const compared = await foretellRun(foretelling(told, { withoutInputs: () => undefined }), dataset, {}, here);
  expect(compared!.seconds).toBe(5.5 + 0.25 * (dataset.trials + twice));
});

test('baselines are added where their scores are not known yet', async () => {
  const dataset = sineDataset();
  const model = foretelling({ seconds: 5 });
  expect(await foretellRun(model, dataset, {}, here)).toEqual({ seconds: 5.5 });
  const unscored = await foretellRun(model, dataset, {}, { ...here, isScored: false });
  expect(unscored!.seconds).toBeGreaterThan(5.5);
  // Of rates alone nothing can be scored.
  const { truth: _, ...untrue } = dataset;
  const rates = { ...untrue, hash: 'rates', recipe: { ...dataset.recipe, settings: { rates: '/rates' } } };
  expect(await foretellRun(model, rates, {}, { ...here, isScored: false })).toEqual({ seconds: 5.5 });
});

test('a model that foretells nothing is not told of', async () => {
  const { foretell: _, ...silent } = rateRnn;
  expect(await foretellRun(silent, sineDataset(), {}, here)).toBeUndefined();
});

test.each([
  [lfads, { ...tiny, posteriorSamples: 4 }, { ...tiny, posteriorSamples: 400 }],
  [lfads, { ...tiny, posteriorSamples: 0 }, undefined],
  [rateRnn, { rank: '1', hidden: 8 }, undefined],
] as const)('$id tells what a trial’s outputs take, more with more samples', async (model: Model, settings, more) => {
  const dataset = sineDataset();
  const of = async (asked: object) => (await model.foretell!(dataset, model.resolve(dataset, asked), 1, 'fused')).outputSeconds!;
  const seconds = await of(settings);
  expect(seconds).toBeGreaterThan(0);
  if (more) expect(await of(more)).toBeGreaterThan(seconds);
});

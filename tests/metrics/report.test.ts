import { expect, test } from 'vitest';
import { TEST } from '../../src-worker/dataset/index.ts';
import { beats, judgingTrials, scoreBaselines, scoreRates, scoringTrials } from '../../src-worker/metrics/report.ts';
import { ofTrials } from '../../src-worker/dataset/index.ts';
import { quietJob } from '../dataset/fake-recording.ts';
import { SIZES, turningDataset } from './small-dataset.ts';

const size = SIZES.bins * SIZES.units;

test('true rates score best, and only scores that exist are given', async () => {
  const dataset = await turningDataset({ truth: '/rates', heldOutUnits: 'every:4' });
  const trials = judgingTrials(dataset);
  const truth = ofTrials(dataset.truth ?? new Float32Array(), trials, size);
  const scores = scoreRates(dataset, trials, truth);
  const worse = scoreRates(
    dataset,
    trials,
    truth.map((rate) => 1.5 * rate),
  );
  expect(scores.r2Truth).toBe(1);
  expect(scores.bitsPerSpike).toBeGreaterThan(0.1);
  expect(scores.bitsPerSpike).toBeGreaterThan(worse.bitsPerSpike ?? Infinity);
  expect(scores.coBitsPerSpike).toBeGreaterThan(worse.coBitsPerSpike ?? Infinity);
  expect(scores).not.toHaveProperty('r2Behavior');
  expect(scores.perUnit.map(({ heldOut }) => heldOut)).toEqual([false, false, false, true, false, false, false, true]);

  const plain = await turningDataset();
  const bare = scoreRates(plain, trials, truth);
  expect(Object.keys(bare).sort()).toEqual(['bitsPerSpike', 'perUnit']);
});

test('test trials judge where there are any, validation trials otherwise', async () => {
  const dataset = await turningDataset({ test: 'every:10' });
  expect([...judgingTrials(dataset)]).toEqual([9, 19, 29, 39]);
  expect([...judgingTrials(dataset)].every((trial) => dataset.split[trial] === TEST)).toBe(true);
  expect(judgingTrials(await turningDataset())).toHaveLength(8);
});

test('behaviour is decoded by what training trials taught', async () => {
  const dataset = await turningDataset({ truth: '/rates', behavior: ['velocity'] });
  const trials = scoringTrials(dataset);
  expect(trials).toHaveLength(40);
  const scores = scoreRates(dataset, trials, dataset.truth ?? new Float32Array());
  expect(scores.r2Behavior).toBeGreaterThan(0.999);
  // The other scores are those of judging trials alone.
  const judged = judgingTrials(dataset);
  const alone = scoreRates(dataset, judged, ofTrials(dataset.truth ?? new Float32Array(), judged, size));
  expect(scores.bitsPerSpike).toBe(alone.bitsPerSpike);
});

test('baselines lie between nothing and the truth', async () => {
  const dataset = await turningDataset({ truth: '/rates', heldOutUnits: 'every:4' });
  const trials = judgingTrials(dataset);
  const best = scoreRates(dataset, trials, ofTrials(dataset.truth ?? new Float32Array(), trials, size));
  const { smoothing, glm } = await scoreBaselines(dataset, quietJob());
  expect(smoothing.r2Truth).toBeGreaterThan(0.2);
  expect(smoothing.r2Truth).toBeLessThan(0.95);
  expect(smoothing).not.toHaveProperty('coBitsPerSpike');
  expect(glm.coBitsPerSpike).toBeGreaterThan(0.05);
  expect(glm.coBitsPerSpike).toBeLessThan(best.coBitsPerSpike ?? 0);
  expect(glm.bitsPerSpike).toBeLessThan(best.bitsPerSpike ?? 0);
});

test('the opponent follows from what is known: held-out units, truth, both, or neither', async () => {
  const baselines = { smoothing: { r2Truth: 0.6, bitsPerSpike: 9 }, glm: { bitsPerSpike: 0.2, coBitsPerSpike: 0.1, r2Truth: 0.9 } };
  const held = { heldOut: Uint8Array.of(0, 1) };
  const seen = { heldOut: Uint8Array.of(0, 0) };
  const truth = new Float32Array(1);
  expect(beats(held, { coBitsPerSpike: 0.11, bitsPerSpike: 0 }, baselines)).toBe(true);
  expect(beats(held, { coBitsPerSpike: 0.1, bitsPerSpike: 9 }, baselines)).toBe(false);
  expect(beats({ ...seen, truth }, { r2Truth: 0.61, bitsPerSpike: 0 }, baselines)).toBe(true);
  expect(beats({ ...seen, truth }, { r2Truth: 0.59, bitsPerSpike: 9 }, baselines)).toBe(false);
  expect(beats({ ...held, truth }, { coBitsPerSpike: 0.2, r2Truth: 0.5 }, baselines)).toBe(false);
  expect(beats(seen, { bitsPerSpike: 0.21 }, baselines)).toBe(true);
  expect(beats(seen, {}, baselines)).toBe(false);
  // Worse than each unit's mean rate, and only less so than the baseline.
  const poor = { smoothing: { r2Truth: -0.5 }, glm: { coBitsPerSpike: -0.4, bitsPerSpike: -0.4 } };
  expect(beats(seen, { bitsPerSpike: -0.3 }, poor)).toBe(false);
  expect(beats(held, { coBitsPerSpike: -0.3 }, poor)).toBe(false);
  expect(beats({ ...seen, truth }, { r2Truth: -0.1 }, poor)).toBe(false);
  expect(beats(seen, { bitsPerSpike: 0.1 }, poor)).toBe(true);
});

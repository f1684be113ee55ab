// Readings of a fit: which there are, what verdict numbers get, and that numbers stand in the diagnostics too.

import { expect, test } from 'vitest';
import type { Reading } from '../../src-worker/contract/run.ts';
import { type Evidence, judged } from '../../src-worker/metrics/trust.ts';

const whole: Evidence = {
  judgedBy: 'validation',
  training: { bitsPerSpike: 0.5, coBitsPerSpike: 0.32 },
  scores: { bitsPerSpike: 0.45, coBitsPerSpike: 0.3, r2Truth: 0.97 },
  baselines: { smoothing: { r2Truth: 0.72, bitsPerSpike: 0.9 }, glm: { coBitsPerSpike: 0.13, bitsPerSpike: 0.2 } },
  divergences: { initial: [3, 0.05, 0.4, 0.0001], inputs: [2, 7], unusedInputs: [1.95, 2] },
  inputShare: 0.04,
  withheldBitsPerSpike: 0.44,
};

const reading = (id: Reading['id'], changes: Partial<Evidence>): Reading => {
  const found = judged({ ...whole, ...changes }).readings.find((one) => one.id === id);
  if (!found) throw new Error(`no reading ${id}`);
  return found;
};

test('every number has its reading and its diagnostic', () => {
  const { diagnostics, readings } = judged(whole);
  expect(readings.map(({ id }) => id)).toEqual([
    'gap',
    'glm',
    'smoothing',
    'inputShare',
    'initialCondition',
    'inferredInputs',
    'sampleValidation',
  ]);
  expect(readings.every(({ verdict }) => verdict === 'fine')).toBe(true);
  expect(diagnostics).toEqual({
    trainingBitsPerSpike: 0.5,
    trainingCoBitsPerSpike: 0.32,
    trainingGap: expect.closeTo(0.02),
    aboveGlm: expect.closeTo(0.17),
    aboveSmoothing: expect.closeTo(0.25),
    inputShare: 0.04,
    klInitial: expect.closeTo(3.4501),
    initialDimensions: 4,
    initialDimensionsUsed: 2,
    klInputs: 9,
    inputDimensions: 2,
    inputDimensionsUsed: 1,
    withheldBitsPerSpike: 0.44,
  });
  for (const { sentence } of readings) expect(sentence).toMatch(/^[A-Z0-9].*\.$/);
});

test('what is not known is not read', () => {
  expect(judged({ judgedBy: 'validation', scores: {}, baselines: {} })).toEqual({ diagnostics: {}, readings: [] });
  // Smoothing sees the spikes that it is to predict.
  const likelihood = { judgedBy: 'validation', scores: { bitsPerSpike: 0.3 }, baselines: { smoothing: { bitsPerSpike: 0.9 } } } as const;
  expect(judged(likelihood).readings).toEqual([]);
});

test.each([
  [{ coBitsPerSpike: 0.3 }, 'fine', 'holds on trials'],
  [{ coBitsPerSpike: 0.2 }, 'look', '38 % of what it gained is lost'],
  [{ coBitsPerSpike: 0.1 }, 'doubt', 'by heart'],
  [{ coBitsPerSpike: -0.1 }, 'doubt', "no better than each unit's mean rate"],
] as const)('a gap to %o is %s', (scores, verdict, words) => {
  const found = reading('gap', { scores });
  expect(found.verdict).toBe(verdict);
  expect(found.sentence).toContain(words);
});

test('without held-out units the gap is one of bits per spike, and test trials are called so', () => {
  const { sentence } = reading('gap', { scores: { bitsPerSpike: 0.45 }, judgedBy: 'test' });
  expect(sentence).toContain('Bits per spike are .500 on training and .450 on test trials');
});

test('a fit that is behind the GLM is doubted, one hardly ahead is looked at', () => {
  expect(reading('glm', { scores: { coBitsPerSpike: 0.1 } })).toMatchObject({
    verdict: 'doubt',
    sentence: expect.stringContaining('behind'),
  });
  expect(reading('glm', { scores: { coBitsPerSpike: 0.133 } }).verdict).toBe('look');
  // With held-out units the GLM's held-in likelihood is no opponent.
  const heldIn = { scores: { coBitsPerSpike: 0.3 }, baselines: { glm: { bitsPerSpike: 0.2 } } };
  expect(judged({ ...whole, ...heldIn }).readings.map(({ id }) => id)).not.toContain('glm');
});

test('without truth, behaviour is held against that of smoothed counts', () => {
  const found = reading('smoothing', { scores: { r2Behavior: 0.6 }, baselines: { smoothing: { r2Behavior: 0.7 } } });
  expect(found).toMatchObject({
    verdict: 'doubt',
    sentence: expect.stringContaining('R² of decoded behaviour is .600, of smoothed counts .700'),
  });
});

test('a share of inputs says how far the generator can be read alone', () => {
  expect(reading('inputShare', { inputShare: 0 }).sentence).toContain('takes away 0 % of the variance');
  expect(reading('inputShare', { inputShare: 0.3 }).sentence).toContain('together');
  expect(reading('inputShare', { inputShare: 0.8 })).toMatchObject({ verdict: 'look', sentence: expect.stringContaining('80 %') });
});

test('dimensions are counted, and none or all of them is told', () => {
  const initial = (nats: readonly number[]) =>
    reading('initialCondition', { divergences: { initial: nats, inputs: [], unusedInputs: [] } });
  expect(initial([0, 0.01])).toMatchObject({ verdict: 'look', sentence: expect.stringContaining('None of 2 dimensions') });
  expect(initial([1, 2])).toMatchObject({ verdict: 'look', sentence: expect.stringContaining('2 of 2 dimensions'), perDimension: [1, 2] });
  expect(initial([1, 0]).verdict).toBe('fine');
  const driven = reading('initialCondition', { divergences: { initial: [0, 0], inputs: [3], unusedInputs: [1] } });
  expect(driven).toMatchObject({ verdict: 'look', sentence: expect.stringContaining('comes in by inferred inputs') });
  const none = reading('inferredInputs', { divergences: { initial: [1], inputs: [5.02], unusedInputs: [5] } });
  expect(none.sentence).toContain('None of 1 dimension of the inferred inputs');
});

test('rates that follow seen spikes far better than withheld ones are doubted', () => {
  expect(reading('sampleValidation', { withheldBitsPerSpike: 0.1 }).verdict).toBe('doubt');
  expect(reading('sampleValidation', { withheldBitsPerSpike: 0.3 }).verdict).toBe('look');
});

test('ahead of a baseline and behind constant rates is no praise', () => {
  const poor = { scores: { bitsPerSpike: -0.3, r2Truth: -0.1 }, baselines: { glm: { bitsPerSpike: -0.5 }, smoothing: { r2Truth: -0.4 } } };
  expect(reading('glm', poor)).toMatchObject({ verdict: 'doubt', sentence: expect.stringMatching(/ahead.*constant rate/) });
  expect(reading('smoothing', poor)).toMatchObject({ verdict: 'doubt', sentence: expect.stringMatching(/ahead.*constant/) });
});

import { expect, test } from 'vitest';
import { TRAINING, trialsIn, VALIDATION } from '../../src-worker/dataset/index.ts';
import { fewTrials, paceFor, rehearse, secondsAt } from '../../src-worker/training/rehearsal.ts';
import { sineDataset } from '../models/lfads/sine.ts';

const dataset = sineDataset();
const judged = trialsIn(dataset, VALIDATION).length;
const learned = trialsIn(dataset, TRAINING).length;

test('a fit takes its start, its steps and its validations, of training trials too where samples are withheld', () => {
  const values = { steps: 100, validateEvery: 30, sampleValidation: 0 };
  const pace = { start: 2, step: 0.5, judgedTrial: 0.01, outputTrial: 7 };
  // Compiling, which every fit begins with, is the same for all.
  const begun = secondsAt({ ...pace, step: 0, judgedTrial: 0 }, dataset, values);
  expect(begun).toBeGreaterThan(2);
  expect(secondsAt(pace, dataset, values)).toBeCloseTo(begun + 50 + 4 * 2 * judged * 0.01, 9);
  expect(secondsAt(pace, dataset, { ...values, sampleValidation: 0.1 })).toBeCloseTo(begun + 50 + 4 * (2 * judged + learned) * 0.01, 9);
});

test('a rehearsal takes a batch of trials at most, and steps and validates with the fit’s own code', async () => {
  const few = fewTrials(dataset, 3);
  expect([trialsIn(few, TRAINING).length, trialsIn(few, VALIDATION).length]).toEqual([3, Math.min(3, judged)]);
  const calls: string[] = [];
  const trainee = {
    weights: () => ({ w: Float32Array.of(1) }),
    setWeights: () => {},
    step: async (step: number, rate: number) => {
      calls.push(`step ${step} at ${rate}`);
      return {};
    },
    validate: async () => {
      calls.push('validate');
      return { score: 1, values: {} };
    },
    moments: () => ({ first: {}, second: {}, steps: 0 }),
    setMoments: () => {},
    facts: {},
  };
  const pace = await rehearse(trainee, few, { learningRate: 0.1, averaging: 0.9, sampleValidation: 0 });
  expect(calls.filter((call) => call === 'validate')).toHaveLength(3);
  expect(calls[0]).toBe('step 0 at 0.1');
  expect(pace.step).toBeGreaterThan(0);
  expect(pace.judgedTrial).toBeGreaterThan(0);
});

test('a pace is found once for what it depends on', async () => {
  let found = 0;
  const find = async () => ({ step: ++found, judgedTrial: 0 });
  const first = await paceFor(['rehearsal.test', 1], find);
  expect(await paceFor(['rehearsal.test', 1], find)).toBe(first);
  expect((await paceFor(['rehearsal.test', 2], find)).step).toBe(2);
});

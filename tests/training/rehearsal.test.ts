import { expect, test } from 'vitest';
import { TRAINING, trialsIn, VALIDATION } from '../../src-worker/dataset/index.ts';
import { planOf } from '../../src-worker/training/plan.ts';
import { fewTrials, paceFor, rehearse, secondsAt } from '../../src-worker/training/rehearsal.ts';
import { sineDataset } from '../models/lfads/sine.ts';

const dataset = sineDataset();
const judged = trialsIn(dataset, VALIDATION).length;
const learned = trialsIn(dataset, TRAINING).length;

const plan = planOf({ steps: 100, learningRate: 0.01, schedule: 'linear', validateEvery: 30, patience: 100, averaging: 0 });
const pace = { start: 2, step: 0.5, judgedTrial: 0.01, outputTrial: 7 };

test('a fit takes its start, its steps and its validations, of training trials too where samples are withheld', () => {
  // Compiling, which every fit begins with, is the same for all.
  const begun = secondsAt({ ...pace, step: 0, judgedTrial: 0 }, dataset, plan, 0);
  expect(begun).toBeGreaterThan(2);
  expect(secondsAt(pace, dataset, plan, 0)).toBeCloseTo(begun + 50 + 4 * 2 * judged * 0.01, 9);
  expect(secondsAt(pace, dataset, plan, 0.1)).toBeCloseTo(begun + 50 + 4 * (2 * judged + learned) * 0.01, 9);
});

test('steps that patience may spare count half, where anything judges', () => {
  const all = secondsAt({ ...pace, judgedTrial: 0 }, dataset, plan, 0);
  // Patience counts from the middle of the fall of the learning rate: 20 more steps end the fit at 70 at the earliest.
  expect(all - secondsAt({ ...pace, judgedTrial: 0 }, dataset, { ...plan, patience: 20 }, 0)).toBeCloseTo(15 * 0.5, 9);
  const unjudged = { ...dataset, split: dataset.split.map((part) => (part === VALIDATION ? TRAINING : part)) };
  expect(secondsAt(pace, unjudged, { ...plan, patience: 20 }, 0)).toBeCloseTo(all, 9);
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
  const found = await rehearse(trainee, few, { learningRate: 0.1, averaging: 0.9, sampleValidation: 0 });
  expect(calls.filter((call) => call === 'validate')).toHaveLength(3);
  expect(calls[0]).toBe('step 0 at 0.1');
  expect(found.step).toBeGreaterThan(0);
  expect(found.judgedTrial).toBeGreaterThan(0);
});

test('a pace is found once for what it depends on', async () => {
  let found = 0;
  const find = async () => ({ step: ++found, judgedTrial: 0 });
  const first = await paceFor(['rehearsal.test', 1], find);
  expect(await paceFor(['rehearsal.test', 1], find)).toBe(first);
  expect((await paceFor(['rehearsal.test', 2], find)).step).toBe(2);
});

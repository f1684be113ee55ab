// The rate network op by op on TensorFlow.js agrees with the float64 reference.

import { describe, expect, test } from 'vitest';
import { differentiatorOn, startBackend } from '../../../src-worker/models/lfads/devices/tfjs.ts';
import { makeReferenceRateStepper, rateOpByOp } from '../../../src-worker/models/rate-rnn/op-by-op.ts';
import type { MakeRateStepper } from '../../../src-worker/models/rate-rnn/stepper.ts';
import { expectToAgree } from './agreement.ts';
import { cases } from './cases.ts';

const make: MakeRateStepper = async (constants) => {
  await startBackend('cpu', 1);
  return rateOpByOp(constants, await differentiatorOn('cpu'), { device: 'cpu', deviceName: 'TensorFlow.js', build: 'tfjs' });
};

describe('TensorFlow.js', () => {
  test.each(cases)('agrees with float64: $name', (one) => expectToAgree(make, one));

  test('weights after three steps agree with the reference', async () => {
    const { constants, batch, settings, weights } = cases[2];
    const [a, b] = [await make(constants, 1), await makeReferenceRateStepper(constants, 1)];
    for (const stepper of [a, b]) {
      stepper.setWeights(weights);
      for (let step = 0; step < 3; step++) await stepper.step(batch, { ...settings, step });
    }
    const [found, truth] = [a.weights(), b.weights()];
    for (const name of Object.keys(truth))
      for (const [i, x] of truth[name].entries()) expect(found[name][i], `${name}[${i}]`).toBeCloseTo(x, 4);
  });
});

// LFADS op by op on TensorFlow.js agrees with the float64 reference.

import { describe, expect, test } from 'vitest';
import { makeReferenceStepper } from '../../../src-worker/models/lfads/op-by-op/reference.ts';
import { makeTfjsStepper } from '../../../src-worker/models/lfads/devices/tfjs.ts';
import { expectGradientsToAgree, expectOutputsToAgree } from './agreement.ts';
import { cases } from './cases.ts';

describe.each(['cpu', 'wasm'] as const)('on the backend %s', (backend) => {
  test.each(cases)('gradients agree with float64: $name', (one) => expectGradientsToAgree(makeTfjsStepper(backend), one));
  test.each(cases)('outputs agree with float64: $name', (one) => expectOutputsToAgree(makeTfjsStepper(backend), one));

  test('weights after three steps agree with the reference', async () => {
    const { constants, batch, settings, weights } = cases[0]!;
    const [a, b] = [await makeTfjsStepper(backend)(constants, 1), await makeReferenceStepper(constants, 1)];
    for (const stepper of [a, b]) {
      stepper.setWeights(weights);
      for (let step = 0; step < 3; step++) await stepper.step(batch, { ...settings, step });
    }
    const [found, truth] = [a.weights(), b.weights()];
    for (const name of Object.keys(truth))
      for (const [i, x] of truth[name]!.entries()) expect(found[name]![i]!, `${name}[${i}]`).toBeCloseTo(x, 4);
    expect(a.moments().steps).toBe(3);
    await a.close();
  });
});

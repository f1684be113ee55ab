// How far an implementation's gradients are from the float64 reference, against what conventions.md allows.

import { expect } from 'vitest';
import { noiseOf } from '../../../src-worker/models/rate-rnn/noise.ts';
import { rateGradients, rateOutputs } from '../../../src-worker/models/rate-rnn/op-by-op.ts';
import type { MakeRateStepper } from '../../../src-worker/models/rate-rnn/stepper.ts';
import { float64 } from '../../../src-worker/models/lfads/op-by-op/tape.ts';
import type { RateCase } from './cases.ts';

const largestOf = (values: ArrayLike<number>): number => Array.from(values).reduce((m, x) => Math.max(m, Math.abs(x)), 0);

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((m, x, i) => Math.max(m, Math.abs(x - b[i])), 0);

/**
 * Gradients to 1e-5 of each tensor's largest, 1e-4 for tensors below a thousandth of the largest of all; losses to 1e-5; a free run and a
 * forced one to 1e-5 of each output's largest value.
 */
export async function expectToAgree(make: MakeRateStepper, { constants, batch, settings, weights }: RateCase): Promise<void> {
  const noise = noiseOf(constants, batch, settings.step);
  const truth = await rateGradients(float64, constants, weights, batch, noise, settings.strength);
  const stepper = await make(constants, 1);
  try {
    stepper.setWeights(weights);
    const found = await stepper.gradients(batch, settings);
    const largest = Math.max(...Object.values(truth.gradients).map(largestOf));
    expect(Object.keys(found.gradients).sort()).toEqual(Object.keys(truth.gradients).sort());
    for (const [name, gradient] of Object.entries(truth.gradients)) {
      const own = largestOf(gradient);
      const allowed = (own < 1e-3 * largest ? 1e-4 : 1e-5) * Math.max(own, 1e-6 * largest);
      expect(furthest(found.gradients[name], gradient), `${name}, of ${own}`).toBeLessThanOrEqual(allowed);
    }
    for (const part of ['loss', 'nll', 'gradientNorm'] as const)
      expect(Math.abs(found.losses[part] - truth.losses[part]), part).toBeLessThanOrEqual(
        1e-5 * Math.max(1e-3, Math.abs(truth.losses[part])),
      );
    for (const strength of [0, 0.4]) {
      const wanted = await rateOutputs(float64, constants, weights, batch, strength);
      const outputs = await stepper.forward(batch, strength);
      for (const name of ['rates', 'states'] as const) {
        expect(outputs[name].length, name).toBe(wanted[name].length);
        expect(furthest(outputs[name], wanted[name]), name).toBeLessThanOrEqual(1e-5 * Math.max(1e-3, largestOf(wanted[name])));
      }
    }
  } finally {
    await stepper.close();
  }
}

// How far an implementation's gradients are from the float64 reference, against what conventions.md allows.

import { expect } from 'vitest';
import { sampleNoise } from '../../../src-worker/models/lfads/noise.ts';
import { float64, lossAndGradients } from '../../../src-worker/models/lfads/op-by-op/reference.ts';
import type { MakeStepper, Outputs } from '../../../src-worker/models/lfads/stepper.ts';
import { posterior } from '../../../src-worker/models/lfads/op-by-op/reference.ts';
import type { Case } from './cases.ts';

const largestOf = (values: ArrayLike<number>): number => Array.from(values).reduce((m, x) => Math.max(m, Math.abs(x)), 0);

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((m, x, i) => Math.max(m, Math.abs(x - b[i]!)), 0);

/** 1e-5 of each tensor's largest gradient, 1e-4 for tensors below a thousandth of the largest of all; losses to 1e-5. */
export async function expectGradientsToAgree(make: MakeStepper, { constants, batch, settings, weights }: Case): Promise<void> {
  const noise = sampleNoise(constants, batch, settings.step);
  const truth = await lossAndGradients(float64, constants, weights, batch, noise, settings);
  const stepper = await make(constants, 1);
  try {
    stepper.setWeights(weights);
    const found = await stepper.gradients(batch, settings);
    const largest = Math.max(...Object.values(truth.gradients).map(largestOf));
    expect(Object.keys(found.gradients).sort()).toEqual(Object.keys(truth.gradients).sort());
    for (const [name, gradient] of Object.entries(truth.gradients)) {
      const own = largestOf(gradient);
      // Below a millionth of the largest a tensor's gradient is float32's rounding.
      const allowed = (own < 1e-3 * largest ? 1e-4 : 1e-5) * Math.max(own, 1e-6 * largest);
      expect(furthest(found.gradients[name]!, gradient), `${name}, of ${own}`).toBeLessThanOrEqual(allowed);
    }
    for (const part of ['loss', 'nll', 'klInitial', 'klInputs', 'l2', 'gradientNorm'] as const)
      expect(Math.abs(found.losses[part] - truth.losses[part]), part).toBeLessThanOrEqual(
        1e-5 * Math.max(1e-3, Math.abs(truth.losses[part])),
      );
  } finally {
    await stepper.close();
  }
}

/** Posterior means and one posterior sample to 1e-5 of each output's largest value. */
export async function expectOutputsToAgree(make: MakeStepper, { constants, batch, weights }: Case): Promise<void> {
  const stepper = await make(constants, 1);
  try {
    stepper.setWeights(weights);
    for (const sample of [undefined, 3]) {
      const truth = await posterior(float64, constants, weights, batch, sample);
      const found = await stepper.forward(batch, sample);
      for (const name of Object.keys(truth) as (keyof Outputs)[]) {
        expect(found[name].length, name).toBe(truth[name].length);
        expect(furthest(found[name], truth[name]), name).toBeLessThanOrEqual(1e-5 * Math.max(1e-3, largestOf(truth[name])));
      }
    }
  } finally {
    await stepper.close();
  }
}

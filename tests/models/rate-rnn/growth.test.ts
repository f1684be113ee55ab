// The strength of generalised forcing from the growth of differences (methods.md 4.7).

import { describe, expect, test } from 'vitest';
import { growth, type Linear, nextStrength, normOfProduct, strengthFor } from '../../../src-worker/models/rate-rnn/growth.ts';
import { growthAlong } from '../../../src-worker/models/rate-rnn/orbits.ts';
import { makeFusedRateStepper } from '../../../src-worker/models/rate-rnn/fused.ts';
import { makeCase } from './cases.ts';

/** A constant Jacobian, row-major. */
const constant = (J: readonly number[], n: number): Linear => ({
  states: n,
  apply: (_, v, transposed) =>
    Float64Array.from({ length: n }, (_x, i) => v.reduce((sum, x, j) => sum + x * (transposed ? J[j * n + i] : J[i * n + j]), 0)),
});

test('a Jacobian of 2 I asks for half', () => {
  const sigma = growth([{ linear: constant([2, 0, 0, 2], 2), steps: 100 }]);
  expect(sigma).toBeCloseTo(2, 12);
  expect(strengthFor(sigma)).toBeCloseTo(0.5, 12);
});

test('an orbit that contracts asks for none, although single steps stretch', () => {
  const J = constant([0.9, 3, 0, 0.8], 2);
  expect(normOfProduct(J, 0, 1)).toBeGreaterThan(3);
  expect(strengthFor(growth([{ linear: J, steps: 200 }]))).toBeLessThan(0.1);
  expect(strengthFor(normOfProduct(J, 0, 1))).toBeCloseTo(0.69, 2);
});

test('the norm of a product is its largest singular value', () => {
  // [[.9, 1], [0, .8]]^6 has norm 2.75693361 (specification k).
  expect(normOfProduct(constant([0.9, 1, 0, 0.8], 2), 0, 6)).toBeCloseTo(2.75693361, 7);
});

test('strength rises at once and falls slowly', () => {
  expect(nextStrength(0.2, 0.5)).toBe(0.5);
  expect(nextStrength(0.5, 0.1)).toBeCloseTo(0.4995, 12);
});

describe('2 I with half the strength', () => {
  // x' = x + a (−x + U x) for rectified units above 0: 2 I where U = (1 + 1/a) I.
  const H = 3;
  const { constants, batch, weights, settings } = makeCase(
    'doubling',
    {
      trials: 1,
      sizes: { bins: 101, units: H, heldIn: H, hidden: H, encoder: 0, encodedBins: 0, conditions: 1, outputsPerUnit: 2 },
      constants: { leak: 0.25, nonlinearity: 'relu', forcing: 'generalised', dropout: 0, gradientClip: 1e9, ridge: 1e-6 },
    },
    40,
  );
  const eye = (value: number) => Float32Array.from({ length: H * H }, (_, i) => (i % (H + 1) === 0 ? value : 0));
  const start = Float32Array.of(1, 2, 0.5);
  const own = {
    ...weights,
    'recurrent.W': eye(5),
    'bias.b': new Float32Array(H),
    'initialTable.W': start,
    'readout.W': eye(1),
    'readout.b': new Float32Array(2 * H),
  };
  // What was recorded is the state doubled back to where it was, so that forced states stay near.
  const counts = Float32Array.from({ length: 101 * H }, () => 0);
  for (let t = 0; t < 101; t++) for (let i = 0; i < H; i++) counts[t * H + i] = t < 100 ? 0 : start[i] + 1;
  const one = { ...batch, counts, observed: Uint8Array.from({ length: 101 }, () => 1), conditions: Int32Array.of(0) };

  test('grows twofold a bin, as its orbit says', () => {
    const states = Float32Array.from({ length: 101 * H }, (_, i) => start[i % H]);
    expect(growthAlong(constants, own, states, 1)).toBeCloseTo(2, 6);
  });

  test('lets a gradient of the last bin neither grow nor shrink over 100 forced bins', async () => {
    // Teachers pull fully to 0 (values of 0, hardly any caution), so that x̃ = x/2 and states stay as they are.
    const stepper = await makeFusedRateStepper(constants, 1);
    try {
      stepper.setWeights(own);
      const { states } = await stepper.forward(one, 0.5);
      for (let i = 0; i < H; i++) expect(states[100 * H + i]).toBeCloseTo(start[i], 3);
      const { gradients } = await stepper.gradients(one, { ...settings, strength: 0.5 });
      // dL/dx_0 sums what comes from every bin; that of bins 0 to 99 is θ − 0 = x each, that of the last −1.
      const scale = 1 / (101 * H);
      for (let i = 0; i < H; i++) expect(gradients['initialTable.W'][i] / scale).toBeCloseTo(100 * start[i] - 1, 1);
    } finally {
      await stepper.close();
    }
  });
});

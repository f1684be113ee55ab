// KL by dimension out of a fit's outputs: the same as the loss has it, and what an input costs that tells nothing.

import { expect, test } from 'vitest';
import type { Arrays, NamedArray } from '../../../src-worker/contract/result.ts';
import { divergencesOf } from '../../../src-worker/models/lfads/divergences.ts';
import { evaluationNoise } from '../../../src-worker/models/lfads/noise.ts';
import { float64, lossAndGradients, posterior } from '../../../src-worker/models/lfads/op-by-op/reference.ts';
import { cases } from './cases.ts';

const array = (values: Float32Array): NamedArray => ({ values, shape: [values.length], axes: ['element'], unit: '' });
const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0);

test.each(cases.map((one) => [one.name, one] as const))('%s: sums over dimensions are those of the loss', async (_, one) => {
  const { constants, batch, weights, settings } = one;
  const outputs = await posterior(float64, constants, weights, batch);
  const arrays: Arrays = {
    initialConditions: array(outputs.initialMean),
    initialConditionsSd: array(outputs.initialSd),
    ...(outputs.inputMean.length > 0 ? { inputs: array(outputs.inputMean), inputsSd: array(outputs.inputSd) } : {}),
  };
  const { losses } = await lossAndGradients(float64, constants, weights, batch, evaluationNoise(constants, batch), settings);
  const { initial, inputs, unusedInputs } = divergencesOf(constants, weights, arrays);
  const trials = batch.trials.length;
  expect(initial.length).toBe(constants.sizes.initialCondition);
  expect(sum(initial) / trials / losses.klInitial).toBeCloseTo(1, 4);
  expect(inputs.length).toBe(constants.sizes.inputs);
  expect(Math.abs(sum(inputs) / trials - losses.klInputs)).toBeLessThan(1e-4 * Math.max(1, losses.klInputs));
  for (const [u, told] of inputs.entries()) expect(told).toBeGreaterThan(unusedInputs[u]!);
});

test.each([1, 2, 9])('an input whose mean is zero and whose variance is the best costs what is called unused (%i bins)', (bins) => {
  const { constants } = cases[0]!;
  const [tau, q] = [4, 0.3];
  const alpha = Math.exp(-1 / tau);
  const sizes = { ...constants.sizes, inputs: 1, bins, initialCondition: 1 };
  const variances = Float32Array.from({ length: 2 * bins }, (_, i) => {
    if (bins === 1) return q / (1 - alpha * alpha);
    return i % bins === 0 || i % bins === bins - 1 ? q : q / (1 + alpha * alpha);
  });
  const weights = { 'initialPrior.mean': [0], 'inputPrior.logTau': [Math.log(tau)], 'inputPrior.logVariance': [Math.log(q)] };
  const costOf = (values: Float32Array) =>
    divergencesOf({ ...constants, sizes }, weights, {
      initialConditions: array(Float32Array.of(0, 0)),
      initialConditionsSd: array(new Float32Array(2).fill(Math.sqrt(constants.initialPriorVariance))),
      inputs: array(new Float32Array(2 * bins)),
      inputsSd: array(values.map(Math.sqrt)),
    });
  const best = costOf(variances);
  expect(best.initial[0]).toBeCloseTo(0, 5);
  expect(best.inputs[0]).toBeCloseTo(best.unusedInputs[0]!, 5);
  for (const factor of [0.9, 1.1]) expect(costOf(variances.map((x) => factor * x)).inputs[0]).toBeGreaterThan(best.unusedInputs[0]!);
});

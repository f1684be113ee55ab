import { describe, expect, test } from 'vitest';
import { key, normal } from '../../../src-worker/engine/random.ts';
import type { Activity } from '../../../src-worker/models/constrained/activity.ts';
import { explained, freeRun } from '../../../src-worker/models/constrained/network.ts';
import { filteredNoise, initialWeights, Learner, type LearnerOptions, type Weights } from '../../../src-worker/models/curbd/learner.ts';
import type { Nonlinearity } from '../../../src-worker/models/network/rnn.ts';
import { factorise, solveFactorised } from '../../../src-worker/numerics/cholesky.ts';
import { learnPlainly, runPlainly } from './plain.ts';

const noise = (stream: number, i: number): number => normal(key(41, stream), i);
const quiet = async (): Promise<void> => {};

/** Rows of smooth positive activity, the second shorter, with inputs. */
function activity(units: number, inputCount: number, rows = 3, bins = 12): Activity {
  return {
    rows,
    bins,
    units,
    binMs: 10,
    values: Float64Array.from({ length: rows * bins * units }, (_, i) => {
      const [row, t, u] = [Math.floor(i / units / bins), Math.floor(i / units) % bins, i % units];
      return 0.4 + 0.3 * Math.sin(0.3 * t + u + row);
    }),
    lengths: Int32Array.from({ length: rows }, (_, row) => (row === 1 ? bins - 4 : bins)),
    averaged: new Int32Array(rows).fill(1),
    conditions: new Int32Array(rows).fill(-1),
    inputs: Float64Array.from({ length: rows * bins * inputCount }, (_, i) => 0.5 * noise(1, i)),
    inputCount,
  };
}

const copied = ({ J, P }: Weights): Weights => ({ J: J.slice(), P: P.slice() });
const distance = (a: Float64Array, b: Float64Array): number => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

describe.each<[Nonlinearity, number, number, boolean]>([
  ['tanh', 9, 0, true],
  ['tanh', 12, 2, true],
  ['relu', 7, 1, false],
  ['softplus', 6, 0, false],
  ['hard-tanh', 5, 1, true],
])('%s, %i units, %i inputs, noise %s', (phi, units, inputs, noisy) => {
  test('the fused learner equals the plain one', async () => {
    const data = activity(units, inputs);
    const options: LearnerOptions = {
      phi,
      alpha: 0.15,
      stepsPerBin: 3,
      // Shorter than a run, so that it begins again.
      ...(noisy && { noise: { values: filteredNoise(units, 20, 2, 50, 3), amount: 0.05 } }),
    };
    const plain = copied(initialWeights(units, inputs, 1.2, 1, 7));
    const learner = new Learner(data, options, plain);
    for (let run = 0; run < 3; run++) {
      const [expected, found] = [runPlainly(data, options, plain), await learner.run(true, quiet)];
      expect(found.pVar).toBeCloseTo(expected.pVar, 9);
      expect(found.chi2).toBeCloseTo(expected.chi2, 9);
    }
    const { J, P } = learner.weights();
    expect(distance(J, plain.J)).toBeLessThan(1e-9);
    expect(distance(P, plain.P)).toBeLessThan(1e-9);
    const held = learner.weights();
    await learner.run(false, quiet);
    expect(learner.weights()).toEqual(held);
  });
});

test('on fixed regressors learning is ridge regression towards the first weights, over runs with P kept', () => {
  const [width, rows, samples, p0] = [6, 3, 40, 0.7];
  const X = Float64Array.from({ length: 2 * samples * width }, (_, i) => noise(2, i));
  const Y = Float64Array.from({ length: 2 * samples * rows }, (_, i) => noise(3, i));
  const J0 = Float64Array.from({ length: rows * width }, (_, i) => noise(4, i));
  const weights = { J: J0.slice(), P: Float64Array.from({ length: width * width }, (_, i) => (i % (width + 1) === 0 ? p0 : 0)) };
  for (let t = 0; t < 2 * samples; t++) {
    const x = X.subarray(t * width, (t + 1) * width);
    const e = Float64Array.from({ length: rows }, (_, i) => {
      let sum = -Y[t * rows + i];
      for (let j = 0; j < width; j++) sum += weights.J[i * width + j] * x[j];
      return sum;
    });
    learnPlainly(weights, x, e);
  }
  const A = new Float64Array(width * width);
  const right = Float64Array.from({ length: width * rows }, (_, at) => J0[(at % rows) * width + Math.floor(at / rows)] / p0);
  for (let i = 0; i < width; i++) A[i * (width + 1)] = 1 / p0;
  for (let t = 0; t < 2 * samples; t++)
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) A[i * width + j] += X[t * width + i] * X[t * width + j];
      for (let j = 0; j < rows; j++) right[i * rows + j] += X[t * width + i] * Y[t * rows + j];
    }
  factorise(A, width);
  solveFactorised(A, width, right, rows);
  for (let i = 0; i < rows; i++) for (let j = 0; j < width; j++) expect(weights.J[i * width + j]).toBeCloseTo(right[j * rows + i], 12);
});

test('samples are compared when they are due: no shift of a step explains more', async () => {
  const [units, stepsPerBin, bins] = [20, 5, 160];
  const { J } = initialWeights(units, 0, 1.6, 1, 11);
  const alpha = 0.04;
  const teacher = { form: 'currents', units, inputs: 0, J, V: new Float64Array(0), phi: 'tanh', alpha, stepMs: 2, stepsPerBin } as const;
  const start = { ...activity(units, 0, 1, bins), lengths: Int32Array.of(bins) };
  const data = { ...start, values: freeRun(teacher, start).values };
  const learner = new Learner(data, { phi: 'tanh', alpha, stepsPerBin }, initialWeights(units, 0, 1.5, 1, 12));
  let pVar = 0;
  for (let run = 0; run < 60; run++) ({ pVar } = await learner.run(true, quiet));
  expect(pVar).toBeGreaterThan(0.97);
  // The fitted network at every step of its own.
  const fine = (bins - 1) * stepsPerBin + 1;
  const finely = { ...start, bins: fine, lengths: Int32Array.of(fine), values: new Float64Array(fine * units) };
  finely.values.set(data.values.subarray(0, units));
  const steps = freeRun({ ...teacher, J: learner.weights().J, stepsPerBin: 1 }, finely).values;
  const atShift = (shift: number): number => {
    const found = Float64Array.from(data.values, (_, i) => {
      const step = Math.min(fine - 1, Math.max(0, Math.floor(i / units) * stepsPerBin + shift));
      return steps[step * units + (i % units)];
    });
    return explained(data, found).pVar;
  };
  const unshifted = atShift(0);
  for (const shift of [-3, -2, -1, 1, 2, 3]) expect(unshifted).toBeGreaterThanOrEqual(atShift(shift));
});

test('noise is filtered white noise, the same for a seed, and begins without a transient', () => {
  const [units, steps] = [40, 4000];
  const values = filteredNoise(units, steps, 2, 50, 5);
  expect(values).toEqual(filteredNoise(units, steps, 2, 50, 5));
  expect(values).not.toEqual(filteredNoise(units, steps, 2, 50, 5, 1));
  const decay = Math.exp(-2 / 50);
  const variance = (25 * (1 - decay)) / (1 + decay);
  let [squares, products, firsts] = [0, 0, 0];
  for (let u = 0; u < units; u++) {
    firsts += values[u] ** 2 / units;
    for (let t = 0; t + 1 < steps; t++) {
      squares += values[t * units + u] ** 2;
      products += values[t * units + u] * values[(t + 1) * units + u];
    }
  }
  expect(squares / units / (steps - 1) / variance).toBeCloseTo(1, 1);
  expect(products / squares).toBeCloseTo(decay, 2);
  expect(firsts / variance).toBeGreaterThan(0.5);
});

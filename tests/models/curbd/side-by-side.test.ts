import { describe, expect, test } from 'vitest';
import { key, normal } from '../../../src-worker/engine/random.ts';
import type { Activity } from '../../../src-worker/models/constrained/activity.ts';
import { padded } from '../../../src-worker/models/constrained/doubles.ts';
import { initialWeights, Learner, type LearnerOptions } from '../../../src-worker/models/curbd/learner.ts';
import { SideBySide } from '../../../src-worker/models/curbd/side-by-side.ts';
import { type Nonlinearity, SHAPES } from '../../../src-worker/models/network/rnn.ts';
import { stateOf } from '../../../src-worker/models/constrained/network.ts';
import { learnPlainly } from './plain.ts';

const quiet = async (): Promise<void> => {};
const noise = (stream: number, i: number): number => normal(key(43, stream), i);
const distance = (a: Float64Array, b: Float64Array): number => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

/** Five rows, two of them shorter. */
function activity(units: number, inputCount: number, rows = 5, bins = 9): Activity {
  return {
    rows,
    bins,
    units,
    binMs: 10,
    values: Float64Array.from({ length: rows * bins * units }, (_, i) => {
      const [row, t, u] = [Math.floor(i / units / bins), Math.floor(i / units) % bins, i % units];
      return 0.4 + 0.3 * Math.sin(0.3 * t + u + row);
    }),
    lengths: Int32Array.from({ length: rows }, (_, row) => (row % 2 === 1 ? bins - 3 : bins)),
    averaged: new Int32Array(rows).fill(1),
    conditions: new Int32Array(rows).fill(-1),
    inputs: Float64Array.from({ length: rows * bins * inputCount }, (_, i) => 0.5 * noise(1, i)),
    inputCount,
  };
}

const options = (phi: Nonlinearity): LearnerOptions => ({ phi, alpha: 0.15, stepsPerBin: 3 });

/**
 * The same in plain loops: rows side by side, and the samples of a bin learned one after another with errors as they were before the first,
 * corrected for what was learned since, which is what an exact block does.
 */
function runPlainly({ rows, bins, units: n, values, lengths, inputs, inputCount: m }: Activity, phi: Nonlinearity, together: number) {
  const weights = initialWeights(n, m, 1.2, 1, 7);
  const { value } = SHAPES[phi];
  const groups = Math.ceil(rows / together);
  for (let group = 0; group < groups; group++) {
    const own = Array.from({ length: together }, (_, b) => group + b * groups).filter((row) => row < rows);
    const x = own.map((row) => Float64Array.from({ length: n }, (_, i) => stateOf({ form: 'currents', phi }, values[row * bins * n + i])));
    for (let t = 1; t < bins; t++) {
      const samples = own.map((row, b) => {
        const y = Float64Array.from({ length: n + m }, (_, j) => (j < n ? value(x[b][j]) : inputs[(row * bins + t - 1) * m + j - n]));
        for (let s = 0; s < 3; s++) {
          const drive = Float64Array.from({ length: n }, (_, i) => y.reduce((sum, r, j) => sum + weights.J[i * (n + m) + j] * r, 0));
          for (let i = 0; i < n; i++) x[b][i] += 0.15 * (drive[i] - x[b][i]);
          for (let i = 0; i < n; i++) y[i] = value(x[b][i]);
        }
        // As a regression: the error at the weights of this bin's beginning, so that J y − e is what should have come.
        const e = Float64Array.from({ length: n }, (_, i) => y[i] - values[(row * bins + t) * n + i]);
        const wanted = e.map((off, i) => y.reduce((sum, r, j) => sum + weights.J[i * (n + m) + j] * r, 0) - off);
        return { y, wanted, runs: t < lengths[row] };
      });
      for (const { y, wanted, runs } of samples)
        if (runs)
          learnPlainly(
            weights,
            y,
            wanted.map((due, i) => y.reduce((sum, r, j) => sum + weights.J[i * (n + m) + j] * r, 0) - due),
          );
    }
  }
  return weights;
}

describe.each<[Nonlinearity, number, number]>([
  ['tanh', 9, 0],
  ['tanh', 7, 2],
  ['softplus', 6, 1],
])('%s, %i units, %i inputs', (phi, units, inputs) => {
  test('rows side by side are learned as one sample after another would be', async () => {
    const data = activity(units, inputs);
    const expected = runPlainly(data, phi, 3);
    const learner = new SideBySide(data, options(phi), initialWeights(units, inputs, 1.2, 1, 7), 3);
    await learner.run(true, quiet);
    const { J, P } = learner.weights();
    expect(distance(J, expected.J)).toBeLessThan(1e-10);
    expect(distance(P, expected.P)).toBeLessThan(1e-10);
  });

  test('one row at a time is the usual learner, and held weights score the same for any number', async () => {
    const data = activity(units, inputs);
    const first = initialWeights(units, inputs, 1.2, 1, 7);
    const [one, usual] = [new SideBySide(data, options(phi), first, 1), new Learner(data, options(phi), first)];
    for (let run = 0; run < 2; run++) {
      const [found, expected] = [await one.run(true, quiet), await usual.run(true, quiet)];
      expect(found.pVar).toBeCloseTo(expected.pVar, 10);
      expect(found.chi2).toBeCloseTo(expected.chi2, 10);
    }
    expect(distance(one.weights().J, usual.weights().J)).toBeLessThan(1e-10);
    const held = usual.weights();
    const alone = await usual.run(false, quiet);
    for (const together of [2, 4, 8]) {
      const side = await new SideBySide(data, options(phi), held, together).run(false, quiet);
      expect(side.pVar).toBeCloseTo(alone.pVar, 10);
      expect(side.chi2).toBeCloseTo(alone.chi2, 10);
    }
  });
});

test('noise of each row is its own, and the same seed gives the same bits', async () => {
  const data = activity(9, 0);
  const values = Float32Array.from({ length: 200 * 9 * padded(3) }, (_, i) => noise(2, i));
  const noisy = { ...options('tanh'), noise: { values, amount: 0.1 } };
  const weights = async () => {
    const learner = new SideBySide(data, noisy, initialWeights(9, 0, 1.2, 1, 7), 3);
    await learner.run(true, quiet);
    return learner.weights();
  };
  const [a, b] = [await weights(), await weights()];
  expect(a).toEqual(b);
  expect(distance(a.J, runPlainly(data, 'tanh', 3).J)).toBeGreaterThan(1e-3);
});

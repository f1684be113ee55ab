import { describe, expect, test } from 'vitest';
import { BUILDS, Desk, distance } from './desk.ts';

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** log k! by its definition. */
const logFactorial = (k: number): number => sum(Array.from({ length: k }, (_, i) => Math.log(i + 1)));

describe.each(BUILDS)('%s losses', (build) => {
  test('Poisson: exact log k!, gradients, only counted elements', () => {
    const d = new Desk(build);
    const counts = [0, 1, 3, 250, 2, 7, 0, 4];
    const counted = [1, 1, 1, 1, 1, 0, 0, 1];
    const logRate = [-2, 0.5, 1, 5.2, -0.3, 1, 2, 0];
    const bias = [0.1, 0.2, 0, 0.3, 0, 0, 0, -1];
    const y = d.put(logRate);
    const total = d.k.poisson(1, 8, y, 8, d.put(bias), d.put(counts), d.put(counted), 8, 0.5, d.room(8));
    const theta = logRate.map((value, i) => value + bias[i]!);
    const wanted = sum(counts.map((k, i) => counted[i]! * (Math.exp(theta[i]!) - k * theta[i]! + logFactorial(k))));
    expect(Math.abs(total - wanted)).toBeLessThan(1e-6 * Math.abs(wanted) + 2e-4);
    const gradients = counts.map((k, i) => 0.5 * counted[i]! * (Math.exp(theta[i]!) - k));
    expect(distance(d.get(y, 8), gradients)).toBeLessThan(1e-4);
    // methods.md 1.2: k = 3, θ = 1
    const one = d.k.poisson(1, 4, d.put([1, 0, 0, 0]), 8, d.room(8), d.put([3, 0, 0, 0]), d.put([1, 0, 0, 0]), 8, 1, d.room(8));
    expect(one).toBeCloseTo(1.510041, 6);
  });

  test('Gaussian: mean and log variance side by side', () => {
    const d = new Desk(build);
    const [mean, logVariance, x] = [
      [1, -2, 0, 0.5],
      [0.3, -1, 0, 2],
      [1.5, -2.2, 0.4, 9],
    ] as const;
    const y = d.put([...mean, ...logVariance]);
    const total = d.k.gaussian(1, 4, y, 8, d.room(8), d.put(x), d.put([1, 1, 1, 0]), 4, 2);
    const squares = x.map((value, i) => (value - mean[i]!) ** 2 * Math.exp(-logVariance[i]!));
    const each = squares.map((square, i) => (i < 3 ? 0.5 * (Math.log(2 * Math.PI) + logVariance[i]! + square) : 0));
    expect(total).toBeCloseTo(sum(each), 5);
    const byMean = x.map((value, i) => (i < 3 ? -2 * (value - mean[i]!) * Math.exp(-logVariance[i]!) : 0));
    const byLogVariance = squares.map((square, i) => (i < 3 ? 1 - square : 0));
    expect(distance(d.get(y, 8), [...byMean, ...byLogVariance])).toBeLessThan(1e-5);
  });

  test('divergence of the initial condition from its prior: the known answer', () => {
    const d = new Desk(build);
    const q = d.put([1, 9, 9, 9, Math.log(0.25 - 1e-4), 9, 9, 9]);
    const each = d.room(4);
    expect(d.k.initialDivergence(1, 1, 4, q, 8, d.put([0]), 0.1, 1e-4, each)).toBeCloseTo(5.29185463, 5);
    expect(d.get(each, 4)).toEqual([expect.closeTo(5.29185463, 5), 0, 0, 0]);
  });

  test('divergence of inferred inputs: the known log density of the autoregressive prior', () => {
    const d = new Desk(build);
    const alpha = Math.exp(-1 / 10);
    const q = 0.1;
    expect(q / (1 - alpha ** 2)).toBeCloseTo(0.55166556, 8);
    const u = [0.1, 0.2, -0.1];
    const logVariance = -16;
    const Q = d.put(u.flatMap((mean) => [mean, 0, 0, 0, logVariance, 0, 0, 0]));
    const prior = d.put([alpha, 0, 0, 0, 1 / q, 0, 0, 0, Math.log(q), 0, 0, 0, 1 - alpha ** 2, 0, 0, 0]);
    const divergence = d.k.inputsDivergence(3, 1, 1, 4, Q, 8, prior, 1, d.room(24), d.room(8), d.room(8));
    // A posterior this narrow: divergence = −log p(mean) − entropy, but for terms in its variance.
    const entropy = 1.5 * (Math.log(2 * Math.PI) + 1 + logVariance);
    expect(-(divergence + entropy)).toBeCloseTo(-0.62057001, 4);
  });
});

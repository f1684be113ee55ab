import { expect, test } from 'vitest';
import { key, normal, uniform } from '../../src-worker/engine/random.ts';
import { chooseMixture, fitMixture } from '../../src-worker/numerics/mixture.ts';

/** Points of two populations: 60 % about (−2, 0) with spreads 1 and .5, 40 % about (2, 1), correlated. */
function twoPopulations(n: number) {
  const points = new Float64Array(2 * n);
  const truth = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const [a, b] = [normal(key(1, 3), i), normal(key(2, 3), i)];
    truth[i] = uniform(key(3, 3), i) < 0.6 ? 0 : 1;
    points.set(truth[i] === 0 ? [-2 + a, 0.5 * b] : [2 + 0.8 * a, 1 + 0.6 * a + 0.3 * b], 2 * i);
  }
  return { points, truth };
}

test('finds shares, means and covariances of two populations, and that there are two', () => {
  const n = 2000;
  const { points, truth } = twoPopulations(n);
  const { mixture, bics } = chooseMixture(points, n, 2, 5, 0);
  expect(mixture?.components).toBe(2);
  expect(bics).toHaveLength(5);
  expect(Math.min(...bics)).toBe(bics[1]);
  const { shares, means, covariances, memberships } = mixture!;
  expect(shares[0]).toBeCloseTo(0.6, 1);
  const expected = [-2, 0, 2, 1];
  for (let i = 0; i < 4; i++) expect(Math.abs(means[i] - expected[i])).toBeLessThan(0.1);
  // Covariances of the second: .64, .48, .36 + .09.
  for (const [i, value] of [1, 0, 0, 0.25, 0.64, 0.48, 0.48, 0.45].entries()) expect(Math.abs(covariances[i] - value)).toBeLessThan(0.1);
  const agree = truth.filter((k, i) => (memberships[2 * i + 1] > 0.5 ? 1 : 0) === k).length;
  expect(agree / n).toBeGreaterThan(0.97);
});

test('one component is mean and covariance, and its likelihood that of a Gaussian', () => {
  const points = Float64Array.of(0, 2, 4, 6, 8);
  const one = fitMixture(points, 5, 1, 1, 0)!;
  expect(one.means[0]).toBeCloseTo(4, 10);
  expect(one.covariances[0]).toBeCloseTo(8 * 1.001, 9);
  let log = 0;
  for (const x of points) log += -0.5 * (Math.log(2 * Math.PI * one.covariances[0]) + (x - 4) ** 2 / one.covariances[0]);
  expect(one.logLikelihood).toBeCloseTo(log, 10);
  expect(one.bic).toBeCloseTo(-2 * log + 2 * Math.log(5), 10);
});

test('one population is one, in 8 of 8 draws', () => {
  for (let draw = 0; draw < 8; draw++) {
    const points = Float64Array.from({ length: 600 }, (_, i) => normal(key(draw, 4), i));
    expect(chooseMixture(points, 150, 4, 4, 0).mixture?.components).toBe(1);
  }
});

test('is the same for the same seed, and meets equal points', () => {
  const { points } = twoPopulations(100);
  expect(fitMixture(points, 100, 2, 3, 5)).toEqual(fitMixture(points, 100, 2, 3, 5));
  const equal = new Float64Array(40).fill(3);
  expect(chooseMixture(equal, 20, 2, 3, 0).mixture?.means[0]).toBeCloseTo(3, 10);
});

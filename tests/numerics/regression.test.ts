import { expect, test } from 'vitest';
import { key, normal, uniform } from '../../src-worker/engine/random.ts';
import { logRates, poissonRegression } from '../../src-worker/numerics/poisson.ts';
import { predict, ridge, rSquared } from '../../src-worker/numerics/ridge.ts';

const random = (n: number, stream: number): Float64Array => Float64Array.from({ length: n }, (_, i) => normal(key(stream), i));

test('without a penalty a linear relation is found exactly, intercept included', () => {
  const x = random(120, 1);
  const y = Float64Array.from({ length: 80 }, (_, i) => {
    const [a, b, c] = x.subarray(3 * Math.floor(i / 2), 3 * Math.floor(i / 2) + 3);
    return i % 2 === 0 ? 2 * a - b + 4 : 0.5 * c - 1;
  });
  const fit = ridge(x, 3, y, 2, 0);
  expect([...fit.weights].map((w) => Math.round(w * 1e9) / 1e9 + 0)).toEqual([2, 0, -1, 0, 0, 0.5]);
  expect([...fit.intercept].map((w) => Math.round(w * 1e9) / 1e9)).toEqual([4, -1]);
  expect(rSquared(y, predict(x, fit), 2)).toBeCloseTo(1, 12);
});

test('the penalty solves (XᵀX + αI) w = Xᵀy of centred data', () => {
  const x = Float64Array.of(-1, 0, 1);
  const y = Float64Array.of(3, 5, 7);
  const fit = ridge(x, 1, y, 1, 2);
  expect(fit.weights[0]).toBeCloseTo(4 / (2 + 2), 12);
  expect(fit.intercept[0]).toBe(5);
});

test('columns that repeat each other do not break it', () => {
  const x = Float64Array.from({ length: 40 }, (_, i) => Math.floor(i / 2) / 10);
  const y = Float64Array.from({ length: 20 }, (_, i) => i / 5);
  const estimate = predict(x, ridge(x, 2, y, 1, 0));
  expect(rSquared(y, estimate, 1)).toBeCloseTo(1, 6);
});

test('R² is 0 for the mean of each column and NaN where nothing varies', () => {
  const truth = Float64Array.of(1, 10, 3, 30);
  expect(rSquared(truth, Float64Array.of(2, 20, 2, 20), 2)).toBe(0);
  expect(rSquared(Float64Array.of(1, 1), Float64Array.of(0, 2), 1)).toBeNaN();
});

/** Counts with log rates 0.3 x₁ − 0.5 x₂ − 1. */
function poissonData(rows: number): { x: Float64Array; y: Float64Array } {
  const x = random(2 * rows, 3);
  const y = Float64Array.from({ length: rows }, (_, i) => {
    let chance = Math.exp(-Math.exp(0.3 * x[2 * i] - 0.5 * x[2 * i + 1] - 1));
    const rate = Math.exp(0.3 * x[2 * i] - 0.5 * x[2 * i + 1] - 1);
    let left = uniform(key(4), i);
    let count = 0;
    for (; left > chance && count < 50; count++) {
      left -= chance;
      chance *= rate / (count + 1);
    }
    return count;
  });
  return { x, y };
}

test('Poisson regression finds the weights that made the counts', () => {
  const { x, y } = poissonData(20_000);
  const { weights, converged } = poissonRegression(x, 2, y, 0);
  expect(converged).toBe(true);
  expect(weights[0]).toBeCloseTo(0.3, 1);
  expect(weights[1]).toBeCloseTo(-0.5, 1);
  expect(weights[2]).toBeCloseTo(-1, 1);
});

test('at the solution the gradient of mean deviance ÷ 2 plus α/2·|w|² vanishes, for any number of rows', () => {
  for (const rows of [5, 6, 7, 8, 501]) {
    const { x, y } = poissonData(rows);
    y[0] = 2;
    const alpha = 0.05;
    const { weights } = poissonRegression(x, 2, y, alpha, { tolerance: 1e-16 });
    const eta = logRates(x, 2, weights);
    for (const k of [0, 1, 2]) {
      const slope = eta.reduce((sum, e, row) => sum + (Math.exp(e) - y[row]) * (k < 2 ? x[2 * row + k] : 1), 0) / rows;
      expect(Math.abs(slope + (k < 2 ? alpha * weights[k] : 0))).toBeLessThan(1e-7);
    }
  }
});

test('a unit that never fires gets a low rate rather than an endless one', () => {
  const { x } = poissonData(50);
  const { weights } = poissonRegression(x, 2, new Float64Array(50), 0.01);
  expect(weights.every(Number.isFinite)).toBe(true);
  expect(Math.exp(weights[2])).toBeLessThan(0.01);
});

test('going on from other weights leads to the same solution', () => {
  const { x, y } = poissonData(300);
  const [a, b] = [poissonRegression(x, 2, y, 0.01), poissonRegression(x, 2, y, 0.01, { start: Float64Array.of(1, 1, 1) })];
  for (let i = 0; i < 3; i++) expect(a.weights[i]).toBeCloseTo(b.weights[i], 4);
});

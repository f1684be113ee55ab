import { expect, test } from 'vitest';
import {
  columnMeans,
  columnVariances,
  correlation,
  mean,
  median,
  quantile,
  totalVariance,
  variance,
} from '../../src-worker/numerics/statistics.ts';

test('means and population variances, also by column', () => {
  expect(mean(Float64Array.of(1, 2, 6))).toBe(3);
  expect(variance(Float64Array.of(1, 2, 6))).toBeCloseTo(14 / 3, 12);
  const rows = Float64Array.of(1, 10, 3, 30, 5, 20);
  expect([...columnMeans(rows, 2)]).toEqual([3, 20]);
  expect([...columnVariances(rows, 2)].map((v) => v.toFixed(6))).toEqual([(8 / 3).toFixed(6), (200 / 3).toFixed(6)]);
  expect(totalVariance({ values: rows, dimensions: 2 })).toBeCloseTo(208 / 3, 9);
});

test('quantiles are joined by lines, and order does not matter', () => {
  const values = Float64Array.of(4, 1, 3, 2);
  expect(quantile(values, 0.5)).toBe(2.5);
  expect(quantile(values, 0)).toBe(1);
  expect(quantile(values, 1)).toBe(4);
  expect(quantile(values, 0.25)).toBe(1.75);
  expect(median(Float64Array.of())).toBeNaN();
  expect([...values]).toEqual([4, 1, 3, 2]);
});

test('correlation is 1 for a line, −1 for a falling one, undefined for a constant', () => {
  const x = Float64Array.of(1, 2, 5);
  expect(
    correlation(
      x,
      x.map((v) => 3 * v + 1),
    ),
  ).toBeCloseTo(1, 12);
  expect(
    correlation(
      x,
      x.map((v) => -v),
    ),
  ).toBeCloseTo(-1, 12);
  expect(correlation(x, Float64Array.of(2, 2, 2))).toBeNaN();
});

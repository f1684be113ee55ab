import { expect, test } from 'vitest';
import { averageByCondition, softNormalise } from '../../src-worker/numerics/averages.ts';

test('rows are averaged within their condition, in the order of conditions', () => {
  const values = Float64Array.of(1, 2, 10, 20, 3, 4, 99, 99);
  const { values: means, conditions, trials } = averageByCondition(values, 2, 1, Int32Array.of(4, 1, 4, -1));
  expect([...conditions]).toEqual([1, 4]);
  expect([...trials]).toEqual([1, 2]);
  expect([...means]).toEqual([10, 20, 2, 3]);
});

test('missing bins do not count; a bin that no trial has is NaN', () => {
  const values = Float64Array.of(1, 0, 3, 0);
  const { values: means } = averageByCondition(values, 2, 1, Int32Array.of(0, 0), Uint8Array.of(1, 0, 1, 0));
  expect([...means]).toEqual([2, Number.NaN]);
});

test('soft normalisation divides by range plus a constant', () => {
  const { values, divisors } = softNormalise(Float64Array.of(0, 5, 10, 5), 2, 5);
  expect([...divisors]).toEqual([15, 5]);
  expect([...values]).toEqual([0, 1, 10 / 15, 1]);
});

// Minibatches: always full, fair, and a function of the step.

import { describe, expect, test } from 'vitest';
import { Minibatches } from '../../src-worker/training/minibatches.ts';

const items = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => 10 + 3 * i);

describe.each([
  [10, 3],
  [7, 7],
  [7, 6],
  [5, 64],
  [64, 32],
  [1, 1],
])('%i trials in batches of %i', (n, size) => {
  const full = Math.min(n, size);

  test('every batch is full and holds no trial twice', () => {
    const batches = new Minibatches(items(n), size, 1);
    for (let step = 0; step < 40; step++) {
      const batch = batches.at(step);
      expect(batch.length).toBe(full);
      expect(new Set(batch).size).toBe(full);
    }
  });

  test('trials are seen equally often, give or take one pass', () => {
    const batches = new Minibatches(items(n), size, 2);
    const seen = new Map<number, number>();
    for (let step = 0; step < 40; step++) for (const trial of batches.at(step)) seen.set(trial, (seen.get(trial) ?? 0) + 1);
    expect([...seen.keys()].sort((a, b) => a - b)).toEqual([...items(n)]);
    expect(Math.max(...seen.values()) - Math.min(...seen.values())).toBeLessThanOrEqual(2);
  });

  test('a batch does not depend on which were asked for before', () => {
    const inOrder = new Minibatches(items(n), size, 3);
    const expected = Array.from({ length: 20 }, (_, step) => inOrder.at(step));
    expect(new Minibatches(items(n), size, 3).at(17)).toEqual(expected[17]);
    expect(inOrder.at(4)).toEqual(expected[4]);
    expect(inOrder.at(5)).toEqual(expected[5]);
  });
});

test('the seed sets the order', () => {
  expect(new Minibatches(items(50), 20, 1).at(0)).not.toEqual(new Minibatches(items(50), 20, 2).at(0));
});

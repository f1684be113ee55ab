// What a step needs, made while the step before is under way.

import { describe, expect, test } from 'vitest';
import { Ahead } from '../../src-worker/training/ahead.ts';

/** An Ahead of squares that says what it made and when. */
function squares() {
  const made: number[] = [];
  const ahead = new Ahead((step) => {
    made.push(step);
    return step * step;
  });
  return { made, ahead };
}

describe('what a step needs', () => {
  test('is made while the step before is under way', async () => {
    const { made, ahead } = squares();
    const underWay = Promise.withResolvers<void>();
    const first = ahead.during(3, async (value) => {
      expect(made).toEqual([3]);
      await underWay.promise;
      return value;
    });
    await Promise.resolve();
    expect(made).toEqual([3, 4]);
    underWay.resolve();
    expect(await first).toBe(9);
    expect(await ahead.during(4, async (value) => value)).toBe(16);
    expect(made).toEqual([3, 4, 5]);
  });

  test('is made anew for a step that was not the next', async () => {
    const { made, ahead } = squares();
    await ahead.during(1, async () => {});
    expect(await ahead.during(7, async (value) => value)).toBe(49);
    expect(made).toEqual([1, 2, 7, 8]);
  });

  test('is kept from no one by a step that failed', async () => {
    const { ahead } = squares();
    await expect(ahead.during(2, () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect(await ahead.during(2, async (value) => value)).toBe(4);
  });
});

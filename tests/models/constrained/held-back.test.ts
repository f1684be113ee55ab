import { expect, test } from 'vitest';
import type { Activity } from '../../../src-worker/models/constrained/activity.ts';
import { heldBackRows, heldBackSteps, strongestEnough } from '../../../src-worker/models/constrained/held-back.ts';

/** Rows of two units whose values tell row, bin and unit, with an input that tells row and bin. */
function activity(lengths: readonly number[]): Activity {
  const [rows, bins] = [lengths.length, Math.max(...lengths)];
  const told = (width: number): Float64Array =>
    Float64Array.from({ length: rows * bins * width }, (_, i) => {
      const [row, bin] = [Math.floor(i / bins / width), Math.floor(i / width) % bins];
      return 1000 * row + 10 * bin + (i % width);
    });
  return {
    rows,
    bins,
    units: 2,
    binMs: 10,
    values: told(2),
    lengths: Int32Array.from(lengths),
    averaged: Int32Array.from(lengths, (_, row) => row + 1),
    conditions: Int32Array.from(lengths, (_, row) => row % 3),
    inputs: told(1),
    inputCount: 1,
  };
}

/** First value of each row, and its length. */
const begins = ({ values, bins, units, lengths }: Activity) => Array.from(lengths, (length, row) => [values[row * bins * units], length]);

test('every fifth row is held back, or the end of every row where rows are few', () => {
  expect([...heldBackSteps([2, 1, 1, 1, 2, 1])]).toEqual([0, 0, 0, 0, 0, 1, 1, 0]);
  expect([...heldBackSteps([5, 10])]).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
});

test('rows that are held back take what belongs to them along', () => {
  const { fitted, heldBack } = heldBackRows(activity([3, 4, 5, 6, 7, 8]), 10)!;
  expect(begins(fitted)).toEqual([
    [0, 3],
    [1000, 4],
    [2000, 5],
    [3000, 6],
    [5000, 8],
  ]);
  expect(begins(heldBack)).toEqual([[4000, 7]]);
  expect([[...heldBack.averaged], [...heldBack.conditions], heldBack.bins]).toEqual([[5], [1], 7]);
  expect([...heldBack.inputs]).toEqual([4000, 4010, 4020, 4030, 4040, 4050, 4060]);
});

test('the end of a long row is held back in pieces, and what is too short to run through is not', () => {
  const { fitted, heldBack } = heldBackRows(activity([100]), 6)!;
  expect(begins(fitted)).toEqual([[0, 80]]);
  expect(begins(heldBack)).toEqual([
    [800, 6],
    [860, 7],
    [930, 7],
  ]);
  expect(heldBackRows(activity([4, 4]), 6)).toBeUndefined();
});

test('the search ends once less is given, and takes the strongest penalty of those that are about as good', async () => {
  const asked: number[] = [];
  const among = (shares: readonly number[], slight?: number) => {
    asked.length = 0;
    return strongestEnough(
      shares.map((_, place) => place),
      async (candidate) => {
        asked.push(candidate);
        return { share: shares[candidate], fit: `fit ${candidate}` };
      },
      slight,
    );
  };
  expect(await among([0.1, 0.5, 0.4, 0.9])).toEqual({ candidate: 1, share: 0.5, fit: 'fit 1' });
  expect(asked).toEqual([0, 1, 2]);
  expect((await among([0.1, 0.495, 0.5, 0.4], 0.02)).candidate).toBe(1);
  expect((await among([Number.NaN, Number.NEGATIVE_INFINITY, -0.2, -0.3], 0.02)).candidate).toBe(2);
  expect((await among([Number.NaN, Number.NaN])).candidate).toBe(0);
});

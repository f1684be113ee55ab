import { expect, test } from 'vitest';
import { fieldOf } from '../../../src-worker/analyses/fixed-points/field.ts';
import { jacobianOf, modesBeyond, modesOfAll } from '../../../src-worker/analyses/fixed-points/modes.ts';
import { key, normal } from '../../../src-worker/engine/random.ts';
import type { Modes } from '../../../src-worker/numerics/eigen.ts';
import { steppedRnn } from '../../../src-worker/models/network/rnn.ts';

const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };

/** One after another, for whole arrays are compared slowly. */
const bytesOf = (all: readonly Modes[]): Buffer =>
  Buffer.concat(
    all.flatMap(({ re, im, condition, rightRe, rightIm, leftRe, leftIm }) =>
      [re, im, condition, rightRe, rightIm, leftRe, leftIm].map((part) => Buffer.from(Float64Array.from(part).buffer)),
    ),
  );

test('modes of many points are the same bits at any number of threads', async () => {
  const n = 90;
  const W = Float64Array.from({ length: n * n }, (_, i) => (1.2 * normal(key(81), i)) / Math.sqrt(n));
  const field = fieldOf(
    steppedRnn({ states: n, inputs: 0, W, V: new Float64Array(0), b: new Float64Array(n) }, 'tanh', 0.2, 10),
    new Float64Array(0),
  );
  const ends = Array.from({ length: 12 }, (_, k) => ({
    a: field.derivative(Float64Array.from({ length: n }, (_unused, i) => normal(key(82, k), i))).slice(),
  }));
  const told: number[] = [];
  const progress = async (done: number): Promise<void> => {
    told.push(done);
  };
  const [one, two] = [await modesOfAll(field, ends, { ...job, progress }), await modesOfAll(field, ends, { ...job, threads: 2 })];
  expect(bytesOf(two).equals(bytesOf(one))).toBe(true);
  expect(told).toHaveLength(ends.length);
  const plain = ends.slice(0, 2).map((end) => modesBeyond('map', jacobianOf(field, end), n));
  expect(bytesOf(one.slice(0, 2)).equals(bytesOf(plain))).toBe(true);
});

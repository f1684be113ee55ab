import { expect, test } from 'vitest';
import {
  gaussianSpectra,
  growthBesideShuffled,
  growthOf,
  numericalAbscissa,
  randomRatios,
  ratioOf,
} from '../../../src-worker/analyses/linearize/non-normality.ts';
import { key, normal } from '../../../src-worker/engine/random.ts';
import { apply, exponential } from '../../../src-worker/numerics/matrices.ts';
import { length } from '../../../src-worker/numerics/lu.ts';
import { schurOf } from '../../../src-worker/numerics/schur.ts';

const job = { progress: async () => {} };

test('the share of what is not normal', () => {
  const ratio = (...a: number[]) => ratioOf(schurOf(Float64Array.from(a), 2));
  expect(ratio(1, 0.5, 0, 0.5)).toBeCloseTo(0.40824829, 8);
  expect(ratio(0.5, 10, 0, 0.5)).toBeCloseTo(0.99750934, 8);
  expect(ratio(0.9, 1, 0, 0.8)).toBeCloseTo(0.63887656, 8);
  expect(ratio(0, 0, 0, 0)).toBe(0);
});

test('growth of a map, with the state that grows most', () => {
  const a = Float64Array.of(0.9, 1, 0, 0.8);
  const { norm, at, from } = growthOf('map', a, 2, 100, 0.9);
  expect([norm, at]).toEqual([expect.closeTo(2.75693361, 8), 6]);
  let x = from;
  for (let k = 0; k < 6; k++) x = apply(a, x);
  expect(length(x)).toBeCloseTo(norm, 10);
  expect(growthOf('map', Float64Array.of(0.98, 0.5, 0, 0.5), 2, 100, 0.98)).toMatchObject({ norm: expect.closeTo(1.28644179, 8), at: 4 });
  // A normal map never grows; an unstable one no more than its own mode does.
  expect(growthOf('map', Float64Array.of(0.9, 0, 0, 0.8), 2, 100, 0.9)).toMatchObject({ norm: 1, at: 0 });
  expect(growthOf('map', Float64Array.of(1.2, 0, 0, 0.8), 2, 100, 1.2).norm).toBeCloseTo(1, 12);
});

test('growth of a differential equation', () => {
  const a = Float64Array.of(-1, 10, 0, -2);
  const { norm, at, from } = growthOf('ode', a, 2, 10, -1);
  expect(norm).toBeCloseTo(2.5635, 4);
  expect(at).toBeCloseTo(0.663, 3);
  expect(
    length(
      apply(
        exponential(
          a.map((value) => value * at),
          2,
        ),
        from,
      ),
    ),
  ).toBeCloseTo(norm, 10);
  expect(numericalAbscissa(a, 2)).toBeCloseTo(3.52493781, 8);
});

test('random networks have the ratio of Gaussian matrices, wherever their eigenvalues are centred', () => {
  const n = 40;
  const gaussians = gaussianSpectra(n, 39, 0);
  const draw = Float64Array.from({ length: n * n }, (_, i) => normal(key(99), i) / Math.sqrt(n));
  const [low, high] = randomRatios(schurOf(draw, n), gaussians);
  expect(low).toBeGreaterThan(0.6);
  expect(high).toBeLessThan(0.8);
  expect(ratioOf(schurOf(draw, n))).toBeGreaterThan(low);
  expect(ratioOf(schurOf(draw, n))).toBeLessThan(high);
  const moved = draw.map((value, at) => value - (at % (n + 1) === 0 ? 3 : 0));
  const own = ratioOf(schurOf(moved, n));
  const [from, to] = randomRatios(schurOf(moved, n), gaussians);
  expect(own).toBeGreaterThan(from);
  expect(own).toBeLessThan(to);
});

test('a Gaussian matrix grows as one with its eigenvalues and shuffled phases does', async () => {
  const n = 12;
  const draw = Float64Array.from({ length: n * n }, (_, i) => (0.7 * normal(key(98), i)) / Math.sqrt(n));
  const { own, random } = await growthBesideShuffled('map', schurOf(draw, n), { duration: 60, leastStable: 0.7, draws: 39, seed: 0 }, job);
  expect(own).toBeGreaterThanOrEqual(random[0]);
  expect(own).toBeLessThanOrEqual(random[1]);
  // Phases of one sign alone leave nothing to shuffle.
  const forward = Float64Array.of(0.7, 1, 1, 0, 0.6, 1, 0, 0, 0.5);
  const alike = await growthBesideShuffled('map', schurOf(forward, 3), { duration: 60, leastStable: 0.7, draws: 5, seed: 0 }, job);
  expect(alike.random).toEqual([expect.closeTo(alike.own, 8), expect.closeTo(alike.own, 8)]);
  expect(alike.own).toBeGreaterThan(2);
});

test('growth of an equation at halvings of its duration is that of its exponential', async () => {
  const a = Float64Array.of(-1, 10, 0, -2);
  const { own } = await growthBesideShuffled('ode', schurOf(a, 2), { duration: 8, leastStable: -1, draws: 2, seed: 0 }, job);
  // Instants 1/16, 1/8, …, 8: the largest of them is at ½ or 1.
  const at = (t: number) => growthOf('ode', a, 2, t, -1).norm;
  expect(own).toBeCloseTo(at(0.5), 4);
});

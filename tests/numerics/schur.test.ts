import { expect, test } from 'vitest';
import { key, normal } from '../../src-worker/engine/random.ts';
import { modesOf } from '../../src-worker/numerics/eigen.ts';
import { apply, exponential, gainOf, product } from '../../src-worker/numerics/matrices.ts';
import { norm2 } from '../../src-worker/numerics/lu.ts';
import { departureOf, schurOf, timesTriangular, triangularNorm } from '../../src-worker/numerics/schur.ts';

const random = (n: number, stream = 1) => Float64Array.from({ length: n * n }, (_, i) => normal(key(9, stream), i));

test.each([1, 2, 3, 8, 40])('the Schur form of %i × %i keeps eigenvalues, length and products', (n) => {
  const a = random(n);
  const t = schurOf(a, n);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) expect(Math.hypot(t.re[i * n + j], t.im[i * n + j])).toBe(0);
  const frobenius = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);
  expect(frobenius(t.re) + frobenius(t.im)).toBeCloseTo(frobenius(a), 8);
  const order = (pairs: number[][]) => pairs.sort((p, q) => p[0] - q[0] || p[1] - q[1]);
  const own = order(Array.from({ length: n }, (_, i) => [t.re[i * (n + 1)], t.im[i * (n + 1)]]));
  const { re, im } = modesOf(a, n, (x) => x);
  const known = order(Array.from(re, (value, k) => [value, im[k]]));
  for (const [k, [x, y]] of known.entries()) {
    expect(own[k][0]).toBeCloseTo(x, 9);
    expect(Math.abs(own[k][1])).toBeCloseTo(Math.abs(y), 9);
  }
  // A A and T T have the same norm.
  expect(triangularNorm(timesTriangular(t, t))).toBeCloseTo(gainOf(product(a, a, n), n).norm, 3);
});

test('departure from normality is what the specification says', () => {
  expect(departureOf(schurOf(Float64Array.of(1, 0.5, 0, 0.5), 2))).toBeCloseTo(0.5, 14);
  expect(departureOf(schurOf(Float64Array.of(0.5, 10, 0, 0.5), 2))).toBeCloseTo(10, 12);
  expect(departureOf(schurOf(Float64Array.of(0, -2, 2, 0), 2))).toBeLessThan(1e-14);
  // Defective, of every size.
  expect(departureOf(schurOf(Float64Array.of(0, 1, 0, 0, 0, 1, 0, 0, 0), 3))).toBeCloseTo(Math.SQRT2, 12);
});

test('a matrix with NaN has no Schur form', () => {
  expect(() => schurOf(Float64Array.of(1, Number.NaN, 0, 1), 2)).toThrow(RangeError);
});

test('an exponential turns, decays and undoes its inverse', () => {
  const turned = exponential(Float64Array.of(0, -3, 3, 0), 2);
  for (const [i, value] of [Math.cos(3), -Math.sin(3), Math.sin(3), Math.cos(3)].entries()) expect(turned[i]).toBeCloseTo(value, 13);
  const a = random(6).map((value) => 2 * value);
  const back = product(
    exponential(a, 6),
    exponential(
      a.map((value) => -value),
      6,
    ),
    6,
  );
  for (let i = 0; i < 36; i++) expect(back[i]).toBeCloseTo(i % 7 === 0 ? 1 : 0, 8);
});

test('the largest gain comes with its directions', () => {
  const a = random(5, 3);
  const { norm, from, to } = gainOf(a, 5);
  expect(norm).toBeCloseTo(norm2(a, 5), 3);
  for (const [i, value] of apply(a, from).entries()) expect(value).toBeCloseTo(norm * to[i], 12);
});

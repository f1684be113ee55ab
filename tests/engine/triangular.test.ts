import { expect, test } from 'vitest';
import { key, normal } from '../../src-worker/engine/random.ts';
import { type Triangular, triangularTimes } from '../../src-worker/engine/triangular.ts';
import { timesTriangular } from '../../src-worker/numerics/schur.ts';

function drawn(n: number, draw: number): Triangular {
  const part = (which: number) =>
    Float64Array.from({ length: n * n }, (_, at) => (at % n >= Math.floor(at / n) ? normal(key(7, draw, which), at) : 0));
  return { n, re: part(0), im: part(1) };
}

test.each([1, 2, 5, 16, 31, 70])('products of triangular complex matrices of %i rows are those of plain loops', (n) => {
  const times = triangularTimes(n);
  const [a, b, c] = [drawn(n, 0), drawn(n, 1), drawn(n, 2)];
  // One after another in the same memory.
  for (const [left, right] of [
    [a, b],
    [b, c],
    [c, c],
  ]) {
    const [found, wanted] = [times(left, right), timesTriangular(left, right)];
    for (const part of ['re', 'im'] as const)
      expect(found[part].every((value, at) => Math.abs(value - wanted[part][at]) <= 1e-12 * n)).toBe(true);
  }
});

import { expect, test } from 'vitest';
import { key, normal } from '../../src-worker/engine/random.ts';
import { squaresOf } from '../../src-worker/engine/squares.ts';
import { factorise, solveFactorised } from '../../src-worker/numerics/cholesky.ts';

const random = (stream: number, size: number) => Float64Array.from({ length: size }, (_, i) => normal(key(13, stream), i));

test.each([1, 2, 3, 4, 7, 64, 65])('damped least squares of size %i have the bits of plain loops', (n) => {
  const squares = squaresOf(n);
  for (const stream of [1, 2]) {
    const a = random(stream, n * n);
    const normalMatrix = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) for (let k = 0; k < n; k++) normalMatrix[i * n + j] += a[k * n + i] * a[k * n + j];
    expect(squares.take(a)).toBe(Math.max(...Array.from({ length: n }, (_, i) => normalMatrix[i * (n + 1)])));
    for (const damping of [0.5, 3]) {
      const factors = normalMatrix.map((value, at) => value + (at % (n + 1) === 0 ? damping : 0));
      const [own, known] = [random(9, n), random(9, n)];
      expect(factorise(factors, n)).toBe(true);
      solveFactorised(factors, n, known);
      expect(squares.solve(damping, own)).toBe(true);
      expect(own).toEqual(known);
    }
  }
});

test('what is not positive definite is refused, and the next matrix is not', () => {
  const squares = squaresOf(3);
  squares.take(new Float64Array(9));
  expect(squares.solve(0, Float64Array.of(1, 1, 1))).toBe(false);
  squares.take(new Float64Array(9).fill(Number.NaN));
  expect(squares.solve(1, Float64Array.of(1, 1, 1))).toBe(false);
  squares.take(Float64Array.of(2, 0, 0, 0, 2, 0, 0, 0, 2));
  const b = Float64Array.of(4, 8, 12);
  expect(squares.solve(0, b)).toBe(true);
  expect([...b]).toEqual([1, 2, 3]);
});

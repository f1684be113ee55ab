import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { expect, test } from 'vitest';
import { key, normal } from '../../src-worker/engine/random.ts';
import { eigenvaluesOf } from '../../src-worker/numerics/eigenvalues.ts';

/** Largest distance between eigenvalues and the nearest expected one, each taken once. */
function apart(re: ArrayLike<number>, im: ArrayLike<number>, expectedRe: readonly number[], expectedIm: readonly number[]): number {
  const left = expectedRe.map((value, k) => [value, expectedIm[k]] as const);
  let most = 0;
  for (let k = 0; k < re.length; k++) {
    const distances = left.map(([a, b]) => Math.hypot(a - re[k], b - im[k]));
    const nearest = distances.indexOf(Math.min(...distances));
    most = Math.max(most, distances[nearest]);
    left.splice(nearest, 1);
  }
  return most;
}

test.each([2, 3, 5, 17, 60])('eigenvalues of a random matrix of %i rows are those of the library', (n) => {
  const a = Float64Array.from({ length: n * n }, (_, i) => normal(key(71, n), i) / Math.sqrt(n));
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(Matrix.from1DArray(n, n, Array.from(a)));
  const { re, im } = eigenvaluesOf(a, n);
  expect(apart(re, im, realEigenvalues, imaginaryEigenvalues)).toBeLessThan(1e-11);
});

test('known spectra: a circle of shifts, a triangle, nothing, symmetric', () => {
  const n = 12;
  const shift = Float64Array.from({ length: n * n }, (_, i) => ((Math.floor(i / n) + 1) % n === i % n ? 1 : 0));
  const { re, im } = eigenvaluesOf(shift, n);
  const roots = Array.from({ length: n }, (_, k) => (2 * Math.PI * k) / n);
  expect(apart(re, im, roots.map(Math.cos), roots.map(Math.sin))).toBeLessThan(1e-12);
  const triangle = Float64Array.from({ length: n * n }, (_, i) => (i % n >= Math.floor(i / n) ? 1 + (i % n) : 0));
  const diagonal = Array.from({ length: n }, (_, k) => 1 + k);
  const found = eigenvaluesOf(triangle, n);
  expect(apart(found.re, found.im, diagonal, new Array(n).fill(0))).toBeLessThan(1e-9);
  expect(eigenvaluesOf(new Float64Array(9), 3).re).toEqual(new Float64Array(3));
  // Second differences with fixed ends: 2 − 2 cos(kπ / (n + 1)).
  const second = Float64Array.from({ length: n * n }, (_, i) => {
    const away = Math.abs(Math.floor(i / n) - (i % n));
    return away === 0 ? 2 : away === 1 ? -1 : 0;
  });
  const waves = Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)));
  const { re: own, im: none } = eigenvaluesOf(second, n);
  expect(apart(own, none, waves, new Array(n).fill(0))).toBeLessThan(1e-12);
});

test('trace and sum of squares are kept, and values that are not finite are refused', () => {
  const n = 150;
  const a = Float64Array.from({ length: n * n }, (_, i) => normal(key(72), i) / Math.sqrt(n));
  const { re, im } = eigenvaluesOf(a, n);
  let [trace, squares] = [0, 0];
  for (let i = 0; i < n; i++) {
    trace += a[i * (n + 1)];
    for (let j = 0; j < n; j++) squares += a[i * n + j] * a[j * n + i];
  }
  expect(re.reduce((sum, value) => sum + value, 0)).toBeCloseTo(trace, 10);
  expect(re.reduce((sum, value, k) => sum + value ** 2 - im[k] ** 2, 0)).toBeCloseTo(squares, 9);
  expect(Math.abs(im.reduce((sum, value) => sum + value, 0))).toBeLessThan(1e-12);
  expect(() => eigenvaluesOf(Float64Array.of(1, Number.NaN, 0, 1), 2)).toThrow(RangeError);
});

import { describe, expect, test } from 'vitest';
import { key, normal } from '../../src-worker/engine/random.ts';
import { modesOf } from '../../src-worker/numerics/eigen.ts';
import { eigenvaluesOf } from '../../src-worker/numerics/eigenvalues.ts';
import { factoriseLu, inverseNorm, norm2, solveLu, solveLuTransposed } from '../../src-worker/numerics/lu.ts';

const n = 7;
const matrix = Float64Array.from({ length: n * n }, (_, i) => normal(key(3, 1), i));
const times = (a: Float64Array, x: Float64Array) => x.map((_, i) => x.reduce((sum, value, j) => sum + a[i * x.length + j] * value, 0));

test('LU factors solve with a matrix and with its transpose', () => {
  const lu = matrix.slice();
  const pivots = new Int32Array(n);
  expect(factoriseLu(lu, n, pivots)).toBe(true);
  const x = Float64Array.from({ length: n }, (_, i) => i - 2);
  const b = times(matrix, x);
  solveLu(lu, n, pivots, b);
  for (const [i, value] of b.entries()) expect(value).toBeCloseTo(x[i], 11);
  const turned = Float64Array.from({ length: n * n }, (_, at) => matrix[(at % n) * n + Math.floor(at / n)]);
  const c = times(turned, x);
  solveLuTransposed(lu, n, pivots, c);
  for (const [i, value] of c.entries()) expect(value).toBeCloseTo(x[i], 11);
});

test('norms of a matrix and of its inverse are those of its singular values, and a singular one is refused', () => {
  // Rotation · diag(3, .5): singular values 3 and .5.
  const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
  const a = Float64Array.of(3 * c, -0.5 * s, 3 * s, 0.5 * c);
  expect(norm2(a, 2)).toBeCloseTo(3, 5);
  const pivots = new Int32Array(2);
  const lu = a.slice();
  factoriseLu(lu, 2, pivots);
  expect(inverseNorm(lu, 2, pivots)).toBeCloseTo(2, 5);
  expect(factoriseLu(Float64Array.of(0, 0, 0, 0), 2, pivots)).toBe(false);
});

describe('modes', () => {
  const modes = modesOf(matrix, n, (re, im) => Math.hypot(re, im));

  test('right and left eigenvectors satisfy their equations, real or in pairs', () => {
    expect(modes.im.some((value) => value !== 0)).toBe(true);
    for (let k = 0; k < n; k++) {
      const [re, im] = [modes.re[k], modes.im[k]];
      const part = (values: Float64Array) => values.slice(k * n, (k + 1) * n);
      const [vr, vi] = [part(modes.rightRe), part(modes.rightIm)];
      const [ar, ai] = [times(matrix, vr), times(matrix, vi)];
      for (let i = 0; i < n; i++) {
        expect(ar[i]).toBeCloseTo(re * vr[i] - im * vi[i], 11);
        expect(ai[i]).toBeCloseTo(re * vi[i] + im * vr[i], 11);
      }
      const [lr, li] = [part(modes.leftRe), part(modes.leftIm)];
      for (let j = 0; j < n; j++) {
        const column = (of: Float64Array) => of.reduce((sum, value, i) => sum + value * matrix[i * n + j], 0);
        expect(column(lr)).toBeCloseTo(re * lr[j] - im * li[j], 10);
        expect(column(li)).toBeCloseTo(re * li[j] + im * lr[j], 10);
      }
      const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
      expect(dot(lr, vr) - dot(li, vi)).toBeCloseTo(1, 11);
      expect(dot(lr, vi) + dot(li, vr)).toBeCloseTo(0, 11);
      expect(dot(vr, vr) + dot(vi, vi)).toBeCloseTo(1, 12);
    }
  });

  test('a mode of a sheared matrix is known less well by the length of its left eigenvector', () => {
    const { re, leftRe, condition } = modesOf(Float64Array.of(0.98, 0.5, 0, 0.5), 2, (value) => value);
    expect(re[0]).toBeCloseTo(0.98, 12);
    expect([...leftRe.subarray(0, 2)].map(Math.abs)).toEqual([expect.closeTo(1, 10), expect.closeTo(1.04166667, 8)]);
    expect(condition[0]).toBeCloseTo(1.44397695, 8);
  });

  test('a matrix without a full set of eigenvectors has modes of no use', () => {
    const { condition } = modesOf(Float64Array.of(1, 1, 0, 1), 2, (value) => value);
    for (const value of condition) expect(value).toBeGreaterThan(1e12);
  });
});

test('a denormal number between equal eigenvalues does not take their vectors away', () => {
  const { condition } = modesOf(Float64Array.of(-1, 1e-317, 0, -1), 2, (re) => re);
  for (const value of condition) expect(value).toBeCloseTo(1, 12);
});

test('eigenvalues alone are those of the modes, also of defective, orthogonal and diagonal matrices', () => {
  const sorted = ({ re, im }: { re: Float64Array; im: Float64Array }) =>
    Array.from(re, (value, k) => [value, im[k]!] as const).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  for (const size of [1, 2, 3, 7, 40]) {
    const a = Float64Array.from({ length: size * size }, (_, i) => normal(key(9, size), i) / Math.sqrt(size));
    const [quick, slow] = [sorted(eigenvaluesOf(a, size)), sorted(modesOf(a, size, Math.hypot))];
    for (const [k, [re, im]] of quick.entries()) {
      expect(re).toBeCloseTo(slow[k]![0], 10);
      expect(im).toBeCloseTo(slow[k]![1], 10);
    }
  }
  const cycle = Float64Array.from({ length: 25 }, (_, at) => ((Math.floor(at / 5) + 1) % 5 === at % 5 ? 1 : 0));
  for (const [re, im] of sorted(eigenvaluesOf(cycle, 5))) expect(Math.hypot(re, im)).toBeCloseTo(1, 12);
  expect([...eigenvaluesOf(Float64Array.of(2, 1, 0, 0, 2, 0, 0, 0, 3), 3).re].sort()).toEqual([2, 2, 3]);
  // A leak and weights of low rank: most eigenvalues are one.
  for (let draw = 0; draw < 300; draw++) {
    const [m, k] = [1, 2].map((of) => Float64Array.from({ length: 12 }, (_, i) => normal(key(draw, of), i)));
    const a = Float64Array.from({ length: 144 }, (_, at) => 0.02 * m![Math.floor(at / 12)]! * k![at % 12]! + (at % 13 === 0 ? 0.8 : 0));
    expect(eigenvaluesOf(a, 12).re.filter((value) => Math.abs(value - 0.8) < 1e-7).length).toBeGreaterThanOrEqual(11);
  }
  expect(() => eigenvaluesOf(Float64Array.of(1, Number.NaN, 0, 1), 2)).toThrow(RangeError);
});

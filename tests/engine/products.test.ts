import { describe, expect, test } from 'vitest';
import { key, uniform } from '../../src-worker/engine/random.ts';
import { BUILDS, Desk, distance, randoms } from './desk.ts';

/** a (rows × inner) · b (inner × columns), in float64. */
function product(a: ArrayLike<number>, b: ArrayLike<number>, rows: number, inner: number, columns: number): Float64Array {
  const c = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) for (let k = 0; k < inner; k++) c[i * columns + j]! += a[i * inner + k]! * b[k * columns + j]!;
  return c;
}

/** The transpose (rows × columns) of a (columns × rows). */
const transposed = (a: ArrayLike<number>, rows: number, columns: number): Float32Array =>
  Float32Array.from({ length: rows * columns }, (_, i) => a[(i % columns) * rows + Math.floor(i / columns)]!);

/** Rows of `width` numbers, padded to `stride` by `fill`. */
const padded = (a: ArrayLike<number>, width: number, stride: number, fill = 0): Float32Array =>
  Float32Array.from({ length: (a.length / width) * stride }, (_, i) =>
    i % stride < width ? a[Math.floor(i / stride) * width + (i % stride)]! : fill,
  );

const cut = (a: readonly number[], width: number, stride: number): number[] => a.filter((_, i) => i % stride < width);

describe.each(BUILDS)('%s products', (build) => {
  test.each([
    [1, 1, 1],
    [2, 3, 5],
    [3, 7, 8],
    [5, 64, 9],
    [7, 13, 24],
    [8, 64, 192],
    [9, 1, 16],
    [10, 33, 31],
    [14, 300, 8],
    [131, 70, 40],
  ])('agree with plain sums at %i × %i × %i', (rows, inner, columns) => {
    const d = new Desk(build);
    const [a, b, start] = [randoms(1, rows * inner), randoms(2, inner * columns), randoms(3, rows * columns)];
    const lda = inner + 3;
    const ldc = Math.ceil(columns / 8) * 8;
    const panels = d.room(inner * ldc);
    d.k.packB(d.put(b), columns, inner, columns, panels);
    const c = d.put(padded(start, columns, ldc));
    const x = d.put(padded(a, inner, lda, Number.NaN));
    const wanted = product(a, b, rows, inner, columns);
    d.k.gemm(x, lda, panels, c, ldc, rows, inner, columns, 1);
    const summed = cut(d.get(c, rows * ldc), columns, ldc);
    expect(
      distance(
        summed,
        wanted.map((value, i) => value + start[i]!),
      ),
    ).toBeLessThan(2e-6 * (10 + inner));
    d.k.gemm(x, lda, panels, c, ldc, rows, inner, columns, 0);
    const got = d.get(c, rows * ldc);
    expect(distance(cut(got, columns, ldc), wanted)).toBeLessThan(2e-6 * (10 + inner));
    expect(got.filter((value, i) => i % ldc >= columns && value !== 0)).toEqual([]);

    const turned = d.room(inner * ldc);
    d.k.packBT(d.put(transposed(b, columns, inner)), inner, inner, columns, turned);
    expect(d.get(turned, inner * ldc)).toEqual(d.get(panels, inner * ldc));
  });

  test.each([
    [1, 1, 1],
    [3, 5, 2],
    [6, 8, 17],
    [13, 20, 40],
  ])('gradients of a %i × %i weight agree over %i rows', (inputs, outputs, rows) => {
    const d = new Desk(build);
    const [x, dy] = [randoms(4, rows * inputs), randoms(5, rows * outputs)];
    const ldc = Math.ceil(outputs / 8) * 8;
    const [left, right, sums] = [d.room(rows * (inputs + 6)), d.room(rows * ldc), d.room(ldc)];
    const gradient = d.put(new Float32Array((inputs + 6) * ldc).fill(Number.NaN));
    d.k.packAT(d.put(x), inputs, rows, inputs, left);
    d.k.packBSum(d.put(dy), outputs, rows, outputs, right, sums);
    const wanted = product(transposed(x, inputs, rows), dy, inputs, rows, outputs);
    const got = () => cut(d.get(gradient, inputs * ldc), outputs, ldc);
    d.k.gemmTN(left, right, gradient, ldc, inputs, rows, outputs, 0);
    expect(distance(got(), wanted)).toBeLessThan(1e-4);
    d.k.gemmTN(left, right, gradient, ldc, inputs, rows, outputs, 1);
    const twice = wanted.map((value) => 2 * value);
    expect(distance(got(), twice)).toBeLessThan(2e-4);
    const ones = product(new Float32Array(rows).fill(1), dy, 1, rows, outputs);
    expect(distance(d.get(sums, outputs), ones)).toBeLessThan(1e-5);
  });

  test.each([
    [1, 1, 8, 0.5],
    [7, 13, 24, 0.2],
    [9, 5, 96, 0],
    [33, 40, 120, 0.1],
    [50, 18, 192, 0.24],
  ])('of %i × %i numbers that are mostly 0 with %i columns have the bits of whole ones (%f)', (rows, inner, columns, share) => {
    const d = new Desk(build);
    const lda = Math.ceil(inner / 8) * 8;
    const x = padded(
      randoms(6, rows * inner).map((value, i) => (uniform(key(7, inner), i) < share ? value : 0)),
      inner,
      lda,
    );
    const [starts, entries, sorted] = [d.room(rows + 1), d.room(2 * (x.length + lda)), d.room(2 * (x.length + lda))];
    const [a, b] = [d.put(x), d.put(randoms(8, inner * columns))];
    expect(d.k.listEntries(rows, lda, a, lda, starts, entries, x.length)).toBe(x.filter((value) => value !== 0).length);
    const [panels, whole, sparse] = [d.room(inner * columns), d.room(rows * columns), d.put(randoms(9, rows * columns))];
    d.k.packB(b, columns, inner, columns, panels);
    d.k.gemm(a, lda, panels, whole, columns, rows, inner, columns, 0);
    d.k.sparseProduct(rows, columns, starts, b, columns, sparse, columns);
    expect(d.get(sparse, rows * columns)).toEqual(d.get(whole, rows * columns));

    const [left, right] = [d.room(rows * (inner + 6)), d.room(rows * columns)];
    const [gradient, sparseGradient] = [d.room((inner + 6) * columns), d.put(randoms(10, (inner + 6) * columns))];
    d.k.packAT(a, lda, rows, inner, left);
    d.k.packB(whole, columns, rows, columns, right);
    for (const accumulate of [0, 1]) {
      d.k.gemmTN(left, right, gradient, columns, inner, rows, columns, accumulate);
      d.k.sparseGradient(rows, inner, columns, starts, whole, columns, sparseGradient, columns, sorted, accumulate);
      expect(d.get(sparseGradient, inner * columns)).toEqual(d.get(gradient, inner * columns));
    }
  });

  test('what is not zero is listed row by row, NaN with it, until it is too much', () => {
    const d = new Desk(build);
    const x = d.put([0, -2, 0, 0, 0, 0, 0, 3, ...new Float32Array(8), Number.NaN, ...new Float32Array(7)]);
    const [starts, entries] = [d.room(4), d.room(32)];
    expect(d.k.listEntries(3, 8, x, 8, starts, entries, 3)).toBe(3);
    expect(d.integers(starts, 4).map((at) => (at - entries) / 8)).toEqual([0, 2, 2, 3]);
    expect([0, 2, 4].map((i) => d.integers(entries, 6)[i])).toEqual([1, 7, 0]);
    expect([1, 3, 5].map((i) => d.get(entries, 6)[i])).toEqual([-2, 3, Number.NaN]);
    expect(d.k.listEntries(3, 8, x, 8, starts, entries, 2)).toBe(-1);
    expect(d.k.listEntries(3, 8, x, 8, starts, entries, 1)).toBe(-1);
  });
});

import { expect, test } from 'vitest';
import { gaussianKernel, smoothBins, smoothingMatrix } from '../../src-worker/numerics/smoothing.ts';

test('a kernel sums to 1 and falls as a Gaussian', () => {
  const half = gaussianKernel(2);
  expect(half).toHaveLength(9);
  expect(half.reduce((sum, w) => sum + 2 * w, -half[0])).toBeCloseTo(1, 12);
  expect(half[2] / half[0]).toBeCloseTo(Math.exp(-0.5), 12);
});

test('a constant stays constant to the ends, and what is there is kept in sum', () => {
  for (const value of smoothBins(new Float64Array(7).fill(3), 1, 7, 1, 6)) expect(value).toBeCloseTo(3, 12);
  const spike = new Float64Array(12);
  spike[1] = 1;
  expect(smoothBins(spike, 1, 12, 1, 2).reduce((sum, v) => sum + v)).toBeCloseTo(1, 12);
});

test('ends are reflected about the edge of the first bin', () => {
  const half = gaussianKernel(1);
  const spike = new Float64Array(20);
  spike[1] = 1;
  // Bin 0 sees bin 1 one bin to the right, and its mirror image two bins to the left.
  expect(smoothBins(spike, 1, 20, 1, 1)[0]).toBeCloseTo(half[1] + half[2], 12);
});

test('rows and dimensions do not mix', () => {
  const values = Float64Array.from({ length: 2 * 5 * 2 }, (_, i) => (i === 4 ? 1 : 0));
  const smoothed = smoothBins(values, 2, 5, 2, 1);
  expect([...smoothed.subarray(10)].every((v) => v === 0)).toBe(true);
  expect([...smoothed].every((v, i) => i % 2 === 0 || v === 0)).toBe(true);
});

test('missing bins are not seen, and a stretch is smoothed for itself', () => {
  const values = Float64Array.of(1, 1, 1, 9, 9, 5, 5);
  const observed = Uint8Array.of(1, 1, 1, 0, 0, 1, 1);
  const smoothed = smoothBins(values, 1, 7, 1, 2, { observed });
  expect([...smoothed].map((v) => Math.round(v * 1e9) / 1e9)).toEqual([1, 1, 1, 0, 0, 5, 5]);
});

test('a bin can be predicted from the others alone', () => {
  const matrix = smoothingMatrix(6, 1.5, false);
  for (let t = 0; t < 6; t++) {
    expect(matrix[t * 6 + t]).toBe(0);
    expect(matrix.subarray(t * 6, t * 6 + 6).reduce((sum, w) => sum + w)).toBeCloseTo(1, 12);
  }
});

test('no width means no smoothing', () => {
  expect([...smoothBins(Float64Array.of(1, 0, 4), 1, 3, 1, 0)]).toEqual([1, 0, 4]);
});

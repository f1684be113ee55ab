import { expect, test } from 'vitest';
import { key, normal } from '../../src-worker/engine/random.ts';
import { participationRatio, unbiasedParticipationRatio } from '../../src-worker/numerics/participation.ts';
import { principalComponents } from '../../src-worker/numerics/pca.ts';

test('the participation ratio of (4, 1) is 25/17, and of k equal variances k', () => {
  expect(participationRatio(Float64Array.of(4, 1))).toBeCloseTo(1.47058824, 8);
  expect(participationRatio(new Float64Array(7).fill(0.3))).toBeCloseTo(7, 12);
  expect(participationRatio(new Float64Array(3))).toBeNaN();
});

test('of as few samples as dimensions, half of them are seen raw, and all without the bias', () => {
  const [n, dimensions] = [100, 100];
  const ratios = Array.from({ length: 6 }, (_, draw) => {
    const values = Float64Array.from({ length: n * dimensions }, (_value, i) => normal(key(1, draw), i));
    const eigenvalues = principalComponents(values, dimensions).variances.map((variance) => (variance * n) / (n - 1));
    return [participationRatio(eigenvalues), unbiasedParticipationRatio(eigenvalues, n - 1)];
  });
  const mean = (which: number) => ratios.reduce((sum, pair) => sum + pair[which] / ratios.length, 0);
  expect(mean(0)).toBeGreaterThan(48.7);
  expect(mean(0)).toBeLessThan(50.5);
  expect(mean(1)).toBeGreaterThan(97);
  expect(mean(1)).toBeLessThan(103);
});

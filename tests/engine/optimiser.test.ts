import { describe, expect, test } from 'vitest';
import { adamW, noMoments } from '../../src-worker/training/adamw.ts';
import { BUILDS, Desk, distance, randoms } from './desk.ts';

describe.each(BUILDS)('%s optimiser', (build) => {
  test('AdamW agrees with the plain one over steps', () => {
    const d = new Desk(build);
    const n = 24;
    const weights = { w: randoms(1, n) };
    const [p, m, v] = [d.put(weights.w), d.room(n), d.room(n)];
    let moments = noMoments(weights);
    for (let step = 1; step <= 5; step++) {
      const gradient = randoms(10 + step, n);
      moments = adamW(weights, { w: gradient }, moments, 0.5, {
        learningRate: 0.01,
        weightDecay: 0.1,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
      });
      d.k.adamW(p, d.put(gradient), m, v, n, 0.5, 0.01, 0.001, 0.9, 0.999, 1e-8, 1 / (1 - 0.9 ** step), 1 / (1 - 0.999 ** step));
    }
    expect(distance(d.get(p, n), weights.w)).toBeLessThan(1e-6);
    expect(distance(d.get(m, n), moments.first.w!)).toBeLessThan(1e-6);
  });

  test('columns get unit length, a column of zeros stays, and the gradient is that of the weights before', () => {
    const d = new Desk(build);
    const [rows, ld] = [5, 8];
    const W = randoms(2, rows * ld).map((value, i) => (i % ld === 3 ? 0 : value));
    const direction = randoms(3, rows * ld);
    const value = (weights: Float32Array): number => {
      const [normal, inverse] = [d.room(rows * ld), d.room(ld)];
      d.k.normaliseColumns(rows, ld, d.put(weights), ld, normal, inverse);
      return d.get(normal, rows * ld).reduce((sum, x, i) => sum + x * direction[i]!, 0);
    };
    const [normal, inverse, gradient] = [d.room(rows * ld), d.room(ld), d.put(direction)];
    d.k.normaliseColumns(rows, ld, d.put(W), ld, normal, inverse);
    d.k.normaliseColumnsBack(rows, ld, gradient, ld, normal, inverse);
    const columns = d.get(normal, rows * ld);
    for (let j = 0; j < ld; j++) {
      const length = Math.hypot(...Array.from({ length: rows }, (_, i) => columns[i * ld + j]!));
      expect(length).toBeCloseTo(j === 3 ? 0 : 1, 6);
    }
    const slopes = d.get(gradient, rows * ld);
    for (const i of [0, 9, 18, 37]) {
      const moved = (by: number) => W.map((x, j) => (j === i ? x + by : x));
      expect(slopes[i]).toBeCloseTo((value(moved(1 / 256)) - value(moved(-1 / 256))) * 128, 2);
    }
  });

  test('sums of squares over many elements', () => {
    const d = new Desk(build);
    const values = randoms(4, 1000);
    const wanted = values.reduce((sum, x) => sum + x * x, 0);
    expect(d.k.sumOfSquares(d.put(values), 1000)).toBeCloseTo(wanted, 3);
  });
});

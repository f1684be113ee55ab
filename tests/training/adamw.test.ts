// AdamW against its definition worked by hand.

import { expect, test } from 'vitest';
import { adamW, clipFactor, globalNorm, noMoments } from '../../src-worker/training/adamw.ts';

const settings = { learningRate: 0.1, weightDecay: 0.5, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

test('the first step moves by the learning rate against the sign, beside the decay', () => {
  const weights = { a: Float32Array.of(1, -2) };
  const moments = adamW(weights, { a: Float32Array.of(3, -0.2) }, noMoments(weights), 1, settings);
  expect(weights.a[0]).toBeCloseTo(1 - 0.1 * (1 + 0.5), 6);
  expect(weights.a[1]).toBeCloseTo(-2 - 0.1 * (-1 - 1), 6);
  expect(moments.steps).toBe(1);
  expect(moments.first.a![0]).toBeCloseTo(0.3, 6);
  expect(moments.second.a![0]).toBeCloseTo(0.009, 6);
});

test('the second step weighs both gradients', () => {
  const weights = { a: Float32Array.of(0) };
  const still = { ...settings, weightDecay: 0 };
  let moments = adamW(weights, { a: Float32Array.of(1) }, noMoments(weights), 1, still);
  moments = adamW(weights, { a: Float32Array.of(-0.5) }, moments, 1, still);
  const m = (0.9 * 0.1 - 0.1 * 0.5) / (1 - 0.81);
  const v = (0.999 * 0.001 + 0.001 * 0.25) / (1 - 0.999 ** 2);
  expect(weights.a[0]).toBeCloseTo(-0.1 - (0.1 * m) / Math.sqrt(v), 6);
  expect(moments.steps).toBe(2);
});

test('a gradient beyond the limit is scaled to it, a small one is left', () => {
  expect(globalNorm({ a: Float32Array.of(3), b: Float32Array.of(0, 4) })).toBe(5);
  expect(clipFactor(5, 0.5)).toBeCloseTo(0.1);
  expect(clipFactor(0.4, 0.5)).toBe(1);
});

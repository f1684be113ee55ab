// Agreement of latents: known answers for the same latents, their linear images, unrelated ones, and noise between.

import { expect, test } from 'vitest';
import { type Dataset, TRAINING } from '../../src-worker/dataset/index.ts';
import { key, normal } from '../../src-worker/engine/random.ts';
import { agreementOf, linearR2, sampled, withinConditions } from '../../src-worker/metrics/agreement.ts';
import { SIZES, turningDataset } from './small-dataset.ts';

const D = 3;
const rows = SIZES.trials * SIZES.bins;
const noise = (seed: number, dimensions = D): Float32Array =>
  Float32Array.from({ length: rows * dimensions }, (_, i) => normal(key(seed), i));
const turned = (values: Float32Array): Float32Array =>
  Float32Array.from({ length: rows * 2 * D }, (_, i) => {
    const [row, j] = [Math.floor(i / (2 * D)), i % (2 * D)];
    return 5 + Array.from({ length: D }, (_, k) => values[row * D + k] * Math.cos((1 + j) * (1 + k))).reduce((sum, x) => sum + x, 0);
  });

const dataset = await turningDataset();
const of = (values: Float32Array, dimensions = D, data: Dataset = dataset) => sampled(data, values, dimensions);

test('a fit agrees wholly with itself and with any invertible map of itself', () => {
  const latents = noise(1);
  expect(linearR2(of(latents), of(latents))).toBeCloseTo(1, 6);
  expect(linearR2(of(latents), of(turned(latents), 2 * D))).toBeCloseTo(1, 6);
  expect(linearR2(of(turned(latents), 2 * D), of(latents))).toBeCloseTo(1, 6);
  expect(agreementOf([of(latents), of(latents), of(latents)])).toMatchObject({ pairs: 6 });
});

test('unrelated latents do not agree, also where maps have many weights', () => {
  expect(Math.abs(linearR2(of(noise(1)), of(noise(2))))).toBeLessThan(0.05);
  expect(Math.abs(linearR2(of(noise(1, 60), 60), of(noise(2, 60), 60)))).toBeLessThan(0.05);
});

test('half noise is half agreed with, and the least pair is told apart from the mean', () => {
  const [latents, other] = [noise(1), noise(2)];
  const half = latents.map((x, i) => x + other[i]);
  expect(linearR2(of(latents), of(half))).toBeCloseTo(0.5, 1);
  const { mean, least } = agreementOf([of(latents), of(latents), of(noise(3))])!;
  expect(mean).toBeCloseTo(1 / 3, 1);
  expect(Math.abs(least)).toBeLessThan(0.05);
});

test('what trials that judge look like teaches no map', () => {
  const [from, to] = [noise(1), noise(2)];
  const before = linearR2(of(from), of(to));
  // Latents that agree on the trials of training alone do not agree.
  const learned = to.map((x, i) => (dataset.split[Math.floor(i / SIZES.bins / D)] === TRAINING ? from[i] : x));
  expect(linearR2(of(from), of(learned))).toBeLessThan(0.05);
  expect(before).toBeLessThan(0.05);
});

test('bins that were not observed count for nothing', () => {
  const observed = Uint8Array.from({ length: rows }, (_, row) => (row % SIZES.bins < 15 ? 1 : 0));
  const latents = noise(1);
  const other = latents.map((x, i) => (observed[Math.floor(i / D)] ? x : 100));
  const masked = { ...dataset, observed };
  expect(linearR2(of(latents, D, masked), of(other, D, masked))).toBeCloseTo(1, 6);
  expect(linearR2(of(latents), of(other))).toBeLessThan(0.9);
});

test('where all trials are training ones, a fifth of them judges', () => {
  const all = { ...dataset, split: new Uint8Array(SIZES.trials) };
  expect(of(noise(1), D, all).judging.length).toBe((SIZES.trials / 5) * SIZES.bins * D);
  expect(linearR2(of(noise(1), D, all), of(noise(1), D, all))).toBeCloseTo(1, 6);
});

test('latents that share only their conditions’ averages do not agree within conditions', () => {
  const shared = Float32Array.from({ length: rows * D }, (_, i) => {
    const [trial, rest] = [Math.floor(i / SIZES.bins / D), i % (SIZES.bins * D)];
    return 3 * normal(key(9, dataset.conditions!.of[trial]), rest);
  });
  const [one, other] = [noise(1), noise(2)].map((own) => shared.map((x, i) => x + own[i]));
  expect(linearR2(of(one), of(other))).toBeGreaterThan(0.7);
  const within = (values: Float32Array) => of(withinConditions(dataset, values, D));
  expect(Math.abs(linearR2(within(one), within(other)))).toBeLessThan(0.05);
  // Averages are gone.
  const left = withinConditions(dataset, one, D);
  const first = left.filter((_, i) => dataset.conditions!.of[Math.floor(i / SIZES.bins / D)] === 0 && i % (SIZES.bins * D) === 4);
  expect(first.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 4);
});

test('latents that do not vary give no agreement', () => {
  expect(agreementOf([of(new Float32Array(rows * D)), of(new Float32Array(rows * D))])).toBeUndefined();
});

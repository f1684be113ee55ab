// Ramps, the fall of the learning rate, plateaus, and which step is kept.

import { expect, test } from 'vitest';
import { afterValidation, linearFall, noPlateau, ramp } from '../../src-worker/training/schedules.ts';
import { exhausted, watched } from '../../src-worker/training/stopping.ts';

test('a ramp rises evenly to the whole and stays there', () => {
  expect(ramp(0, 0)).toBe(1);
  expect(ramp(0, 99)).toBeCloseTo(0.01);
  expect(ramp(49, 99)).toBeCloseTo(0.5);
  expect(ramp(99, 99)).toBe(1);
  expect(ramp(5000, 99)).toBe(1);
});

test('the learning rate is whole for half of the steps and ends at 2 %', () => {
  expect(linearFall(0, 1000)).toBe(1);
  expect(linearFall(499, 1000)).toBe(1);
  expect(linearFall(749.5, 1000)).toBeCloseTo(0.51, 2);
  expect(linearFall(999, 1000)).toBeCloseTo(0.02);
  expect(linearFall(0, 1)).toBe(1);
});

test('on a plateau the rate falls by a twentieth after more than six validations without a new lowest', () => {
  let plateau = noPlateau;
  for (const score of [5, 4, 4, 4, 4, 4, 4, 4]) plateau = afterValidation(plateau, score);
  expect(plateau.factor).toBe(1);
  plateau = afterValidation(plateau, 4.5);
  expect(plateau.factor).toBeCloseTo(0.95);
  plateau = afterValidation(plateau, 3);
  expect(plateau).toMatchObject({ lowest: 3, sinceLowest: 0 });
});

test('scores are smoothed 0.3 to 0.7, and none counts before the first step that may', () => {
  const first = watched({ bestStep: 0 }, 50, 1, 100);
  expect(first).toEqual({ watch: { smoothed: 1, bestStep: 0 }, isBest: false });
  const second = watched(first.watch, 100, 2, 100);
  expect(second.isBest).toBe(true);
  expect(second.watch.smoothed).toBeCloseTo(1.7);
  const third = watched(second.watch, 150, 1.7, 100);
  expect(third.isBest).toBe(false);
  expect(third.watch.bestStep).toBe(100);
});

test('patience counts from the best step, or from the first that may be it', () => {
  expect(exhausted({ bestStep: 200 }, 599, 100, 400)).toBe(false);
  expect(exhausted({ bestStep: 200 }, 600, 100, 400)).toBe(true);
  expect(exhausted({ bestStep: 200 }, 600, 500, 400)).toBe(false);
});

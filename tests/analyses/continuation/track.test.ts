// Points that a slider moves along branches, against roots that are known in closed form.

import { expect, test } from 'vitest';
import { armsOf, onArm } from '../../../src-worker/analyses/continuation/arms.ts';
import { continuation } from '../../../src-worker/analyses/continuation/index.ts';
import { armNames, trackerOf } from '../../../src-worker/analyses/continuation/track.ts';
import { fixedPoints } from '../../../src-worker/analyses/fixed-points/index.ts';
import { pointsOf } from '../../../src-worker/analyses/fixed-points/result.ts';
import { statesOf } from '../../../src-worker/analyses/states.ts';
import type { Result } from '../../../src-worker/contract/result.ts';
import { valuesOf } from '../../../src-worker/contract/settings.ts';
import { steppedRnn } from '../../../src-worker/models/network/rnn.ts';
import { reachDynamics } from '../../views/reach-dynamics.ts';
import { reaches } from '../../views/reaches.ts';

const size = { trials: 8, units: 4 };
const dynamics = reachDynamics(size);
const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };
const settings = { visited: [], usual: Number.NaN, margin: 1e-4 };
const FOLD = 10 / Math.sqrt(3);

async function searchedAt(go: number) {
  const { dataset, outputs } = reaches(size);
  const inputs = { states: statesOf(dataset, 'generator', outputs), dataset, dynamics };
  const asked = { input: 'values', inputValues: [go, 0], starts: 48 };
  const found = await fixedPoints.run(inputs, valuesOf(fixedPoints.params, asked), job);
  const continued = await continuation.run(inputs, valuesOf(continuation.params, { ...asked, slider: '1', range: [-10, 10] }), job);
  return { found, continued, tracker: trackerOf(dynamics, found, continued, settings) };
}

const gates = (result: Result) => pointsOf(result).points.map(({ position }) => position[0]!);
const names = (result: Result) => Array.from(result.arrays.places!.values);

test('all three points move with the input as the roots of 15 (s − s³) + go do, and keep their names', async () => {
  const { found, tracker } = await searchedAt(0);
  const before = gates(found);
  for (const go of [2, 5, FOLD - 0.05, -3]) {
    const { result, ended } = tracker.to(go);
    expect(ended).toEqual([]);
    expect(names(result)).toEqual([0, 1, 2]);
    for (const [k, s] of gates(result).entries()) {
      expect(15 * (s - s ** 3) + go).toBeCloseTo(0, 9);
      // The order along s stays what it was.
      expect(gates(result).filter((other) => other < s).length).toBe(before.filter((other) => other < before[k]!).length);
    }
    expect(
      pointsOf(result)
        .points.map(({ stability }) => stability)
        .sort(),
    ).toEqual(['saddle', 'stable', 'stable']);
  }
});

test('past the fold at go = 10/√3 rest and saddle are no more, and come back with the slider', async () => {
  const { tracker } = await searchedAt(0);
  const past = tracker.to(FOLD + 0.01);
  expect(past.ended).toHaveLength(2);
  expect(past.result.notes.join(' ')).toMatch(/2 of 3 fixed points met a fold/);
  expect(gates(past.result)[0]).toBeGreaterThan(1);
  expect(names(tracker.to(0).result)).toEqual([0, 1, 2]);
});

test('where the search meets one point, branches bring the others in under names of their own', async () => {
  const { tracker, found } = await searchedAt(7);
  expect(gates(found)).toHaveLength(1);
  const { result, ended } = tracker.to(0);
  expect(ended).toEqual([]);
  expect(Math.round(gates(result)[0]!)).toBe(1);
  expect(new Set(gates(result).map((s) => Math.round(s) + 0))).toEqual(new Set([-1, 0, 1]));
  expect(names(result)).toEqual([0, 1, 2]);
  expect(result.notes.join(' ')).toMatch(/2 points are of branches that the search does not meet/);
});

test('the way there does not matter', async () => {
  const one = await searchedAt(0);
  const straight = one.tracker.to(4).result;
  const other = trackerOf(dynamics, one.found, one.continued, settings);
  for (const go of [5, -9, 9, 1]) other.to(go);
  expect(gates(other.to(4).result)).toEqual(gates(straight));
});

test('a closed branch is two arms that meet at its ends, however it was begun', async () => {
  // An isola: x² + u² = ¼, as ẋ of one state.
  const flow = {
    kind: 'ode' as const,
    states: 1,
    inputs: 1,
    derivative: (x: Float64Array, u: Float64Array) => Float64Array.of(x[0]! ** 2 + u[0]! ** 2 - 0.25),
    jacobian: (x: Float64Array) => Float64Array.of(2 * x[0]!),
  };
  const states = { ...statesOf(reaches(size).dataset, 'counts', undefined), rows: 0, values: new Float64Array(0), dimensions: 1 };
  const inputs = { states, dataset: reaches(size).dataset, dynamics: { flow, of: 'an isola', notes: [] } };
  const asked = { input: 'values', inputValues: [0.1], starts: 20, range: [-1, 1] };
  const result = await continuation.run(inputs, valuesOf(continuation.params, asked), job);
  const arms = armsOf(result);
  expect(arms).toHaveLength(2);
  for (const value of [-0.4, 0, 0.1, 0.3]) {
    const found = arms.map((arm) => onArm(arm, value)!.x[0]!).sort((a, b) => a - b);
    expect(found[0]).toBeCloseTo(-Math.sqrt(0.25 - value * value), 2);
    expect(found[1]).toBeCloseTo(Math.sqrt(0.25 - value * value), 2);
  }
  expect(onArm(arms[0]!, 0.6)).toBeUndefined();
});

test('stability changes at a flip without a fold: one arm, two verdicts', async () => {
  // x' = tanh(−2 x + u): slope −2 where u = 0, and flat where u saturates it.
  const flow = steppedRnn({ states: 1, inputs: 1, W: Float64Array.of(-2), V: Float64Array.of(1), b: Float64Array.of(0) }, 'tanh', 1, 1);
  const states = { ...statesOf(reaches(size).dataset, 'counts', undefined), rows: 0, values: new Float64Array(0), dimensions: 1 };
  const inputs = { states, dataset: reaches(size).dataset, dynamics: { flow, of: 'a flip', notes: [] } };
  const result = await continuation.run(inputs, valuesOf(continuation.params, { input: 'zero', starts: 20, range: [-5, 5] }), job);
  const arms = armsOf(result);
  expect(arms).toHaveLength(1);
  expect([-4, 0, 4].map((value) => onArm(arms[0]!, value)!.verdict)).toEqual(['stable', 'unstable', 'stable']);
});

test('arms have the names of the points that the slider moves', async () => {
  const { continued, tracker } = await searchedAt(2);
  const arms = armsOf(continued);
  const called = armNames(dynamics, continued)!;
  for (const go of [2, -4, 7]) {
    const { result } = tracker.to(go);
    const moved = gates(result);
    for (const [k, name] of names(result).entries()) {
      const near = onArm(arms[called.indexOf(name)]!, go)!;
      expect(near.x[0]).toBeCloseTo(moved[k]!, 2);
    }
  }
});

// Points followed along a held input, against roots that are known in closed form.

import { expect, test } from 'vitest';
import { followed, trackerOf } from '../../../src-worker/analyses/fixed-points/follow.ts';
import { fixedPoints } from '../../../src-worker/analyses/fixed-points/index.ts';
import { pointsOf } from '../../../src-worker/analyses/fixed-points/result.ts';
import { statesOf } from '../../../src-worker/analyses/states.ts';
import { valuesOf } from '../../../src-worker/contract/settings.ts';
import { reachDynamics } from '../../views/reach-dynamics.ts';
import { reaches } from '../../views/reaches.ts';

const size = { trials: 8, units: 4 };
const dynamics = reachDynamics(size);
const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };
const settings = { visited: [], usual: Number.NaN, margin: 1e-4 };

async function found() {
  const { dataset, outputs } = reaches(size);
  const states = statesOf(dataset, 'generator', outputs);
  return fixedPoints.run({ states, dataset, dynamics }, valuesOf(fixedPoints.params, { input: 'zero', starts: 48 }), job);
}

const gates = (result: Awaited<ReturnType<typeof found>>) =>
  pointsOf(result)
    .points.map(({ position }) => position[0]!)
    .sort((a, b) => a - b);

test('all three points move with the input as the roots of 15 (s − s³) + go do', async () => {
  const tracker = trackerOf(dynamics, await found(), settings);
  for (const go of [2, 5, -3]) {
    const { result, ended } = tracker.to(Float64Array.of(go, 0));
    expect(ended).toEqual([]);
    for (const s of gates(result)) expect(15 * (s - s ** 3) + go).toBeCloseTo(0, 9);
    expect(new Set(gates(result).map((s) => s.toFixed(6))).size).toBe(3);
    expect(
      pointsOf(result)
        .points.map(({ stability }) => stability)
        .sort(),
    ).toEqual(['saddle', 'stable', 'stable']);
  }
});

test('past the fold at go = 10/√3 rest and saddle end, and come back with the slider', async () => {
  const tracker = trackerOf(dynamics, await found(), settings);
  const fold = 10 / Math.sqrt(3);
  expect(tracker.to(Float64Array.of(fold - 0.01, 0)).ended).toHaveLength(0);
  const past = tracker.to(Float64Array.of(fold + 0.01, 0));
  expect(past.ended).toHaveLength(2);
  expect(past.result.notes.join(' ')).toMatch(/2 of 3 fixed points met a fold/);
  expect(gates(past.result)[0]).toBeGreaterThan(1);
  expect(tracker.to(Float64Array.of(0, 0)).ended).toHaveLength(0);
});

test('the way there does not matter', async () => {
  const result = await found();
  const straight = trackerOf(dynamics, result, settings).to(Float64Array.of(4, 0.1));
  const tracker = trackerOf(dynamics, result, settings);
  for (const share of [0.3, 0.9, 0.2, 0.6]) tracker.to(Float64Array.of(4 * share, 0.1 * share));
  const wandering = tracker.to(Float64Array.of(4, 0.1));
  for (const [k, s] of gates(wandering.result).entries()) expect(s).toBeCloseTo(gates(straight.result)[k]!, 12);
});

test('a point is not followed onto another branch', () => {
  // The rest point at the far end of a range that has none: nothing, rather than the movement point.
  const rest = Float64Array.of(-1, 0, 0, 0, 0, 0);
  expect(followed(dynamics.flow, rest, Float64Array.of(0, 0), Float64Array.of(40, 0))).toBeUndefined();
});

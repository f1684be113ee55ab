import { describe, expect, test } from 'vitest';
import { conditionAverages, statesOf } from '../../src-worker/analyses/states.ts';
import { divergence } from '../../src-worker/analyses/divergence.ts';
import { tangling, velocity } from '../../src-worker/analyses/tangling.ts';
import { largestRatios } from '../../src-worker/analyses/pairs.ts';
import { Failure } from '../../src-worker/contract/failure.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import type { States } from '../../src-worker/contract/result.ts';
import { totalVariance } from '../../src-worker/numerics/statistics.ts';
import { reaches } from '../views/reaches.ts';

const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };
type Curve = (angle: number) => readonly [number, number];

/** A closed path at unit angular speed, t_k = 2πk/n, with its analytic velocity. */
function closed(n: number, point: Curve, derivative: Curve): { readonly states: States; readonly v: Float64Array } {
  const angles = Array.from({ length: n }, (_, k) => (2 * Math.PI * k) / n);
  const states: States = {
    values: Float64Array.from(angles.flatMap((angle) => [...point(angle)])),
    rows: 1,
    bins: n,
    dimensions: 2,
    binMs: (2000 * Math.PI) / n,
    timeMs: Float64Array.from(angles, (angle) => 1000 * angle),
    unit: '1',
    of: 'trials',
    rowIds: Int32Array.of(0),
    conditions: Int32Array.of(-1),
    conditionNames: [],
    recipe: 'a closed path',
  };
  return { states, v: Float64Array.from(angles.flatMap((angle) => [...derivative(angle)])) };
}

const circle = closed(
  100,
  (a) => [Math.cos(a), Math.sin(a)],
  (a) => [-Math.sin(a), Math.cos(a)],
);
const eight = (n: number) =>
  closed(
    n,
    (a) => [Math.sin(a), Math.sin(2 * a)],
    (a) => [Math.cos(a), 2 * Math.cos(2 * a)],
  );
const q = ({ states, v }: typeof circle) => largestRatios(states, v, 0.1 * totalVariance(states), job);

describe('tangling', () => {
  test('of a circle at unit speed is 4 / 4.1 everywhere', async () => {
    for (const value of await q(circle)) expect(value).toBeCloseTo(0.97560976, 8);
  });

  test('of a path that crosses itself is 4 / ε at the crossing, and has its known least value', async () => {
    const fine = await q(eight(1000));
    expect(Math.max(...fine)).toBeCloseTo(40, 6);
    expect(Math.min(...fine)).toBeCloseTo(8.0975, 4);
    expect(Math.min(...(await q(eight(100))))).toBeCloseTo(8.247, 3);
  });

  test('does not change when the states are turned', async () => {
    const [cos, sin] = [0.6, 0.8];
    const turned = (values: Float64Array) =>
      values.map((_, i) => (i % 2 === 0 ? cos * values[i] - sin * values[i + 1] : sin * values[i - 1] + cos * values[i]));
    const { states, v } = eight(200);
    const after = await q({ states: { ...states, values: turned(states.values) }, v: turned(v) });
    for (const [bin, value] of (await q({ states, v })).entries()) expect(after[bin]).toBeCloseTo(value, 9);
  });

  test('by central differences comes near the analytic one', async () => {
    const { states } = closed(
      800,
      (a) => [Math.cos(a), Math.sin(a)],
      (a) => [-Math.sin(a), Math.cos(a)],
    );
    const found = await largestRatios(states, velocity(states), 0.1 * totalVariance(states), job);
    for (const value of found.slice(1, -1)) expect(value).toBeCloseTo(0.97561, 3);
  });

  test('of an experiment stands beside its surrogates and its behaviour', async () => {
    const { dataset, outputs } = reaches({ trials: 64, units: 20 });
    const states = statesOf(dataset, 'rates', outputs);
    const result = await tangling.run({ states, dataset }, valuesOf(tangling.params, { draws: 20 }), job);
    expect(result.arrays.q?.shape).toEqual([8, 50]);
    expect(result.summary.controlDraws).toBe(20);
    // Driven by one smooth flow, the averages are less tangled than smoothness alone would make them, and than the hand.
    expect(result.summary.median).toBeLessThan(result.summary.controlMedian ?? 0);
    expect(result.summary.behaviourRatio).toBeGreaterThan(1);
    expect(result.recipe).toMatch(
      /rates, 8 condition averages of 64 trials, soft-normalised, first 8 principal components \(\d+ % of the variance\); derivative/,
    );
    const again = await tangling.run({ states, dataset }, valuesOf(tangling.params, { draws: 20 }), job);
    expect(again.arrays.controlMedian?.values).toEqual(result.arrays.controlMedian?.values);
  });

  test('stops within a block when cancelled', async () => {
    const { dataset, outputs } = reaches({ trials: 64, units: 5 });
    const states = statesOf(dataset, 'rates', outputs);
    const abort = new AbortController();
    const progress = async () => abort.abort();
    const run = tangling.run({ states, dataset }, valuesOf(tangling.params, { of: 'trials' }), { ...job, signal: abort.signal, progress });
    await expect(run).rejects.toThrow(/abort/i);
  });

  test('refuses states that change by rounding alone, as rates do that a model leaves at their means', async () => {
    const { dataset, outputs } = reaches({ trials: 16, units: 4 });
    const given = statesOf(dataset, 'rates', outputs);
    const still = { ...given, values: given.values.map((_, i) => Math.fround(7 + (i % 4) + 1e-7 * (i % 3))) };
    const refused = (analysis: typeof tangling | typeof divergence) => () =>
      analysis.run({ states: still, dataset }, valuesOf(analysis.params, {}) as never, job);
    await expect(refused(tangling)).rejects.toThrow(/Tangling needs states that move.*--state/);
    await expect(refused(divergence)).rejects.toThrow(/Divergence needs states that move/);
  });

  test('refuses trials too short for a derivative, and says what to do', async () => {
    const { dataset, outputs } = reaches({ trials: 8, units: 3, bins: 2 });
    const run = tangling.run({ states: statesOf(dataset, 'rates', outputs), dataset }, valuesOf(tangling.params, {}), job);
    await expect(run).rejects.toThrow(Failure);
    await expect(run).rejects.toThrow(/2\. Choose a longer window/);
  });

  test('passes over bins that were not observed', async () => {
    const { dataset, outputs } = reaches({ trials: 16, units: 4 });
    const observed = new Uint8Array(16 * 50).fill(1);
    observed.fill(0, 0, 10);
    const masked = { ...dataset, observed };
    const states = statesOf(masked, 'rates', outputs);
    const result = await tangling.run({ states, dataset: masked }, valuesOf(tangling.params, { of: 'trials', components: 0 }), job);
    const first = [...(result.arrays.q?.values ?? [])].slice(0, 12);
    expect(first.slice(0, 10).every(Number.isNaN)).toBe(true);
    expect(first.slice(10).every(Number.isFinite)).toBe(true);
    expect(conditionAverages(states).values.every(Number.isFinite)).toBe(true);
  });
});

import { describe, expect, test } from 'vitest';
import { divergence, later } from '../../src-worker/analyses/divergence.ts';
import { largestRatios } from '../../src-worker/analyses/pairs.ts';
import { statesOf } from '../../src-worker/analyses/states.ts';
import type { States } from '../../src-worker/contract/result.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import { totalVariance } from '../../src-worker/numerics/statistics.ts';
import { reaches } from '../views/reaches.ts';

const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };

/** A closed path of n points, whose end point is not repeated. */
function closed(n: number, point: (angle: number) => readonly [number, number]): States {
  const angles = Array.from({ length: n }, (_, k) => (2 * Math.PI * k) / n);
  return {
    values: Float64Array.from(angles.flatMap((angle) => [...point(angle)])),
    rows: 1,
    bins: n,
    dimensions: 2,
    binMs: 10,
    timeMs: Float64Array.from(angles, (_, k) => 10 * k),
    unit: '',
    of: 'trials',
    rowIds: Int32Array.of(0),
    conditions: Int32Array.of(-1),
    conditionNames: [],
    recipe: 'a closed path',
  };
}

/** States `delay` bins later round the path. */
const round = ({ values }: States, delay: number) => values.map((_, i) => values[(i + 2 * delay) % values.length]);
const d = (states: States, delay: number) => largestRatios(states, round(states, delay), 0.1 * totalVariance(states), job);

describe('divergence', () => {
  test('of a circle is .97560976 at every time and delay', async () => {
    const circle = closed(100, (a) => [Math.cos(a), Math.sin(a)]);
    for (const delay of [1, 7, 50]) for (const value of await d(circle, delay)) expect(value).toBeCloseTo(0.97560976, 8);
  });

  test('of a path that crosses itself has its known extremes', async () => {
    const eight = closed(1000, (a) => [Math.sin(a), Math.sin(2 * a)]);
    const values = await d(eight, 100);
    expect(Math.max(...values)).toBeCloseTo(14.4557, 4);
    expect(Math.min(...values)).toBeCloseTo(2.3329, 4);
  });

  test('drops pairs that leave their trial', () => {
    const path = closed(6, (a) => [Math.cos(a), Math.sin(a)]);
    const two: States = { ...path, rows: 2, bins: 3 };
    const y = later(two, 1);
    expect([...y.subarray(0, 4)]).toEqual([...two.values.subarray(2, 6)]);
    expect([...y.subarray(4, 6)].every(Number.isNaN)).toBe(true);
    expect([...y.subarray(6, 10)]).toEqual([...two.values.subarray(8, 12)]);
  });

  test('of an experiment stands beside its surrogates, at the delay and over delays', async () => {
    const { dataset, outputs } = reaches({ trials: 64, units: 20 });
    const states = statesOf(dataset, 'rates', outputs);
    const result = await divergence.run({ states, dataset }, valuesOf(divergence.params, { draws: 20, delayMs: 200 }), job);
    expect(result.arrays.q.shape).toEqual([8, 50]);
    expect([...result.arrays.q.values.subarray(40, 50)].every(Number.isNaN)).toBe(true);
    expect(result.summary).toMatchObject({ delayMs: 200, controlDraws: 20 });
    expect(result.summary.median).toBeLessThan(result.summary.controlMedian);
    const { delays, sweep, sweepControlMedian } = result.arrays;
    expect(delays.values[0]).toBe(20);
    expect(delays.values.at(-1)).toBe(500);
    expect(sweep.values.length).toBe(delays.values.length);
    expect(sweepControlMedian.values.every(Number.isFinite)).toBe(true);
    expect(result.recipe).toMatch(/^Divergence 200 ms later of rates, 8 condition averages of 64 trials/);
  });

  test('refuses a delay that is no whole number of bins, or longer than the window', async () => {
    const { dataset, outputs } = reaches({ trials: 16, units: 4 });
    const states = statesOf(dataset, 'rates', outputs);
    for (const delayMs of [30, 0, 1000])
      await expect(divergence.run({ states, dataset }, valuesOf(divergence.params, { delayMs }), job)).rejects.toThrow(
        /Choose a whole number of bins from 20 to 960 ms/,
      );
  });
});

import { describe, expect, test } from 'vitest';
import { crossValidated } from '../../src-worker/analyses/dimensionality/spectrum.ts';
import { dimensionality } from '../../src-worker/analyses/dimensionality/index.ts';
import { statesOf } from '../../src-worker/analyses/states.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import { key, normal, uniform } from '../../src-worker/engine/random.ts';
import { participationRatio } from '../../src-worker/numerics/participation.ts';
import { principalComponents } from '../../src-worker/numerics/pca.ts';
import { reaches } from '../views/reaches.ts';

const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };

function poisson(rate: number, k: number): number {
  let [count, mass] = [0, Math.exp(-rate)];
  const draw = uniform(k, 0);
  for (let sum = mass; draw > sum && count < 100; sum += mass) mass *= rate / ++count;
  return count;
}

/** Poisson counts of 60 units in 200 conditions of 12 trials, whose rates lie in three dimensions of standard deviations 3 : 2 : 1. */
function counts() {
  const [units, conditions, each] = [60, 200, 12];
  const sds = [3, 2, 1].map((size) => size * 0.35);
  const directions = principalComponents(
    Float64Array.from({ length: 300 * units }, (_, i) => normal(key(1), i)),
    units,
    3,
  ).components;
  const rates = new Float64Array(conditions * units);
  for (let c = 0; c < conditions; c++)
    for (let u = 0; u < units; u++) {
      let rate = 4;
      for (let d = 0; d < 3; d++) rate += sds[d] * normal(key(2, d), c) * directions[d * units + u] * Math.sqrt(units) * 0.5;
      rates[c * units + u] = Math.max(0.05, rate);
    }
  const values = new Float64Array(conditions * each * units);
  for (let c = 0; c < conditions; c++)
    for (let trial = 0; trial < each; trial++)
      for (let u = 0; u < units; u++) values[(c * each + trial) * units + u] = poisson(rates[c * units + u], key(3, c, trial, u));
  const groups = Array.from({ length: conditions }, (_, c) => Array.from({ length: each }, (_trial, k) => c * each + k));
  return { rates, trials: { values, bins: 1, units, groups } };
}

describe('cross-validated spectra', () => {
  const { rates, trials } = counts();
  const { units, groups } = trials;
  const truth = principalComponents(rates, units).variances;

  test('find the dimensions of noisy averages where the raw spectrum finds many more', () => {
    const averages = new Float64Array(rates.length);
    for (const [c, group] of groups.entries())
      for (const trial of group) for (let u = 0; u < units; u++) averages[c * units + u] += trials.values[trial * units + u] / group.length;
    const raw = participationRatio(principalComponents(averages, units).variances);
    const found = Array.from({ length: 7 }, (_, draw) => crossValidated(trials, 'none', 0, draw));
    const cv = Float64Array.from(found[0], (_, k) => found.reduce((sum, one) => sum + one[k] / found.length, 0));
    const expected = participationRatio(truth);
    expect(expected).toBeGreaterThan(2);
    expect(expected).toBeLessThan(3);
    expect(raw).toBeGreaterThan(2 * expected);
    expect(Math.abs(participationRatio(cv) - expected)).toBeLessThan(0.15);
    const tail = cv.subarray(3);
    expect(Math.abs(tail.reduce((sum, value) => sum + value / tail.length, 0))).toBeLessThan(0.005 * cv[0]);
    // Their sum is the signal variance without the noise.
    const total = truth.reduce((sum, value) => sum + value, 0);
    expect(cv.reduce((sum, value) => sum + value, 0) / total).toBeGreaterThan(0.9);
    expect(cv.reduce((sum, value) => sum + value, 0) / total).toBeLessThan(1.1);
  });

  test('find nothing where trials are shuffled across conditions, and the same where within', () => {
    const sum = (values: Float64Array) => values.reduce((all, value) => all + value, 0);
    const signal = sum(truth);
    expect(Math.abs(sum(crossValidated(trials, 'across', 0, 0)))).toBeLessThan(0.1 * signal);
    expect(sum(crossValidated(trials, 'within', 0, 0)) / signal).toBeCloseTo(1, 0);
  });
});

describe('dimensionality', () => {
  test('of an experiment’s counts comes near to that of their rates', async () => {
    const { dataset, outputs } = reaches({ trials: 160, units: 24 });
    const run = (state: 'counts' | 'rates') =>
      dimensionality.run(
        { states: statesOf(dataset, state, outputs), dataset },
        valuesOf(dimensionality.params, { draws: 4, splits: 7, smoothMs: 40 }),
        job,
      );
    const [counts, rates] = [await run('counts'), await run('rates')];
    expect(counts.summary.participationRaw).toBeGreaterThan(counts.summary.participation);
    expect(Math.abs(counts.summary.participation - rates.summary.participation)).toBeLessThan(0.6);
    expect(counts.summary).toMatchObject({ conditions: 8, trials: 160, units: 24, splits: 7, controlDraws: 4 });
    const last = (name: string) => counts.arrays[name].values.at(-1);
    expect(last('cvCurve')).toBeCloseTo(1, 9);
    // What is left without conditions is the course over time that they share.
    expect(last('acrossCurve')).toBeLessThan(0.95);
    expect(counts.arrays.unitCounts.values.at(-1)).toBe(24);
    expect(rates.notes.join(' ')).toMatch(/went through one model/);
    expect(counts.recipe).toMatch(
      /^Dimensionality of counts, 8 condition averages of 160 trials, soft-normalised, smoothed \(s\.d\. 40 ms\); 7 random splits/,
    );
  });

  test('refuses conditions of one trial each', async () => {
    const { dataset, outputs } = reaches({ trials: 8, units: 4 });
    const states = statesOf(dataset, 'counts', outputs);
    await expect(dimensionality.run({ states, dataset }, valuesOf(dimensionality.params, {}), job)).rejects.toThrow(
      /two trials of a condition, and no condition has so many\. Let more trials in/,
    );
  });
});

import { describe, expect, test } from 'vitest';
import { fitRotation, planesOf, turned } from '../../src-worker/analyses/jpca/fit.ts';
import { jpca } from '../../src-worker/analyses/jpca/index.ts';
import { statesOf } from '../../src-worker/analyses/states.ts';
import type { States } from '../../src-worker/contract/result.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import { key, normal } from '../../src-worker/engine/random.ts';
import { reaches } from '../views/reaches.ts';

const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };
const { dataset } = reaches({ trials: 8, units: 3 });

/** Conditions × bins × dimensions as states of that many trials, one a condition. */
function statesFrom(values: Float64Array, conditions: number, bins: number, dimensions: number, binMs: number): States {
  return {
    values,
    rows: conditions,
    bins,
    dimensions,
    binMs,
    timeMs: Float64Array.from({ length: bins }, (_, k) => (k + 0.5) * binMs),
    unit: '',
    of: 'trials',
    rowIds: Int32Array.from({ length: conditions }, (_, k) => k),
    conditions: Int32Array.from({ length: conditions }, (_, k) => k),
    conditionNames: Array.from({ length: conditions }, (_, k) => String(k)),
    recipe: 'made for a test',
  };
}

/** Eight starts on a circle that all turn at one frequency, seen by `dimensions` mixtures plus noise. */
function rotating(hz: number, { binMs = 10, bins = 30, dimensions = 2, noise = 0 } = {}): States {
  const values = new Float64Array(8 * bins * dimensions);
  for (let c = 0; c < 8; c++)
    for (let t = 0; t < bins; t++) {
      const angle = 2 * Math.PI * (c / 8 + (hz * t * binMs) / 1000);
      const size = 1 + 0.3 * Math.cos(c);
      for (let d = 0; d < dimensions; d++) {
        const [a, b] = dimensions === 2 ? [d === 0 ? 1 : 0, d] : [normal(key(7, d), 0), normal(key(7, d), 1)];
        values[(c * bins + t) * dimensions + d] = size * (a * Math.cos(angle) + b * Math.sin(angle)) + noise * normal(key(8, c, t), d);
      }
    }
  return statesFrom(values, 8, bins, dimensions, binMs);
}

/** Conditions that wander smoothly and independently, without any common dynamics. */
function smoothNoise(seed: number): States {
  const [bins, dimensions] = [40, 20];
  const values = new Float64Array(8 * bins * dimensions);
  for (let c = 0; c < 8; c++)
    for (let d = 0; d < dimensions; d++)
      for (let t = 0; t < bins; t++)
        for (let s = -20; s < bins + 20; s++)
          values[(c * bins + t) * dimensions + d] += normal(key(seed, c, d), s + 20) * Math.exp(-(((t - s) / 6) ** 2) / 2);
  return statesFrom(values, 8, bins, dimensions, 10);
}

describe('the fit of jPCA', () => {
  test('is exact for a pure rotation, and undoes the midpoint rule', () => {
    const states = rotating(2);
    const rotation = fitRotation(states.values, 8, 30, 2, 10);
    expect(rotation.r2Skew).toBeCloseTo(1, 12);
    expect(rotation.r2Free).toBeCloseTo(1, 12);
    const [plane] = planesOf(rotation, 10);
    expect(plane.frequencyHz).toBeCloseTo(2, 10);
    // Without undoing it the frequency would be 2.00264 Hz.
    expect(Math.abs(rotation.skew[1]) / (2 * Math.PI)).toBeCloseTo(2.00264, 5);
  });

  test('is the least squares over the parameters of a skew-symmetric matrix', () => {
    const k = 6;
    const values = Float64Array.from({ length: 5 * 20 * k }, (_, i) => normal(key(3), i) + Math.sin(i / 9));
    const { skew, r2Skew, r2Free } = fitRotation(values, 5, 20, k, 10);
    for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) expect(skew[i * k + j] + skew[j * k + i]).toBeCloseTo(0, 9);
    // No skew-symmetric step in any direction lowers the error.
    const error = (m: Float64Array) => {
      let sum = 0;
      for (let row = 0; row < 5; row++)
        for (let t = 0; t < 19; t++)
          for (let j = 0; j < k; j++) {
            const at = (row * 20 + t) * k;
            let rest = (values[at + k + j] - values[at + j]) / 0.01;
            for (let i = 0; i < k; i++) rest -= ((values[at + k + i] + values[at + i]) / 2) * m[i * k + j];
            sum += rest * rest;
          }
      return sum;
    };
    const best = error(skew);
    for (let i = 0; i < k; i++)
      for (let j = 0; j < i; j++)
        for (const step of [-0.01, 0.01]) {
          const moved = skew.slice();
          moved[i * k + j] += step;
          moved[j * k + i] -= step;
          expect(error(moved)).toBeGreaterThan(best);
        }
    expect(r2Free).toBeGreaterThan(r2Skew);
  });

  test('gives planes that turn anticlockwise at their own frequencies', () => {
    const k = 4;
    const bins = 50;
    const values = new Float64Array(6 * bins * k);
    for (let c = 0; c < 6; c++)
      for (let t = 0; t < bins; t++)
        for (const [plane, hz] of [3, -1.25].entries()) {
          const angle = c * (plane + 1) + 2 * Math.PI * hz * t * 0.01;
          values.set([Math.cos(angle), Math.sin(angle)], (c * bins + t) * k + 2 * plane);
        }
    const planes = planesOf(fitRotation(values, 6, bins, k, 10), 10);
    expect(planes.map(({ frequencyHz }) => frequencyHz)).toEqual([expect.closeTo(3, 9), expect.closeTo(1.25, 9)]);
    for (const plane of planes) {
      const start = Float64Array.from({ length: 6 * k }, (_, i) => values[Math.floor(i / k) * bins * k + (i % k)]);
      const { axes } = turned(plane, start);
      const at = (t: number) => [0, 1].map((a) => axes.subarray(a * k, a * k + k).reduce((sum, w, i) => sum + w * values[t * k + i], 0));
      const [[x0, y0], [x1, y1]] = [at(0), at(1)];
      expect(x0 * y1 - y0 * x1).toBeGreaterThan(0);
      const dot = axes.subarray(0, k).reduce((sum, w, i) => sum + w * axes[k + i], 0);
      expect(dot).toBeCloseTo(0, 10);
    }
  });
});

describe('jPCA', () => {
  const run = (states: States, settings = {}) => jpca.run({ states, dataset }, valuesOf(jpca.params, { draws: 60, ...settings }), job);

  test('tells data that rotate from their surrogates', async () => {
    const { summary, arrays, recipe, notes } = await run(rotating(2, { dimensions: 30, noise: 0.05 }), { components: 2 });
    expect(summary.frequencyHz).toBeCloseTo(2, 1);
    expect(summary.r2Skew).toBeGreaterThan(0.9);
    expect(summary.r2Skew).toBeGreaterThan(summary.control95);
    expect(summary.p).toBeCloseTo(1 / 61, 10);
    expect(arrays.scores.shape).toEqual([8, 30, 2]);
    expect(arrays.surrogateR2.values.length).toBe(60);
    expect(recipe).toMatch(/mean over conditions subtracted, first 2 principal components \(\d+ % of the variance\); control: 60 tensor/);
    expect(notes[0]).toMatch(/rotate more than their smoothness/);
  });

  test('does not take smooth noise for rotations', async () => {
    const seeds = await Promise.all([11, 12, 13].map((seed) => run(smoothNoise(seed), { draws: 40 })));
    // Under the null p is uniform: three below .1 would be one chance in a thousand.
    expect(Math.max(...seeds.map(({ summary }) => summary.p))).toBeGreaterThan(0.1);
    expect(Math.min(...seeds.map(({ summary }) => summary.control95))).toBeGreaterThan(0.05);
  });

  test('gives the same bits for the same seed', async () => {
    const [a, b] = [await run(smoothNoise(3), { draws: 5 }), await run(smoothNoise(3), { draws: 5 })];
    expect(a.arrays.surrogateR2.values).toEqual(b.arrays.surrogateR2.values);
  });

  test('uses the part of the window that is asked for', async () => {
    const { arrays, recipe } = await run(rotating(2, { dimensions: 5 }), { partMs: [100, 200], draws: 5 });
    expect([arrays.time.values[0], arrays.time.values.at(-1)]).toEqual([105, 195]);
    expect(recipe).toContain('100 to 200 ms');
  });

  test('works on rates, and says where axes lie in units', async () => {
    const { dataset: own, outputs } = reaches({ trials: 64, units: 20 });
    const states = statesOf(own, 'rates', outputs);
    const { arrays, summary } = await jpca.run({ states, dataset: own }, valuesOf(jpca.params, { draws: 20, partMs: [-100, 300] }), job);
    expect(arrays.axes.shape).toEqual([6, 20]);
    const row = Float64Array.from(arrays.axes.values).subarray(0, 20);
    expect(row.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 9);
    expect(summary.planeShare).toBeGreaterThan(0);
    // The system turns at 2 Hz once it moves.
    expect(summary.frequencyHz).toBeGreaterThan(1);
    expect(summary.frequencyHz).toBeLessThan(3);
  });

  test('refuses fewer than four conditions, and averages that are all alike', async () => {
    const three = rotating(2);
    await expect(run({ ...three, conditions: Int32Array.from([0, 0, 1, 1, 2, 2, 2, 0]) })).rejects.toThrow(
      /needs 4 conditions or more, and these trials have 3\. Fit with --condition/,
    );
    await expect(run({ ...three, conditions: new Int32Array(8).fill(-1) })).rejects.toThrow(/these trials have none/);
    await expect(run({ ...three, values: new Float64Array(three.values.length).fill(2) })).rejects.toThrow(/averages that differ/);
    await expect(run(three, { partMs: [0, 15] })).rejects.toThrow(/3 neighbouring bins .* from 0 to 15 ms there are 2/);
    const flat = statesFrom(
      Float64Array.from({ length: 8 * 10 }, (_, i) => Math.sin(i)),
      8,
      10,
      1,
      10,
    );
    await expect(run(flat)).rejects.toThrow(/A plane needs two dimensions/);
  });
});

import { describe, expect, test } from 'vitest';
import type { Dynamics } from '../../src-worker/analyses/analysis.ts';
import { kick } from '../../src-worker/analyses/kick/index.ts';
import { statesOf } from '../../src-worker/analyses/states.ts';
import type { States } from '../../src-worker/contract/result.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import { steppedRnn } from '../../src-worker/models/network/rnn.ts';
import { reaches } from '../views/reaches.ts';

const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };
const { dataset, outputs } = reaches({ trials: 6, units: 2 });

/** x' = A x + V u as a piecewise linear network far from its kinks: rectified drives stay positive by the bias. */
const linear = steppedRnn(
  { states: 2, inputs: 1, W: Float64Array.of(0.9, 0, 0.2, 0.5), V: Float64Array.of(1, 0), b: Float64Array.of(1, 3) },
  'relu',
  1,
  20,
);
const [trials, bins] = [6, 50];
const driven = {
  values: Float64Array.from({ length: trials * bins }, (_, i) => 0.3 * Math.sin(i / 5)),
  trials,
  bins,
  binMs: 10,
  names: ['push'],
  inferred: 1,
  conditions: new Int32Array(trials),
  conditionNames: [],
};
const dynamics: Dynamics = {
  flow: linear,
  of: 'a network',
  notes: [],
  driven,
  readouts: {
    logRates: { of: 'log rates', unit: 'log Hz', dimensions: 1, states: 2, matrix: Float64Array.of(0, 0.1), bias: Float64Array.of(1) },
  },
};
/** What the network did under its inputs. */
const states: States = (() => {
  const values = new Float64Array(trials * bins * 2);
  for (let trial = 0; trial < trials; trial++) {
    let x: Float64Array = Float64Array.of(10 + trial, 8);
    for (let bin = 0; bin < bins; bin++) {
      if (bin > 0) x = linear.kind === 'map' ? linear.map(x, driven.values.slice(trial * bins + bin, trial * bins + bin + 1)) : x;
      values.set(x, (trial * bins + bin) * 2);
    }
  }
  return { ...statesOf(dataset, 'rates', outputs), values, dimensions: 2 };
})();

const run = (settings: object) => kick.run({ states, dataset, dynamics }, valuesOf(kick.params, { draws: 4, ...settings }), job);
const at = (array: { values: ArrayLike<number> }, row: number, bin: number, d: number) => array.values[(row * bins + bin) * 2 + d]!;

describe('a kick', () => {
  test('of a linear network moves it by the powers of its matrix, and trials left alone are as they were', async () => {
    const { arrays, summary, recipe } = await run({ places: [0], atMs: -200, size: 2 });
    expect(summary.reproduction).toBeLessThan(1e-12);
    const from = 10;
    expect(summary.atMs).toBe(-190);
    const step = at(arrays.statesKicked!, 3, from, 0) - at(arrays.statesAlone!, 3, from, 0);
    expect(step).toBeGreaterThan(0);
    expect(at(arrays.statesKicked!, 3, from - 1, 0)).toBe(at(arrays.statesAlone!, 3, from - 1, 0));
    let [a, b] = [step, 0];
    for (let bin = from; bin < bins; bin++) {
      expect(at(arrays.statesKicked!, 3, bin, 0) - at(arrays.statesAlone!, 3, bin, 0)).toBeCloseTo(a, 9);
      expect(at(arrays.statesKicked!, 3, bin, 1) - at(arrays.statesAlone!, 3, bin, 1)).toBeCloseTo(b, 9);
      [a, b] = [0.9 * a, 0.2 * a + 0.5 * b];
    }
    // Rates follow by their readout.
    const rate = arrays.ratesKicked!.values[3 * bins + 15]!;
    expect(rate).toBeCloseTo(Math.exp(1 + 0.1 * at(arrays.statesKicked!, 3, 15, 1)), 9);
    expect(recipe).toMatch(
      /the state pushed by 2 s\.d\. along state 0 at -190 ms, in 6 trials under their own inputs; .*4 pushes as long in random directions/,
    );
  });

  test('comes back to 1/e in the time constant of the mode', async () => {
    const { summary } = await run({ places: [0], atMs: -390 });
    // Both components fall as .9 per 20 ms in the end: 190 ms.
    expect(summary.returnMs).toBeGreaterThan(180);
    expect(summary.returnMs).toBeLessThan(320);
  });

  test('clamps and silences states for as long as it is asked to', async () => {
    const { arrays, recipe } = await run({ kick: 'silence', places: [1], atMs: 0, durationMs: 100 });
    const from = 20;
    for (let bin = 0; bin < bins; bin++) expect(at(arrays.statesKicked!, 2, bin, 1) === 0).toBe(bin >= from && bin < from + 5);
    expect(recipe).toMatch(/state 1 held at 0 at 10 ms, to 90 ms/);
    const clamped = await run({ kick: 'clamp', places: [0], size: 4, atMs: 0 });
    expect(at(clamped.arrays.statesKicked!, 0, bins - 1, 0)).toBe(4);
    expect(clamped.arrays.controlMedian!.values.length).toBe(bins);
  });

  test('changes inputs, and takes them away', async () => {
    const { arrays } = await run({ kick: 'add-input', places: [0], size: 0.5, atMs: -390, durationMs: 20 });
    expect(at(arrays.statesKicked!, 1, 0, 0)).toBe(at(arrays.statesAlone!, 1, 0, 0));
    const later = await run({ kick: 'add-input', places: [0], size: 0.5, atMs: -370, durationMs: 20 });
    expect(at(later.arrays.statesKicked!, 1, 1, 0) - at(later.arrays.statesAlone!, 1, 1, 0)).toBeCloseTo(0.5, 12);
    const { arrays: removed, notes } = await run({ kick: 'remove-input', atMs: -370 });
    expect(at(removed.statesKicked!, 1, 1, 0) - at(removed.statesAlone!, 1, 1, 0)).toBeCloseTo(-driven.values[bins + 1]!, 12);
    expect(notes.join(' ')).toContain('No random kicks');
  });

  test('says what is wrong with what is asked for', async () => {
    await expect(run({ kick: 'silence' })).rejects.toThrow(/Which states to silence is not said\. Name them: --places 0,3, from 0 to 1/);
    await expect(run({ places: [2] })).rejects.toThrow(/There is no state 2: there are 2/);
    await expect(run({ kick: 'add-input', places: [1] })).rejects.toThrow(/There is no input 1: there are 1/);
    await expect(run({ atMs: 5000 })).rejects.toThrow(/5000 ms lies outside the trials, which run from -390 to 590 ms/);
  });
});

import { describe, expect, test } from 'vitest';
import { basisOf, conditionAverages, prepared, scoresOf, statesOf } from '../../src-worker/analyses/states.ts';
import { psth } from '../../src-worker/analyses/psth.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import { columnVariances } from '../../src-worker/numerics/statistics.ts';
import { reaches } from '../views/reaches.ts';

const { dataset, outputs } = reaches({ trials: 64, units: 12 });
const trials = statesOf(dataset, 'rates', outputs);
const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };

describe('states', () => {
  test('of counts are in Hz', () => {
    const counts = statesOf(dataset, 'counts', undefined, Int32Array.of(3));
    expect(counts.values[5]).toBe(dataset.counts[3 * 50 * 12 + 5] * 50);
    expect(counts.rowIds).toEqual(Int32Array.of(dataset.trialRows[3]));
  });

  test('averages are means over the trials of a condition', () => {
    const averages = conditionAverages(trials);
    const mine = [...trials.conditions.keys()].filter((row) => trials.conditions[row] === 2);
    const mean = mine.reduce((sum, row) => sum + trials.values[row * 600 + 77] / mine.length, 0);
    expect(averages.values[2 * 600 + 77]).toBeCloseTo(mean, 9);
    expect(averages.recipe).toBe('rates, 8 condition averages of 64 trials');
  });

  test('without conditions have one average', () => {
    const bare = reaches({ trials: 10, units: 3, conditions: false });
    const averages = conditionAverages(statesOf(bare.dataset, 'rates', bare.outputs));
    expect([averages.rows, averages.conditions[0]]).toEqual([1, -1]);
  });

  test('folded soft normalisation gives the scores of normalised rates', () => {
    const averages = conditionAverages(trials);
    const scores = scoresOf(averages, basisOf(averages, 4, true));
    const plain = prepared(trials, { of: 'averages', normalise: true, components: 0 });
    const direct = scoresOf(plain, basisOf(plain, 4, false));
    for (let i = 0; i < scores.values.length; i += 37) expect(scores.values[i]).toBeCloseTo(direct.values[i], 9);
    expect(scores.unit).toBe('soft-normalised');
    const spread = columnVariances(scores.values, 4);
    expect([...spread]).toEqual([...spread].sort((a, b) => b - a));
  });

  test('that a model has not got are refused by name', () => {
    expect(() => statesOf(dataset, 'factors', outputs)).toThrow(/no factors.*inputs, rates/);
  });
});

describe('PSTH analysis', () => {
  test('of counts against themselves, unsmoothed, is perfect', async () => {
    const result = await psth.run(
      { states: statesOf(dataset, 'counts', undefined), dataset },
      valuesOf(psth.params, { smoothMs: 0, trials: 'all' }),
      job,
    );
    expect(result.summary.r2).toBeCloseTo(1, 12);
    expect(result.arrays.data?.shape).toEqual([8, 50, 12]);
  });

  test('of true rates is better the more trials are averaged', async () => {
    const r2 = async (which: 'all' | 'unseen') =>
      (await psth.run({ states: trials, dataset }, valuesOf(psth.params, { trials: which }), job)).summary.r2 ?? 0;
    expect(await r2('all')).toBeGreaterThan(await r2('unseen'));
  });
});

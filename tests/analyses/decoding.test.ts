import { describe, expect, test } from 'vitest';
import { decoding } from '../../src-worker/analyses/decoding.ts';
import { statesOf } from '../../src-worker/analyses/states.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import type { States } from '../../src-worker/contract/result.ts';
import { key, normal } from '../../src-worker/engine/random.ts';
import { reaches } from '../views/reaches.ts';
import { TEST } from '../../src-worker/dataset/dataset.ts';

const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };
const defaults = (settings = {}) => valuesOf(decoding.params, settings);

/** States that are the behaviour itself, `lead` bins early, turned and with a noise dimension. */
function leading(lead: number): { readonly states: States; readonly dataset: ReturnType<typeof reaches>['dataset'] } {
  const { dataset, outputs } = reaches({ trials: 40, units: 4 });
  const behavior = dataset.behaviors[0].values;
  const bins = dataset.bins;
  const values = new Float64Array(40 * bins * 3);
  for (let trial = 0; trial < 40; trial++)
    for (let bin = 0; bin < bins; bin++) {
      const at = (trial * bins + Math.min(bins - 1, bin + lead)) * 2;
      const [x, y] = [behavior[at], behavior[at + 1]];
      values.set([0.6 * x - 0.8 * y + 3, 0.8 * x + 0.6 * y - 1, normal(key(1, trial), bin)], (trial * bins + bin) * 3);
    }
  return { dataset, states: { ...statesOf(dataset, 'rates', outputs), values, dimensions: 3 } };
}

describe('decoding', () => {
  test('finds the lag at which states lead, and gives back what is linear', async () => {
    const { states, dataset } = leading(3);
    const { summary, arrays } = await decoding.run({ states, dataset }, defaults({ compare: false }), job);
    expect(summary.lagMs).toBe(60);
    expect(summary.r2).toBeGreaterThan(0.999);
    expect([...(arrays.decoded?.values ?? [])].slice(0, 6).every(Number.isNaN)).toBe(true);
    expect(arrays.decoded?.values[2 * 20]).toBeCloseTo(dataset.behaviors[0].values[2 * 20], 0);
  });

  test('of noise is worth nothing in trials that it did not see', async () => {
    const { states, dataset } = leading(0);
    const noise = { ...states, values: states.values.map((_, i) => normal(key(2), i)) };
    const { summary } = await decoding.run({ states: noise, dataset }, defaults({ lagMs: 0, compare: false }), job);
    expect(summary.r2).toBeLessThan(0.05);
  });

  test('is judged by test trials alone where there are any', async () => {
    const { states, dataset } = leading(3);
    const split = dataset.split.map((part, trial) => (trial % 10 === 0 ? TEST : part));
    const { recipe } = await decoding.run({ states, dataset: { ...dataset, split } }, defaults({ lagMs: 60, compare: false }), job);
    expect(recipe).toContain(`R² on ${split.filter((part) => part === TEST).length} test trials`);
  });

  test('of rates stands beside that of smoothed spikes', async () => {
    const { dataset, outputs } = reaches({ trials: 60, units: 16 });
    const { summary, recipe } = await decoding.run({ states: statesOf(dataset, 'rates', outputs), dataset }, defaults({ lagMs: 0 }), job);
    expect(summary.r2).toBeGreaterThan(summary.r2Smoothing ?? 1);
    expect(recipe).toMatch(
      /hand_velocity decoded from rates, 60 trials by ridge regression, behaviour 0 ms after the states; R² on 12 validation trials, trained on 48 training trials/,
    );
  });

  test('says what is missing', async () => {
    const { states, dataset } = leading(0);
    await expect(decoding.run({ states, dataset: { ...dataset, behaviors: [] } }, defaults(), job)).rejects.toThrow(/no behaviour/);
    await expect(decoding.run({ states, dataset }, defaults({ behavior: 'eye' }), job)).rejects.toThrow(/“eye”.*hand_velocity/);
    await expect(decoding.run({ states, dataset }, defaults({ lagMs: 5000 }), job)).rejects.toThrow(/5000 ms/);
  });
});

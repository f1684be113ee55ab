import { describe, expect, test } from 'vitest';
import { key, uniform } from '../../../src-worker/engine/random.ts';
import { curbd } from '../../../src-worker/models/curbd/index.ts';
import { turningDataset } from '../../metrics/small-dataset.ts';
import { fitJob } from '../fits.ts';

test('an ensemble varies g beside the first weights, and seed 0 keeps what was asked for', async () => {
  const dataset = await turningDataset();
  const gains = async (settings: object) => {
    const found: (number | undefined)[] = [];
    for (const seed of [0, 1, 2]) {
      const resolved = curbd.resolve(dataset, { steps: 1, freeRuns: 0, gain: 1.2, ...settings });
      found.push((await curbd.fit(dataset, resolved, fitJob({ seed }))).diagnostics?.gain);
    }
    return found;
  };
  const [first, second, third] = await gains({});
  expect(first).toBe(1.2);
  expect(new Set([first, second, third]).size).toBe(3);
  for (const gain of [second, third]) expect(Math.abs(gain! - 1.2)).toBeLessThanOrEqual(0.24);
  expect(await gains({ gainSpread: 0 })).toEqual([1.2, 1.2, 1.2]);
});

describe('P₀ that is left open', () => {
  const common = { steps: 10, freeRuns: 0, trialsPerAverage: 2 };

  test('is chosen by free runs of rows held back, and is then what the run says that it used', async () => {
    const dataset = await turningDataset();
    const { chosen, diagnostics } = await curbd.fit(dataset, curbd.resolve(dataset, common), fitJob());
    expect(chosen?.p0.value).toBe(diagnostics?.p0);
    expect(chosen?.p0.reason).toContain(diagnostics!.heldBackPVar.toFixed(2));
    // The same fit as where it is asked for, which chooses nothing.
    const set = curbd.resolve(dataset, { ...common, p0: diagnostics?.p0 });
    const asked = await curbd.fit(dataset, set, fitJob());
    expect([asked.chosen, asked.diagnostics?.heldBackPVar]).toEqual([undefined, undefined]);
    expect(asked.diagnostics?.freeRunPVar).toBe(diagnostics?.freeRunPVar);
  });

  test('is small for rows of much noise, and free runs of trials not fitted are then better than as published', async () => {
    const dataset = await turningDataset({}, { trials: 40, bins: 20, units: 24 });
    const fit = async (settings: object) =>
      (await curbd.fit(dataset, curbd.resolve(dataset, { ...common, ...settings }), fitJob())).diagnostics!;
    const [open, published] = [await fit({}), await fit({ p0: 1, gain: 1.5 })];
    expect(open.p0).toBeLessThan(1);
    expect(open.freeRunPVar).toBeGreaterThan(published.freeRunPVar + 0.1);
  });

  test('is not chosen again by a fit that goes on', async () => {
    const dataset = await turningDataset();
    const resolved = curbd.resolve(dataset, common);
    const whole = await curbd.fit(dataset, resolved, fitJob());
    const words: (string | undefined)[] = [];
    const longer = await curbd.fit(
      dataset,
      resolved,
      fitJob({ resume: whole.checkpoint, moreSteps: 2, progress: async (_, doing) => void words.push(doing) }),
    );
    expect(words).not.toContain('Choosing P₀');
    expect(longer.chosen).toEqual(whole.chosen);
    expect(longer.checkpoint.step).toBe(12);
  });

  test('can be cancelled while it is chosen, and a network that learns nothing of the dynamics says what to fit beside it', async () => {
    const dataset = await turningDataset();
    const stop = new AbortController();
    const progress = async (): Promise<void> => {
      stop.abort(new Error('stopped'));
      stop.signal.throwIfAborted();
    };
    await expect(curbd.fit(dataset, curbd.resolve(dataset, common), fitJob({ signal: stop.signal, progress }))).rejects.toThrow('stopped');
    // Chance has no dynamics.
    const chance = { ...dataset, counts: dataset.counts.map((_, i) => Number(uniform(key(5), i) < 0.3)) };
    const { notes } = await curbd.fit(chance, curbd.resolve(chance, common), fitJob());
    expect(notes.join(' ')).toMatch(/Left alone, the network explains at best .*Fit CORNN beside it/);
  });
});

test('seeds but the first learn from trials that are drawn, unless that is left out', async () => {
  const dataset = await turningDataset();
  const fit = async (seed: number, settings: object = {}) => {
    const resolved = curbd.resolve(dataset, { steps: 3, freeRuns: 0, p0: 0.01, gain: 0, noise: 0, ...settings });
    const { checkpoint, notes } = await curbd.fit(dataset, resolved, fitJob({ seed }));
    return { weights: checkpoint.arrays.J.values, notes: notes.join(' ') };
  };
  const [first, second] = [await fit(0), await fit(1)];
  expect(second.weights).not.toEqual(first.weights);
  expect([first.notes, second.notes].map((notes) => notes.includes('drawn with replacement'))).toEqual([false, true]);
  expect((await fit(1, { resample: false })).weights).toEqual(first.weights);
});

test('a fit is foretold: longer with more runs, and longer where P₀ is to be chosen', async () => {
  const dataset = await turningDataset({}, { trials: 40, bins: 20, units: 40 });
  const seconds = async (settings: object) => (await curbd.foretell!(dataset, curbd.resolve(dataset, settings), 1, 'auto')).seconds;
  const open = await seconds({ freeRuns: 0 });
  expect(open).toBeGreaterThan(0);
  // Rehearsals differ by what else the machine does; these by a factor of ten and more.
  expect(await seconds({ freeRuns: 0, steps: 2000 })).toBeGreaterThan(3 * open);
  expect(await seconds({ freeRuns: 0, steps: 1, p0: 1 })).toBeLessThan(open);
});

test('rows side by side are a setting, and explain about as much', async () => {
  const dataset = await turningDataset();
  const scores: number[] = [];
  for (const rowsTogether of [1, 4]) {
    const resolved = curbd.resolve(dataset, { steps: 10, freeRuns: 0, rowsTogether, trialsPerAverage: 1 });
    scores.push((await curbd.fit(dataset, resolved, fitJob())).diagnostics!.pVar);
  }
  expect(scores[0]).not.toBe(scores[1]);
  expect(Math.abs(scores[0] - scores[1])).toBeLessThan(0.1);
});

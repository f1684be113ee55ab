// Batches out of a dataset: order of units, withheld elements, jitter and shift.

import { describe, expect, test } from 'vitest';
import { makeBatch, moved } from '../../../src-worker/models/lfads/training/batches.ts';
import { lfads } from '../../../src-worker/models/lfads/index.ts';
import { resolveSettings, sizesOf, valuesIn } from '../../../src-worker/models/lfads/settings/setup.ts';
import { viewOf } from '../../../src-worker/training/units.ts';
import { sineDataset } from './sine.ts';

const dataset = sineDataset({ heldOut: [1, 4], external: true });
const sizes = sizesOf(dataset, valuesIn(resolveSettings(dataset, { forwardMs: 40 })));
const view = viewOf(dataset, 'poisson');
const trials = Int32Array.of(7, 2, 11);
const { bins: T, units: N } = dataset;
const batch = makeBatch(dataset, sizes, view, trials);

const sumBy = (values: Float32Array, group: (i: number) => number): number[] => {
  const sums: number[] = [];
  values.forEach((x, i) => {
    sums[group(i)] = (sums[group(i)] ?? 0) + x;
  });
  return sums;
};

test('held-in units come first, trials in the order asked for', () => {
  expect(view.order).toEqual([0, 2, 3, 5, 1, 4]);
  expect(sizes).toMatchObject({ heldIn: 4, units: 6, encodedBins: 10, bins: 12, external: 1 });
  for (const [b, trial] of trials.entries())
    for (let t = 0; t < T; t++)
      for (let n = 0; n < N; n++) expect(batch.counts[(b * T + t) * N + n]).toBe(dataset.counts[(trial * T + t) * N + view.order[n]!]);
});

test('the same elements of a trial are withheld in every batch, about as many as asked for', () => {
  const withholding = { seed: 1, rate: 0.25 };
  const all = makeBatch(
    dataset,
    sizes,
    view,
    Int32Array.from({ length: dataset.trials }, (_, k) => k),
    withholding,
  );
  const size = sizes.encodedBins * sizes.heldIn;
  const share = all.withheld!.reduce((sum, x) => sum + x, 0) / all.withheld!.length;
  expect(share).toBeGreaterThan(0.2);
  expect(share).toBeLessThan(0.3);
  const some = makeBatch(dataset, sizes, view, trials, withholding);
  expect(some.withheld!.subarray(0, size)).toEqual(all.withheld!.subarray(7 * size, 8 * size));
});

describe('jitter', () => {
  const movement = { seed: 2, step: 5, jitterBins: 2, shiftBins: 0 };
  const jittered = moved(batch, sizes, movement);

  test.each([Number.POSITIVE_INFINITY, Number.NaN, 2 ** 40])('leaves %f where it is, at once', (value) => {
    const counts = batch.counts.slice();
    counts[5] = value;
    expect(moved({ ...batch, counts }, sizes, movement).counts[5]).toBe(value);
  });

  test('keeps the spikes of each trial and unit and moves each by at most its width', () => {
    const group = (i: number): number => Math.floor(i / (T * N)) * N + (i % N);
    expect(sumBy(jittered.counts, group)).toEqual(sumBy(batch.counts, group));
    expect(jittered.counts).not.toEqual(batch.counts);
    const lone = { ...batch, counts: new Float32Array(batch.counts.length) };
    lone.counts[6 * N] = 1;
    for (let step = 0; step < 50; step++) {
      const at = Math.floor(moved(lone, sizes, { ...movement, step }).counts.indexOf(1) / N);
      expect(Math.abs(at - 6)).toBeLessThanOrEqual(2);
    }
  });

  test('is another one at each step, and the same for a trial in any batch', () => {
    expect(moved(batch, sizes, { ...movement, step: 6 }).counts).not.toEqual(jittered.counts);
    const alone = moved(makeBatch(dataset, sizes, view, Int32Array.of(2)), sizes, movement);
    expect(alone.counts).toEqual(jittered.counts.subarray(T * N, 2 * T * N));
  });

  test('leaves withheld elements and missing bins as they are', () => {
    const withheld = makeBatch(dataset, sizes, view, trials, { seed: 1, rate: 0.3 });
    const observed = Uint8Array.from({ length: trials.length * T }, (_, i) => (i % T === 3 ? 0 : 1));
    const result = moved({ ...withheld, observed }, sizes, movement);
    for (let b = 0; b < trials.length; b++)
      for (let t = 0; t < T; t++)
        for (let n = 0; n < N; n++) {
          const hidden =
            t < sizes.encodedBins && n < sizes.heldIn && withheld.withheld![(b * sizes.encodedBins + t) * sizes.heldIn + n] === 1;
          const i = (b * T + t) * N + n;
          if (hidden || t === 3) expect(result.counts[i]).toBe(batch.counts[i]);
        }
  });
});

test('a shift moves counts, external inputs and withheld elements together, and what comes in is missing', () => {
  const withheld = makeBatch(dataset, sizes, view, trials, { seed: 1, rate: 0.3 });
  let shifts = 0;
  for (let step = 0; step < 10; step++) {
    const result = moved(withheld, sizes, { seed: 3, step, jitterBins: 0, shiftBins: 2 });
    for (let b = 0; b < trials.length; b++) {
      const present = Array.from({ length: T }, (_, t) => result.observed![b * T + t]!);
      const missing = present.filter((x) => x === 0).length;
      expect(missing).toBeLessThanOrEqual(4);
      const by = missing === 0 ? 0 : present[0] === 0 ? missing : -missing;
      shifts += Math.abs(by);
      for (let t = Math.max(0, by); t < Math.min(T, T + by); t++) {
        for (let n = 0; n < N; n++) expect(result.counts[(b * T + t) * N + n]).toBe(withheld.counts[(b * T + t - by) * N + n]);
        expect(result.external![b * T + t]).toBe(withheld.external![b * T + t - by]);
        if (t < sizes.encodedBins && t - by < sizes.encodedBins)
          for (let n = 0; n < sizes.heldIn; n++)
            expect(result.withheld![(b * sizes.encodedBins + t) * sizes.heldIn + n]).toBe(
              withheld.withheld![(b * sizes.encodedBins + t - by) * sizes.heldIn + n],
            );
      }
    }
  }
  expect(shifts).toBeGreaterThan(5);
});

test('resolve counts what the choices depend on', () => {
  const resolved = lfads.resolve(sineDataset({ trials: 200, units: 40 }), {});
  expect(resolved.steps!.reason).toContain('160 training trials');
  expect(resolved.lagMs!.value).toBe(20);
});

import { expect, test } from 'vitest';
import type { Settings } from '../../src-worker/contract/params.ts';
import { type Dataset, makeDataset, TRAINING, VALIDATION } from '../../src-worker/dataset/index.ts';
import { array, fakeRecording, quietJob, range } from './fake-recording.ts';

/** Sample t of unit u is t + u / 10. */
const SAMPLES = 60;
const rates = array(
  '/rates',
  [SAMPLES, 3],
  range(SAMPLES * 3, (i) => Math.floor(i / 3) + (i % 3) / 10),
);
const region = array('/region', [3], ['A', 'A', 'B']);
const weights = array(
  '/W',
  [3, 3],
  range(9, (i) => i),
);
const speed = array(
  '/speed',
  [SAMPLES],
  range(SAMPLES, (t) => 2 * t),
);

const make = (settings: Settings): Promise<Dataset> =>
  makeDataset(fakeRecording({ arrays: [rates, region, weights, speed] }), { rates: '/rates', dtMs: 10, ...settings }, quietJob());

test('samples × units without trials are one piece, and all of it trains', async () => {
  const dataset = await make({});
  expect([dataset.trials, dataset.bins, dataset.units, dataset.binMs]).toEqual([1, SAMPLES, 3, 10]);
  expect([...dataset.split]).toEqual([TRAINING]);
  expect(dataset.counts[7 * 3 + 2]).toBeCloseTo(7.2, 5);
  expect(dataset.areas).toEqual(['A', 'A', 'B']);
  expect(dataset.summary.warnings.join(' ')).toContain('--segment-ms');
  expect(dataset.summary.spikes).toBe(0);
});

test('chopped into segments, each part of the split has its own samples', async () => {
  const dataset = await make({ segmentMs: 50, valid: '0.25', behavior: ['speed'] });
  expect([dataset.trials, dataset.bins]).toEqual([12, 5]);
  expect([TRAINING, VALIDATION].map((part) => dataset.split.includes(part))).toEqual([true, true]);
  expect([...(dataset.segments?.startBin ?? [])]).toEqual(range(12, (k) => 5 * k));
  expect(dataset.counts[(3 * 5 + 2) * 3]).toBeCloseTo(17, 5);
  expect(dataset.behaviors[0].values[3 * 5 + 2]).toBe(34);
});

test('segments may be of bins made anew', async () => {
  const dataset = await make({ segmentMs: 100, rebinMs: 20 });
  expect([dataset.trials, dataset.bins, dataset.binMs]).toEqual([6, 5, 20]);
  expect(dataset.counts[5 * 3]).toBeCloseTo(10.5, 5);
  await expect(make({ segmentMs: 50, rebinMs: 20 })).rejects.toThrow(/no whole number of 20 ms bins/);
});

test('known weights are restricted to the units in use', async () => {
  const dataset = await make({ trueWeights: '/W', connectome: '/W', leaveOutUnits: [1] });
  expect([...(dataset.trueWeights ?? [])]).toEqual([0, 2, 6, 8]);
  expect([...(dataset.connectome ?? [])]).toEqual([0, 2, 6, 8]);
  expect(dataset.unitColumns?.map(({ name, values }) => [name, [...values]])).toEqual([['region', ['A', 'B']]]);
});

test.each<[string, Settings, RegExp]>([
  ['without a time step', { dtMs: undefined as unknown as number }, /--dt-ms/],
  ['a validation split of one piece', { valid: 'every:5' }, /--segment-ms/],
  ['a segment longer than the recording', { segmentMs: 5000 }, /No stretch|fewer than two/],
  ['a segment of no whole samples', { segmentMs: 45 }, /40 or 50/],
  ['weights of another shape', { trueWeights: '/rates' }, /60 × 3/],
  ['segments of an array of trials', { rates: '/W', trueWeights: '/speed' }, /60/],
])('%s is refused with what to do', async (_, settings, says) => {
  await expect(make(settings)).rejects.toThrow(says);
});

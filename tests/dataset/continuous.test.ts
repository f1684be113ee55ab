import { expect, test } from 'vitest';
import type { Settings } from '../../src-worker/contract/params.ts';
import { type Dataset, makeDataset, TRAINING, VALIDATION } from '../../src-worker/dataset/index.ts';
import { regionsOf } from '../../src-worker/models/constrained/regions.ts';
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

test('a list with one entry a unit tells regions apart: names or whole numbers, as a row, a column or alone', async () => {
  const samples = array(
    '/dff',
    [40, 6],
    range(240, (i) => Math.sin(i)),
  );
  const lists = [
    array('/depth', [6, 1], [12.5, 30, 41.5, 8, 9, 77]),
    array('/layer', [1, 6], [2, 2, 3, 3, 3, 5]),
    array('/field/location', [6, 1], [1, 1, 1, 2, 2, 2]),
    array('/kind', [6], ['E', 'E', 'I', 'E', 'I', 'E']),
    array(
      '/weights',
      [6, 6],
      range(36, (i) => i),
    ),
  ];
  const dataset = await makeDataset(fakeRecording({ arrays: [samples, ...lists] }), { rates: '/dff', dtMs: 30 }, quietJob());
  expect(dataset.summary.unitColumns).toEqual(['depth', 'layer', 'field/location', 'kind']);
  expect(dataset.summary.groupingColumns).toEqual(['field/location', 'kind', 'layer']);
  expect(dataset.areas).toEqual(['1', '1', '1', '2', '2', '2']);
  expect(regionsOf(dataset, '/layer')).toEqual(['2', '2', '3', '3', '3', '5']);
  expect(() => regionsOf(dataset, 'zone')).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('field/location, kind, layer') }),
  );
  expect(() => regionsOf({ areas: [], unitColumns: [] }, 'zone')).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('a list with one entry for each unit') }),
  );
});

test('as many trials as units: a list that is named after units is one of units too', async () => {
  const counts = array(
    '/spikes',
    [4, 5, 4],
    range(80, (i) => i % 3),
  );
  const lists = [array('/region', [4], ['A', 'B', 'A', 'B']), array('/side', [4], ['left', 'right', 'left', 'right'])];
  const { unitColumns, columns } = await makeDataset(fakeRecording({ arrays: [counts, ...lists] }), { binMs: 10 }, quietJob());
  expect(unitColumns?.map(({ name }) => name)).toEqual(['region']);
  expect(columns.map(({ name }) => name)).toEqual(['region', 'side']);
});

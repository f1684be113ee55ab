// What forms offer from an open recording.

import { expect, test } from 'vitest';
import { offersOf } from '../../src-renderer/forms/offers.ts';
import { holdsNetwork, mayHoldNetwork, suggest } from '../../src-renderer/forms/suggest.ts';
import { recall } from '../../src-renderer/state/workspace.ts';
import type { DatasetSummary } from '../../src-worker/contract/dataset.ts';
import type { ColumnSummary, RecordingSummary, TableSummary } from '../../src-worker/contract/recording.ts';

const table = (path: string, columns: readonly (readonly [string, boolean])[]): TableSummary => ({
  path,
  rows: 1,
  columns: columns.map(([name, isTime]) => ({ name, description: '', kind: 'number', isTime, missing: 0, distinct: 1 })),
});

const summary = {
  unitTables: [table('/units', [['area', false]])],
  intervalTables: [
    table('/intervals/epochs', [['start_time', true]]),
    table('/intervals/trials', [
      ['go_time', true],
      ['side', false],
    ]),
  ],
  signals: [{ path: '/processing/hand', channels: [] }],
  arrays: [{ path: '/counts' }],
} as unknown as RecordingSummary;

test('events and columns come from the table of trials, or the one that is chosen', () => {
  expect(offersOf('events', summary)).toEqual(['go_time']);
  expect(offersOf('events', summary, '/intervals/epochs')).toEqual(['start_time']);
  expect(offersOf('trial-columns', summary)).toEqual(['side']);
  expect(offersOf('unit-columns', summary)).toEqual(['area']);
  const dataset = { unitColumns: ['depth', 'layer'], groupingColumns: ['layer'] } as unknown as DatasetSummary;
  expect(offersOf('unit-columns', summary, undefined, dataset)).toEqual(['depth', 'layer']);
  expect(offersOf('region-columns', summary, undefined, dataset)).toEqual(['layer']);
  expect(offersOf('interval-tables', summary)).toEqual(['/intervals/epochs', '/intervals/trials']);
  expect(offersOf('signals', summary)).toEqual(['/processing/hand']);
});

test('without a recording there is nothing to offer', () => {
  expect(offersOf('events', undefined)).toEqual([]);
  expect(offersOf(undefined, summary)).toEqual([]);
});

test('of a file of arrays activity is found by its name, with its time step and true weights', () => {
  const file = (arrays: readonly (readonly [string, readonly number[], string])[], metadata: Readonly<Record<string, string>> = {}) =>
    ({
      ...{ unitTables: [], intervalTables: [], signals: [], trials: 0, metadata },
      arrays: arrays.map(([path, shape, type]) => ({ path, shape, type })),
    }) as unknown as RecordingSummary;
  const network = file([
    ['/W', [200, 200], 'float64'],
    ['/rates', [3001, 200], 'float64'],
  ]);
  expect(suggest(network)).toEqual({ rates: '/rates', trueWeights: '/W' });
  expect([mayHoldNetwork(network), holdsNetwork(network)]).toEqual([true, false]);
  expect(holdsNetwork(file([['/W', [64, 64], 'float64']]))).toBe(true);
  const averages = file(
    [
      ['/psth', [8, 121, 141], 'float32'],
      ['/time_s', [121], 'float64'],
    ],
    { dt_ms: '10' },
  );
  expect(suggest(averages)).toEqual({ rates: '/psth', dtMs: 10 });
  const counts = file([
    ['/spikes', [400, 100, 30], 'int32'],
    ['/truth_rates', [400, 100, 30], 'float32'],
  ]);
  expect(suggest(counts)).toEqual({});
});

test('a workspace of another kind is not taken up', () => {
  expect(recall(undefined)).toBeUndefined();
  expect(recall('{"screen":"Nowhere"}')).toBeUndefined();
});

test('a first recipe takes an event inside the trial and the column that tells trials apart', () => {
  const columns = [
    { name: 'start_time', isTime: true },
    { name: 'target_on_time', isTime: true },
    { name: 'move_onset_time', isTime: true, missing: 8 },
    { name: 'push_time', isTime: true, missing: 190 },
    { name: 'success', kind: 'boolean', distinct: 2 },
    { name: 'block', distinct: 3 },
    { name: 'direction', distinct: 8 },
    { name: 'target_x', distinct: 260 },
  ].map((column) => ({ description: '', kind: 'number' as const, isTime: false, missing: 0, distinct: 1, ...column }) as ColumnSummary);
  const trials = { path: '/intervals/trials', rows: 264, columns } satisfies TableSummary;
  expect(suggest({ ...summary, intervalTables: [trials] })).toEqual({
    align: 'move_onset_time',
    windowMs: [-400, 600],
    condition: 'direction',
  });
  const reaching = columns.map((column) => (column.name === 'move_onset_time' ? { ...column, reachMs: [250, 453] as const } : column));
  expect(suggest({ ...summary, intervalTables: [{ ...trials, columns: reaching }] }).windowMs).toEqual([-240, 440]);
  expect(suggest({ ...summary, intervalTables: [{ ...trials, columns: columns.slice(0, 1) }] })).toEqual({});
  expect(suggest({ ...summary, intervalTables: [] })).toEqual({});
  const hand = { title: 'hand', unit: 'cm/s', samples: 9 };
  const position = { ...hand, path: '/processing/hand_position', channels: ['x', 'y'] };
  const velocity = { ...hand, path: '/processing/hand_velocity', channels: ['x', 'y'] };
  const of = (signals: RecordingSummary['signals']) => suggest({ ...summary, intervalTables: [trials], signals }).behavior;
  expect(of([position, velocity])).toEqual(['/processing/hand_velocity']);
  expect(of([position])).toEqual(['d:/processing/hand_position']);
});

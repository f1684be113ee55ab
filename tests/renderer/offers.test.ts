// What forms offer from an open recording.

import { expect, test } from 'vitest';
import { offersOf } from '../../src-renderer/forms/offers.ts';
import { suggest } from '../../src-renderer/forms/suggest.ts';
import { recall } from '../../src-renderer/state/workspace.ts';
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
  expect(offersOf('interval-tables', summary)).toEqual(['/intervals/epochs', '/intervals/trials']);
  expect(offersOf('signals', summary)).toEqual(['/processing/hand']);
});

test('without a recording there is nothing to offer', () => {
  expect(offersOf('events', undefined)).toEqual([]);
  expect(offersOf(undefined, summary)).toEqual([]);
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
  expect(suggest({ ...summary, intervalTables: [{ ...trials, columns: columns.slice(0, 1) }] })).toEqual({});
  expect(suggest({ ...summary, intervalTables: [] })).toEqual({});
  const hand = { title: 'hand', unit: 'cm/s', samples: 9 };
  const position = { ...hand, path: '/processing/hand_position', channels: ['x', 'y'] };
  const velocity = { ...hand, path: '/processing/hand_velocity', channels: ['x', 'y'] };
  const of = (signals: RecordingSummary['signals']) => suggest({ ...summary, intervalTables: [trials], signals }).behavior;
  expect(of([position, velocity])).toEqual(['/processing/hand_velocity']);
  expect(of([position])).toEqual(['d:/processing/hand_position']);
});

// What forms offer from an open recording.

import { expect, test } from 'vitest';
import { offersOf } from '../../src-renderer/forms/offers.ts';
import { recall } from '../../src-renderer/state/workspace.ts';
import type { RecordingSummary, TableSummary } from '../../src-worker/contract/recording.ts';

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
  signals: [{ path: '/processing/hand' }],
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

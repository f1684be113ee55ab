import { expect, test } from 'vitest';
import { TEST, TRAINING, VALIDATION } from '../../src-worker/dataset/dataset.ts';
import { heldOutOf, splitTrials } from '../../src-worker/dataset/split.ts';
import { column, range } from './fake-recording.ts';

const all = (n: number): Int32Array => Int32Array.from({ length: n }, (_, k) => k);
const rule = (rows: Int32Array, more = {}) => ({ rows, columns: [], what: 'trial', seed: 0, ...more }) as const;
const where = (split: Uint8Array, part: number): number[] => range(split.length, (k) => k).filter((k) => split[k] === part);

test('every:5 is each fifth row of the table, and dropped rows keep their number', () => {
  expect(where(splitTrials(rule(all(12)), 'every:5', undefined), VALIDATION)).toEqual([4, 9]);
  const rows = Int32Array.of(0, 1, 3, 4, 5, 9);
  expect(where(splitTrials(rule(rows), 'every:5', undefined), VALIDATION)).toEqual([3, 5]);
});

test('every:4 holds out units with row % 4 = 3', () => {
  expect(where(heldOutOf({ ...rule(all(9)), what: 'unit' }, 'every:4'), 1)).toEqual([3, 7]);
  expect(heldOutOf({ ...rule(all(9)), what: 'unit' }, undefined)).toEqual(new Uint8Array(9));
});

test('a share is drawn within every condition and sums up', () => {
  const strata = Int32Array.from({ length: 100 }, (_, k) => (k < 50 ? 0 : k < 90 ? 1 : 2));
  const split = splitTrials(rule(all(100), { strata }), '0.2', undefined);
  const of = (stratum: number): number => where(split, VALIDATION).filter((k) => strata[k] === stratum).length;
  expect([of(0), of(1), of(2)]).toEqual([10, 8, 2]);
});

test('small conditions share what rounding leaves over', () => {
  const strata = Int32Array.from({ length: 40 }, (_, k) => Math.floor(k / 2));
  expect(where(splitTrials(rule(all(40), { strata }), '0.2', undefined), VALIDATION)).toHaveLength(8);
});

test('a share does not depend on which other rows are in use, and depends on the seed', () => {
  const order = (seed: number) => where(splitTrials(rule(all(60), { seed }), '0.3', undefined), VALIDATION);
  expect(order(0)).toEqual(order(0));
  expect(order(0)).not.toEqual(order(1));
});

test('test trials are chosen first and never validate', () => {
  const split = splitTrials(rule(all(20)), 'every:5', 'every:10');
  expect(where(split, TEST)).toEqual([9, 19]);
  expect(where(split, VALIDATION)).toEqual([4, 14]);
  expect(where(split, TRAINING)).toHaveLength(16);
});

test('a share to test leaves validation trials that were named as they are', () => {
  const split = splitTrials(rule(all(100)), 'every:5', '0.2');
  expect(where(split, VALIDATION)).toEqual(where(splitTrials(rule(all(100)), 'every:5', undefined), VALIDATION));
  expect(where(split, TEST)).toHaveLength(20);
});

test('with a share of each, both shares refer to all trials', () => {
  const split = splitTrials(rule(all(100)), '0.2', '0.3');
  expect([where(split, TRAINING), where(split, VALIDATION), where(split, TEST)].map((rows) => rows.length)).toEqual([50, 20, 30]);
});

test('a column of the file splits by its value', () => {
  const columns = [column('split', ['train', 'val', 'train', 'val']), column('heldout', [false, true, false, true])];
  expect(where(splitTrials(rule(all(4), { columns }), 'column:split=val', undefined), VALIDATION)).toEqual([1, 3]);
  expect(where(heldOutOf({ ...rule(all(4), { columns }), what: 'unit' }, 'column:heldout'), 1)).toEqual([1, 3]);
  expect(() => splitTrials(rule(all(4), { columns }), 'column:split=valid', undefined)).toThrow(/train, val/);
  expect(() => splitTrials(rule(all(4), { columns }), 'column:fold', undefined)).toThrow(/split, heldout/);
});

test('rows of a group stay together', () => {
  const group = Int32Array.from({ length: 40 }, (_, k) => Math.floor(k / 4));
  const everyFifth = splitTrials(rule(all(40), { group }), 'every:5', undefined);
  expect(where(everyFifth, VALIDATION)).toEqual([16, 17, 18, 19, 36, 37, 38, 39]);
  const drawn = splitTrials(rule(all(40), { group }), '0.2', undefined);
  for (let g = 0; g < 10; g++) expect(new Set(drawn.subarray(4 * g, 4 * g + 4)).size).toBe(1);
  expect(where(drawn, VALIDATION)).toHaveLength(8);
});

test('a rule that is none is refused with examples', () => {
  for (const text of ['every:1', '1.5', '0', 'fifth', 'column:'])
    expect(() => splitTrials(rule(all(4)), text, undefined)).toThrow(/every:5/);
});

import { expect, test } from 'vitest';
import { siblingsOf } from '../../src-renderer/panels/fit/siblings.ts';
import type { RunRecord } from '../../src-worker/contract/run.ts';

const run = (id: string, seed: number, more: Partial<RunRecord> = {}): RunRecord =>
  ({ id, seed, model: 'lfads', modelVersion: 1, dataset: 'd', settings: { steps: 9 }, report: {}, ...more }) as RunRecord;

test('an ensemble is made of finished fits that differ in their seed alone, one a seed', () => {
  const [a, b, again] = [run('a', 0), run('b', 1), run('c', 1)];
  const others = [
    run('d', 2, { settings: { steps: 10 } }),
    run('e', 3, { dataset: 'other' }),
    run('f', 4, { report: undefined as never }),
    run('g', 5, { parent: 'a' }),
  ];
  expect(siblingsOf(a, [b, a, again, ...others]).map(({ id }) => id)).toEqual(['a', 'c']);
  expect(siblingsOf(b, [b, a, again]).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(siblingsOf(a, [a, ...others])).toEqual([]);
  expect(siblingsOf(undefined, [a, b])).toEqual([]);
});

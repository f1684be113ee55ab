import { expect, test } from 'vitest';
import { columnOf, matching } from '../../src-worker/dataset/columns.ts';
import { column } from './fake-recording.ts';

const columns = [
  column('area', ['M1', 'PMd', 'M1', 'S1']),
  column('isolation', [2, 3.5, Number.NaN, 6]),
  column('good', [true, true, false, true]),
];
const kept = (...expressions: string[]): number[] => [...matching(columns, expressions, 4, 'unit')];

test('comparisons of text, numbers and switches, all of which must hold', () => {
  expect(kept('area=M1')).toEqual([1, 0, 1, 0]);
  expect(kept('area!=M1')).toEqual([0, 1, 0, 1]);
  expect(kept('area=M1|S1')).toEqual([1, 0, 1, 1]);
  expect(kept('isolation>3')).toEqual([0, 1, 0, 1]);
  expect(kept('isolation<=3.5')).toEqual([1, 1, 0, 0]);
  expect(kept('good=true', 'isolation>=3.5')).toEqual([0, 1, 0, 1]);
  expect(kept()).toEqual([1, 1, 1, 1]);
});

test('a missing number matches no comparison', () => {
  expect(kept('isolation<100')[2]).toBe(0);
  expect(kept('isolation=2|3.5|6')[2]).toBe(0);
});

test('an unknown column is refused with those that are known', () => {
  expect(() => kept('depth>3')).toThrow(/“depth”.*area, isolation, good/);
  expect(() => columnOf([], 'depth', 'trial')).toThrow(/no trial columns/);
});

test('a value that no row has is refused with those there are', () => {
  expect(() => kept('area=V1')).toThrow(/No unit has area = “V1”.*M1, PMd, S1/);
  expect(kept('area!=V1')).toEqual([1, 1, 1, 1]);
});

test('comparisons that make no sense are refused', () => {
  expect(() => kept('area>3')).toThrow(/holds text/);
  expect(() => kept('isolation=high')).toThrow(/holds numbers, not “high”/);
  expect(() => kept('isolation>high')).toThrow(/no number/);
  expect(() => kept('area')).toThrow(/no comparison/);
});

test('a leading slash, as paths have it, names the same column', () => {
  expect(columnOf(columns, '/area', 'unit').name).toBe('area');
});

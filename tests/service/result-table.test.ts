import { expect, test } from 'vitest';
import { tableText } from '../../src-worker/service/result-table.ts';

const array = (values: number[], shape: number[], axes: string[]) => ({ values: Float64Array.from(values), shape, axes, unit: '' });

test('a table has a row a point, a column for each number, and empty cells where a number is missing', () => {
  const text = tableText({
    positions: array([0.1, 2, 3, 4], [2, 2], ['point', 'state']),
    margins: array([0.5, Number.NaN], [2], ['point']),
    vectors: array([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2], ['point', 'mode', 'state']),
    steps: array([7, 8, 9], [3], ['start']),
  });
  expect(text).toBe('point,positions[1],positions[2],margins\n1,0.1,2,0.5\n2,3,4,\n');
});

test('numbers that stand for words are words', () => {
  const kinds = { ...array([1, 0, Number.NaN], [3], ['point']), words: ['fixed', 'slow'] };
  expect(tableText({ kinds })).toBe('point,kinds\n1,slow\n2,fixed\n3,\n');
});

test('a result without such arrays is refused', () => {
  expect(() => tableText({})).toThrow(expect.objectContaining({ code: 'no-table' }));
});

import { expect, test } from 'vitest';
import { drawnPieces } from '../../../src-worker/models/constrained/pieces.ts';

test('rows are drawn whole where there are many, and a long one in pieces that share the bin at which they are cut', () => {
  const lengths = Array.from({ length: 30 }, (_, row) => 3 + (row % 4));
  const drawn = drawnPieces(lengths, 1);
  expect(drawn.length).toBe(30);
  for (const { row, begin, length } of drawn) expect([begin, length]).toEqual([0, lengths[row]]);
  expect(drawnPieces(lengths, 2)).not.toEqual(drawn);
  // About a third is not drawn.
  const rows = new Set(drawn.map(({ row }) => row)).size;
  expect(rows).toBeGreaterThan(13);
  expect(rows).toBeLessThan(25);
  for (const { row, begin, length } of drawnPieces([201], 3)) expect([row, begin % 10, length]).toEqual([0, 0, 11]);
});

// Columns of a long table: none is cut at the table's edge.

import { describe, expect, test } from 'vitest';
import { widthsIn } from '../../src-renderer/ui/widths.ts';

describe('widths of columns', () => {
  test('those that have room share what is left, so that the next begins at the edge', () => {
    const widths = widthsIn(300, [50, 62, 80, 72, 100, 74]);
    expect(widths).toEqual([59, 71, 89, 81, 100, 74]);
    expect(widths.slice(0, 4).reduce((sum: number, width) => sum + width!, 0)).toBe(300);
  });

  test('columns that all have room, and ones of which one takes what is left, keep theirs', () => {
    expect(widthsIn(300, [50, 62])).toEqual([50, 62]);
    expect(widthsIn(100, [50, undefined, 80])).toEqual([50, undefined, 80]);
  });

  test('a table narrower than its first column keeps it, and so does one not yet measured', () => {
    expect(widthsIn(40, [50, 62])).toEqual([50, 62]);
    expect(widthsIn(0, [50, 62])).toEqual([50, 62]);
  });
});

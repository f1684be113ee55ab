// Keys as the table of commands writes them, and the letters by which the palette finds them.

import { expect, test } from 'vitest';
import { found } from '../../src-renderer/commands/search.ts';

test('each typed word must stand in the title, at the start of a word where it can', () => {
  expect(found('Show trials', 'tr')).toEqual([
    ['Show ', false],
    ['tr', true],
    ['ials', false],
  ]);
  expect(found('Stop the fit', 'fit stop')?.filter(([, isHit]) => isHit)).toEqual([
    ['Stop', true],
    ['fit', true],
  ]);
  expect(found('Show trials', 'fit')).toBeUndefined();
  expect(found('Undo', '')).toEqual([['Undo', false]]);
});

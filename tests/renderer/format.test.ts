// Numbers and sentences as the window has them.

import { describe, expect, test } from 'vitest';
import { duration, withoutOptions } from '../../src-renderer/ui/format.ts';

describe('sentences in the window', () => {
  test('name no options of the command line, and keep every other remark', () => {
    expect(withoutOptions('Fit it with five seeds (--seeds 5). Units (of one region) are few (--min-units).')).toBe(
      'Fit it with five seeds. Units (of one region) are few.',
    );
    expect(withoutOptions('Nothing to take away.')).toBe('Nothing to take away.');
  });

  test('say how long something takes as a person would', () => {
    expect([41.6, 264, 3060, 7500].map(duration)).toEqual(['42 s', '4 min 24 s', '51 min', '2 h 5 min']);
  });
});

// Words of a command line: negative values, switches with a value, --json anywhere, the user's folder.

import { describe, expect, test } from 'vitest';
import { prepareArguments, takeJson, userFolder } from '../../src-main/cli/arguments.ts';

describe('a negative value after a space', () => {
  test.each([
    [['--window-ms', '-250,450'], ['--window-ms=-250,450']],
    [
      ['--lag-ms', '-.5', 'file'],
      ['--lag-ms=-.5', 'file'],
    ],
    [['--window-ms=-250,450'], ['--window-ms=-250,450']],
    [
      ['--again', '-o', 'x.svg'],
      ['--again', '-o', 'x.svg'],
    ],
    [
      ['fit', '-3'],
      ['fit', '-3'],
    ],
  ])('%j becomes %j', (words, prepared) => expect(prepareArguments(words, new Set())).toEqual(prepared));
});

test('a switch takes =true and =false, other options keep theirs', () => {
  expect(prepareArguments(['--jitter=false', '--jitter=true', '--trials=true'], new Set(['jitter']))).toEqual([
    '--no-jitter',
    '--jitter',
    '--trials=true',
  ]);
});

test('--json holds wherever it stands, but not after --', () => {
  expect(takeJson(['--json', 'fit', 'x'])).toEqual({ json: true, words: ['fit', 'x'] });
  expect(takeJson(['fit', 'x', '--json'])).toEqual({ json: true, words: ['fit', 'x'] });
  expect(takeJson(['inspect', '--', '--json'])).toEqual({ json: false, words: ['inspect', '--', '--json'] });
});

test('paths are the user’s where npm started the program', () => {
  expect(userFolder({ INIT_CWD: '/home/user' }, '/checkout')).toBe('/home/user');
  expect(userFolder({}, '/checkout')).toBe('/checkout');
});

import { expect, test } from 'vitest';
import { spoken } from '../../src-renderer/state/spoken.ts';
import { catalogue } from '../cli/fake.ts';

test('options of a failure have the names of the forms, and what no form has stays', () => {
  const dataset = { binMs: { kind: 'number', label: 'Bin width', help: '', tier: 'common' } } as const;
  const words = (text: string) => spoken(text, { ...catalogue, dataset }, 'lfads');
  expect(words('Set the width, for example --bin-ms 20.')).toBe('Set the width, for example “Bin width” 20.');
  expect(words('Let --steps be larger, or widen --trials.')).toBe('Let “Steps” be larger, or widen --trials.');
  expect(spoken('Set --bin-ms.', undefined, 'lfads')).toBe('Set --bin-ms.');
});

// Trouble leads to where it is mended, and nowhere when the user is there.

import { expect, test } from 'vitest';
import { repairKind } from '../../src-renderer/state/repair-kinds.ts';

const at = { screen: 'Explore', trials: undefined, device: 'auto' } as const;

test('what a filter of trials leaves empty is mended by the filter, else by the dataset', () => {
  expect(repairKind('no-trials', { ...at, trials: 'direction=9' })).toBe('all-trials');
  expect(repairKind('no-trials', at)).toBe('dataset');
  expect(repairKind('no-trials', { ...at, screen: 'Dataset' })).toBeUndefined();
});

test('what a fit lacks is mended in Fit, a device there by the one that is chosen', () => {
  expect(repairKind('no-outputs', at)).toBe('fit');
  expect(repairKind('no-outputs', { ...at, screen: 'Fit' })).toBeUndefined();
  expect(repairKind('device-missing', { ...at, screen: 'Fit', device: 'webgpu' })).toBe('device');
  expect(repairKind('device-missing', { ...at, screen: 'Fit' })).toBeUndefined();
});

test('a file that cannot be read gives way to another, one that moved is asked for, and the rest has no link', () => {
  expect(repairKind('damaged-file', at)).toBe('recording');
  expect(repairKind('recording-missing', at)).toBe('find');
  expect(repairKind('not-a-project', at)).toBe('project');
  expect(repairKind('disk-full', at)).toBeUndefined();
});

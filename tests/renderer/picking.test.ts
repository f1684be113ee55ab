// What lies under the pointer.

import { expect, test } from 'vitest';
import { pickTrial } from '../../src-renderer/stage/picking.ts';
import type { Primitive } from '../../src-worker/scene/primitives.ts';

const path = (trial: number | undefined, points: readonly number[]): Primitive => ({
  kind: 'path',
  layer: 'thin',
  points: Float64Array.from(points),
  datum: trial === undefined ? {} : { trial },
});

test('the nearest trial within reach is picked, with the place along it', () => {
  const primitives = [path(1, [0, 0, 100, 0]), path(2, [0, 10, 50, 10, 100, 10])];
  expect(pickTrial({ primitives }, 75, 8)).toMatchObject({ datum: { trial: 2 }, x: 75, y: 10, along: 0.75 });
  expect(pickTrial({ primitives }, 10, 1)).toMatchObject({ datum: { trial: 1 }, along: 0.1 });
});

test('nothing is picked out of reach, in a gap, or where a line stands for no trial', () => {
  expect(pickTrial({ primitives: [path(1, [0, 0, 100, 0])] }, 50, 20)).toBeUndefined();
  expect(pickTrial({ primitives: [path(1, [0, 0, Number.NaN, Number.NaN, 100, 0])] }, 50, 0)).toBeUndefined();
  expect(pickTrial({ primitives: [path(undefined, [0, 0, 100, 0])] }, 50, 0)).toBeUndefined();
});

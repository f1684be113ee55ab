// What lies under the pointer.

import { expect, test } from 'vitest';
import { cellLines } from '../../src-renderer/stage/cells.ts';
import { LinePicker, pickTrial } from '../../src-renderer/stage/picking.ts';
import { pairsOf, withPair } from '../../src-renderer/state/pairs.ts';
import type { Primitive } from '../../src-worker/scene/primitives.ts';
import { DEFAULT_CAMERA, frameOf, projector } from '../../src-worker/scene/projection.ts';
import type { Scale } from '../../src-worker/scene/axes.ts';
import type { Image, Line } from '../../src-worker/scene/scene.ts';

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

test('of lines in space the nearest is picked where it is seen, none outside the span, and every line is looked at', () => {
  const along = (trial: number): Line => ({
    kind: 'line',
    key: `trial ${trial}`,
    datum: { trial },
    colour: 'ink',
    weight: 'thin',
    x: Float64Array.of(-1, 0, 1),
    y: Float64Array.of(0, 0.2 * trial, 0),
    z: Float64Array.of(0, 0.1 * trial, 0.2 * trial),
    timeMs: Float64Array.of(-10, 0, 10),
  });
  const lines = [1, 2, 3, 4].map(along);
  const frame = frameOf(DEFAULT_CAMERA, Float64Array.of(-1, -1, -1, 1, 1, 1), { x: 5, y: 7, width: 600, height: 500 });
  const project = projector(frame);
  for (const { datum, x, y, z } of lines) {
    const [px, py] = project(x[1]!, y[1]!, z![1]!);
    expect(new LinePicker(lines, undefined).pick(frame, px + 1, py)).toMatchObject({ datum, along: expect.closeTo(0.5, 1) });
    expect(new LinePicker(lines, [40, 50]).pick(frame, px, py)).toBeUndefined();
  }
  expect(new LinePicker(lines, undefined).pick(frame, 5, 7)).toBeUndefined();
});

test('a cell of a picture says its row, its column, its value and what else is known of it', () => {
  const image: Image = {
    ...{ kind: 'image', key: 'weights', datum: {}, colour: 'ink', rows: 2, columns: 3, x0: 0.5, x1: 3.5, y0: 0.5, y1: 2.5 },
    values: Float32Array.of(1, 2, 3, 4, 5, -0.25),
    scale: { label: 'Weight', unit: '', domain: [-5, 5], palette: 'signed' },
    cells: {
      rows: ['onto a', 'onto b'],
      columns: ['from c', 'from d', 'from e'],
      also: { label: 'S.d.', values: Float32Array.of(0, 0, 0, 0, 0, 0.5) },
    },
  };
  const scale = { domain: [0, 4], to: (value: number) => value, from: (pixel: number) => pixel, length: 4 } as unknown as Scale;
  const at = (x: number, y: number) => cellLines({ marks: [image] }, { x: scale, y: scale }, x, y);
  expect(at(3.4, 2.4)).toEqual(['Weight −0.25', 'S.d. 0.5', 'from e onto b']);
  expect(at(0.6, 0.6)[0]).toBe('Weight 1');
  expect(at(3.6, 1)).toEqual([]);
});

test('pairs come beside what is picked, and go when they are picked again', () => {
  const one = withPair({}, ['A', 'B'], false);
  expect(pairsOf(one)).toEqual([['A', 'B']]);
  const two = withPair(one, ['B', 'A'], true);
  expect(two).toEqual({
    pair: ['B', 'A'],
    pairs: [
      ['A', 'B'],
      ['B', 'A'],
    ],
  });
  expect(withPair(two, ['A', 'B'], true)).toEqual({ pair: ['B', 'A'] });
  expect(withPair(two, ['A', 'B'], false)).toEqual({ pair: ['A', 'B'] });
  expect(pairsOf(withPair(one, ['A', 'B'], true))).toEqual([]);
});

// The diagram of a bistable gate: solid where it rests, dashed between, folds in their places, and the points at one value.

import { expect, test } from 'vitest';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import type { Line, Points, Scene, Text } from '../../src-worker/scene/scene.ts';
import { bifurcations } from '../../src-worker/views/bifurcations.ts';
import { shownFor } from './shown.ts';

const FOLD = 10 / Math.sqrt(3);
const sceneOf = async (settings = {}): Promise<Scene> =>
  bifurcations.scene(await shownFor(bifurcations, { trials: 16, units: 6 }), valuesOf(bifurcations.params, settings), {
    width: 300,
    height: 200,
  });
const linesIn = ({ marks }: Scene) => marks.filter((mark): mark is Line => mark.kind === 'line');

test('stable arms are solid out to the folds, the saddle between them is dashed', async () => {
  const lines = linesIn(await sceneOf({ y: 'state', which: 1 }));
  for (const { x, y, dashed } of lines)
    for (const [k, s] of y.entries()) {
      expect(15 * (s - s ** 3) + x[k]!).toBeCloseTo(0, 4);
      expect(Math.abs(s) <= 1 / Math.sqrt(3) + 1e-3).toBe(dashed === true || Math.abs(Math.abs(s) - 1 / Math.sqrt(3)) < 1e-3);
    }
  const ends = lines.filter(({ dashed }) => dashed).flatMap(({ x }) => [x[0]!, x.at(-1)!]);
  expect(Math.max(...ends)).toBeCloseTo(FOLD, 5);
  expect(Math.min(...ends)).toBeCloseTo(-FOLD, 5);
});

test('folds are named with their values, and points stand where the input is', async () => {
  const scene = await sceneOf({ at: 2 });
  expect(scene.text).toMatch(/2 folds at −5\.77, 5\.77\. At input 1 = 2: 3 points \(2 stable, 1 saddle\)\./);
  const signs = scene.marks.filter((mark): mark is Points => mark.kind === 'points' && mark.key.startsWith('point'));
  expect(signs.map(({ sign }) => sign).sort()).toEqual(['dot', 'dot', 'half']);
  expect((await sceneOf({ at: 7 })).text).toMatch(/1 point \(1 stable\)/);
});

test('the range between the folds, where two points are stable, is shaded', async () => {
  const { marks, caption } = await sceneOf();
  const shades = marks.flatMap((mark) => (mark.kind === 'rule' && mark.until !== undefined ? [[mark.x!, mark.until]] : []));
  expect(shades).toHaveLength(1);
  expect(shades[0]![0]).toBeCloseTo(-FOLD, 4);
  expect(shades[0]![1]).toBeCloseTo(FOLD, 4);
  expect(caption).toMatch(/shaded: two or more stable points/);
});

test('branches and signs stand for the points of the search, the picked one with a ring', async () => {
  const scene = await sceneOf({ at: 2, point: 2 });
  const names = new Set(linesIn(scene).map(({ datum }) => datum.point));
  expect([...names].sort()).toEqual([0, 1, 2]);
  const signs = scene.marks.filter((mark): mark is Points => mark.kind === 'points');
  const ring = signs.find(({ key }) => key === 'picked')!;
  const own = signs.find(({ key, datum }) => key.startsWith('point') && datum.point === 1)!;
  expect([ring.datum.point, ring.x[0], ring.y[0]]).toEqual([1, own.x[0], own.y[0]]);
  // Where the picked point is past its fold there is none.
  const past = await sceneOf({ at: 7, point: 1 });
  const left = past.marks.filter((mark): mark is Points => mark.kind === 'points' && mark.key.startsWith('point'));
  expect(past.marks.some(({ key }) => key === 'picked')).toBe(left[0]!.datum.point === 0);
});

test('branches are named where they have room: by the true points that they pass without input', async () => {
  const named = (scene: Scene) =>
    scene.marks
      .filter((mark): mark is Text => mark.kind === 'text' && mark.key.startsWith('branch'))
      .map(({ text, anchor }) => [text, anchor]);
  const shown = await shownFor(bifurcations, { trials: 16, units: 6 });
  const draw = (dynamics: typeof shown.dynamics) =>
    bifurcations.scene({ ...shown, ...(dynamics && { dynamics }) }, valuesOf(bifurcations.params, {}), { width: 300, height: 200 });
  const { truth: _, ...unknown } = shown.dynamics!;
  // Without truth, by number: one arm goes on to the right, one to the left, one lies between the folds.
  expect(
    named(draw(unknown))
      .map(([text]) => text)
      .sort(),
  ).toEqual(['point 1', 'point 2', 'point 3']);
  const { heldPositions } = shown.result!.arrays;
  const n = heldPositions!.shape[1]!;
  const readout = {
    of: 'log rates',
    unit: '',
    dimensions: n,
    states: n,
    matrix: Float64Array.from({ length: n * n }, (_none, at) => (at % (n + 1) === 0 ? 1 : 0)),
    bias: new Float64Array(n),
  };
  const truth = ['rest', 'saddle'].map((name, k) => ({
    ...{ name, stability: 'stable', unstable: 0, eigenvalues: [[-1, 0]] },
    logRates: Float64Array.from(heldPositions!.values.subarray(k * n, (k + 1) * n)),
  })) as NonNullable<NonNullable<typeof shown.dynamics>['truth']>;
  const isFree = shown.result!.arrays.held!.values.every((value) => value === 0);
  expect(isFree).toBe(true);
  expect(
    named(draw({ ...unknown, readouts: { logRates: readout }, truth }))
      .map(([text]) => text)
      .sort(),
  ).toEqual(['point 3', 'rest', 'saddle']);
});

test('a state that is not there is refused with those that are', async () => {
  await expect(sceneOf({ y: 'state', which: 9 })).rejects.toMatchObject({ code: 'no-such-state', hint: expect.stringContaining('1 to 6') });
});

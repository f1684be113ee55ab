// The diagram of a bistable gate: solid where it rests, dashed between, folds in their places, and the points at one value.

import { expect, test } from 'vitest';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import type { Line, Points, Scene } from '../../src-worker/scene/scene.ts';
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

test('a state that is not there is refused with those that are', async () => {
  await expect(sceneOf({ y: 'state', which: 9 })).rejects.toMatchObject({ code: 'no-such-state', hint: expect.stringContaining('1 to 6') });
});

// The saddle of a bistable gate: its unstable manifold ends at rest on one side and at movement on the other.

import { expect, test } from 'vitest';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import type { Line, Scene } from '../../src-worker/scene/scene.ts';
import { phasePortrait } from '../../src-worker/views/phase-portrait.ts';
import { shownFor } from './shown.ts';

const sceneOf = async (settings = {}): Promise<Scene> =>
  phasePortrait.scene(await shownFor(phasePortrait, { trials: 16, units: 6 }), valuesOf(phasePortrait.params, settings), {
    width: 400,
    height: 300,
  });
const waysIn = ({ marks }: Scene) => marks.filter((mark): mark is Line => mark.kind === 'line' && mark.key.startsWith('way out'));
const placeOf = ({ marks }: Scene, point: number) => {
  const mark = marks.find(({ key }) => key === `point ${point}`);
  return mark?.kind === 'points' ? [mark.x[0]!, mark.y[0]!, mark.z![0]!] : [];
};

test('both branches leave the saddle and end at the two stable points', async () => {
  // Its points: movement, rest, saddle.
  const scene = await sceneOf({ state: 'generator', point: 3 });
  const ways = waysIn(scene);
  expect(ways).toHaveLength(2);
  const saddle = placeOf(scene, 3);
  const ends = ways.map(({ x, y, z }) => {
    expect(Math.hypot(x[0]! - saddle[0]!, y[0]! - saddle[1]!, z![0]! - saddle[2]!)).toBeLessThan(1e-9);
    return [x.at(-1)!, y.at(-1)!, z!.at(-1)!];
  });
  const near = (end: readonly number[], point: number) => Math.hypot(...end.map((value, d) => value - placeOf(scene, point)[d]!)) < 1e-3;
  expect(ends.some((end) => near(end, 1)) && ends.some((end) => near(end, 2))).toBe(true);
  expect(scene.caption).toContain('where their one unstable direction leads');
  expect(waysIn(await sceneOf({ state: 'generator', point: 3, waysOut: false }))).toEqual([]);
});

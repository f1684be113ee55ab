// The portrait of a system whose points are known: rest and movement, stable, and the saddle between them.

import { expect, test } from 'vitest';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import type { Line, Points, Scene } from '../../src-worker/scene/scene.ts';
import { phasePortrait } from '../../src-worker/views/phase-portrait.ts';
import { shownFor } from './shown.ts';

const size = { trials: 24, units: 9 };
const viewport = { width: 400, height: 300 };
const sceneOf = async (settings = {}, analysis = {}): Promise<Scene> =>
  phasePortrait.scene(await shownFor(phasePortrait, size, analysis), valuesOf(phasePortrait.params, settings), viewport);
const pointsIn = ({ marks }: Scene): readonly Points[] =>
  marks.filter((mark): mark is Points => mark.kind === 'points' && mark.key.startsWith('point '));
const markOf = (scene: Scene, key: string) => scene.marks.find((mark) => mark.key === key)!;
const placeOf = (mark: Points): readonly number[] => [mark.x[0]!, mark.y[0]!, mark.z![0]!];

test('points stand where the true ones do, with the signs of their stability', async () => {
  const scene = await sceneOf();
  const points = pointsIn(scene);
  expect(points.map(({ sign }) => sign).sort()).toEqual(['dot', 'dot', 'half']);
  for (const name of ['rest', 'saddle', 'movement']) {
    const truth = placeOf(markOf(scene, `true ${name}`) as Points);
    const apart = points.map((point) => Math.hypot(...placeOf(point).map((value, d) => value - truth[d]!)));
    expect(Math.min(...apart)).toBeLessThan(1e-9);
    expect(points[apart.indexOf(Math.min(...apart))]!.sign).toBe(name === 'saddle' ? 'half' : 'dot');
  }
  expect(scene.caption.match(/true rest[^,]*lies|true rest \([^)]*\) lies 0 from point \d/g)).toHaveLength(1);
  expect(scene.caption).toContain('u = 0');
  expect(scene.caption).toMatch(/outside the drawn dimensions/);
});

test('a pair of modes is a disc whose radius is its time constant at the printed scale', async () => {
  const scene = await sceneOf({ modeMs: 200 });
  const disc = scene.marks.find((mark): mark is Line => mark.kind === 'line' && mark.key.startsWith('mode ') && mark.x.length > 40)!;
  const centre = pointsIn(scene).find(({ datum }) => datum.point === disc.datum.point)!;
  const [x, y, z] = placeOf(centre);
  const radii = Array.from(disc.x, (value, i) => Math.hypot(value - x!, disc.y[i]! - y!, disc.z![i]! - z!));
  const [bar] = scene.bars!;
  // 1/3.5 s; a disc that leans out of the drawn dimensions looks smaller.
  expect(Math.max(...radii) / bar!.length).toBeLessThanOrEqual(1000 / 3.5 / 200 + 1e-9);
  expect(Math.max(...radii) / bar!.length).toBeGreaterThan(0.8 * (1000 / 3.5 / 200));
  expect(bar!.label).toBe('modes: time constant 200 ms');
});

test('the flow in a slice says its plane and what leaves it', async () => {
  const scene = await sceneOf({ flow: true, point: 1 });
  expect(scene.caption).toMatch(/flow over [\d.]+ ms in the plane of .* of point 1, arrows × [\d.]+, \d+ % of which leaves it/);
  const flow = markOf(scene, 'slice flow') as Line;
  expect(flow.weight).toBe('fine');
  expect(flow.x.filter(Number.isFinite).length).toBeGreaterThan(100);
});

test('the layers of a window make up the whole', async () => {
  const [all, lines, points] = await Promise.all(['all', 'trajectories', 'points'].map((part) => sceneOf({ part, flow: true })));
  expect([...lines!.marks, ...points!.marks]).toEqual(all!.marks);
  expect(points!.fitted).toEqual(all!.fitted);
});

test('an input that is held moves the points: past the fold only movement is left', async () => {
  // 15 (s − s³) + go has three roots for |go| < 5.77.
  const scene = await sceneOf({}, { input: 'values', inputValues: [8, 0] });
  expect(pointsIn(scene)).toHaveLength(1);
  expect(scene.subtitle).toContain('u = (8, 0)');
});

test('states that are not known are refused with those that are', async () => {
  await expect(sceneOf({ state: 'factors' })).rejects.toMatchObject({ code: 'no-such-state', hint: 'There are: log-rates, generator.' });
});

// The plane of eigenvalues: those of a known system where they belong, and guides that mean what they say.

import { expect, test } from 'vitest';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import { draw } from '../../src-worker/scene/draw.ts';
import type { Line, Points, Scene } from '../../src-worker/scene/scene.ts';
import { screenStyle } from '../../src-worker/scene/style.ts';
import { guidesOf } from '../../src-worker/views/eigenvalue-guides.ts';
import { eigenvalues } from '../../src-worker/views/eigenvalues.ts';
import { shownFor } from './shown.ts';

const sceneOf = async (settings = {}): Promise<Scene> =>
  eigenvalues.scene(await shownFor(eigenvalues, { trials: 16, units: 6 }), valuesOf(eigenvalues.params, settings), {
    width: 300,
    height: 300,
  });
const pickedIn = (scene: Scene, point: number): Points => scene.marks.find((mark): mark is Points => mark.key === `point ${point}`)!;

test('eigenvalues of an equation stand in 1/s, the pair of movement at −3.5 ± 2 Hz', async () => {
  const scene = await sceneOf({ point: 1 });
  const { x, y, data } = pickedIn(scene, 1);
  const turning = [...x.keys()].filter((k) => Math.abs(y[k]!) > 1);
  expect(turning).toHaveLength(4);
  for (const k of turning) {
    expect(x[k]).toBeCloseTo(-3.5, 6);
    expect(Math.abs(y[k]!)).toBeCloseTo(12.566, 6);
  }
  expect(scene.subtitle).toBe('point 1: 2 Hz, 286 ms');
  // An eigenvalue and its conjugate are one mode.
  expect(data![turning[0]!]).toEqual(data![turning[1]!]);
  expect(scene.x.unit).toBe('1/s');
});

test('the saddle says that it grows', async () => {
  const scenes = await Promise.all([1, 2, 3].map((point) => sceneOf({ point })));
  expect(scenes.filter(({ subtitle }) => /grows by e in 66.7 ms/.test(subtitle))).toHaveLength(1);
});

test('circles of a map are those of their time constants, rays those of their frequencies', () => {
  const marks = guidesOf({ kind: 'map', stepMs: 20 }, [0.3, 1.1], [-0.4, 0.4]);
  const lines = new Map(marks.filter((mark): mark is Line => mark.kind === 'line').map((mark) => [mark.key, mark]));
  const times = [...lines.keys()].filter((key) => key.endsWith(' ms'));
  expect(times.length).toBeGreaterThan(1);
  for (const key of times)
    expect(Math.hypot(lines.get(key)!.x[30]!, lines.get(key)!.y[30]!)).toBeCloseTo(Math.exp(-20 / Number.parseFloat(key)), 12);
  const rays = [...lines.keys()].filter((key) => key.endsWith(' Hz') && !key.startsWith('-'));
  for (const key of rays) {
    const { x, y } = lines.get(key)!;
    expect(Math.atan2(y[1]!, x[1]!) / (2 * Math.PI * 0.02)).toBeCloseTo(Number.parseFloat(key), 9);
  }
});

test('both axes have one scale', async () => {
  const { x, y } = draw(await sceneOf(), 500, 260, screenStyle('light'));
  const perUnit = (scale: NonNullable<typeof x>) => Math.abs((scale.range[1] - scale.range[0]) / (scale.domain[1] - scale.domain[0]));
  expect(perUnit(x!)).toBeCloseTo(perUnit(y!), 9);
});

import { expect, test } from 'vitest';
import type { Mark, Points, Scene } from '../../src-worker/scene/scene.ts';
import { setTicks } from '../../src-renderer/stage/dense-ticks.ts';
import { DENSE, ticksIn } from '../../src-renderer/stage/ticks.ts';
import { draw } from '../../src-worker/scene/draw.ts';
import { paperStyle } from '../../src-worker/scene/style.ts';

const axis = { label: 'Time', unit: 'ms', scale: 'linear' } as const;
const points = (sign: 'tick' | 'dot', count: number): Mark => ({
  kind: 'points',
  key: `${sign} ${count}`,
  datum: {},
  colour: 'ink',
  sign,
  x: new Float64Array(count),
  y: new Float64Array(count),
});
const scene = (marks: readonly Mark[], more: Partial<Scene> = {}): Scene => ({
  title: '',
  subtitle: '',
  x: axis,
  y: axis,
  marks,
  text: '',
  caption: '',
  ...more,
});

test('a flat scene is dense by its ticks alone', () => {
  expect(ticksIn(scene([points('tick', DENSE), points('tick', 5), points('dot', 100)]))).toBe(DENSE + 5);
  expect(ticksIn(scene([points('dot', DENSE)]))).toBe(0);
  expect(ticksIn(scene([points('tick', DENSE)], { z: axis }))).toBe(0);
});

test('every tick is set where the axes have it, clipped to the plot, in its colour', () => {
  const x = Float64Array.of(0, 25, 99, 150, Number.NaN);
  const mark: Points = {
    kind: 'points',
    key: 'spikes',
    datum: {},
    colour: 'ink',
    sign: 'tick',
    x,
    y: Float64Array.of(1, 2, 3, 1, 2),
    tickHeight: 0.5,
  };
  const axes = { x: { ...axis, domain: [0, 100] }, y: { ...axis, domain: [3.5, 0.5] } } as const;
  const drawing = draw(scene([], axes), 300, 200, paperStyle);
  for (const ratio of [1, 2]) {
    const [columns, rows] = [300 * ratio, 200 * ratio];
    const pixels = new Uint32Array(columns * rows);
    setTicks(pixels, columns, [{ mark, pixel: 7 }], drawing, ratio);
    const at = (ms: number, line: number) =>
      pixels[Math.round(drawing.y!.to(line) * ratio) * columns + Math.floor(drawing.x!.to(ms) * ratio)];
    expect([at(0, 1), at(25, 2), at(99, 3)]).toEqual([7, 7, 7]);
    expect([at(25, 1), at(60, 2), at(0, 3)]).toEqual([0, 0, 0]);
    // Three ticks as wide as a point and half a line tall: what lies outside the axes is nowhere.
    const tall = Math.round(Math.abs(drawing.y!.to(1) - drawing.y!.to(2)) * ratio * 0.5);
    expect(pixels.filter((pixel) => pixel === 7)).toHaveLength(3 * tall * ratio);
  }
});

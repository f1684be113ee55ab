// Colours as grey and colour-blind eyes see them, and conditions that they confuse.

import { describe, expect, test } from 'vitest';
import { rgbOf } from '../../src-worker/scene/colour.ts';
import { draw } from '../../src-worker/scene/draw.ts';
import type { Line, Scene } from '../../src-worker/scene/scene.ts';
import { paperStyle } from '../../src-worker/scene/style.ts';
import { alike, drawingSeen, namesTell, seenAs, VISIONS } from '../../src-worker/scene/vision.ts';

const line = (condition: number, label?: string): Line => ({
  kind: 'line',
  key: `curve ${condition}`,
  datum: { condition },
  colour: { condition },
  weight: 'line',
  x: Float64Array.of(0, 1),
  y: Float64Array.of(condition, condition + 1),
  ...(label === undefined ? {} : { label }),
});

const sceneOf = (count: number, chosen?: readonly number[], label?: string): Scene => ({
  title: '',
  subtitle: '',
  x: { label: 'Time', unit: 'ms', scale: 'linear' },
  y: { label: 'Rate', unit: 'Hz', scale: 'linear' },
  marks: Array.from({ length: count }, (_, i) => line(i, label && `${label} ${i}`)),
  conditions: {
    label: 'kind',
    names: Array.from({ length: count }, (_, i) => `kind ${i}`),
    trials: new Array<number>(count).fill(1),
    scale: 'nominal',
    ...(chosen ? { chosen } : {}),
  },
  text: '',
  caption: '',
});

describe('vision', () => {
  test('white, black and greys stay what they are to all eyes', () => {
    for (const vision of VISIONS)
      for (const level of [0, 119, 255]) for (const part of seenAs([level, level, level], vision)) expect(part).toBeCloseTo(level, 0);
  });

  test('red and green of one luminance are one grey; protans see red darker than deutans do', () => {
    const [r, g, b] = seenAs(rgbOf('#ff0000'), 'grey');
    expect([g, b]).toEqual([r, r]);
    expect(r).toBeCloseTo(127, 0);
    expect(seenAs(rgbOf('#ff0000'), 'protan')[0]).toBeLessThan(seenAs(rgbOf('#ff0000'), 'deutan')[0]);
  });

  test('the eight colours stay apart to colour-blind eyes, two of the same do not', () => {
    for (const vision of ['protan', 'deutan', 'tritan'] as const) expect(alike(sceneOf(3), 'paper', vision)).toEqual([]);
    expect(alike(sceneOf(3, [1, 4, 1]), 'paper', 'grey')).toContainEqual(['kind 0', 'kind 2']);
    expect(alike(sceneOf(8), 'paper', 'grey').length).toBeGreaterThan(0);
  });

  test('names beside every curve tell conditions apart', () => {
    expect(namesTell(sceneOf(3, undefined, 'name'))).toBe(true);
    const { marks, ...rest } = sceneOf(3, undefined, 'name');
    expect(namesTell({ ...rest, marks: [...marks, line(3)] })).toBe(false);
  });

  test('a drawing as grey eyes see it holds greys alone, in the same places', () => {
    const drawing = draw(sceneOf(4), 200, 100, paperStyle);
    const seen = drawingSeen(drawing, 'grey');
    expect(seen.primitives).toHaveLength(drawing.primitives.length);
    const colours = seen.primitives.flatMap((primitive) =>
      primitive.kind === 'path' ? [primitive.stroke, primitive.fill] : primitive.kind === 'text' ? [primitive.colour] : [],
    );
    for (const colour of colours) if (colour) expect(new Set(rgbOf(colour)).size).toBe(1);
    expect(seen.primitives.map((primitive) => primitive.kind === 'path' && primitive.points)).toEqual(
      drawing.primitives.map((primitive) => primitive.kind === 'path' && primitive.points),
    );
  });
});

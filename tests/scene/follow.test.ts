// A picture follows hidden, renamed and recoloured conditions, a span of time and the picked trial, and nothing jumps.

import { expect, test } from 'vitest';
import { draw } from '../../src-worker/scene/draw.ts';
import { followed } from '../../src-worker/scene/follow.ts';
import { conditionColour, paletteOf } from '../../src-worker/scene/palettes.ts';
import type { Line, Scene } from '../../src-worker/scene/scene.ts';
import { screenStyle } from '../../src-worker/scene/style.ts';

const timeMs = Float64Array.of(0, 10, 20, 30);
const line = (key: string, condition: number, weight: Line['weight'], trial?: number): Line => ({
  kind: 'line',
  key,
  datum: trial === undefined ? { condition } : { condition, trial },
  colour: { condition },
  weight,
  timeMs,
  x: Float64Array.of(0, 1, 2, 3 + 5 * condition),
  y: Float64Array.of(0, 1, 0, 1),
  z: Float64Array.of(0, 0, 1, 1),
  ...(trial === undefined ? { label: `${45 * condition}°` } : {}),
});
const axis = { label: 'PC', unit: '', scale: 'linear' } as const;
const scene: Scene = {
  title: '',
  subtitle: '',
  x: axis,
  y: axis,
  z: axis,
  marks: [line('trial 4', 0, 'thin', 4), line('trial 7', 1, 'thin', 7), line('average 0', 0, 'thick'), line('average 1', 1, 'thick')],
  conditions: { label: 'direction', names: ['0°', '45°'], trials: [1, 1], scale: 'angle', values: [0, 45] },
  text: '',
  caption: '',
};
const style = screenStyle('light');
const keys = (shown: Scene) => shown.marks.map(({ key }) => key);

test('a hidden condition goes with its trials, and the camera stays where it was', () => {
  const shown = followed(scene, { hidden: ['direction=45°'] });
  expect(keys(shown)).toEqual(['trial 4', 'average 0']);
  expect(draw(shown, 400, 300, style).frame?.scale).toBe(draw(followed(scene, {}), 400, 300, style).frame?.scale);
});

test('a name and a colour hold in the key and at the curve', () => {
  const { marks, conditions } = followed(scene, { names: { 'direction=45°': 'up' }, colours: { 'direction=45°': 3 } });
  expect(conditions?.names).toEqual(['0°', 'up']);
  expect(marks.flatMap((mark) => (mark.kind === 'line' && mark.label ? [mark.label] : []))).toEqual(['0°', 'up']);
  expect(conditionColour('light', conditions, 1)).toBe(paletteOf('light').nominal[3]);
  expect(conditionColour('light', conditions, 0)).toBe(conditionColour('light', scene.conditions, 0));
});

test('another grouping of the trials has names, colours and hidden conditions of its own', () => {
  const other: Scene = { ...scene, conditions: { label: 'success', names: ['false', 'true'], trials: [1, 1], scale: 'nominal' } };
  const follow = { hidden: ['direction=0°'], names: { 'direction=45°': 'up', 'success=true': 'hit' }, colours: { 'direction=45°': 3 } };
  const shown = followed(other, follow);
  expect(keys(shown)).toEqual(keys(scene));
  expect(shown.conditions?.names).toEqual(['false', 'hit']);
  expect(shown.conditions?.chosen).toBeUndefined();
  // A picture that is followed twice knows its conditions still.
  expect(followed(shown, { hidden: ['success=true'] }).marks.map(({ datum }) => datum.condition)).toEqual([0, 0]);
});

test('one trial alone leaves the averages', () => {
  expect(keys(followed(scene, { onlyTrial: 7 }))).toEqual(['trial 7', 'average 0', 'average 1']);
});

test('lines fade outside the span', () => {
  const opacities = (shown: Scene) =>
    draw(shown, 400, 300, style).primitives.flatMap((one) => (one.kind === 'path' && one.layer === 'thin' ? [one.opacity ?? 1] : []));
  const whole = Math.max(...opacities(followed(scene, {})));
  const parts = opacities(followed(scene, { spanMs: [10, 20] }));
  expect(Math.min(...parts)).toBeLessThan(whole / 2);
  expect(Math.max(...parts)).toBeCloseTo(whole);
});

test('in flat pictures the picked trial’s condition is drawn stronger', () => {
  const { z: _, ...flat } = { ...scene, marks: [{ ...line('q 0', 0, 'line') }, { ...line('q 1', 1, 'line') }] };
  const weights = followed(flat, { condition: 1 }).marks.map((mark) => mark.kind === 'line' && mark.weight);
  expect(weights).toEqual(['line', 'thick']);
});

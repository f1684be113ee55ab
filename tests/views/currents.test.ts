// What pictures of currents say of one region's shares and of each unit.

import { expect, test } from 'vitest';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import type { Settings } from '../../src-worker/contract/params.ts';
import type { Image, Line, Points, Scene, Text } from '../../src-worker/scene/scene.ts';
import { currents } from '../../src-worker/views/currents.ts';
import { shownFor } from './shown.ts';

const shown = await shownFor(currents, { trials: 16, units: 6 });
const { arrays } = shown.result!;
const names = arrays.regions.labels!;
const draw = (settings: Settings): Scene => currents.scene(shown, valuesOf(currents.params, settings), { width: 300, height: 200 });

test('the shares of what comes into a region stand in rows, a dot for each seed, and add up', () => {
  const scene = draw({ show: 'row', into: names[0]! });
  const dots = scene.marks.filter((mark): mark is Points => mark.kind === 'points');
  expect(dots.map(({ key }) => key)).toEqual(names.map((name) => `seeds ${name}`));
  expect(dots.every(({ x }) => x.length === arrays.shares.shape[0])).toBe(true);
  expect(dots.reduce((sum, { x }) => sum + x[0]!, 0)).toBeCloseTo(100, 4);
  expect(scene.y.ticks!.map(({ label }) => label)).toEqual(names);
  const texts = scene.marks.filter((mark): mark is Text => mark.kind === 'text').map(({ text }) => text);
  expect(texts[0]).toMatch(new RegExp(`^${Math.round(dots[0]!.x[0]!)} %`));
});

test('the current into each unit of a region is a line of a heat map, units by their peak', () => {
  const into = names.length - 1;
  const scene = draw({ show: 'units', into: names[into]!, from: names[0]! });
  const [image] = scene.marks.filter((mark): mark is Image => mark.kind === 'image');
  const members = Array.from(arrays.unitRegions.values).filter((region) => region === into).length;
  const bins = arrays.timeMs.values.length;
  expect([image!.rows, image!.columns]).toEqual([members, bins]);
  const peaks = Array.from({ length: members }, (_, line) => {
    const values = image!.values.subarray(line * bins, (line + 1) * bins);
    return values.reduce((best, value, t) => (Math.abs(value) > Math.abs(values[best]!) ? t : best), 0);
  });
  expect(peaks).toEqual([...peaks].sort((a, b) => b - a));
  // The whole is the current that the analysis kept: the mean over units is that of the pair.
  const { mean } = arrays;
  const [regions, rows] = [names.length, mean.shape[2]!];
  const pair = Array.from({ length: rows }, (_, row) => mean.values[((into * regions + 0) * rows + row) * bins + 3]!);
  const wanted = pair.reduce((sum, value) => sum + value / rows, 0);
  const found = Array.from({ length: members }, (_, line) => image!.values[line * bins + 3]!).reduce(
    (sum, value) => sum + value / members,
    0,
  );
  expect(found).toBeCloseTo(wanted, 4);
});

test('several pairs stand in one picture, a line of its own colour each, and ones that are not there are named', () => {
  const [a, b] = names as [string, string];
  const pairs = [`${a} from ${b}`, `${b} from ${a}`];
  const lines = (scene: Scene) => scene.marks.filter((mark): mark is Line => mark.kind === 'line');
  const sizes = lines(draw({ pairs }));
  expect(sizes.map(({ legend }) => legend)).toEqual(pairs);
  expect(new Set(sizes.map(({ colour }) => JSON.stringify(colour))).size).toBe(2);
  const [alone] = lines(draw({ into: a, from: b })).filter(({ key }) => key === 'size');
  expect(Array.from(sizes[0]!.y)).toEqual(Array.from(alone!.y));
  const [mean] = lines(draw({ show: 'mean', into: b, from: a })).filter(({ key }) => key === 'mean');
  expect(Array.from(lines(draw({ show: 'mean', pairs }))[1]!.y)).toEqual(Array.from(mean!.y));
  expect(() => draw({ pairs: ['A from Z'] })).toThrow(/A from Z/);
  expect(() => draw({ show: 'component', pairs })).toThrow(/by their size or their mean/);
});

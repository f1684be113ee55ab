import { expect, test } from 'vitest';
import type { Mark, Scene } from '../../src-worker/scene/scene.ts';
import { DENSE, ticksIn } from '../../src-renderer/stage/ticks.ts';

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

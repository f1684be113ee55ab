// Every view draws an ordinary experiment and meets small and broken ones with a Scene or a Failure; every Scene can be put on paper.

import { describe, expect, test } from 'vitest';
import { Failure } from '../../src-worker/contract/failure.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import { writeSvg } from '../../src-worker/figure/figure.ts';
import { draw } from '../../src-worker/scene/draw.ts';
import type { Scene } from '../../src-worker/scene/scene.ts';
import { screenStyle } from '../../src-worker/scene/style.ts';
import { views } from '../../src-worker/views/index.ts';
import type { Shown, View } from '../../src-worker/views/view.ts';
import type { Reaches } from '../views/reaches.ts';
import { shownFor } from '../views/shown.ts';

const SIZES: Readonly<Record<string, Reaches>> = {
  'an ordinary experiment': { trials: 24, units: 6 },
  'no trials': { trials: 0, units: 4 },
  'one trial': { trials: 1, units: 4 },
  'one unit': { trials: 9, units: 1 },
  'no conditions': { trials: 9, units: 4, conditions: false },
  'one bin': { trials: 9, units: 4, bins: 1 },
};

const viewport = { width: 400, height: 300 };
const sceneOf = (view: View, shown: Shown, settings = {}): Scene => view.scene(shown, valuesOf(view.params, settings), viewport);

async function check(scene: Scene): Promise<void> {
  for (const words of [scene.title, scene.text, scene.caption]) expect(words).not.toMatch(/undefined|NaN|\[object/);
  expect(scene.text).toMatch(/\.$/);
  const keys = scene.marks.map(({ key }) => key);
  expect(new Set(keys).size, 'keys are unique').toBe(keys.length);
  for (const style of [screenStyle('light'), screenStyle('dark')]) {
    const { primitives } = draw(scene, 400, 300, style);
    for (const primitive of primitives) if (primitive.kind === 'text') expect(Number.isFinite(primitive.x + primitive.y)).toBe(true);
  }
  const svg = String(await writeSvg(scene, { widthMm: 60, heightMm: 45 }));
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
}

for (const view of views as readonly View[])
  describe(view.id, () => {
    for (const [name, size] of Object.entries(SIZES))
      test(`meets ${name}`, async () => {
        const shown = await shownFor(view, size);
        let scene: Scene;
        try {
          scene = sceneOf(view, shown);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Failure);
          expect(name).not.toBe('an ordinary experiment');
          return;
        }
        await check(scene);
      });

    test('draws every choice of its parameters', async () => {
      const shown = await shownFor(view, { trials: 24, units: 6 });
      for (const [name, param] of Object.entries(view.params))
        for (const value of param.kind === 'choice' ? param.choices : param.kind === 'switch' ? [true, false] : [])
          try {
            await check(sceneOf(view, shown, { [name]: value }));
          } catch (thrown) {
            // States that this model has not got.
            expect(thrown, `${name} ${value}`).toBeInstanceOf(Failure);
          }
    });

    test('meets constant and missing numbers', async () => {
      for (const value of [7, Number.NaN]) {
        const shown = await shownFor(view, { trials: 12, units: 4 });
        const flat = Object.fromEntries(
          Object.entries(shown.outputs ?? {}).map(([name, array]) => [
            name,
            { ...array, values: new Float32Array(array.values.length).fill(value) },
          ]),
        );
        try {
          await check(sceneOf(view, { ...shown, outputs: flat }));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Failure);
        }
      }
    });

    test('says what is missing where there is nothing to show', async () => {
      if (view.shows === 'dataset') return;
      const { dataset } = await shownFor({ shows: 'dataset' }, { trials: 6, units: 3 });
      try {
        await check(sceneOf(view, { dataset }));
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(Failure);
      }
    });
  });

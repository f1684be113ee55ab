// Views of recordings that are long, and of those that hold rates or nothing.

import { expect, test } from 'vitest';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import { psth } from '../../src-worker/views/psth.ts';
import { rates } from '../../src-worker/views/rates.ts';
import { reaches } from './reaches.ts';

const viewport = { width: 400, height: 300 };

test('rates and averages of one long piece are drawn', () => {
  const { dataset, outputs } = reaches({ trials: 1, units: 90, bins: 3000, conditions: false });
  const shown = { dataset, outputs };
  expect(rates.scene(shown, valuesOf(rates.params, {}), viewport).marks.length).toBeGreaterThan(0);
  expect(psth.scene(shown, valuesOf(psth.params, {}), viewport).marks.length).toBeGreaterThan(0);
});

test('a recording of rates has no spikes to be drawn over them', () => {
  const { dataset, outputs } = reaches({ trials: 6, units: 3 });
  const recorded = { ...dataset, recipe: { ...dataset.recipe, settings: { rates: '/psth' } } };
  const scene = rates.scene({ dataset: recorded, outputs }, valuesOf(rates.params, {}), viewport);
  expect(scene.marks.map(({ kind }) => kind)).not.toContain('points');
  expect(`${scene.subtitle} ${scene.caption}`).not.toMatch(/spikes/);
});

test('continuous activity below zero has colours of its own, and is not named spikes', () => {
  const { dataset, outputs, run } = reaches({ trials: 6, units: 3 });
  const recorded = {
    ...dataset,
    counts: dataset.counts.map((_, at) => (at % 7) - 3),
    recipe: { ...dataset.recipe, settings: { rates: '/x' } },
  };
  const centred = { ...outputs, rates: { ...outputs.rates!, values: outputs.rates!.values.map((_, at) => (at % 5) - 2) } };
  const shown = { dataset: recorded, outputs: centred, run };
  const image = rates.scene(shown, valuesOf(rates.params, {}), viewport).marks.find((mark) => mark.kind === 'image')!;
  expect(image.scale.domain).toEqual([-2, 2]);
  const legends = psth
    .scene(shown, valuesOf(psth.params, {}), viewport)
    .marks.map((mark) => (mark.kind === 'line' ? mark.legend : undefined));
  expect(legends).toContain('rates');
  expect(legends).not.toContain('spikes');
});

test('a silent unit has an axis of rates that can be read', () => {
  const { dataset } = reaches({ trials: 6, units: 3 });
  const silent = { ...dataset, counts: dataset.counts.map(() => 0) };
  expect(psth.scene({ dataset: silent }, valuesOf(psth.params, {}), viewport).y.domain).toEqual([0, 1]);
});

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

test('a silent unit has an axis of rates that can be read', () => {
  const { dataset } = reaches({ trials: 6, units: 3 });
  const silent = { ...dataset, counts: dataset.counts.map(() => 0) };
  expect(psth.scene({ dataset: silent }, valuesOf(psth.params, {}), viewport).y.domain).toEqual([0, 1]);
});

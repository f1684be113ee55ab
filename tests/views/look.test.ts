import { expect, test } from 'vitest';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import type { Band, Line, Points } from '../../src-worker/scene/scene.ts';
import { psth } from '../../src-worker/views/psth.ts';
import { raster } from '../../src-worker/views/raster.ts';
import { reaches } from './reaches.ts';

const { dataset, outputs } = reaches({ trials: 24, units: 3 });
const viewport = { width: 400, height: 300 };

test('before a fit a PSTH has a band of standard errors about each mean; over a model it has none', () => {
  const values = valuesOf(psth.params, { unit: dataset.unitRows[1]!, smoothMs: 0 });
  const { marks, subtitle } = psth.scene({ dataset }, values, viewport);
  const bands = marks.filter((mark): mark is Band => mark.kind === 'band');
  const lines = marks.filter((mark): mark is Line => mark.kind === 'line');
  expect(subtitle).toContain('s.e.m.');
  expect(bands.length).toBeGreaterThan(4);
  const [band] = bands;
  const condition = band!.datum.condition!;
  const line = lines.find(({ datum }) => datum.condition === condition)!;
  const trials = [...dataset.conditions!.of.keys()].filter((trial) => dataset.conditions!.of[trial] === condition);
  const bin = 30;
  const rates = trials.map((trial) => (dataset.counts[(trial * dataset.bins + bin) * dataset.units + 1]! * 1000) / dataset.binMs);
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const spread = Math.sqrt(rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / (rates.length - 1));
  expect(line.y[bin]).toBeCloseTo(mean, 9);
  expect(band!.high[bin]! - mean).toBeCloseTo(spread / Math.sqrt(rates.length), 9);
  expect(psth.scene({ dataset, outputs }, values, viewport).marks.some(({ kind }) => kind === 'band')).toBe(false);
});

test('a raster groups trials by condition, sorts them by an event, and names the groups', () => {
  const event = dataset.events.find(({ name }) => name !== dataset.event)!.name;
  const values = valuesOf(raster.params, { unit: dataset.unitRows[0]!, sort: event });
  const scene = raster.scene({ dataset }, values, viewport);
  expect(scene.y.ticks!.map(({ label }) => label)).toContain('45°');
  const times = scene.marks.find((mark): mark is Points => mark.kind === 'points' && mark.key.startsWith('events'))!;
  const first = scene.marks.find((mark): mark is Line => mark.key === 'group 0')!;
  const own = [...times.x].filter((_, i) => times.y[i]! > first.y[0]! && times.y[i]! < first.y[1]!);
  expect(own.length).toBeGreaterThan(1);
  expect(own).toEqual([...own].sort((a, b) => a - b));
});

test('an event that is not there is refused by name', () => {
  expect(() => raster.scene({ dataset }, valuesOf(raster.params, { sort: 'nothing' }), viewport)).toThrow(
    expect.objectContaining({ code: 'unknown-event' }),
  );
});

// What the Recording and Fit screens work out for themselves: filters as text, warnings with repairs, units that a fit misses.

import { expect, test } from 'vitest';
import type { DatasetSummary } from '../../src-worker/contract/dataset.ts';
import {
  boundsOf,
  boundsText,
  histogramOf,
  shareIn,
  valueAt,
  valuesOfFilter,
  withFilter,
} from '../../src-renderer/panels/recording/filters.ts';
import { quietUnits, unitSigns, warningsOf } from '../../src-renderer/panels/recording/warnings.ts';
import { asSmall, missedSentence, missedUnits, psthR2, unitMedian } from '../../src-renderer/panels/fit/quality.ts';
import type { Line, Scene } from '../../src-worker/scene/scene.ts';

test('filters are read, changed and dropped, and others stay', () => {
  const filters = ['rate>=0.5', 'rate<=20', 'area=M1|PMd', 'quality!=mua'];
  expect(boundsOf(filters, 'rate')).toEqual({ low: 0.5, high: 20 });
  expect(boundsOf(filters, 'isolation')).toEqual({});
  expect(valuesOfFilter(filters, 'area')).toEqual(['M1', 'PMd']);
  expect(valuesOfFilter(filters, 'quality')).toBeUndefined();
  expect(withFilter(filters, 'rate', '>=', '2')).toEqual(['rate<=20', 'area=M1|PMd', 'quality!=mua', 'rate>=2']);
  expect(withFilter(filters, 'area', '=', undefined)).toEqual(['rate>=0.5', 'rate<=20', 'quality!=mua']);
  expect([boundsText({ low: 0.1 }, 'Hz'), boundsText({ low: 1.1, high: 8 }, ''), boundsText({}, 'Hz')]).toEqual([
    '≥ 0.1 Hz',
    '1.1 to 8',
    'all',
  ]);
});

test('a distribution over decades is logarithmic; shares and values are each other’s inverse', () => {
  const wide = histogramOf(Float64Array.from({ length: 40 }, (_, k) => 0.05 * 1.2 ** k))!;
  expect(wide.isLog).toBe(true);
  expect(wide.counts.reduce((sum, n) => sum + n)).toBe(40);
  for (const share of [0.1, 0.5, 0.9]) expect(shareIn(wide, valueAt(wide, share))).toBeCloseTo(share, 1);
  expect(histogramOf(Float64Array.of(1, 2, 3, 4))!.isLog).toBe(false);
  expect(histogramOf(Float64Array.of(5, 5, Number.NaN))).toBeUndefined();
});

const dataset = {
  trials: 200,
  windowMs: [-100, 100],
  conditions: [
    { name: '0°', training: 80, validation: 18, test: 0 },
    { name: '90°', training: 99, validation: 3, test: 0 },
  ],
  duplicates: [[40, 63]],
  warnings: ['Units in rows 40 and 63 look like one unit sorted twice (correlation of counts 0.97): leave one out.', 'Only 2 bins.'],
  left: [{ what: 'unit', rows: [30], why: '1 unit is silent' }],
} as unknown as DatasetSummary;

test('warnings come once, with the repair that mends them', () => {
  const warned = warningsOf(dataset, { valid: 'every:5' }, [29]);
  expect(warned.map(({ kind }) => kind)).toEqual(['warn', 'warn', 'warn', 'warn', 'info']);
  expect(warned[0]!.repair).toEqual({ title: 'Leave out 63', leaveOutUnits: [63] });
  expect(warned[1]).toMatchObject({ text: 'Only 3 validation trials in 90°', repair: { setting: { name: 'valid', value: undefined } } });
  expect(warned[2]!.text).toBe('Unit 29 fires less than one spike per trial');
  expect(warningsOf(dataset, {}, [])[1]!.repair).toBeUndefined();
});

test('units that fire less than once in the window are quiet; signs name what is wrong with a row', () => {
  const means = {
    timeMs: Float64Array.of(-150, -50, 50, 150),
    unitRows: Int32Array.of(3, 7, 9),
    spikes: Float64Array.of(0, 0, 0),
    // Expected spikes in ±100 ms: 1.2, 0.4, 0.4.
    rateHz: Float32Array.of(0, 6, 6, 0, 50, 2, 2, 50, 0, 2, 2, 0),
    trialRows: Int32Array.of(),
    conditions: Int32Array.of(),
  };
  expect(quietUnits(means, dataset, new Set([9]))).toEqual([7]);
  const signs = unitSigns(dataset, [7]);
  expect([...signs.keys()].sort((a, b) => a - b)).toEqual([7, 30, 40, 63]);
  expect(signs.get(30)!.kind).toBe('bad');
});

test('units that a fit misses are named, worst first; a good fit misses none', () => {
  const unit = (row: number, bitsPerSpike: number, heldOut = false) => ({ unit: row, heldOut, bitsPerSpike });
  const report = { perUnit: [unit(1, 0.5), unit(2, 0.4, true), unit(3, -0.02), unit(4, 0.01), unit(5, 0.6, true)] };
  expect(missedUnits(report).map(({ unit: row }) => row)).toEqual([3, 4]);
  expect(missedSentence(report)).toMatchObject({ isGood: false, lead: 'The fit misses units 3, 4:' });
  expect(unitMedian(report)).toBeCloseTo(0.5, 9);
  expect(missedSentence({ perUnit: [unit(1, 0.5), unit(2, 0.4)] })).toMatchObject({ isGood: true });
});

test('a PSTH’s agreement is R² over conditions and time; a small one has no words', () => {
  const line = (key: string, ...y: readonly number[]): Line => ({
    kind: 'line',
    key,
    datum: {},
    colour: 'ink',
    weight: 'line',
    x: Float64Array.of(0, 1),
    y: Float64Array.from(y),
    legend: 'model',
  });
  const scene = (model: readonly number[]): Scene => ({
    title: '',
    subtitle: '',
    x: { label: 'Time', unit: 'ms', scale: 'linear' },
    y: { label: 'Rate', unit: 'Hz', scale: 'linear' },
    marks: [
      line('spikes 0', 1, 3),
      line('model 0', ...model),
      { kind: 'rule', key: 'go', datum: {}, colour: 'mute', x: -120, label: 'Go' },
    ],
    text: '',
    caption: '',
  });
  expect(psthR2(scene([1, 3]))).toBe(1);
  expect(psthR2(scene([2, 2]))).toBe(0);
  const small = asSmall(scene([1, 3]));
  expect([small.x.label, small.y.unit, small.marks.length]).toEqual(['', '', 2]);
  expect(small.marks.every((mark) => !('legend' in mark))).toBe(true);
});

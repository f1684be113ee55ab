// What a fit's report says by unit: the strip with its baselines, its tips, and the sentences that name units.

import { expect, test } from 'vitest';
import { comparable } from '../../src-worker/contract/baselines.ts';
import { againstGlm, belowTruth, missedSentence, trialsOf, unitMedian } from '../../src-renderer/panels/fit/quality.ts';
import { orderedUnits, unitScene, unitTip } from '../../src-renderer/panels/fit/unit-strip.ts';
import type { FitReport, UnitScore } from '../../src-worker/contract/run.ts';

const units = (...bits: readonly number[]): readonly UnitScore[] =>
  bits.map((bitsPerSpike, k) => ({ unit: [3, 1, 2][k]!, heldOut: k === 0, bitsPerSpike }));

const report = {
  model: 'lfads',
  dataset: { validationTrials: 51 },
  perUnit: units(0.1, 0.2, 0.5),
  baselines: { glm: { perUnit: units(0.08, 0.3, 0.4) }, smoothing: { bitsPerSpike: 2, perUnit: units(0.45, 2, 3) } },
  truth: { perUnit: units(0.3, 0.21, 0.52) },
} as unknown as FitReport;

test('units go held-in first, each kind from best to worst, and the picked one is ringed', () => {
  expect(orderedUnits(report.perUnit).map(({ unit }) => unit)).toEqual([2, 1, 3]);
  const picked = unitScene(report, 1).marks.find(({ key }) => key === 'picked');
  expect(picked).toMatchObject({ x: Float64Array.of(2), y: Float64Array.of(0.2), colour: 'accent' });
});

test('each unit stands beside its baselines and what its true rates would get', () => {
  const { marks } = unitScene(report);
  const drawn = marks
    .filter((mark) => mark.kind === 'points')
    .map(({ legend, data, x, y }) => [legend, data?.map(({ unit }) => unit), [...x], [...y]]);
  expect(drawn).toEqual([
    ['Poisson GLM', [2, 1, 3], [1, 2, 3], [0.4, 0.3, 0.08]],
    // Of units 1 and 2 it lies beyond the picture, and no half of its sign is drawn.
    ['smoothing (sees them)', [3], [3], [0.45]],
    ['held-in', [2, 1], [1, 2], [0.5, 0.2]],
    ['held-out', [3], [3], [0.1]],
  ]);
  const truth = marks.find(({ key }) => key === 'true rates');
  expect(truth).toMatchObject({ kind: 'line' });
  expect(Array.from((truth as { y: Float64Array }).y.subarray(0, 2))).toEqual([0.5, 0.52]);
});

test('reports of earlier versions, without scores of baselines by unit, are drawn without them', () => {
  const { truth: _, ...rest } = report;
  const old = { ...rest, baselines: { glm: { bitsPerSpike: 0.3 } } } as unknown as FitReport;
  expect(
    unitScene(old)
      .marks.filter((mark) => mark.kind === 'points')
      .map(({ legend }) => legend),
  ).toEqual(['held-in', 'held-out']);
  expect(againstGlm(old)).toBeUndefined();
  expect(belowTruth(old)).toBeUndefined();
});

test('a tip names the unit, the trials that its number is of, and what stands beside', () => {
  expect(unitTip(report, { unit: 3 })).toEqual([
    'Unit 3, held out',
    '0.100 bits per spike on 51 validation trials',
    'Poisson GLM 0.080',
    'Smoothing (sees them) 0.450',
    'True rates 0.300',
    'Click picks it',
  ]);
  const tested = { ...report, dataset: { ...report.dataset, testTrials: 20 } };
  expect(unitTip(tested, { unit: 3 })[1]).toBe('0.100 bits per spike on 20 test trials');
  expect(unitScene(tested).subtitle).toContain('20 test trials');
  expect(trialsOf(tested)).toBe('20 test trials');
  expect(unitTip(report, { unit: 99 })).toEqual([]);
});

test('units that the fit misses are named, against the GLM, the truth, and their mean rates', () => {
  expect(againstGlm(report)).toMatchObject({ isGood: true, lead: 'Beats the Poisson GLM on the one held-out unit', rest: '' });
  const heldIn = { ...report, perUnit: report.perUnit.filter(({ heldOut }) => !heldOut) };
  expect(againstGlm(heldIn)).toEqual({ isGood: false, lead: 'Beats the Poisson GLM on 1 of 2 units:', rest: 'not on unit 1' });
  expect(belowTruth(report)).toEqual({ isGood: false, lead: 'The fit misses unit 3:', rest: '0.20 bits per spike below its true rates' });
  expect(missedSentence({ perUnit: units(0.1, -0.01, 0.5) })).toMatchObject({ isGood: false, lead: 'The fit misses unit 1:' });
  expect(missedSentence(report)).toMatchObject({ isGood: true });
});

test('the median is that of held-out units, and smoothing has none', () => {
  expect(unitMedian(report)).toBe(0.1);
  expect(unitMedian(comparable('smoothing', report.baselines.smoothing!))).toBeUndefined();
});

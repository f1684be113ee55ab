import { expect, test } from 'vitest';
import { belief } from '../../src-worker/analyses/belief/index.ts';
import { currents } from '../../src-worker/analyses/currents/index.ts';
import { statesOf } from '../../src-worker/analyses/states.ts';
import type { Settings } from '../../src-worker/contract/params.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import { correlation } from '../../src-worker/numerics/statistics.ts';
import type { Mark } from '../../src-worker/scene/scene.ts';
import { currents as currentsView } from '../../src-worker/views/currents.ts';
import { ensemble } from '../../src-worker/views/ensemble.ts';
import { pairMatrix, scattered, within } from '../../src-worker/views/pairs.ts';
import { recovery } from '../../src-worker/views/recovery.ts';
import { training } from '../../src-worker/views/training.ts';
import { reaches } from './reaches.ts';
import { inTwoRegions } from './two-regions.ts';

const size = { width: 400, height: 300 };
const { dataset, outputs, run, curves } = reaches({ trials: 16, units: 6 });
const otherSeed = (J: Float64Array): readonly Float64Array[] => [J.map((weight, at) => weight + 0.2 * Math.cos(at))];
const own = { states: statesOf(dataset, 'rates', outputs), dataset };
const [inputs, one] = [inTwoRegions(own, { others: otherSeed }), inTwoRegions(own)];
const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };
const params = { ...valuesOf(currents.params, {}), draws: 5, recoveries: 2, shifted: 'on' } as const;
const result = await currents.run(inputs, params, job);
const alone = await currents.run(one, { ...params, recoveries: 0, shifted: 'off' }, job);
const [believed, believedAlone] = [await belief.run(inputs, { recoveries: 2 }, job), await belief.run(one, { recoveries: 0 }, job)];
const shown = { dataset: inputs.dataset, outputs, run, curves, result };
const ofBelief = { ...shown, result: believed };

const named = <K extends Mark['kind']>(marks: readonly Mark[], kind: K, key: string) =>
  marks.find((mark): mark is Extract<Mark, { kind: K }> => mark.kind === kind && mark.key === key)!;

test('each weight stands beside the one that came back, none onto itself', () => {
  const scene = recovery.scene(ofBelief, { show: undefined }, size);
  const dots = [named(scene.marks, 'points', 'between'), named(scene.marks, 'points', 'within')];
  expect(dots.map(({ x }) => x.length)).toEqual([18, 12]);
  expect(scene.subtitle).toContain(`r = ${correlation(dots[0].x, dots[0].y).toFixed(2).replace('-', '−')} between`);
});

test('currents that come back are a matrix of the means over repeats', () => {
  const { marks } = recovery.scene(shown, { show: 'currents' }, size);
  const { recoveredCurrents } = result.arrays;
  expect(recoveredCurrents.shape).toEqual([2, 2, 2]);
  const mean = (pair: number) => (recoveredCurrents.values[pair] + recoveredCurrents.values[4 + pair]) / 2;
  // The first row stands at the top.
  expect(named(marks, 'image', 'pairs').values[2]).toBeCloseTo(mean(0), 6);
  expect(named(marks, 'text', 'pair 1').text).toBe(mean(1).toFixed(2).replace('-', '−'));
  expect(() => recovery.scene({ ...shown, result: believedAlone }, { show: 'weights' }, size)).toThrow(/--recoveries/);
});

test('every seed has a dot for every pair, beside its control', () => {
  const scene = ensemble.scene(shown, { show: 'shares' }, size);
  const { x } = named(scene.marks, 'points', 'seeds');
  expect(Array.from(x)).toEqual(Array.from(result.arrays.shares.values, (share) => 100 * share));
  expect(scene.marks.filter(({ kind }) => kind === 'band')).toHaveLength(4);
  expect(ensemble.scene({ ...shown, result: alone }, { show: 'shares' }, size).text).toContain('1 seed');
});

const pairOf = (settings: Settings, what = shown) =>
  currentsView.scene(what, valuesOf(currentsView.params, { into: 'A', from: 'B', ...settings }), size);

test('seeds are a band from 5 to 95 % with their median, and the legend says how many', () => {
  for (const [show, array] of [
    ['size', result.arrays.size],
    ['mean', result.arrays.meanBySeed],
  ] as const) {
    const { marks } = pairOf({ show });
    const band = named(marks, 'band', 'seeds');
    const bins = band.x.length;
    const [a, b] = [0, 1].map((member) => array.values[(member * 4 + 1) * bins + 3]);
    const [least, most] = [Math.min(a, b), Math.max(a, b)];
    expect(band.legend).toBe('5 to 95 % of 2 seeds');
    expect(band.low[3]).toBeCloseTo(least + 0.05 * (most - least), 9);
    expect(band.high[3]).toBeCloseTo(least + 0.95 * (most - least), 9);
    expect(named(marks, 'line', show).y[3]).toBeCloseTo((a + b) / 2, 9);
    expect(named(pairOf({ show }, { ...shown, result: alone }).marks, 'band', 'seeds')).toBeUndefined();
  }
});

test('a current is split into what excites and what inhibits, which add up', () => {
  const mean = pairOf({ show: 'mean', split: 'parts' }).marks;
  const [excites, inhibits, sum] = ['excitatory', 'inhibitory', 'mean'].map((key) => named(mean, 'line', key).y);
  for (let t = 0; t < sum.length; t++) expect(excites[t] + inhibits[t]).toBeCloseTo(sum[t], 4);
  const [whole, parts] = [pairOf({ show: 'component' }), pairOf({ show: 'component', split: 'parts' })].map(({ marks }) => marks);
  const [first, held] = [named(parts, 'line', 'excitatory 2'), named(parts, 'line', 'inhibitory 2')];
  expect(held.dashed).toBe(true);
  expect(first.y[5] + held.y[5]).toBeCloseTo(named(whole, 'line', 'row 2').y[5], 3);
  const sizes = pairOf({ show: 'size', split: 'parts' });
  expect(sizes.marks.filter(({ kind }) => kind === 'line').map(({ key }) => key)).toEqual(['excitatory', 'inhibitory', 'size']);
  expect(sizes.subtitle).toMatch(/by the sign of the (weight|current)$/);
});

test('every place that stands for a pair of regions can be picked as it', () => {
  const all = ['A', 'B'].flatMap((into) => ['A', 'B'].map((from) => [into, from]));
  const scenes = [
    currentsView.scene(shown, valuesOf(currentsView.params, { show: 'shares' }), size),
    ensemble.scene(shown, { show: 'shares' }, size),
    recovery.scene(shown, { show: 'currents' }, size),
  ];
  for (const { areas } of scenes) expect(areas?.map(({ datum }) => datum.pair)).toEqual(all);
  expect(pairOf({ show: 'row' }).areas?.map(({ datum }) => datum.pair)).toEqual(all.slice(0, 2));
});

test('the spread of weights says how many are smaller than it', () => {
  const scene = ensemble.scene(ofBelief, { show: undefined }, size);
  const { weights, weightSd } = believed.arrays;
  const off = Array.from({ length: 36 }, (_, at) => at).filter((at) => at % 7 !== 0);
  const smaller = off.filter((at) => weightSd.values[at] > Math.abs(weights.values[at])).length / 30;
  expect(scene.subtitle).toContain(`of ${Math.round(100 * smaller)} %`);
  expect(() => ensemble.scene({ ...shown, result: believedAlone }, { show: 'weights' }, size)).toThrow(/--seeds/);
});

test('what networks give stands beside what the one fitted again gives, and beside its spread over seeds', () => {
  const again = recovery.scene(ofBelief, { show: 'outputs' }, size);
  const dots = named(again.marks, 'points', 'outputs');
  expect(dots.x.length).toBe(believed.arrays.outputs.values.length);
  expect(dots.y[7]).toBe(believed.arrays.recoveredOutputs.values[7]);
  const r = believed.arrays.recoveredOutputR.values;
  expect(again.subtitle).toContain(`r = ${((r[0] + r[1]) / 2).toFixed(2).replace('-', '−')}`);
  const spread = ensemble.scene(ofBelief, { show: 'outputs' }, size);
  expect(spread.y.unit).toBe('Hz');
  expect(spread.subtitle).toContain('s.d. over 2 seeds');
  expect(() => recovery.scene(ofBelief, { show: 'spectrum' }, size)).toThrow(/figure weights --show spectrum/);
});

test('weights of one region are not told apart by region', async () => {
  const whole = await belief.run(inTwoRegions(own, { names: ['A'], others: otherSeed }), { recoveries: 1 }, job);
  const [back, spread] = [recovery, ensemble].map((view) => view.scene({ ...shown, result: whole }, { show: undefined }, size));
  for (const { marks } of [back!, spread!]) expect(marks.filter(({ kind }) => kind === 'points').map(({ key }) => key)).toEqual(['within']);
  expect(back!.subtitle).toMatch(/^r = −?0\.\d\d$/);
});

test('a fit without likelihoods shows what it measures of each run', () => {
  const learned = [1, 2, 3].map((step) => ({ step, values: { pVar: 1 - 1 / step, chi2: 10 / step } }));
  const settings = valuesOf(training.params, {});
  const scene = training.scene({ ...shown, curves: learned }, settings, size);
  expect(scene.title).toBe('Variance explained while learning');
  expect(Array.from(named(scene.marks, 'line', 'pVar').y)).toEqual([0, 0.5, 1 - 1 / 3]);
  const error = training.scene({ ...shown, curves: learned }, { ...settings, metric: 'error' }, size);
  expect(Array.from(named(error.marks, 'line', 'chi2').y)).toEqual([10, 5, 10 / 3]);
});

test('a scatter of many weights draws some from every column', () => {
  const { places, every } = scattered(300);
  expect(every).toBeGreaterThan(1);
  expect(places.length).toBeLessThanOrEqual(4000);
  expect(new Set(places.map((at) => at % 300)).size).toBe(300);
  expect(places.every((at) => at % 301 !== 0)).toBe(true);
  expect(within([Float64Array.of(-3, 1)])).toBeCloseTo(3.15, 12);
});

test('a matrix of pairs reads as a table: the first target at the top, the first source at the left', () => {
  const scale = { label: 'n', unit: '', domain: [0, 4] as const, palette: 'wash' as const };
  const { marks, y } = pairMatrix(['A', 'B'], [1, 2, 3, 4], { scale, text: String });
  expect(Array.from(named(marks, 'image', 'pairs').values)).toEqual([3, 4, 1, 2]);
  expect(y.ticks).toEqual([
    { at: 2, label: 'A' },
    { at: 1, label: 'B' },
  ]);
  expect(named(marks, 'text', 'pair 2')).toMatchObject({ x: 1, y: 1 });
});

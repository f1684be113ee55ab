// What views of Explore say of single trials and of their spread.

import { expect, test, vi } from 'vitest';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import type { Settings } from '../../src-worker/contract/params.ts';
import type { Image, Line, Points, Rule, Scene } from '../../src-worker/scene/scene.ts';
import { timeRange } from '../../src-renderer/stage/time-range.ts';
import { tsne } from '../../src-worker/numerics/tsne.ts';
import { behavior } from '../../src-worker/views/behavior.ts';
import { initialConditions } from '../../src-worker/views/initial-conditions.ts';
import { inputs } from '../../src-worker/views/inputs.ts';
import { rates } from '../../src-worker/views/rates.ts';
import { trajectories } from '../../src-worker/views/trajectories.ts';
import { ring } from '../../src-worker/views/trajectory-spread.ts';
import type { Shown, View } from '../../src-worker/views/view.ts';
import { reaches } from './reaches.ts';

vi.mock('../../src-worker/numerics/tsne.ts', async (original) => {
  const own = await original<typeof import('../../src-worker/numerics/tsne.ts')>();
  return { ...own, tsne: vi.fn(own.tsne) };
});

const viewport = { width: 400, height: 300 };
const shown: Shown = { ...reaches({ trials: 48, units: 6 }), modelTitle: 'LFADS' };
const draw = (view: View, settings: Settings, of: Shown = shown): Scene => view.scene(of, valuesOf(view.params, settings), viewport);
const marksOf = <Kind extends string>(scene: Scene, kind: Kind) => scene.marks.filter((mark) => mark.kind === kind);

/** The same with pushes that last 60 ms; trial 1 has one. */
const lasting: Shown = {
  ...shown,
  dataset: {
    ...shown.dataset,
    events: shown.dataset.events.map((event) =>
      /perturbation/.test(event.name)
        ? { ...event, lengthMs: event.timeMs.map((time) => (Number.isFinite(time) ? 60 : Number.NaN)) }
        : event,
    ),
  },
};

test('a push is shaded in its trial for as long as it lasts, and in no other picture', () => {
  const push = (view: View, settings: Settings) =>
    draw(view, settings, lasting).marks.find((mark): mark is Rule => mark.kind === 'rule' && mark.label === 'Perturbation');
  for (const view of [inputs, behavior] as readonly View[]) {
    const { x, until } = push(view, { trial: 1 })!;
    expect(until! - x!).toBeCloseTo(60, 9);
    expect(push(view, { trial: 0 })).toBeUndefined();
    expect(push(view, { show: 'conditions' })).toBeUndefined();
  }
  expect(push(rates, { trial: 1 })).not.toHaveProperty('until');
});

test('inputs stand over the trials without a push, on one scale for every trial', () => {
  const [one, other] = [draw(inputs, { trial: 0 }), draw(inputs, { trial: 1 })];
  expect(one.subtitle).toBe('over mean ± s.d. without perturbation');
  expect(one.y.domain).toEqual(other.y.domain);
  const { dataset, outputs } = shown;
  const push = dataset.events.find(({ name }) => /perturbation/.test(name))!.timeMs;
  const calm = Array.from(push.keys()).filter((trial) => Number.isNaN(push[trial]!));
  const mean = one.marks.find(({ key }) => key === 'mean 1') as Line;
  const at = 20;
  const expected = calm.reduce((sum, trial) => sum + outputs!.inputs!.values[(trial * dataset.bins + at) * 2]! / calm.length, 0);
  expect(mean.y[at]).toBeCloseTo(expected, 6);
});

test('true rates stand below the inferred ones on the same scale, in Hz, and are refused where they are not known', () => {
  const truth = Float32Array.from(shown.outputs!.rates!.values, (hz) => (2 * hz * shown.dataset.binMs) / 1000);
  const known: Shown = { ...shown, dataset: { ...shown.dataset, truth } };
  const [above, below] = marksOf(draw(rates, { rates: 'both', trial: 3, order: 'file' }, known), 'image') as Image[];
  expect(below!.y0).toBeGreaterThan(above!.y1);
  expect(below!.scale).toEqual(above!.scale);
  for (const cell of [0, 77, 299]) expect(below!.values[cell]! / above!.values[cell]!).toBeCloseTo(2, 4);
  expect(marksOf(draw(rates, { rates: 'true' }, known), 'image')).toHaveLength(1);
  const average = (of: string) => (marksOf(draw(rates, { rates: of, show: 'average' }, known), 'image') as Image[])[0]!.values;
  expect(average('true')[12]! / average('inferred')[12]!).toBeCloseTo(2, 4);
  expect(() => draw(rates, { rates: 'true' }, { ...shown, dataset: { ...shown.dataset, truth: undefined as never } })).toThrow(
    /true rates/,
  );
});

test('a ring is the ellipse of the covariance across the path', () => {
  // Along z the points vary by 1, across it by s.d. 2 and 1 along x + y and x − y.
  const points = [-1, 1].flatMap((a) => [-1, 1].map((b) => Float64Array.of(a * 2 + b, a * 2 - b, a * b)));
  const factor = Math.sqrt(4 / 3);
  const [x, y, z] = ring(points, Float64Array.of(5, 6, 7), [0, 0, 1], 1);
  const away = Array.from(x, (value, k) => [(value - 5 + (y[k]! - 6)) / Math.SQRT2, (value - 5 - (y[k]! - 6)) / Math.SQRT2]);
  expect([...z].every((value) => value === 7)).toBe(true);
  const [long, short] = [2 * Math.SQRT2 * factor, Math.SQRT2 * factor];
  for (const [a, b] of away) expect((a! / long) ** 2 + (b! / short) ** 2).toBeCloseTo(1, 9);
  expect(x[0]).toBe(x.at(-1));
});

test('a trial tells what happened in it and not in others', () => {
  const { dataset } = shown;
  const values = Array.from({ length: dataset.trials }, (_, trial) => (trial % 3 === 0 ? 'left' : trial % 3 === 1 ? 'right' : 'none'));
  const column = (name: string, of: readonly string[]) => ({ name, description: '', kind: 'text' as const, values: of });
  const told: Shown = {
    ...shown,
    dataset: {
      ...dataset,
      columns: [
        column('push_side', values),
        column(
          'notes',
          values.map((_, trial) => `note ${trial}`),
        ),
      ],
    },
  };
  const abouts = new Map(
    (marksOf(draw(trajectories, { show: 'trials' }, told), 'line') as Line[]).map(({ datum }) => [datum.trial, datum.about]),
  );
  expect([0, 1, 2].map((place) => abouts.get(dataset.trialRows[place]!))).toEqual(['push side left', 'push side right', undefined]);
});

test('rings of spread do not take the place of time', () => {
  const scene = draw(trajectories, { show: 'averages' });
  const { from, to, binMs } = timeRange(scene)!;
  expect([from, to, binMs]).toEqual([-400, 600, 20]);
});

test('averages alone have rings of the trials about them, which shrink to errors of the mean', () => {
  const rings = (settings: Settings) =>
    (marksOf(draw(trajectories, settings), 'line') as Line[]).filter(({ key }) => key.startsWith('spread '));
  expect(rings({ show: 'both' })).toEqual([]);
  expect(rings({ show: 'averages', spread: 'none' })).toEqual([]);
  const sd = rings({ show: 'averages' });
  // Eight conditions, a ring at each of −300 … 500 ms and at ends within a bin of them.
  expect(sd.length).toBeGreaterThanOrEqual(8 * 9);
  expect(sd.every(({ datum, weight }) => datum.trial === undefined && datum.condition !== undefined && weight === 'thin')).toBe(true);
  const width = ({ x, y, z }: Line) => Math.max(...Array.from(x, (value, k) => Math.hypot(value - x[0]!, y[k]! - y[0]!, z![k]! - z![0]!)));
  const error = rings({ show: 'averages', spread: 's.e.m.' });
  expect(width(error[3]!) / width(sd[3]!)).toBeCloseTo(1 / Math.sqrt(6), 6);
});

test('initial conditions by t-SNE are the same for a seed, and points are coloured by behaviour or trial number', () => {
  const points = (settings: Settings) => marksOf(draw(initialConditions, settings), 'points') as Points[];
  const one = points({ axes: 't-SNE', seed: 3 });
  expect(points({ axes: 't-SNE', seed: 3 })).toEqual(one);
  expect(points({ axes: 't-SNE', seed: 4 })[0]!.x).not.toEqual(one[0]!.x);
  expect(draw(initialConditions, { axes: 't-SNE', seed: 3 }).caption).toMatch(/t-SNE, perplexity 15.7, seed 3/);
  for (const mark of points({ colour: 'trial number' })) expect([...mark.value!]).toEqual(mark.data!.map(({ trial }) => trial));
  const scene = draw(initialConditions, { colour: 'behaviour' });
  expect(scene.values).toMatchObject({ unit: 'cm/s' });
  expect((marksOf(scene, 'points') as Points[]).every(({ value }) => value !== undefined)).toBe(true);
  expect(points({})[0]!.value).toBeUndefined();
});

test('t-SNE is embedded once, whatever colours it', () => {
  const places = (settings: Settings) => (marksOf(draw(initialConditions, settings), 'points') as Points[]).map(({ x, y, z }) => [x, y, z]);
  const before = vi.mocked(tsne).mock.calls.length;
  const one = places({ axes: 't-SNE', seed: 9 });
  expect(places({ axes: 't-SNE', seed: 9, colour: 'trial number' })).toEqual(one);
  expect(vi.mocked(tsne).mock.calls.length - before).toBe(1);
});

test('trials show their own events where there are few, or whenever that is asked for', () => {
  const signs = (settings: Settings, of: Shown = shown) =>
    (marksOf(draw(trajectories, settings, of), 'points') as Points[]).filter(({ datum }) => datum.trial !== undefined);
  const many: Shown = { ...reaches({ trials: 96, units: 6 }), modelTitle: 'LFADS' };
  expect(signs({ show: 'trials' }).length).toBeGreaterThan(0);
  expect(signs({ show: 'trials', events: 'never' })).toEqual([]);
  expect(signs({ show: 'trials' }, many)).toEqual([]);
  expect(signs({})).toEqual([]);
  const trials = (of: readonly Points[]) => new Set(of.map(({ datum }) => datum.trial)).size;
  expect(trials(signs({ show: 'trials', events: 'always' }, many))).toBe(96);
  expect(trials(signs({ events: 'always' }))).toBe(48);
});

test('captions say the title of a model', () => {
  expect(draw(trajectories, {}).caption).toMatch(/^LFADS, seed 2, run a1b2c3d4/);
});

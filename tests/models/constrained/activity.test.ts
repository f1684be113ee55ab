import { describe, expect, test } from 'vitest';
import type { Settings } from '../../../src-worker/contract/params.ts';
import { type Dataset, makeDataset, TRAINING, trialsIn } from '../../../src-worker/dataset/index.ts';
import { key, normal } from '../../../src-worker/engine/random.ts';
import { cornn } from '../../../src-worker/models/cornn/index.ts';
import { activityRows, groupsOf, prepare } from '../../../src-worker/models/constrained/activity.ts';
import { type ActivityChoices, resolveActivity } from '../../../src-worker/models/constrained/params.ts';
import { rateRnn } from '../../../src-worker/models/rate-rnn/index.ts';
import { array, fakeRecording, quietJob, range } from '../../dataset/fake-recording.ts';
import { turningDataset } from '../../metrics/small-dataset.ts';
import { fitJob } from '../fits.ts';

const choices: ActivityChoices = { sdMs: 0, trialsPerAverage: 1, scale: 'unit', centre: false, regions: 'area', leastUnits: 1 };

/** samples × units of wandering activity; `change` may spoil it. */
function wandering(samples: number, units: number, change: (value: number, t: number, u: number) => number = (v) => v): Promise<Dataset> {
  const values = range(samples * units, (i) => {
    const [t, u] = [Math.floor(i / units), i % units];
    return change(0.6 * Math.sin(t / (5 + u) + u) + 0.1 * normal(key(9), i), t, u);
  });
  const region = array(
    '/region',
    [units],
    range(units, (u) => (u === 0 ? 'X' : 'Y')),
  );
  return makeDataset(
    fakeRecording({ arrays: [array('/rates', [samples, units], values), region] }),
    { rates: '/rates', dtMs: 10 },
    quietJob(),
  );
}

describe('activity that no network can be fitted to is refused with the remedy', () => {
  const cases: readonly (readonly [string, () => Promise<Dataset>, Settings, RegExp])[] = [
    ['a constant unit', () => wandering(80, 6, (v, _t, u) => (u === 3 ? 0.2 : v)), {}, /row 3 is constant.*--leave-out-units 3/],
    ['one unit twice', () => twice(), {}, /rows 1 and 4 have the same activity.*--leave-out-units 4/],
    ['fewer samples than units', () => wandering(12, 15), {}, /11 steps.*14 weights.*fewer units/],
    [
      'values outside the range',
      () => wandering(80, 6, (v) => 9 * v),
      { scale: 'none' },
      /goes from −.*gives values −1 to 1.*--scale unit/,
    ],
    ['bins longer than the time constant', () => wandering(80, 6), { tauMs: 5 }, /longer than the time constant/],
    ['only constant units', () => wandering(80, 6, () => 0.2), {}, /All 5 units are constant.*event, the window/],
    ['an unknown column of regions', () => wandering(80, 6), { regions: 'layer' }, /layer/],
  ];
  const twice = () => {
    const kept: number[] = [];
    return wandering(80, 6, (v, t, u) => {
      if (u === 1) kept[t] = v;
      return u === 4 ? kept[t] : v;
    });
  };
  test.each(cases)('%s', async (_, make, settings, says) => {
    const dataset = await make();
    const fit = async () => cornn.fit(dataset, cornn.resolve(dataset, settings as never), fitJob());
    await expect(fit()).rejects.toThrow(says);
  });

  test('constant units and one unit twice, by rate networks of continuous activity too', async () => {
    const refused = async (dataset: Dataset) => () => rateRnn.resolve(dataset, {} as never);
    expect(await refused(await wandering(80, 6, (v, _t, u) => (u === 3 ? 0.2 : v)))).toThrow(/row 3 is constant.*over training/);
    expect(await refused(await twice())).toThrow(/rows 1 and 4 have the same activity/);
    expect(await refused(await wandering(80, 6))).not.toThrow();
  });

  test('one unit twice, where another begins with the same value', async () => {
    // Between the two of one shape stands one of their mean and size that begins as they do.
    const shapes = [(t: number) => (t % 4 < 2 ? 0.5 : -0.5), (t: number) => ([0, 3].includes(t % 4) ? 0.5 : -0.5)];
    const dataset = await wandering(80, 5, (v, t, u) => (u < 3 ? shapes[u % 2](t) : v));
    expect(() => prepare(dataset, choices)).toThrow(/rows 0 and 2 have the same activity.*one of them/);
  });

  test('a value that is missing', async () => {
    await expect(wandering(80, 6, (v, t, u) => (t === 5 && u === 2 ? Number.NaN : v))).rejects.toThrow(/bin 5, unit 2/);
  });
});

test('the transformation is undone exactly, and stays inside the range of tanh', async () => {
  const dataset = await turningDataset();
  for (const change of [{}, { scale: 'global' as const }, { centre: true }, { sdMs: 40, trialsPerAverage: 3 }]) {
    const how = { ...choices, ...change };
    const prepared = prepare(dataset, how);
    const groups = groupsOf(dataset, trialsIn(dataset, TRAINING), how.trialsPerAverage);
    const rows = activityRows(dataset, prepared, groups, how.sdMs);
    const n = prepared.places.length;
    const identity = { places: prepared.places, transform: { scale: new Float64Array(n).fill(1), offset: new Float64Array(n) } };
    const hz = activityRows(dataset, identity, groups, how.sdMs);
    expect(rows.values.every((value) => Math.abs(value) < 1)).toBe(true);
    for (let i = 0; i < rows.values.length; i++)
      expect(rows.values[i] * prepared.transform.scale[i % n] + prepared.transform.offset[i % n]).toBeCloseTo(hz.values[i], 9);
  }
});

test('averages are of trials of one condition, each trial in one of them', async () => {
  const dataset = await turningDataset();
  const training = trialsIn(dataset, TRAINING);
  const groups = groupsOf(dataset, training, 3);
  expect(groups.flatMap((group) => [...group]).sort((a, b) => a - b)).toEqual([...training]);
  for (const group of groups) {
    expect(new Set(Array.from(group, (trial) => dataset.conditions?.of[trial])).size).toBe(1);
    expect(Math.abs(group.length - 3)).toBeLessThanOrEqual(1);
  }
  expect(groupsOf(dataset, training, 0)).toHaveLength(4);
  expect(groupsOf(dataset, training, 1)).toHaveLength(training.length);
});

test('small regions are left out and named, where others remain', async () => {
  const dataset = await wandering(80, 6);
  const { places, notes } = prepare(dataset, { ...choices, leastUnits: 2 });
  expect([...places]).toEqual([1, 2, 3, 4, 5]);
  expect(notes.join(' ')).toMatch(/X has only 1 unit/);
  expect(prepare(dataset, { ...choices, leastUnits: 50 }).places).toHaveLength(6);
});

test('spikes are smoothed and averaged by default, continuous activity is taken as it is', async () => {
  const spikes = resolveActivity(await turningDataset(), {});
  expect([spikes.sdMs.value, spikes.trialsPerAverage.value, spikes.scale.value]).toEqual([30, 5, 'unit']);
  const rates = resolveActivity(await wandering(80, 6), {});
  expect([rates.sdMs.value, rates.trialsPerAverage.value, rates.scale.value]).toEqual([0, 1, 'none']);
  // Of ΔF/F of a few per cent, or of volts, a network would see next to nothing.
  expect(resolveActivity(await wandering(80, 6, (v) => v / 50), {}).scale.value).toBe('unit');
  expect(resolveActivity(await wandering(80, 6, (v) => v * 50), {}).scale.value).toBe('unit');
});

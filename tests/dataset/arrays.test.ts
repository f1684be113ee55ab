import { expect, test } from 'vitest';
import type { Settings } from '../../src-worker/contract/params.ts';
import { type Dataset, makeDataset, TRAINING, VALIDATION } from '../../src-worker/dataset/index.ts';
import { resolveSettings, sizesOf, valuesIn } from '../../src-worker/models/lfads/settings/setup.ts';
import { array, fakeRecording, quietJob, range } from './fake-recording.ts';

const make = (plan: Parameters<typeof fakeRecording>[0], settings: Settings): Promise<Dataset> =>
  makeDataset(fakeRecording(plan), settings, quietJob());

/** Trial k, bin t, unit u counts (k + t + u) mod 3. */
const shape = [10, 6, 3];
const counts = range(180, (i) => (Math.floor(i / 18) + (Math.floor(i / 3) % 6) + (i % 3)) % 3);

test('counts keep their order, and lists beside them become columns of trials and units', async () => {
  const condition = array(
    '/condition',
    [10],
    range(10, (k) => k % 2),
  );
  const area = array('/brain_area', [3], ['CA1', 'VISp', 'CA1']);
  const dataset = await make(
    { arrays: [array('/spikes', shape, counts), condition, area] },
    { binMs: 10, valid: 'every:5', condition: '/condition', units: ['brain_area=CA1'] },
  );
  expect([dataset.trials, dataset.bins, dataset.units, dataset.binMs]).toEqual([10, 6, 2, 10]);
  expect(dataset.counts[(4 * 6 + 2) * 2 + 1]).toBe(counts[(4 * 6 + 2) * 3 + 2]);
  expect(dataset.areas).toEqual(['CA1', 'CA1']);
  expect(dataset.conditions?.names).toEqual(['0', '1']);
  expect(dataset.event).toBe('start of the array');
});

test('bins are added together, behaviour and truth with them', async () => {
  const velocity = array(
    '/velocity',
    [10, 6, 2],
    range(120, (i) => i),
  );
  const truth = array(
    '/truth',
    shape,
    counts.map((n) => n + 0.25),
  );
  const dataset = await make(
    { arrays: [array('/spikes', shape, counts), velocity, truth] },
    { counts: '/spikes', binMs: 10, rebinMs: 20, behavior: ['velocity'], truth: '/truth', valid: 'every:5' },
  );
  expect([dataset.bins, dataset.binMs]).toEqual([3, 20]);
  expect(dataset.counts[0]).toBe(counts[0] + counts[3]);
  expect(dataset.truth?.[0]).toBeCloseTo(counts[0] + counts[3] + 0.5, 6);
  expect([...dataset.behaviors[0].values.subarray(0, 4)]).toEqual([1, 2, 5, 6]);
});

test('a window cuts a stretch out of the array', async () => {
  const dataset = await make({ arrays: [array('/spikes', shape, counts)] }, { binMs: 10, windowMs: [20, 50], valid: 'every:5' });
  expect([...dataset.edgesMs]).toEqual([20, 30, 40, 50]);
  expect(dataset.counts[0]).toBe(counts[2 * 3]);
});

test('bins without any value are trials that ended early', async () => {
  const padded = counts.map((n, i) => (Math.floor(i / 18) % 2 === 1 && Math.floor(i / 3) % 6 >= 4 ? Number.NaN : n));
  const dataset = await make({ arrays: [array('/spikes', shape, padded)] }, { binMs: 10, valid: 'every:5' });
  expect([...(dataset.observed?.subarray(0, 12) ?? [])]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
  expect(dataset.counts.every((n) => !Number.isNaN(n))).toBe(true);
});

test('the time step of rates is that of an even list of times whose name says its unit', async () => {
  const rates = array(
    '/psth',
    shape,
    range(180, (i) => i / 7),
  );
  const times = (path: string, at: (k: number) => number) => array(path, [6], range(6, at));
  const even = await make({ arrays: [rates, times('/time_s', (k) => -0.05 + 0.02 * k)] }, { rates: '/psth', valid: 'every:5' });
  expect(even.binMs).toBe(20);
  expect(even.summary.warnings.join(' ')).toContain('that of /time_s');
  for (const other of [times('/time', (k) => k), times('/time_s', (k) => k ** 2)])
    await expect(make({ arrays: [rates, other] }, { rates: '/psth', valid: 'every:5' })).rejects.toThrow(/how long a bin of \/psth is/);
});

test('rates are kept in Hz and averaged when binned anew', async () => {
  const rates = array(
    '/psth',
    shape,
    range(180, (i) => i / 7),
  );
  const dataset = await make({ arrays: [rates] }, { rates: '/psth', dtMs: 10, rebinMs: 20, valid: 'every:5' });
  expect(dataset.counts[0]).toBeCloseTo((0 + 3 / 7) / 2, 6);
  expect(dataset.summary.spikes).toBe(0);
});

test('an LFADS file keeps its split and its held-out units', async () => {
  const encod = (trials: number) => range(trials * 8, (i) => (i + 1) % 2);
  const recon = (trials: number) => range(trials * 12, (i) => i % 2);
  const plan = {
    arrays: [
      array('/train_encod_data', [6, 4, 2], encod(6)),
      array('/valid_encod_data', [2, 4, 2], encod(2)),
      array('/train_recon_data', [6, 4, 3], recon(6)),
      array('/valid_recon_data', [2, 4, 3], recon(2)),
    ],
    layout: {
      encod: { train: '/train_encod_data', valid: '/valid_encod_data' },
      recon: { train: '/train_recon_data', valid: '/valid_recon_data' },
      external: {},
      truth: {},
      conversionFactor: 1,
    },
  };
  const dataset = await make(plan, { binMs: 5 });
  expect([dataset.trials, dataset.bins, dataset.units]).toEqual([8, 4, 3]);
  expect([...dataset.split]).toEqual([...new Array(6).fill(TRAINING), VALIDATION, VALIDATION]);
  expect([...dataset.heldOut]).toEqual([0, 0, 1]);
  expect([...(await make(plan, { binMs: 5, valid: 'every:4' })).split].filter((part) => part === VALIDATION)).toHaveLength(2);
});

test('an LFADS file whose encoders see fewer bins sets the rest apart as forward prediction', async () => {
  const ones = (count: number) => range(count, () => 1);
  const plan = {
    arrays: [array('/train_encod_data', [6, 4, 2], ones(48)), array('/train_recon_data', [6, 6, 2], ones(72))],
    layout: {
      encod: { train: '/train_encod_data' },
      recon: { train: '/train_recon_data' },
      external: {},
      truth: {},
      conversionFactor: 1,
    },
  };
  const dataset = await make(plan, { binMs: 5, valid: 'every:3' });
  expect([dataset.bins, dataset.forwardMs]).toEqual([6, 10]);
  expect(sizesOf(dataset, valuesIn(resolveSettings(dataset, {})))).toMatchObject({ bins: 6, encodedBins: 4 });
  expect(sizesOf(dataset, valuesIn(resolveSettings(dataset, { forwardMs: 0 })))).toMatchObject({ bins: 6, encodedBins: 6 });
  expect((await make(plan, { binMs: 5, valid: 'every:3', windowMs: [0, 20] })).forwardMs).toBeUndefined();
  expect((await make(plan, { binMs: 5, valid: 'every:3', rebinMs: 10 })).forwardMs).toBe(10);
});

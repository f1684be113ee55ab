import { expect, test } from 'vitest';
import { refitAll } from '../../../src-worker/analyses/belief/refits.ts';
import { Failure } from '../../../src-worker/contract/failure.ts';
import { shiftedValues } from '../../../src-worker/models/constrained/shifted.ts';
import { curbd } from '../../../src-worker/models/curbd/index.ts';
import type { Activity } from '../../../src-worker/models/constrained/activity.ts';
import { TRAINING, trialsIn } from '../../../src-worker/dataset/index.ts';
import { turningDataset } from '../../metrics/small-dataset.ts';
import { fitJob } from '../../models/fits.ts';

const dataset = await turningDataset();
const model = curbd.tested!;
const resolved = curbd.resolve(dataset, { steps: 3, freeRuns: 0, leastUnits: 1 });
const network = model.open((await curbd.fit(dataset, resolved, fitJob())).checkpoint, resolved, dataset);
const rows = network.recorded(trialsIn(dataset, TRAINING));
const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 2 };

test('what is shifted goes round within its row, and all else stays', () => {
  const shorter = { ...rows, lengths: rows.lengths.map((length, row) => (row === 1 ? length - 6 : length)) };
  const members = Int32Array.of(0, 3);
  const values = shiftedValues(shorter, members, 7);
  const { bins, units } = rows;
  for (const row of [0, 1]) {
    const length = shorter.lengths[row];
    const by = Math.round((7 * length) / bins);
    for (let t = 0; t < length; t++)
      for (let unit = 0; unit < units; unit++) {
        const from = members.includes(unit) ? (t - by + length) % length : t;
        expect(values[(row * bins + t) * units + unit]).toBe(rows.values[(row * bins + from) * units + unit]);
      }
  }
  expect(shiftedValues(rows, members, 7)).not.toEqual(rows.values);
});

test('fits in threads are those of one thread, and a fit that fails says why', { timeout: 60_000 }, async () => {
  const tasks = [];
  for (const seed of [1, 2, 3]) tasks.push(await network.again({ of: 'shifted', units: Int32Array.of(seed), bins: 5, seed }, job));
  const here = await refitAll(model, resolved, tasks, { ...job, threads: 1 });
  const shares: number[] = [];
  const inThreads = await refitAll(model, resolved, tasks, { ...job, progress: async (done) => void shares.push(done) }, 0);
  expect(inThreads.map(({ arrays }) => arrays.J)).toEqual(here.map(({ arrays }) => arrays.J));
  expect(here[0].arrays.J).not.toEqual(here[1].arrays.J);
  expect(shares.at(-1)).toBeLessThanOrEqual(1);
  const { plain, ...rest } = tasks[0];
  const { activity, ...given } = plain as { activity: Activity };
  const endless = {
    ...rest,
    plain: { ...given, activity: { ...activity, values: activity.values.map((value, i) => (i === 9 ? Number.NaN : value)) } },
  };
  await expect(refitAll(model, resolved, [endless, endless], job, 0)).rejects.toThrow(Failure);
});

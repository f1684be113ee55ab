import { expect, test } from 'vitest';
import { shiftedRows } from '../../../src-worker/analyses/currents/again.ts';
import { refitAll } from '../../../src-worker/analyses/currents/refits.ts';
import type { ConstrainedRun } from '../../../src-worker/analyses/analysis.ts';
import { Failure } from '../../../src-worker/contract/failure.ts';
import { curbd } from '../../../src-worker/models/curbd/index.ts';
import { turningDataset } from '../../metrics/small-dataset.ts';
import { fitJob } from '../../models/fits.ts';

const dataset = await turningDataset();
const model = curbd.constrained!;
const resolved = curbd.resolve(dataset, { steps: 3, freeRuns: 0, leastUnits: 1 });
const fitted = model.network((await curbd.fit(dataset, resolved, fitJob())).checkpoint);
const run: ConstrainedRun = { model, resolved, fitted, seed: 0, members: [{ run: 'a', seed: 0, network: fitted.network }], of: 'CURBD' };
const rows = model.activity(dataset, fitted, resolved, model.trainingTrials(dataset));
const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 2 };

test('what is shifted goes round within its row, and all else stays', () => {
  const shorter = { ...rows, lengths: rows.lengths.map((length, row) => (row === 1 ? length - 6 : length)) };
  const members = Int32Array.of(0, 3);
  const { values } = shiftedRows(shorter, members, 7);
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
  expect(shiftedRows(rows, members, 7).values).not.toEqual(rows.values);
});

test('fits in threads are those of one thread, and a fit that fails says why', { timeout: 60_000 }, async () => {
  const tasks = [1, 2, 3].map((seed) => ({ activity: shiftedRows(rows, Int32Array.of(seed), 5), seed }));
  const here = await refitAll(run, dataset, tasks, { ...job, threads: 1 });
  const shares: number[] = [];
  const inThreads = await refitAll(run, dataset, tasks, { ...job, progress: async (done) => void shares.push(done) }, 0);
  expect(inThreads.map(({ J }) => J)).toEqual(here.map(({ J }) => J));
  expect(here[0].J).not.toEqual(here[1].J);
  expect(shares.at(-1)).toBeLessThanOrEqual(1);
  const endless = { activity: { ...rows, values: rows.values.map((value, i) => (i === 9 ? Number.NaN : value)) }, seed: 1 };
  await expect(refitAll(run, dataset, [endless, endless], job, 0)).rejects.toThrow(Failure);
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resource } from '../../src-worker/assets.ts';
import { datasetParams, makeDataset } from '../../src-worker/dataset/index.ts';
import { parseSettings } from '../../src-worker/contract/settings.ts';
import type { Recording } from '../../src-worker/formats/format.ts';
import { openRecording } from '../../src-worker/formats/index.ts';
import { rowsOf, unitMeans } from '../../src-worker/service/look.ts';

const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };
let recording: Recording;

beforeAll(async () => {
  recording = await openRecording(resource('sample.nwb'), {}, job);
});
afterAll(() => recording.close());

describe('rows', () => {
  test('units come with their spikes and the rate that filters know', () => {
    const [table] = recording.unitTables();
    const rows = rowsOf(recording, table!.path);
    const column = (name: string) => rows.columns.find((one) => one.name === name)!.values;
    expect(rows.rows).toBe(64);
    expect(column('spikes')).toHaveLength(64);
    expect(column('spikes')[48]).toBe(table!.spikeTimes(48).length);
    expect(column('rate')[48]).toBeCloseTo(table!.spikeTimes(48).length / recording.summary.seconds, 9);
  });

  test('trials keep their columns, and those of times are known as such', () => {
    const path = recording.intervalTables().find((table) => table.path.endsWith('trials'))!.path;
    const { columns, rows } = rowsOf(recording, path);
    expect(rows).toBe(264);
    expect(columns.filter(({ isTime }) => isTime).map(({ name }) => name)).toContain('move_onset_time');
    expect(columns.find(({ name }) => name === 'rate')).toBeUndefined();
  });

  test('a table that is not there is refused by name', () => {
    expect(() => rowsOf(recording, '/nowhere')).toThrow(expect.objectContaining({ code: 'unknown-table' }));
  });
});

test('averages of units are their spikes in trials over the time seen', async () => {
  const settings = { align: 'move_onset_time', windowMs: [-200, 200], binMs: 40, trials: ['success=true'], condition: 'direction' };
  const dataset = await makeDataset(recording, parseSettings(datasetParams, settings), job);
  const { spikes, rateHz, timeMs, unitRows, trialRows, conditions } = unitMeans(dataset);
  expect([...trialRows]).toEqual([...dataset.trialRows]);
  expect(Math.max(...conditions)).toBe(7);
  expect([...unitRows]).toEqual([...dataset.unitRows]);
  expect(timeMs).toHaveLength(10);
  const total = dataset.counts.reduce((sum, count) => sum + count, 0);
  expect(spikes.reduce((sum, count) => sum + count, 0)).toBe(total);
  const seconds = (dataset.trials * 400) / 1000;
  expect(rateHz.subarray(0, 10).reduce((sum, rate) => sum + rate / 10, 0)).toBeCloseTo(spikes[0]! / seconds, 3);
});

// Datasets of public recordings: areas, rates, and a recording without trials.

import { expect, test } from 'vitest';
import type { Settings } from '../../src-worker/contract/params.ts';
import { type Dataset, makeDataset } from '../../src-worker/dataset/index.ts';
import { openRecording } from '../../src-worker/formats/index.ts';
import { realData } from '../data.ts';
import { quietJob } from './fake-recording.ts';

const epochs = realData('nwb/phy_A8604_epochs_only.nwb');
const steinmetz = realData('hdf5/steinmetz2019_session11.h5');
const averages = realData('hdf5/hatsopoulos2007_psth.h5');

async function open(path: string | undefined, settings: Settings): Promise<Dataset> {
  const recording = await openRecording(path ?? '', {}, quietJob());
  try {
    return await makeDataset(recording, settings, quietJob());
  } finally {
    recording.close();
  }
}

test.skipIf(!epochs)('a recording with epochs but no trials says how to chop it, and is chopped', async () => {
  await expect(open(epochs, {})).rejects.toThrow(/no table of trials.*--segment-ms.*\/intervals\/epochs/);
  const { trials, units, segments, summary } = await open(epochs, { segmentMs: 1000, overlapMs: 200, intervals: 'epochs' });
  expect(units).toBe(3);
  expect(trials).toBeGreaterThan(1300);
  expect(segments?.overlapBins).toBe(10);
  expect(summary.validationTrials / trials).toBeCloseTo(0.2, 1);
});

test.skipIf(!steinmetz)('units of an array are chosen by the list of areas beside it; silent ones are named', async () => {
  const { areas, units, summary } = await open(steinmetz, { counts: '/spikes', binMs: 10, units: ['brain_area=MOp'] });
  expect(new Set(areas)).toEqual(new Set(['MOp']));
  expect(units).toBeGreaterThan(10);
  expect(units).toBeLessThan(857);
  expect(summary.left[0].why).toMatch(/units do not match brain_area=MOp/);
});

test.skipIf(!averages)('condition averages are a dataset of rates with hand positions as behaviour', async () => {
  const dataset = await open(averages, { rates: '/psth', dtMs: 10, behavior: ['xhandposition', 'd:xhandposition'] });
  expect([dataset.trials, dataset.bins, dataset.units]).toEqual([8, 121, 141]);
  expect(dataset.behaviors.map(({ values }) => values.length)).toEqual([968, 968]);
  expect(dataset.counts.reduce((most, hz) => Math.max(most, hz), 0)).toBeGreaterThan(20);
});

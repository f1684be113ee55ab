// Three published figures of recordings that are public: splits, bins, truth and metrics are right before any model is.

import { expect, test } from 'vitest';
import type { Settings } from '../../src-worker/contract/params.ts';
import { type Dataset, makeDataset, ofTrials, TRAINING, trialsIn, unitsWhere, VALIDATION } from '../../src-worker/dataset/index.ts';
import { openRecording } from '../../src-worker/formats/index.ts';
import { judgingTrials, scoreRates } from '../../src-worker/metrics/report.ts';
import { activityOf } from '../../src-worker/models/baseline.ts';
import { GLM_GRID } from '../../src-worker/models/glm/fit.ts';
import { smoothedCounts } from '../../src-worker/models/smoothing.ts';
import { resource } from '../../src-worker/assets.ts';
import { chooseCoSmoother, coSmooth, fitCoSmoother } from '../../src-worker/numerics/co-smoothing.ts';
import { rSquared } from '../../src-worker/numerics/ridge.ts';
import { smoothBins } from '../../src-worker/numerics/smoothing.ts';
import { realData } from '../data.ts';
import { quietJob } from '../dataset/fake-recording.ts';

const lorenz = realData('hdf5/lorenz.h5');
const day31 = realData('hdf5/macaque_reaching_day31.h5');
const maze = realData('nwb/mc_maze_small.nwb');

async function open(path: string, settings: Settings): Promise<Dataset> {
  const recording = await openRecording(path, {}, quietJob());
  try {
    return await makeDataset(recording, settings, quietJob());
  } finally {
    recording.close();
  }
}

test.skipIf(!lorenz)('smoothing with s.d. 6 bins gives R² .7209 on the validation trials of lorenz.h5', async () => {
  const dataset = await open(lorenz ?? '', { counts: '/spikes', truth: '/truth_rates', binMs: 10, valid: 'every:5' });
  const trials = judgingTrials(dataset);
  expect(trials).toHaveLength(80);
  const { r2Truth } = scoreRates(dataset, trials, smoothedCounts(dataset, activityOf(dataset, trials), 60));
  expect(r2Truth).toBeCloseTo(0.7209, 4);
});

/** The grid's best co-bps on the validation split. */
async function bestOfGrid(dataset: Dataset): Promise<number | undefined> {
  const [training, judged] = [TRAINING, VALIDATION].map((part) => activityOf(dataset, trialsIn(dataset, part)));
  const [seen, hidden] = [unitsWhere(dataset, false), unitsWhere(dataset, true)];
  const { sdMs, components, penalty } = GLM_GRID;
  const grid = { sdBins: sdMs.map((ms) => ms / dataset.binMs), components, alpha: penalty };
  const choice = await chooseCoSmoother(training, judged, seen, hidden, grid, async () => {});
  const all = Int32Array.from({ length: dataset.units }, (_, u) => u);
  const model = await fitCoSmoother(training, seen, all, choice, async () => {});
  return scoreRates(dataset, trialsIn(dataset, VALIDATION), coSmooth(judged, model)).coBitsPerSpike;
}

test.skipIf(!day31)('the best Poisson GLM gives .0970 co-bps on day 31 of macaque reaching', async () => {
  const dataset = await open(day31 ?? '', { counts: '/spikes', binMs: 20, valid: 'every:5', heldOutUnits: 'every:4' });
  expect([dataset.trials, dataset.bins, dataset.units]).toEqual([212, 35, 24]);
  expect(Math.abs(((await bestOfGrid(dataset)) ?? 0) - 0.097)).toBeLessThan(0.002);
});

test.skipIf(!maze)('the best Poisson GLM gives .1319 co-bps on MC_Maze small', async () => {
  const settings = { align: 'start_time', windowMs: [0, 700], binMs: 20, valid: 'every:5', heldOutUnits: 'every:4' } as const;
  const dataset = await open(maze ?? '', settings);
  expect([dataset.trials, dataset.bins, dataset.units]).toEqual([100, 35, 107]);
  expect(dataset.summary.left).toEqual([]);
  expect(Math.abs(((await bestOfGrid(dataset)) ?? 0) - 0.1319)).toBeLessThan(0.002);
});

test.skipIf(!maze)('MC_Maze small keeps every trial about movement onset, and its own columns are read', async () => {
  const settings = { align: 'move_onset_time', windowMs: [-250, 450], binMs: 20 } as const;
  expect((await open(maze ?? '', settings)).trials).toBe(100);
  // The benchmark's test file says of no unit that it is held out, and of each trial that it is one of test.
  await expect(open(maze ?? '', { ...settings, heldOutUnits: 'column:heldout' })).rejects.toThrow(/holds out none of 107 units/);
  await expect(open(maze ?? '', { ...settings, valid: 'column:split=val' })).rejects.toThrow(/No trial has split = “val”.*test/);
  await expect(open(maze ?? '', { ...settings, windowMs: [-300, 450], binMs: 25 })).rejects.toThrow(/obs_intervals/);
});

test('the sample gives 256 × 50 × 61, and smoothing with 100 ms R² .631', async () => {
  const dataset = await open(resource('sample.nwb'), {
    align: 'move_onset_time',
    windowMs: [-400, 600],
    binMs: 20,
    trials: ['success=true'],
    leaveOutUnits: [30, 61, 63],
    condition: 'direction',
    valid: 'every:5',
  });
  expect([dataset.trials, dataset.bins, dataset.units]).toEqual([256, 50, 61]);
  expect(dataset.summary.left.map(({ why }) => why)).toEqual(['3 units were left out as asked', '8 trials do not match success=true']);
  expect(dataset.conditions?.names).toEqual(['0°', '45°', '90°', '135°', '180°', '225°', '270°', '315°']);
  // .631 is of each fifth trial of those in use; each fifth row of the table gives a little more.
  const fifth = Int32Array.from({ length: 51 }, (_, k) => 5 * k + 4);
  const size = dataset.bins * dataset.units;
  const truth = ofTrials(dataset.truth ?? new Float32Array(), fifth, size);
  const smoothed = smoothBins(ofTrials(dataset.counts, fifth, size), 51, dataset.bins, dataset.units, 5);
  expect(rSquared(truth, smoothed, dataset.units)).toBeCloseTo(0.6315, 3);
  const trials = judgingTrials(dataset);
  expect(trials).toHaveLength(51);
  expect(scoreRates(dataset, trials, smoothedCounts(dataset, activityOf(dataset, trials), 100)).r2Truth).toBeCloseTo(0.6385, 3);
});

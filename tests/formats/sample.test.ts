import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { openRecording } from '../../src-worker/formats/index.ts';
import { delayedReach, trueRates } from '../../src-worker/synthetic/delayed-reach.ts';
import { job } from './small-nwb.ts';

const path = resolve(import.meta.dirname, '../../resources/sample.nwb');

test('the sample recording opens with its units, trials, spikes, hand and areas', async () => {
  const { summary } = await openRecording(path, {}, job);
  expect(summary).toMatchObject({ units: 64, trials: 264, spikes: 511_266, areas: ['M1', 'PMd'], notes: [] });
  expect(summary.seconds).toBeCloseTo(782.5, 1);
  expect(summary.signals.map((signal) => signal.path)).toEqual([
    '/processing/behavior/hand_position',
    '/processing/behavior/hand_velocity',
    '/processing/truth/latents',
  ]);
  expect(summary.intervalTables[0].columns.filter(({ isTime }) => isTime).map(({ name }) => name)).toEqual([
    'start_time',
    'stop_time',
    'target_on_time',
    'go_cue_time',
    'move_onset_time',
    'perturbation_time',
  ]);
});

test('the sample’s spikes and true rates are those it was made with, odd units included', async () => {
  const recording = await openRecording(path, {}, job);
  const reach = delayedReach();
  const truth = recording.truth()!;
  expect(truth.stepSeconds).toBe(0.01);
  let worst = 0;
  for (const [unit, times] of reach.spikes.entries()) {
    expect(recording.unitTables()[0].spikeTimes(unit)).toEqual(times);
    const expected = trueRates(reach, unit);
    // Latents are stored as float32: rates agree to 7 digits.
    for (const [step, rate] of truth.rateHz(unit, 0, reach.steps).entries()) {
      const error = expected[step] === 0 ? rate : Math.abs(rate / expected[step] - 1);
      if (error > worst) worst = error;
    }
  }
  expect(worst).toBeLessThan(1e-6);
  expect([...truth.rateHz(0, -1, 1)]).toEqual([NaN, expect.any(Number)]);
});

// Events that begin an interval of another table last as long as that.

import { expect, test } from 'vitest';
import { resource } from '../../src-worker/assets.ts';
import { makeDataset } from '../../src-worker/dataset/index.ts';
import { datasetOfTrials } from '../../src-worker/dataset/restricted.ts';
import { openRecording } from '../../src-worker/formats/index.ts';

const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };

test('pushes of the sample last 60 ms, in the trials that have one', async () => {
  const recording = await openRecording(resource('sample.nwb'), {}, job);
  const dataset = await makeDataset(
    recording,
    { align: 'move_onset_time', windowMs: [-400, 600], binMs: 20, trials: ['success=true'], leaveOutUnits: [30, 61, 63] },
    job,
  );
  recording.close();
  const lengths = (of: typeof dataset) => of.events.find(({ name }) => name === 'perturbation_time')!;
  const { timeMs, lengthMs } = lengths(dataset);
  const pushed = Array.from(timeMs.keys()).filter((trial) => Number.isFinite(timeMs[trial]!));
  expect(pushed).toHaveLength(74);
  for (const [trial, length] of lengthMs!.entries()) expect(length).toBe(pushed.includes(trial) ? 60 : Number.NaN);
  expect(dataset.events.find(({ name }) => name === 'go_cue_time')!.lengthMs).toBeUndefined();
  const some = lengths(datasetOfTrials(dataset, Int32Array.of(pushed[3]!, 0)));
  expect(some.lengthMs![0]).toBe(60);
});

// Fits whose project can no longer be written: the fit ends as failed, in words, and the worker lives on.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { portChannel } from '../../src-worker/contract/channels.ts';
import { Failure } from '../../src-worker/contract/failure.ts';
import type { RecordingSummary } from '../../src-worker/contract/recording.ts';
import { serve } from '../../src-worker/contract/rpc.ts';
import type { FitSpec } from '../../src-worker/service/fit-spec.ts';
import { Fits } from '../../src-worker/service/fits.ts';
import { startService } from '../../src-worker/service/service.ts';
import { addRecording, openProject } from '../../src-worker/store/index.ts';
import { record } from '../cli/fake.ts';
import { fill, scratch } from '../store/fixtures.ts';

const spec: FitSpec = {
  project: '/p.orrery',
  run: 'r1',
  recording: '/nothing.nwb',
  data: {},
  model: 'smoothing',
  settings: {},
  seed: 0,
  threads: 1,
  device: 'auto',
};
const ref = { project: spec.project, run: spec.run };

test('where nothing can be written to the project any more, not even that the fit failed, it is told', async () => {
  const full = async () => {
    throw new Failure('disk-full', 'There is no space left.', 'Free some space.');
  };
  const desk = () => {
    const { port1, port2 } = new MessageChannel();
    serve(portChannel(port1), { change: full, points: full, save: full, abandonOutputs: full });
    return port2;
  };
  const fits = new Fits(() => {}, full, desk);
  await fits.start(spec, record({ id: 'r1', state: 'queued' }));
  expect(await fits.wait(ref)).toMatchObject({ state: 'failed', failure: { code: 'disk-full' } });
});

test('a run that is asked to go on while it is still ending goes on once it has ended', async () => {
  let begun = 0;
  const stopped = async () => record({ id: 'r1', state: 'stopped' });
  const desk = () => {
    begun++;
    const { port1, port2 } = new MessageChannel();
    serve(portChannel(port1), { change: stopped, points: async () => {}, save: async () => {}, abandonOutputs: async () => {} });
    return port2;
  };
  const fits = new Fits(() => {}, stopped, desk);
  await fits.start(spec, record({ id: 'r1', state: 'queued' }));
  const stopping = fits.stop(ref);
  expect(await fits.start(spec, record({ id: 'r1', state: 'queued' }))).toMatchObject({ state: 'running' });
  expect(await stopping).toMatchObject({ state: 'stopped' });
  expect(begun).toBe(2);
  await fits.stopAll();
});

const folder = scratch();

test('a project that another process writes is not resumed, and the worker goes on', async () => {
  const path = join(folder, 'p.orrery');
  const project = await openProject(path, { create: true });
  const id = fill(project);
  writeFileSync(join(folder, 'reach.nwb'), 'spikes');
  addRecording(project, join(folder, 'reach.nwb'), { identity: 'r1', name: 'reach' } as RecordingSummary);
  project.close();
  writeFileSync(join(path, 'lock'), JSON.stringify({ host: 'elsewhere', process: 1, started: 1, time: '2026-01-01T00:00:00Z' }));
  const service = startService({ progress: () => {}, run: () => {} });
  onTestFinished(() => service.close());
  await expect(service.resumeFit({ project: path, run: id }, {})).rejects.toMatchObject({ code: 'project-read-only' });
  expect((await service.run({ project: path, run: id })).model).toBe('lfads');
});

// Bad input of every kind, through the real worker: a sentence that names it, a hint, exit code 2, and nothing written.

import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WorkerHandle } from '../../src-main/host.ts';
import { sampleRecording } from '../../src-main/locate.ts';
import { type Run, shareWorker } from './shared-worker.ts';

const HDF5_SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

let folder: string;
let worker: WorkerHandle;
let run: Run;
let before: readonly string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-bad-'));
  const sample = readFileSync(sampleRecording);
  copyFileSync(sampleRecording, join(folder, 'sample.nwb'));
  writeFileSync(join(folder, 'empty.nwb'), '');
  writeFileSync(join(folder, 'cut.nwb'), sample.subarray(0, Math.floor(sample.length / 2)));
  writeFileSync(join(folder, 'notes.txt'), 'These are notes, not neurons.');
  writeFileSync(join(folder, 'noise.h5'), Uint8Array.from([...HDF5_SIGNATURE, ...Array.from({ length: 4096 }, (_, i) => (i * 73) % 251)]));
  mkdirSync(join(folder, 'folder.nwb'));
  before = readdirSync(folder).sort();
  ({ worker, run } = await shareWorker(folder));
});
afterAll(async () => {
  await worker.close();
  rmSync(folder, { recursive: true });
});

const FIT = ['--align', 'move_onset_time', '--window-ms', '-400,600', '--bin-ms', '20'];
const allBut = (...kept: readonly number[]) =>
  Array.from({ length: 64 }, (_, unit) => unit)
    .filter((unit) => !kept.includes(unit))
    .join(',');

test.each([
  ['a missing file', ['inspect', 'nothing.nwb'], 'nothing.nwb'],
  ['a missing file, to fit', ['fit', 'smoothing', 'nothing.nwb', '--out', 'p.orrery'], 'nothing.nwb'],
  ['an empty file', ['inspect', 'empty.nwb'], 'empty.nwb'],
  ['a truncated file', ['inspect', 'cut.nwb'], 'cut.nwb'],
  ['a foreign file', ['inspect', 'notes.txt'], 'notes.txt'],
  ['noise behind a signature', ['inspect', 'noise.h5'], 'noise.h5'],
  ['a folder', ['inspect', 'folder.nwb'], 'folder.nwb'],
  ['an unknown event', ['fit', 'smoothing', 'sample.nwb', '--out', 'p.orrery', '--align', 'movement'], 'movement'],
  ['a column that holds no times', ['fit', 'smoothing', 'sample.nwb', '--out', 'p.orrery', '--align', 'perturbation'], 'perturbation'],
  ['an unknown condition', ['fit', 'smoothing', 'sample.nwb', '--out', 'p.orrery', ...FIT, '--condition', 'colour'], 'colour'],
  ['an unknown column of trials', ['fit', 'smoothing', 'sample.nwb', '--out', 'p.orrery', ...FIT, '--trials', 'winner=true'], 'winner'],
  ['an unknown column of units', ['fit', 'smoothing', 'sample.nwb', '--out', 'p.orrery', ...FIT, '--units', 'layer=5'], 'layer'],
  ['an unknown table', ['fit', 'smoothing', 'sample.nwb', '--out', 'p.orrery', ...FIT, '--intervals', '/intervals/no'], '/intervals/no'],
  ['an unknown signal', ['fit', 'smoothing', 'sample.nwb', '--out', 'p.orrery', ...FIT, '--behavior', 'gaze'], 'gaze'],
  ['an unknown array', ['fit', 'smoothing', 'sample.nwb', '--out', 'p.orrery', '--counts', '/no/counts', '--bin-ms', '20'], '/no/counts'],
  [
    'a window outside the recording',
    [
      'fit',
      'smoothing',
      'sample.nwb',
      '--out',
      'p.orrery',
      '--align',
      'move_onset_time',
      '--window-ms',
      '9000000,9001000',
      '--bin-ms',
      '20',
    ],
    'window',
  ],
  [
    'a window that is no whole number of bins',
    ['fit', 'smoothing', 'sample.nwb', '--out', 'p.orrery', '--align', 'move_onset_time', '--window-ms', '-400,610', '--bin-ms', '20'],
    '600',
  ],
  ['no trials left', ['fit', 'smoothing', 'sample.nwb', '--out', 'p.orrery', ...FIT, '--trials', 'direction=9'], 'trial'],
  ['one trial', ['fit', 'smoothing', 'sample.nwb', '--out', 'p.orrery', ...FIT, '--trials', 'start_time<1.5'], 'trial'],
  ['no spikes', ['fit', 'smoothing', 'sample.nwb', '--out', 'p.orrery', ...FIT, '--leave-out-units', allBut(30, 61)], 'spike'],
  ['one unit', ['fit', 'smoothing', 'sample.nwb', '--out', 'p.orrery', ...FIT, '--leave-out-units', allBut(5)], 'unit'],
  ['an unknown unit', ['fit', 'smoothing', 'sample.nwb', '--out', 'p.orrery', ...FIT, '--leave-out-units', '64'], '64'],
  ['an unknown split', ['fit', 'smoothing', 'sample.nwb', '--out', 'p.orrery', ...FIT, '--valid', 'each:5'], 'each:5'],
  ['an unknown column of a split', ['fit', 'smoothing', 'sample.nwb', '--out', 'p.orrery', ...FIT, '--valid', 'column:part=val'], 'part'],
  ['a device that is none', ['fit', 'lfads', 'sample.nwb', '--out', 'p.orrery', ...FIT, '--device', 'abacus'], 'abacus'],
  ['a folder that is no project', ['fit', 'smoothing', 'sample.nwb', '--out', '.', ...FIT], ''],
  ['a file as project', ['fit', 'smoothing', 'sample.nwb', '--out', 'notes.txt', ...FIT], 'notes.txt'],
  ['a missing project', ['analyze', 'tangling', 'no.orrery'], 'no.orrery'],
  ['a missing project, to draw', ['figure', 'trajectories', 'no.orrery', '-o', 'a.svg'], 'no.orrery'],
  ['a missing project, to resume', ['resume', 'no.orrery'], 'no.orrery'],
])('%s', async (_, words, named) => {
  const size = statSync(join(folder, 'sample.nwb')).mtimeMs;
  const { code, json, err } = await run([...words, '--json']);
  const { failure } = json();
  expect(failure, err).toBeDefined();
  expect(failure?.code).not.toBe('internal');
  expect(`${failure?.sentence} ${failure?.hint}`.toLowerCase()).toContain(named.toLowerCase());
  expect(failure?.sentence).toMatch(/[.!?]$/);
  expect(failure?.hint).not.toBe('');
  expect(code).toBe(2);
  expect(readdirSync(folder).sort()).toEqual(before);
  expect(statSync(join(folder, 'sample.nwb')).mtimeMs).toBe(size);
});

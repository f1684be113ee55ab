// From the sample recording to figures and files, through the real worker: what each command prints is what the next one takes.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WorkerHandle } from '../../src-main/host.ts';
import { sampleRecording } from '../../src-main/locate.ts';
import type { FitReport } from '../../src-worker/contract/run.ts';
import { type Run, shareWorker } from './shared-worker.ts';

let folder: string;
let worker: WorkerHandle;
let run: Run;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-sample-'));
  ({ worker, run } = await shareWorker(folder));
});
afterAll(async () => {
  await worker.close();
  rmSync(folder, { recursive: true });
});

const DATA = ['--align=move_onset_time', '--window-ms', '-400,600', '--bin-ms', '20', '--trials', 'success=true'];
const SPLIT = ['--leave-out-units', '30,61,63', '--condition', 'direction', '--valid', 'every:5'];
const fit = (model: string, ...more: readonly string[]) =>
  run(['fit', model, sampleRecording, '--out', 'p.orrery', ...DATA, ...SPLIT, ...more, '--json']);

test('inspect counts units, trials and spikes, and names the columns', async () => {
  const { code, json } = await run(['inspect', sampleRecording, '--json']);
  expect(code).toBe(0);
  expect(json()).toMatchObject({ format: 'nwb', units: 64, trials: 264, spikes: 511266, areas: ['M1', 'PMd'] });
  expect(json().seconds).toBeCloseTo(782.53, 0);
  expect(json().columns).toEqual(expect.arrayContaining(['isolation', 'move_onset_time', 'direction', 'success']));
});

test('inspect shows people the same', async () => {
  const { out } = await run(['inspect', sampleRecording]);
  expect(out).toContain('64 units in M1, PMd, 264 trials, 511 266 spikes');
  expect(out).toContain('move_onset_time');
});

test('devices lists the fused engine as available', async () => {
  const { json } = await run(['devices', '--json']);
  expect(json()).toEqual(expect.arrayContaining([expect.objectContaining({ id: 'fused', available: true })]));
});

describe('a baseline on the sample', () => {
  let report: FitReport;
  beforeAll(async () => {
    const ended = await fit('smoothing');
    expect(ended.err).not.toContain('went wrong');
    report = ended.json() as unknown as FitReport;
  });

  test('is scored against the known truth, on the demo’s dataset', () => {
    expect(report.dataset).toMatchObject({ trials: 256, bins: 50, units: 61, heldOutUnits: 0, validationTrials: 51 });
    expect(report.r2Truth).toBeGreaterThan(0.55);
    expect(report.r2Truth).toBeLessThan(0.65);
    expect(report.perUnit).toHaveLength(61);
    expect(existsSync(join(folder, 'p.orrery'))).toBe(true);
  });

  test('fitted again, opens the finished run and says so', async () => {
    const again = await fit('smoothing');
    expect(again.json()).toMatchObject({ run: report.run });
    expect(again.err).toContain('--again');
  });

  test('has figures with text, tangling with numbers, and files that are there', async () => {
    const figure = await run(['figure', 'trajectories', 'p.orrery', '-o', 'a.svg', '--width-mm', '89', '--json']);
    expect(figure.json()).toMatchObject({ view: 'trajectories', run: report.run });
    expect(readFileSync(join(folder, 'a.svg'), 'utf8')).toContain('<text');
    const tangling = await run(['analyze', 'tangling', 'p.orrery', '--state', 'rates', '--out', 'q.h5', '--json']);
    expect(tangling.json()).toMatchObject({ analysis: 'tangling', run: report.run });
    expect(existsSync(join(folder, 'q.h5'))).toBe(true);
    const exported = await run(['export', 'hdf5', 'p.orrery', '-o', 'rates.h5', '--json']);
    expect(exported.json()).toMatchObject({ exporter: 'hdf5', files: [join(folder, 'rates.h5')] });
  });
});

describe('LFADS on a few units and trials', () => {
  const SMALL = [
    '--align=move_onset_time',
    '--window-ms=-200,400',
    '--bin-ms=20',
    '--trials=success=true,direction=0|2',
    '--units=isolation>5',
  ];
  const small = (more: readonly string[], signal?: AbortSignal) =>
    run(['fit', 'lfads', sampleRecording, '--out', 'small.orrery', ...SMALL, ...more, '--json'], signal);

  test('is fitted, trained longer, and infers', async () => {
    const fitted = (await small(['--steps', '4', '--threads', '2', '--seed', '3'])).json();
    expect(fitted).toMatchObject({ model: 'lfads', steps: 4, seed: 3, device: 'fused', threads: 2 });
    expect(Object.keys(fitted.baselines as object)).toEqual(expect.arrayContaining(['smoothing', 'glm']));
    const longer = (await run(['resume', 'small.orrery', '--run', String(fitted.run), '--steps', '3', '--json'])).json();
    expect(longer.steps).toBe(7);
    expect(longer.run).not.toBe(fitted.run);
    const inferred = (await run(['infer', 'small.orrery', sampleRecording, '--run', String(fitted.run), '--json'])).json();
    expect(inferred).toMatchObject({ model: 'lfads', device: 'fused', deviceName: fitted.deviceName, bitsPerSpike: expect.any(Number) });
  });

  /** Fits until a step past `from` is done, then presses Ctrl-C; answers with the sentence. */
  async function interrupted(from: number): Promise<string> {
    const interrupt = new AbortController();
    const off = worker.on({ run: (_project, _record, _points, { step }) => step > from && interrupt.abort() });
    const ended = await small(['--steps', '100000', '--seed', '4'], interrupt.signal);
    off();
    expect(ended.code).toBe(130);
    expect(ended.json().failure).toMatchObject({ code: 'cancelled', hint: expect.stringContaining('resume') });
    return ended.json().failure?.sentence ?? '';
  }

  test('stops on Ctrl-C, and the same command goes on with the same run', async () => {
    const parse = (sentence: string) => /Run (\w+) was stopped after step (\d+)/.exec(sentence)?.slice(1) ?? [];
    const [run1, step1] = parse(await interrupted(0));
    expect(Number(step1)).toBeGreaterThan(0);
    const [run2, step2] = parse(await interrupted(Number(step1)));
    expect(run2).toBe(run1);
    expect(Number(step2)).toBeGreaterThan(Number(step1));
  });
});

import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resource } from '../../src-worker/assets.ts';
import type { MetricPoint } from '../../src-worker/contract/run.ts';
import { type Service, startService } from '../../src-worker/service/service.ts';

const recording = resource('sample.nwb');
const data = {
  align: 'move_onset_time',
  windowMs: [-200, 200],
  binMs: 40,
  trials: ['success=true', 'direction=2'],
  leaveOutUnits: [30, 61, 63],
  condition: 'direction',
  valid: 'every:5',
} as const;
const fit = { recording, model: 'lfads', data, seed: 3, device: 'fused', threads: 1 } as const;

let folder: string;
let service: Service;
const heard: { points: MetricPoint[]; states: string[]; bests: number[]; seconds: number[]; after: string[] } = {
  points: [],
  states: [],
  bests: [],
  seconds: [],
  after: [],
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-service-'));
  service = startService({
    progress: () => {},
    run: (_, record, points, { seconds = 0, secondsLeft, after }) => {
      if (record.state === 'running') heard.bests.push(record.bestStep);
      heard.seconds.push(seconds);
      // Once training has ended nothing is left of it, and what is under way has a name.
      if (after !== undefined) heard.after.push(secondsLeft === undefined ? after : `${after} with ${secondsLeft} s left`);
      heard.points.push(...points);
      heard.states.push(record.state);
    },
  });
});

afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a view draws a dataset before anything is fitted to it', async () => {
  const scene = await service.scene({ recording, data, view: 'raster', settings: {}, width: 400, height: 300 }, 'scene');
  expect(scene.marks.length).toBeGreaterThan(0);
  expect(scene.text).toMatch(/unit/i);
});

test('a fit is stopped, shown so far, goes on, and ends with a report and the outputs of every trial', async () => {
  const project = join(folder, 'stopped.orrery');
  const begun = await service.startFit({ ...fit, project, settings: { steps: 60, validateEvery: 10, patience: 60 } });
  while (!heard.points.some(({ step }) => step >= 20)) await new Promise((resolve) => setTimeout(resolve, 20));
  const stopped = await service.stopFit({ project, run: begun.id });
  expect(stopped.state).toBe('stopped');
  expect(stopped.step).toBeLessThan(60);
  // The time it took so far never runs backwards within a fit.
  expect(heard.seconds.at(-1)).toBeGreaterThan(0);
  expect(heard.seconds).toEqual([...heard.seconds].sort((a, b) => a - b));

  const soFar = await service.scene({ project, run: begun.id, view: 'trajectories', settings: {}, width: 400, height: 300 }, 'scene');
  expect(soFar.marks.some(({ kind }) => kind === 'line')).toBe(true);

  await service.resumeFit({ project, run: begun.id }, {});
  const finished = await service.waitForRun({ project, run: begun.id });
  expect(finished.state).toBe('finished');
  // What a checkpoint keeps is told while the fit runs.
  expect(Math.max(...heard.bests)).toBe(finished.bestStep);
  expect(heard.after.length).toBeGreaterThan(0);
  for (const text of heard.after) expect(text).toMatch(/^(Inferring rates|Scoring smoothing|Scoring the Poisson GLM), \d+ %$/);
  expect(finished.report?.r2Truth).toBeGreaterThan(0);
  expect(finished.report?.baselines.smoothing?.r2Truth).toBeGreaterThan(0);
  expect((await service.curves({ project, run: begun.id })).at(-1)?.step).toBe(60);

  // Baselines that this project knows are not foretold again.
  const { seed: _seed, ...asked } = { ...fit, settings: { steps: 60 } };
  const elsewhere = await service.preview(asked, 'preview');
  const here = await service.preview({ ...asked, project }, 'preview');
  expect(here.seconds).toBeLessThan(elsewhere.seconds!);
  const analysis = { project, run: 'latest', analysis: 'tangling', settings: { draws: 2 } };
  const { summary } = await service.analyze(analysis, 'tangling');
  expect(summary.median).toBeGreaterThan(0);
});

test('a result that is asked for only where it is kept is not begun', async () => {
  const asked = { project: join(folder, 'stopped.orrery'), run: 'latest', analysis: 'tangling', onlyKept: true };
  const kept = await service.analyze({ ...asked, settings: { draws: 2 } }, 'tangling');
  expect(kept.summary.median).toBeGreaterThan(0);
  await expect(service.analyze({ ...asked, settings: { draws: 3 } }, 'tangling')).rejects.toMatchObject({ code: 'not-kept' });
});

test('a fit that stopped and went on ends with the same weights as one that did not', async () => {
  const project = join(folder, 'straight.orrery');
  const { id } = await service.startFit({ ...fit, project, settings: { steps: 60, validateEvery: 10, patience: 60 } });
  const straight = await service.waitForRun({ project, run: id });
  const gone = await service.run({ project: join(folder, 'stopped.orrery'), run: 'latest' });
  expect(straight.report?.bitsPerSpike).toBe(gone.report?.bitsPerSpike);
  expect(straight.report?.perUnit).toEqual(gone.report?.perUnit);
});

test('asking again for a finished run answers with it at once, and training longer makes a child', async () => {
  const project = join(folder, 'straight.orrery');
  const settings = { steps: 60, validateEvery: 10, patience: 60 };
  const again = await service.startFit({ ...fit, project, settings });
  expect(again.state).toBe('finished');
  const child = await service.resumeFit({ project, run: again.id }, { steps: 20 });
  expect(child.parent).toBe(again.id);
  const longer = await service.waitForRun({ project, run: child.id });
  expect(longer.state).toBe('finished');
  expect(longer.report?.steps).toBeGreaterThan(60);
});

test('no result is written over a recording, into the project or into a folder that is not there', async () => {
  const copy = join(folder, 'copy.nwb');
  copyFileSync(recording, copy);
  const project = join(folder, 'places.orrery');
  const { id } = await service.startFit({ ...fit, recording: copy, project, model: 'pca', settings: {} });
  expect((await service.waitForRun({ project, run: id })).report?.dataset).not.toHaveProperty('testTrials');
  const analysis = { project, run: id, analysis: 'tangling', settings: { draws: 0 } };
  const figure = { project, run: id, view: 'raster', settings: {}, width: 200, height: 150, widthMm: 60, dpi: 100 };
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'written',
      ({ code }) => code,
    );
  expect(await codeOf(service.analyze({ ...analysis, out: copy }, 'analyze'))).toBe('is-recording');
  expect(await codeOf(service.analyze({ ...analysis, out: join(project, 'index.sqlite') }, 'analyze'))).toBe('is-project');
  expect(await codeOf(service.analyze({ ...analysis, out: join(folder, 'none', 'a.h5') }, 'analyze'))).toBe('no-folder');
  expect(await codeOf(service.figure({ ...figure, out: join(folder, 'none', 'a.svg') }, 'figure'))).toBe('no-folder');
  const asCsv = { project, run: id, exporter: 'csv', settings: {}, out: join(folder, 'a.h5') };
  expect(await codeOf(service.export(asCsv, 'export'))).toBe('other-ending');
  expect(readFileSync(copy).equals(readFileSync(recording))).toBe(true);
  expect(await codeOf(service.analyze({ ...analysis, out: join(folder, 'a.h5') }, 'analyze'))).toBe('written');
  expect(await codeOf(service.analyze({ ...analysis, out: join(folder, 'a.txt') }, 'analyze'))).toBe('other-ending');
  // Principal components are found at once: there is nothing that more steps could make better.
  expect(await codeOf(service.resumeFit({ project, run: id }, { steps: 5 }))).toBe('no-steps');
});

test('a device that is not here is refused before there is a project, and one that is named computes anew', async () => {
  const project = join(folder, 'devices.orrery');
  const settings = { steps: 1 };
  await expect(service.startFit({ ...fit, project, settings, device: 'abacus' })).rejects.toMatchObject({ code: 'unknown-device' });
  expect(existsSync(project)).toBe(false);
  const fused = await service.startFit({ ...fit, project, settings, device: 'auto' });
  await service.waitForRun({ project, run: fused.id });
  expect((await service.startFit({ ...fit, project, settings, device: 'fused' })).id).toBe(fused.id);
  const { id } = await service.startFit({ ...fit, project, settings, device: 'wasm' });
  expect(id).not.toBe(fused.id);
  expect((await service.waitForRun({ project, run: id })).device).toBe('wasm');
});

test('a view kept by name is drawn again as it was, but for what is asked anew', async () => {
  const project = join(folder, 'places.orrery');
  const figure = { project, run: 'latest', view: 'raster', width: 200, height: 150, widthMm: 60, heightMm: 45, dpi: 100 };
  const settings = { unit: 33 };
  const drawn = async (name: string, more: object) => {
    const { path } = await service.figure({ ...figure, settings: {}, out: join(folder, `${name}.svg`), ...more }, 'figure');
    return readFileSync(path, 'utf8');
  };
  const kept = await drawn('kept', { settings, trials: 'direction=2', saveAs: 'unit 33' });
  expect(await drawn('plain', {})).not.toBe(kept);
  expect(await drawn('again', { saved: 'unit 33' })).toBe(kept);
  expect(await drawn('other', { saved: 'unit 33', settings: { unit: 34 } })).not.toBe(kept);
  const large = await drawn('large', { settings, look: { textPt: 9 }, saveAs: 'large' });
  expect(large).toContain('font-size="9"');
  const dotted = await drawn('dotted', { saved: 'large', look: { signPt: 6 } });
  expect(dotted).toContain('font-size="9"');
  await expect(drawn('none', { saved: 'unit 3' })).rejects.toMatchObject({ code: 'unknown-view', hint: 'It keeps: large, unit 33.' });
  await expect(drawn('none', { saved: 'unit 33', view: 'psth' })).rejects.toMatchObject({ code: 'other-view' });
  expect(existsSync(join(folder, 'none.svg'))).toBe(false);
});

test('what a model infers on other trials is written where it is asked for', async () => {
  const project = join(folder, 'places.orrery');
  const request = { project, run: 'latest', recording, data: { trials: ['success=true', 'direction=3'] } };
  await expect(service.infer({ ...request, out: join(folder, 'inferred.txt') }, 'infer')).rejects.toMatchObject({ code: 'unknown-ending' });
  const report = await service.infer({ ...request, out: join(folder, 'inferred.h5') }, 'infer');
  const { arrays } = await service.inspect({ path: join(folder, 'inferred.h5') }, 'inspect');
  const { trials, bins, units } = report.dataset;
  expect(arrays.find(({ path }) => path === '/rates')?.shape).toEqual([trials, bins, units]);
});

test('a report says how many test trials judged', async () => {
  const project = join(folder, 'tested.orrery');
  const { id } = await service.startFit({ ...fit, project, model: 'pca', settings: {}, data: { ...data, test: '0.2' } });
  const dataset = (await service.waitForRun({ project, run: id })).report?.dataset;
  expect(dataset?.testTrials).toBe(Math.round(0.2 * (dataset?.trials ?? 0)));
});

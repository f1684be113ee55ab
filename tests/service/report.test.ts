// A report of a project on disk: its best runs in full, what was analysed of them, and files that are whole or not there.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resource } from '../../src-worker/assets.ts';
import { type Service, startService } from '../../src-worker/service/service.ts';
import { scratch } from '../store/fixtures.ts';

const folder = scratch();
const project = join(folder, 'told.orrery');
const data = { align: 'move_onset_time', windowMs: [-200, 200], binMs: 40, trials: ['success=true'], condition: 'direction' } as const;

let service: Service;
const runs: string[] = [];

beforeAll(async () => {
  service = startService({ progress: () => {}, run: () => {} });
  await service.createProject(project);
  for (const model of ['smoothing', 'pca']) {
    const { id } = await service.startFit({
      project,
      recording: resource('sample.nwb'),
      data,
      model,
      settings: {},
      seed: 0,
      device: 'auto',
      threads: 1,
    });
    await service.waitForRun({ project, run: id });
    runs.push(id);
  }
  await service.analyze({ project, run: runs[1]!, analysis: 'tangling', settings: { draws: 20 } }, 'tangling');
});
afterAll(() => service.close());

test('every model’s best run is shown, with the views of what was analysed', async () => {
  const out = join(folder, 'report.html');
  const written = await service.report({ project, out }, 'report');
  expect(new Set(written.runs)).toEqual(new Set(runs));
  const page = readFileSync(out, 'utf8');
  expect(page.length).toBeGreaterThan(10_000);
  expect(written.bytes).toBe(Buffer.byteLength(page));
  expect(page.match(/<figure>/g)).toHaveLength(written.pictures);
  for (const text of ['sample.nwb', 'Trajectories', 'Tangling', 'R² to true rates', 'were used for training']) expect(page).toContain(text);
});

test('methods of a run cite what was analysed of it', async () => {
  const { text, references } = await service.methods({ project, run: runs[1]! }, 'methods');
  expect(text).toContain('Tangling [');
  expect(references.join()).toContain('Russo');
  expect((await service.methods({ project, run: runs[0]! }, 'methods')).text).not.toContain('Tangling');
});

test('another ending, a folder that is not there and a project without runs are refused, and nothing is written', async () => {
  await expect(service.report({ project, out: join(folder, 'report.pdf') }, 'report')).rejects.toMatchObject({
    code: 'unknown-report-type',
  });
  const nowhere = join(folder, 'nowhere', 'report.html');
  await expect(service.report({ project, out: nowhere }, 'report')).rejects.toThrow(/nowhere/);
  const empty = join(folder, 'empty.orrery');
  await service.createProject(empty);
  await expect(service.report({ project: empty, out: join(folder, 'empty.html') }, 'report')).rejects.toMatchObject({
    code: 'no-finished-run',
  });
  expect(existsSync(join(folder, 'empty.html'))).toBe(false);
});

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

test('a network of recorded units is told with its matrix, every pair over time, what is left over, spectrum and recovery', async () => {
  const own = join(folder, 'network.orrery');
  const settings = { iterations: 5 };
  const { id } = await service.startFit({
    ...{ project: own, recording: resource('sample.nwb'), model: 'cornn', settings, seed: 0, device: 'auto', threads: 1 },
    data: { ...data, units: ['row=0|1|2|3|4|5|40|41|42|43|44|45'] },
  });
  await service.waitForRun({ project: own, run: id });
  const out = join(folder, 'network.html');
  await service.report({ project: own, out }, 'report');
  const page = readFileSync(out, 'utf8');
  for (const title of [
    'Shares of currents',
    'M1 into PMd',
    'Unit \\d+, residuals',
    'Spectrum of weights',
    'Currents that come back',
    'Activity before and after',
  ])
    expect(page).toMatch(new RegExp(`<b>[^<]*${title}`));
  expect(page.match(/<b>Currents: PMd into M1/g)).toHaveLength(2);
  // A line for each pair: size, share, what shuffled regions give, and the signed share.
  const pairs = page.slice(page.indexOf('<b>All pairs of regions.</b>'));
  expect(
    pairs.slice(0, pairs.indexOf('</table>')).match(/<tr><td>(M1|PMd)<\/td><td>(M1|PMd)<\/td><td>[\d.]+<\/td><td>\d+ %/g),
  ).toHaveLength(4);
  expect(page).toContain('One seed alone says nothing');
  // What is said of the network itself stands once, and not again among what is said of its currents.
  expect(page).toContain('<h4>How far to believe it</h4>');
  expect(page.match(/<b>Dimensions of activity<\/b>/g)).toHaveLength(1);
  expect(page.match(/<b>Free run<\/b>/g)).toHaveLength(1);
  expect(page).not.toContain('could not be drawn');
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

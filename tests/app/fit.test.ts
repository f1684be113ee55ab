// Fit by mouse and keyboard, on the built program: what is shown while it runs, presets, Esc, and a device that was lost.

import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resource } from '../../src-worker/assets.ts';
import { startService } from '../../src-worker/service/service.ts';
import { getRun, openProject, updateRun } from '../../src-worker/store/index.ts';
import { type App, canRun, startApp } from './app.ts';
import { FIT_WITHIN_MS, fitModel, openSample, pressFit, setField, stepOf } from './steps.ts';

describe.skipIf(!canRun)('a fit in the app', () => {
  let app: App;
  let page: Page;

  beforeAll(async () => {
    app = await startApp();
    await makeLost(join(app.root, 'lost.orrery'));
    page = await app.open();
  });
  afterAll(() => app?.close());

  const status = () => page.locator('.status').textContent();

  test('values are kept under a name and taken up again', async () => {
    await openSample(page);
    await stepOf(page, 'Fit').click();
    await setField(page, 'steps', '4000');
    await page.getByRole('button', { name: 'Presets' }).click();
    const presets = page.getByRole('dialog', { name: 'Presets' });
    await presets.getByLabel('Name to keep it under').fill('long');
    await presets.getByRole('button', { name: 'Keep' }).click();
    await presets.getByRole('button', { name: 'long 1 value' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[data-param="steps"] .back').click();
    await expect.poll(() => page.locator('[data-param="steps"] input').inputValue()).toBe('');
    await page.reload();
    await page.getByRole('button', { name: 'Presets' }).click();
    await presets.getByRole('button', { name: 'long 1 value' }).click();
    await expect.poll(() => page.locator('[data-param="steps"] input').inputValue()).toBe('4000');
  });

  test('what preprocessing would make of a unit is shown before any fit, and follows the form', async () => {
    const model = page.getByLabel('Model', { exact: true }).and(page.locator('select'));
    await model.selectOption('curbd');
    const shown = page.getByRole('region', { name: 'Activity before and after' });
    const said = () => shown.textContent();
    await expect.poll(said).toMatch(/recorded 0 to [\d.]+ Hz, smoothed .*undone by × [\d.]+ Hz.*Gaussian of 30 ms.*about 5 trials/);
    await setField(page, 'sdMs', '45');
    await setField(page, 'trialsPerAverage', '8');
    await expect.poll(said).toMatch(/Gaussian of 45 ms.*about 8 trials/);
    await shown.getByRole('button', { name: 'Next unit' }).click();
    await expect.poll(said).toMatch(/Unit \d+, average 1 of \d/);
    await model.selectOption('rate-rnn');
    await expect.poll(said).toMatch(/Counts are fitted as they are/);
    await model.selectOption('lfads');
    await shown.waitFor({ state: 'detached' });
    await setField(page, 'steps', '4000');
  });

  test('the device stands with its reason, and one that is pinned is kept over a reload', async () => {
    const row = page.locator('[data-param="device"]');
    await expect.poll(() => row.locator('.reason').getAttribute('title')).toMatch(/^\d.* ms a step.*: /);
    // By its value: what is chosen for the data has the same name.
    await row.locator('select').selectOption({ value: 'fused' });
    await row.locator('.back').waitFor();
    await page.waitForTimeout(500);
    await page.reload();
    await expect.poll(() => row.locator('select').inputValue()).toBe('fused');
    await row.locator('.back').click();
    expect(await row.locator('select').inputValue()).toBe('');
  });

  test('a fit that runs says how long it has run, and Esc asks before it stops', async () => {
    await pressFit(page);
    await page.locator('[data-run="running"]').waitFor();
    await expect.poll(status).toMatch(/Elapsed\d+ s/);
    await page.locator('.status h2').click();
    await page.keyboard.press('Escape');
    const question = page.getByRole('dialog', { name: 'Stop this fit?' });
    await question.waitFor();
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    expect(await page.locator('[data-run]').getAttribute('data-run')).toBe('running');
    await page.keyboard.press('Escape');
    await question.getByRole('button', { name: 'Stop it' }).click();
    await page.locator('[data-run="stopped"]').waitFor();
  });

  test(
    'a fit whose device was lost goes on with the fused engine',
    async () => {
      await page.getByRole('button', { name: /^Commands/ }).click();
      await page.getByRole('combobox', { name: 'Commands' }).fill('open a project');
      await page.locator('.palette [role="option"]').first().click();
      await page.getByRole('dialog').getByRole('button', { name: 'lost.orrery' }).click();
      const said = page.getByRole('alert').filter({ hasText: 'The graphics card was lost.' });
      await said.waitFor();
      await said.getByRole('button', { name: /^Go on from \d+ with the fused engine/ }).click();
      await page.locator('[data-run="finished"]').waitFor({ timeout: FIT_WITHIN_MS });
      expect(await status()).toMatch(/DeviceCPU/);
    },
    FIT_WITHIN_MS,
  );

  test('a unit of the strip says its score beside its baselines, and a click and arrow keys pick units', async () => {
    await page.keyboard.press('Control+Shift+O');
    // The project before is one of the sample too: what was opened now shows the recording, and no run.
    await page.locator('[data-run]').waitFor({ state: 'detached' });
    await fitModel(page, 'pca');
    const strip = page.locator('.pictures > .cell .stage');
    await strip.waitFor();
    const box = (await strip.boundingBox())!;
    const tip = strip.locator('.tip');
    // Units are the filled signs of the picture, which may be drawn anew meanwhile: the pointer goes to them until one answers.
    await expect
      .poll(async () => {
        for (const [x, y] of (await filledPlaces(strip)).slice(0, 20)) {
          await page.mouse.move(box.x + x, box.y + y);
          await page.evaluate(() => new Promise(requestAnimationFrame));
          if ((await tip.count()) > 0) break;
        }
        return tip.count();
      })
      .toBe(1);
    const said = (await tip.textContent())!;
    expect(said).toMatch(/^Unit \d+, held in.*bits per spike on 51 validation trials.*Poisson GLM −?\d.*True rates \d/);
    const unit = /^Unit (\d+)/.exec(said)![1]!;
    await page.mouse.down();
    await page.mouse.up();
    const chip = page.locator('.selbar .chip.on');
    await expect.poll(() => chip.textContent()).toMatch(new RegExp(`^Unit ${unit}\\b`));
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => chip.textContent()).not.toMatch(new RegExp(`^Unit ${unit}\\b`));
    expect(await page.locator('[data-score="glm median"]').getAttribute('title')).toMatch(/51 validation trials$/);
    expect(await page.getByRole('region', { name: 'Scores and judgement' }).textContent()).toMatch(/Beats the Poisson GLM on/);
  });

  test('nothing went wrong in the page', () => expect(app.wrong).toEqual([]));
});

/** Where a stage's picture is of one colour for some pixels around, other than its background: filled signs, not letters or lines. */
const filledPlaces = (stage: Locator): Promise<[number, number][]> =>
  stage.locator('canvas:not(.over)').evaluate((canvas: HTMLCanvasElement) => {
    const { width, height, clientWidth } = canvas;
    const pixels = new Uint32Array(canvas.getContext('2d')!.getImageData(0, 0, width, height).data.buffer);
    const found: [number, number][] = [];
    for (let y = 2; y < height - 2; y += 2)
      for (let x = 2; x < width - 2; x += 2) {
        const at = y * width + x;
        const around = [at - 2, at + 2, at - 2 * width, at + 2 * width];
        if (pixels[at] !== pixels[0] && around.every((other) => pixels[other] === pixels[at]))
          found.push([(x * clientWidth) / width, (y * clientWidth) / width]);
      }
    return found;
  });

/** A project with a fit that ended in its middle, as one does whose device is lost. */
async function makeLost(path: string): Promise<void> {
  let isUnderWay = false;
  const service = startService({ progress: () => {}, run: (_project, _record, points) => (isUnderWay ||= points.length > 0) });
  const data = { align: 'move_onset_time', windowMs: [-200, 200], binMs: 40, leaveOutUnits: [30, 61, 63] } as const;
  const { id } = await service.startFit({
    project: path,
    recording: resource('sample.nwb'),
    model: 'lfads',
    data,
    settings: { steps: 40, validateEvery: 5 },
    seed: 0,
    threads: 1,
    device: 'fused',
  });
  while (!isUnderWay) await new Promise((resolve) => setTimeout(resolve, 20));
  await service.stopFit({ project: path, run: id });
  await service.close();
  const project = await openProject(path);
  const failure = { code: 'device-lost', sentence: 'The graphics card was lost.', hint: 'The last whole step is kept.' };
  updateRun(project, id, { state: 'failed', device: 'webgpu', failure });
  if (getRun(project, id).step === 0) throw new Error('The fit was stopped before its first step');
  project.close();
}

// The main job by mouse, on the built program: sample, dataset, fit, reload in mid-fit, trajectories, a picked trial, a figure.

import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hdf5Bytes } from '../../src-worker/synthetic/hdf5/write.ts';
import { group } from '../../src-worker/synthetic/nwb.ts';
import { type App, canRun, startApp } from './app.ts';

const FIT_WITHIN_MS = 240_000;

describe.skipIf(!canRun)('the app in browser mode', () => {
  let app: App;
  let page: Page;

  beforeAll(async () => {
    app = await startApp();
    copyFileSync(resolve(import.meta.dirname, '../../resources/sample.nwb'), join(app.root, 'monday.nwb'));
    const counts = { kind: 'array', shape: [8, 5, 3], values: new Uint8Array(120).fill(1), attributes: {} } as const;
    writeFileSync(join(app.root, 'counts.h5'), hdf5Bytes(group({ spikes: counts })));
    page = await app.open();
  });
  afterAll(() => app?.close());

  const step = (name: string) => page.getByRole('navigation').getByRole('button', { name: new RegExp(`^${name}`) });
  const stepNow = async (): Promise<number> =>
    Number(/Step(\d[\d,]*)/.exec((await page.locator('.status').textContent()) ?? '')?.[1]?.replace(',', '') ?? Number.NaN);

  test('the file list opens a recording below the root, in both themes', async () => {
    for (const theme of ['light', 'dark']) {
      if ((await page.locator('html').getAttribute('data-theme')) !== theme) await page.getByTitle('Light or dark').click();
      await page.getByRole('button', { name: 'Open…' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'monday.nwb' }).waitFor();
      if (theme === 'light') await page.getByRole('button', { name: 'Close' }).or(page.locator('.mantine-Modal-close')).first().click();
      else await page.getByRole('dialog').getByRole('button', { name: 'monday.nwb' }).click();
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    }
    await page.locator('[data-summary]').waitFor();
    expect(await step('Recording').textContent()).toContain('monday');
    await page.getByTitle('Light or dark').click();
  });

  test('a dropped file is copied and opened', async () => {
    const bytes = readFileSync(resolve(import.meta.dirname, '../../resources/sample.nwb')).toString('base64');
    await page.evaluate((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], 'tuesday.nwb'));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }, bytes);
    await expect.poll(() => step('Recording').textContent()).toContain('tuesday');
  });

  test('another file shows nothing of the one before, and trouble is in the words of the form', async () => {
    expect(await page.locator('.left').textContent()).toContain('PMd');
    await page.keyboard.press('Control+o');
    await page.getByRole('dialog').getByRole('button', { name: 'counts.h5' }).click();
    await expect.poll(() => step('Recording').textContent()).toContain('counts');
    await expect.poll(() => page.locator('.outcome').getByRole('alert').textContent()).toContain('“Bin width”');
    expect(await page.locator('.left').textContent()).not.toContain('PMd');
  });

  test('the sample opens with one click and says what it holds', async () => {
    await page.keyboard.press('Control+Shift+O');
    await expect.poll(() => step('Recording').textContent()).toContain('sample');
    expect(await page.locator('[data-summary]').textContent()).toMatch(/^64 units264 trials.*511,266 spikes/);
    await page.locator('[data-dataset]').waitFor();
    expect(await page.locator('[data-dataset]').textContent()).toMatch(/\d+ trials × \d+ bins × \d+ units/);
  });

  test('a value that makes no sense is refused under its field, and a bad column by name', async () => {
    const bin = page.locator('[data-param="binMs"]');
    await bin.locator('input').fill('twenty');
    await bin.locator('input').press('Enter');
    expect(await bin.getByRole('alert').textContent()).toContain('twenty');
    await bin.locator('input').fill('');
    await bin.locator('input').press('Enter');
    const condition = page.locator('[data-param="condition"]');
    await condition.locator('input').fill('no_such_column');
    await condition.locator('input').press('Enter');
    await expect.poll(() => page.locator('.outcome').getByRole('alert').textContent()).toContain('no_such_column');
    await condition.locator('input').fill('direction');
    await condition.locator('input').press('Enter');
    await expect.poll(() => page.locator('.outcome').getByRole('alert').count()).toBe(0);
  });

  test(
    'a fit runs, survives a reload, is seen from a second tab, and goes on after a stop',
    async () => {
      await page.getByRole('button', { name: /^Make dataset/ }).click();
      await page.getByRole('button', { name: /^Fit a model/ }).click();
      await page.locator('[data-param="steps"] label').hover();
      await page.getByRole('tooltip').waitFor();
      const steps = page.locator('[data-param="steps"] input');
      await steps.fill('150');
      await steps.press('Enter');
      const go = page.locator('.foot .btn.go');
      await expect.poll(() => go.isEnabled()).toBe(true);
      await go.click();
      await page.locator('[data-run="running"]').waitFor();
      await expect.poll(stepNow).toBeGreaterThan(3);
      const before = await stepNow();
      await page.reload();
      await page.locator('[data-run]').waitFor();
      expect(await page.locator('[data-run]').getAttribute('data-run')).toBe('running');
      await expect.poll(stepNow).toBeGreaterThan(before);
      const second = await app.open();
      await second.locator('[data-run]').waitFor();
      await second.close();
      await page.getByRole('button', { name: 'Stop and keep best' }).click();
      await page.locator('[data-run="stopped"]').waitFor();
      await page.getByRole('button', { name: /^Go on from/ }).click();
      await page.locator('[data-run="running"]').waitFor();
      await page.locator('[data-run="finished"]').waitFor({ timeout: FIT_WITHIN_MS });
      expect(await page.locator('.curves .stage').count()).toBeGreaterThan(0);
      await page.locator('.scores').waitFor();
    },
    FIT_WITHIN_MS + 120_000,
  );

  test('trajectories are drawn in space; a trial is picked by mouse and every panel follows', async () => {
    await step('Explore').click();
    const stage = page.locator('.stage.space');
    await stage.waitFor();
    expect(Number(await stage.getAttribute('data-trials'))).toBeGreaterThan(50);
    const box = (await stage.boundingBox())!;
    let found = false;
    for (let i = 0; i < 60 && !found; i++) {
      await page.mouse.move(box.x + box.width * (0.25 + 0.008 * i), box.y + box.height * (0.35 + 0.004 * i));
      found = (await page.locator('.tip').count()) > 0;
    }
    const tip = (await page.locator('.tip').textContent())!;
    const trial = /^Trial (\d+)/.exec(tip)![1]!;
    await page.mouse.down();
    await page.mouse.up();
    await expect.poll(() => page.locator('.selbar .chip.on').first().textContent()).toMatch(new RegExp(`^Trial ${trial} direction \\d+°`));
    await expect.poll(() => page.locator('[data-view="rates"] h2').textContent()).toBe(`Trial ${trial}`);
    for (const view of ['rates', 'inputs', 'behavior', 'tangling']) await page.locator(`[data-view="${view}"] .stage`).waitFor();
  });

  test('the stage turns by dragging and by planes', async () => {
    const azimuth = page.locator('.cam input').first();
    const before = await azimuth.inputValue();
    const box = (await page.locator('.stage.space').boundingBox())!;
    await page.mouse.move(box.x + 60, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x + 160, box.y + 220, { steps: 5 });
    await page.mouse.up();
    expect(await azimuth.inputValue()).not.toBe(before);
    await page.getByRole('button', { name: '1–2', exact: true }).click();
    expect(await azimuth.inputValue()).toBe('−90°');
  });

  test('the panel goes to paper with its camera and is saved as a figure', async () => {
    await page.locator('[data-view="trajectories"]').getByTitle('To figure').click();
    await page.locator('canvas.paper').waitFor();
    for (const [format, start] of [
      ['SVG', '<svg'],
      ['PDF', '%PDF-'],
      ['PNG', '\u0089PNG'],
      ['CSV', 'mark,kind,trial,unit,condition,time_ms'],
    ] as const) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: format === 'PDF' ? 'Export PDF…' : format, exact: true }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(`trajectories.${format.toLowerCase()}`);
      const written = readFileSync(await download.path(), 'latin1');
      expect(written.slice(written.startsWith('<?xml') ? written.indexOf('<svg') : 0)).toMatch(new RegExp(`^${start}`));
      if (format === 'SVG') {
        expect(written).toContain('width="89mm"');
        expect(written).toContain('PC 1');
      }
    }
  });

  test('the page is shown as other eyes see it and at its true size; the methods text can be copied', async () => {
    const paper = page.locator('canvas.paper');
    const before = await paper.screenshot();
    await page.getByRole('button', { name: 'In grey' }).click();
    await expect.poll(async () => before.equals(await paper.screenshot())).toBe(false);
    await page.getByRole('button', { name: 'All colours' }).click();
    await page.getByRole('button', { name: 'True size' }).click();
    // 89 mm at 96 pixels an inch.
    await expect.poll(async () => Math.round((await paper.boundingBox())!.width)).toBe(336);
    await page.getByRole('button', { name: 'Fit', exact: true }).click();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy methods text' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/LFADS[\s\S]*\[1\] /);
  });

  test('every screen draws in the other theme', async () => {
    await page.getByTitle('Light or dark').click();
    for (const name of ['Recording', 'Dataset', 'Fit', 'Explore', 'Figure']) {
      await step(name).click();
      await page.waitForLoadState('networkidle');
    }
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('nothing went wrong in any page, and the content policy refused nothing', () => {
    expect(app.wrong).toEqual([]);
  });
});

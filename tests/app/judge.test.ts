// Several seeds, and what of Explore is kept: by mouse on the built program, with models that are quick.

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resource } from '../../src-worker/assets.ts';
import { type App, canRun, startApp } from './app.ts';
import { makeProject, openKept, stepOf } from './steps.ts';

const WAIT = { timeout: 90_000 };

describe.skipIf(!canRun)('several seeds and kept views', () => {
  let app: App;
  let page: Page;

  beforeAll(async () => {
    app = await startApp();
    await makeProject(join(app.root, 'seeds.orrery'), [0, 1]);
    page = await app.open();
  });
  afterAll(() => app?.close());

  const space = () => page.locator('.stage.space');

  test('fits of two seeds stand together beside the fit in view', async () => {
    await openKept(page, 'seeds.orrery');
    await space().waitFor(WAIT);
    await stepOf(page, 'Fit').click();
    await page.getByRole('button', { name: '2 seeds' }).click();
    const table = page.getByRole('table', { name: 'Scores of the ensemble' });
    await table.waitFor(WAIT);
    expect(await page.locator('[data-ensemble="bitsPerSpike"]').textContent()).toMatch(/^−?\d\.\d+ ± \d\.\d+$/);
    expect(await page.locator('[data-ensemble="bitsPerSpike"]').getAttribute('title')).toMatch(/over 2 seeds, \d+ validation trials$/);
    const agreement = page.getByRole('table', { name: 'Agreement of the fits' });
    expect(await agreement.textContent()).toMatch(/Rates.*Factors.*Inputs/);
    expect(await page.getByRole('region', { name: 'Scores and judgement' }).textContent()).toContain('The pictures are of seed 1 alone');
    await page.getByRole('button', { name: '0', exact: true }).click();
    await expect.poll(() => stepOf(page, 'Fit').textContent(), WAIT).toContain('seed 0');
  });

  test('a view is kept under a name, and camera, choices and trials outlive a reload', async () => {
    await stepOf(page, 'Explore').click();
    await space().waitFor(WAIT);
    await page.getByRole('button', { name: 'Averages', exact: true }).click();
    await expect.poll(() => space().getAttribute('data-trials'), WAIT).toBe('0');
    await page.getByRole('button', { name: '1–3', exact: true }).click();
    await page.getByLabel('Order').selectOption('file');
    await page.getByLabel('Rates', { exact: true }).selectOption('both');
    await expect
      .poll(() => page.locator('[data-view="rates"] .stage').getAttribute('aria-label'), WAIT)
      .toMatch(/^Inferred and true rates/);
    await page.getByRole('button', { name: 'Views' }).click();
    const views = page.getByRole('dialog', { name: 'Views' });
    await views.getByLabel('Name to keep it under').fill('from the side');
    await views.getByRole('button', { name: 'Keep' }).click();
    await views.getByRole('button', { name: /^from the side/ }).waitFor(WAIT);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Both', exact: true }).click();
    await page.getByRole('button', { name: 'All trials', exact: true }).click();
    await page.getByLabel('Only trials with').fill('direction=2');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await expect.poll(async () => Number(await space().getAttribute('data-trials')), WAIT).toBeLessThan(60);
    expect(await page.locator('.selbar .chip.on').textContent()).toContain('direction=2');
    const camera = await page.getByRole('textbox', { name: 'Elevation' }).inputValue();
    // The workspace is told to the host a moment after it changed.
    await page.waitForTimeout(600);
    await page.reload();
    await space().waitFor(WAIT);
    expect(await page.getByRole('textbox', { name: 'Elevation' }).inputValue()).toBe(camera);
    expect(await page.getByLabel('Order').inputValue()).toBe('file');
    await expect.poll(async () => Number(await space().getAttribute('data-trials')), WAIT).toBeLessThan(60);
    await page.locator('.selbar .chip.on').getByRole('button').click();
    await page.getByRole('button', { name: 'Free', exact: true }).click();
    await page.getByRole('button', { name: 'Views' }).click();
    await views.getByRole('button', { name: /^from the side/ }).click();
    await expect.poll(() => space().getAttribute('data-trials'), WAIT).toBe('0');
    await expect.poll(() => page.getByRole('textbox', { name: 'Elevation' }).inputValue(), WAIT).toBe(camera);
  });

  test('initial conditions are drawn by t-SNE and coloured by trial number, and the trajectories come back as they were', async () => {
    const view = page.getByLabel('View', { exact: true });
    await view.selectOption('initial-conditions');
    await page.getByLabel('Axes').selectOption('t-SNE');
    await expect.poll(() => space().getAttribute('aria-label'), WAIT).toContain('t-SNE 1');
    // Nothing is drawn by what the dataset has not.
    expect(await page.getByLabel('Colour').locator('option:disabled').allTextContents()).toEqual(['behaviour: none in the dataset']);
    await page.getByLabel('Colour').selectOption('trial number');
    await expect
      .poll(() => page.locator('[data-view="initial-conditions"] .cap').textContent(), WAIT)
      .toContain('coloured by trial number');
    await view.selectOption('trajectories');
    await expect.poll(() => page.getByRole('button', { name: 'Averages', exact: true }).getAttribute('aria-pressed'), WAIT).toBe('true');
    await view.selectOption('initial-conditions');
    await expect.poll(() => page.getByLabel('Axes').inputValue()).toBe('t-SNE');
  });

  test('a condition that is hidden, named and recoloured is so in every panel', async () => {
    await page.getByLabel('View', { exact: true }).selectOption('trajectories');
    await page.getByRole('button', { name: 'Both', exact: true }).click();
    const key = page.locator('.conditions-key [role="switch"]');
    await key.nth(2).click({ button: 'right' });
    const name = page.getByRole('textbox', { name: 'Name' });
    await name.fill('upwards');
    await page.getByRole('button', { name: 'Vermilion' }).click();
    await name.press('Enter');
    await key.nth(1).click();
    // The legends of Fit follow too.
    await stepOf(page, 'Fit').click();
    await page.getByRole('switch', { name: /^upwards/ }).waitFor(WAIT);
    expect(await page.locator('.verdict .conditions-key [role="switch"]').nth(1).getAttribute('aria-checked')).toBe('false');
    // So do those of the recording, where the same conditions are looked at.
    await stepOf(page, 'Recording').click();
    await page
      .locator('.lowest .conditions-key')
      .getByRole('switch', { name: /^upwards/ })
      .waitFor(WAIT);
  });

  test('outputs of chosen trials are exported, with the lines that load them', async () => {
    await stepOf(page, 'Fit').click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('menuitem', { name: /^Data/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Save data' });
    await dialog.getByLabel('Format').selectOption('csv');
    await dialog.getByLabel('Trials').fill('direction=2');
    const names: string[] = [];
    page.on('download', (download) => names.push(download.suggestedFilename()));
    await dialog.getByRole('button', { name: /^Save CSV/ }).click();
    const written = page.getByRole('dialog', { name: 'CSV: written and read back' });
    const python = written.getByRole('region', { name: 'Load it in Python' });
    await python.waitFor(WAIT);
    expect(await python.locator('pre').textContent()).toMatch(/["']seeds-lfads-seed-0\.csv["']/);
    await expect
      .poll(() => names.toSorted(), WAIT)
      .toEqual(
        ['', '.parameters', '.trials', '.units'].map((part) => `seeds-lfads-seed-0${part}.${part === '.parameters' ? 'json' : 'csv'}`),
      );
    await page.keyboard.press('Escape');
    await written.waitFor({ state: 'detached' });
  });

  test('the model runs on trials that it was not fitted to, and says how well it does there', async () => {
    copyFileSync(resource('sample.nwb'), join(app.root, 'tuesday.nwb'));
    await page.getByRole('button', { name: 'More…' }).click();
    await page.getByRole('menuitem', { name: /^Run it/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Run the model on other trials' });
    await dialog.getByRole('button', { name: 'Choose another…' }).click();
    await page.getByRole('dialog', { name: 'Open a recording' }).getByRole('button', { name: 'tuesday.nwb' }).click();
    await expect.poll(() => dialog.locator('.row b').textContent(), WAIT).toBe('tuesday.nwb');
    await dialog.getByLabel('Trials').fill('direction=2');
    await dialog.getByRole('button', { name: 'Infer', exact: true }).click();
    const said = dialog.getByRole('region', { name: 'What was inferred' });
    await said.waitFor(WAIT);
    expect(await said.textContent()).toMatch(/^3\d trials × 10 bins × 61 units, kept in the project/);
    expect(await said.locator('[data-score="lfads r2Truth"]').textContent()).toMatch(/\d\.\d+/);
    await page.keyboard.press('Escape');
  });

  test('nothing went wrong in the page', () => expect(app.wrong).toEqual([]));
});

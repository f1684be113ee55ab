// Looking at a recording before any fit, on the built program: tables, filters, the picked unit's pictures, leaving out and undo.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, canRun, startApp } from './app.ts';

describe.skipIf(!canRun)('a recording that is looked at', () => {
  let app: App;
  let page: Page;

  beforeAll(async () => {
    app = await startApp();
    page = await app.open();
    await page
      .getByRole('button', { name: /^Open the sample/ })
      .and(page.locator(':enabled'))
      .waitFor();
    await page.keyboard.press('Control+Shift+O');
    await page.locator('[data-dataset]').waitFor();
  });
  afterAll(() => app?.close());

  const units = () => page.getByRole('region', { name: 'Units', exact: true });
  const unit = () => page.getByRole('region', { name: 'The picked unit' });
  const dataset = () => page.locator('[data-dataset]').textContent();

  test('the picked unit has a raster and a PSTH, and arrow keys go through units', async () => {
    await unit().locator('.stage').nth(1).waitFor();
    expect(await unit().locator('.stage').first().getAttribute('aria-label')).toMatch(/spikes of unit 0 in 256 trials/);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => unit().locator('h2').first().textContent()).toBe('Unit 2');
    await expect.poll(() => unit().locator('.stage').first().getAttribute('aria-label')).toMatch(/unit 2 /);
    expect(await units().locator('[aria-selected="true"]').getAttribute('data-row')).toBe('2');
    await units().locator('[data-row="5"]').click();
    await expect.poll(() => unit().locator('h2').first().textContent()).toBe('Unit 5');
  });

  test('raster and PSTH follow another event, and their controls', async () => {
    await unit().getByRole('button', { name: 'go cue' }).click();
    await expect.poll(() => unit().locator('.stage').first().getAttribute('aria-label')).toContain('about go cue');
    await unit().getByLabel('Group').selectOption('');
    await expect.poll(() => page.locator('.lowest .conditions-key').count()).toBe(0);
    await unit().getByLabel('Group').selectOption('direction');
    await page.locator('.lowest .conditions-key').waitFor();
    await unit().getByRole('button', { name: 'move onset' }).click();
  });

  test('a filter over its distribution hides units, which are counted and can be shown', async () => {
    const least = units().getByRole('slider', { name: 'Rate, least' });
    await least.focus();
    for (let times = 0; times < 75; times++) await page.keyboard.press('ArrowRight');
    await least.blur();
    await expect.poll(() => units().locator('.tablefoot').textContent()).toMatch(/do not match rate>=/);
    const foot = (await units().locator('.tablefoot').textContent())!;
    expect(Number(/^(\d+) of 64 units/.exec(foot)![1])).toBeLessThan(62);
    await page.keyboard.press('Control+z');
    await expect.poll(() => units().locator('.tablefoot').textContent()).toMatch(/^62 of 64 units/);
    await units().getByRole('button', { name: 'Show' }).click();
    await units().getByRole('grid').focus();
    await page.keyboard.press('End');
    expect(await units().locator('[aria-selected="true"]').getAttribute('data-row')).toBe('63');
    await units().getByRole('button', { name: 'Hide' }).click();
  });

  test('a repair, a key and a click leave out units and trials; undo brings them back', async () => {
    await expect.poll(dataset).toBe('256 trials × 50 bins × 62 units');
    await page.getByRole('button', { name: 'Leave out 63' }).click();
    await expect.poll(dataset).toBe('256 trials × 50 bins × 61 units');
    await units().getByRole('grid').focus();
    await page.keyboard.press('Home');
    await units().locator('[data-row="8"]').click();
    await unit().locator('h2').first().click();
    await page.keyboard.press('e');
    await expect.poll(dataset).toBe('256 trials × 50 bins × 60 units');
    const trial = page.locator('.intervals [data-row="3"]');
    await trial.hover();
    await trial.getByTitle(/^Leave out trial 3/).click();
    await expect.poll(dataset).toBe('255 trials × 50 bins × 60 units');
    await expect.poll(() => trial.getAttribute('class')).toContain('off');
    for (let times = 0; times < 3; times++) await page.keyboard.press('Control+z');
    await expect.poll(dataset).toBe('256 trials × 50 bins × 61 units');
  });

  test('signals, other intervals and the whole file stand in tabs that arrow keys reach', async () => {
    const tabs = page.getByRole('tablist').getByRole('tab');
    await tabs.first().focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.getByRole('tabpanel').textContent()).toContain('of 1,114 rows');
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('tabpanel').textContent()).toContain('hand_velocity');
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('tabpanel').textContent()).toContain('spike_times');
    await page.keyboard.press('Home');
  });

  test('Ctrl Enter makes the dataset and goes on to the fit', async () => {
    await unit().locator('h2').first().click();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('region', { name: 'Dataset' }).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('region', { name: 'Model' }).waitFor();
  });

  test('nothing went wrong in the page', () => {
    expect(app.wrong).toEqual([]);
  });
});

// The main job by keyboard alone, on the built program: no pointer is touched from the sample to the figure.

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, canRun, startApp } from './app.ts';

const FIT_WITHIN_MS = 240_000;
const MOST_TABS = 80;

describe.skipIf(!canRun)('the app by keyboard alone', () => {
  let app: App;
  let page: Page;

  beforeAll(async () => {
    app = await startApp();
    page = await app.open();
  });
  afterAll(() => app?.close());

  const press = (...keys: readonly string[]) =>
    keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  const stepText = (name: string) =>
    page
      .getByRole('navigation')
      .getByRole('button', { name: new RegExp(`^${name}`) })
      .textContent();

  /** Goes on by Tab until what has the focus matches. */
  async function tabTo(selector: string): Promise<void> {
    for (let times = 0; times < MOST_TABS; times++) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
      await press('Tab');
    }
    throw new Error(`${selector} cannot be reached by Tab`);
  }

  /** Runs a command of the palette by a few letters. */
  async function command(letters: string): Promise<void> {
    await press('Control+k');
    await page.getByRole('combobox', { name: 'Commands' }).waitFor();
    await page.keyboard.type(letters);
    await press('Enter');
    await page.getByRole('combobox', { name: 'Commands' }).waitFor({ state: 'detached' });
  }

  test('the sample opens and makes a dataset', async () => {
    await page.getByRole('button', { name: /^Open the sample/ }).waitFor();
    await expect.poll(() => page.getByRole('button', { name: /^Open the sample/ }).isEnabled()).toBe(true);
    await press('Control+Shift+O');
    await expect.poll(() => stepText('Recording')).toContain('sample');
    await expect.poll(() => stepText('Dataset')).toMatch(/\d+ × \d+ × \d+/);
  });

  test(
    'a fit of a few steps starts, and goes on through a reload in its middle',
    async () => {
      await press('Control+3');
      await tabTo('[data-param="steps"] input');
      await press('Control+a');
      await page.keyboard.type('40');
      await press('Enter');
      await expect.poll(() => page.locator('.foot .btn.go').isEnabled()).toBe(true);
      await command('fit the model');
      await page.locator('[data-run="running"]').waitFor();
      await page.reload();
      await page.locator('[data-run]').waitFor();
      await page.locator('[data-run="finished"]').waitFor({ timeout: FIT_WITHIN_MS });
    },
    FIT_WITHIN_MS + 60_000,
  );

  test('trajectories turn, a trial is picked, time is cut to a span, and Esc and undo go back and forth', async () => {
    await press('Control+4');
    await page.locator('.stage.space').waitFor();
    const azimuth = page.getByRole('textbox', { name: 'Azimuth' });
    await press('1');
    await expect.poll(() => azimuth.inputValue()).toBe('−90°');
    await press('Alt+ArrowRight');
    await expect.poll(() => azimuth.inputValue()).not.toBe('−90°');
    await press('ArrowDown', 'ArrowDown');
    const chips = page.locator('.selbar .chip.on');
    await expect.poll(() => chips.first().textContent()).toMatch(/^Trial \d+ direction/);
    const trial = /Trial \d+/.exec((await chips.first().textContent())!)![0];
    await expect.poll(() => page.locator('[data-view="rates"] h2').textContent()).toBe(trial);
    await press('Shift+ArrowRight', 'Shift+ArrowRight', ']', 'Shift+ArrowLeft', 'Shift+ArrowLeft', 'Shift+ArrowLeft', '[');
    const span = page.locator('.selbar .chip', { hasText: / to .* ms/ });
    await expect.poll(() => span.textContent()).toMatch(/−100 to 200 ms/);
    await press('Escape');
    await expect.poll(() => span.count()).toBe(0);
    await press('Control+z');
    await expect.poll(() => span.count()).toBe(1);
    await press('Control+Shift+Z');
    await expect.poll(() => span.count()).toBe(0);
    await press('t');
    await expect.poll(() => page.getByRole('button', { name: 'Trials', exact: true }).getAttribute('aria-pressed')).toBe('true');
    await press('b');
  });

  test('F6 goes from panel to panel, and the panel in focus goes to paper and is saved', async () => {
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-view'));
    for (let times = 0; times < 12 && (await focused()) !== 'tangling'; times++) await press('F6');
    expect(await focused()).toBe('tangling');
    for (let times = 0; times < 12 && (await focused()) !== 'trajectories'; times++) await press('Shift+F6');
    await press('Control+Shift+F');
    await page.locator('canvas.paper').waitFor();
    expect(await page.locator('canvas.paper').getAttribute('aria-label')).toContain('curves along PC 1');
    const [download] = await Promise.all([page.waitForEvent('download'), press('Control+Enter')]);
    expect(readFileSync(await download.path(), 'latin1')).toMatch(/^%PDF-/);
  });

  test('nothing went wrong on the way', () => expect(app.wrong).toEqual([]));
});

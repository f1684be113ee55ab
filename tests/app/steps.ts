// What several tests of the app do alike: open the sample, set a few values, fit and wait.

import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { resource } from '../../src-worker/assets.ts';
import { startService } from '../../src-worker/service/service.ts';

export const FIT_WITHIN_MS = 240_000;
const WAIT = { timeout: 90_000 };

/** A step of the top bar. */
export const stepOf = (page: Page, name: string): Locator =>
  page.getByRole('navigation').getByRole('button', { name: new RegExp(`^${name}`) });

export async function openSample(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Open the sample/ })
    .and(page.locator(':enabled'))
    .waitFor(WAIT);
  await page.keyboard.press('Control+Shift+O');
  await expect.poll(() => stepOf(page, 'Dataset').textContent(), WAIT).toMatch(/\d+ × \d+ × \d+/);
}

/** Sets a parameter of the form in view. */
export async function setField(page: Page, name: string, value: string): Promise<void> {
  const field = page.locator(`[data-param="${name}"] input`).first();
  await field.fill(value);
  await field.press('Enter');
}

/** The button that fits, once it can be pressed. */
export async function pressFit(page: Page): Promise<void> {
  const go = page.locator('.foot .btn.go').first();
  await expect.poll(() => go.isEnabled(), WAIT).toBe(true);
  await go.click();
}

export async function fitModel(page: Page, model: string, values: Readonly<Record<string, string>> = {}): Promise<void> {
  await stepOf(page, 'Fit').click();
  await page.getByLabel('Model', { exact: true }).and(page.locator('select')).selectOption(model);
  for (const [name, value] of Object.entries(values)) await setField(page, name, value);
  await pressFit(page);
  await page.locator('[data-run="finished"]').waitFor({ timeout: FIT_WITHIN_MS });
}

/** A project with short fits of a few bins about movement onset, one for each seed: what looks at fits need not wait for long ones. */
export async function makeProject(project: string, seeds: readonly number[]): Promise<void> {
  const service = startService({ progress: () => {}, run: () => {} });
  const data = { align: 'move_onset_time', windowMs: [-200, 200], binMs: 40, leaveOutUnits: [30, 61, 63], condition: 'direction' } as const;
  const settings = { steps: 12, validateEvery: 4 };
  for (const seed of seeds) {
    const { id } = await service.startFit({
      project,
      recording: resource('sample.nwb'),
      model: 'lfads',
      data,
      settings,
      seed,
      device: 'fused',
    });
    await service.waitForRun({ project, run: id });
  }
  await service.close();
}

/** Opens a project of the folder that the app lists, by the palette. */
export async function openKept(page: Page, name: string): Promise<void> {
  await page
    .getByRole('button', { name: /^Open the sample/ })
    .and(page.locator(':enabled'))
    .waitFor(WAIT);
  await page.getByRole('button', { name: /^Commands/ }).click();
  await page.getByRole('combobox', { name: 'Commands' }).fill('open a project');
  await page.locator('.palette [role="option"]').first().click();
  await page.getByRole('dialog').getByRole('button', { name }).click();
}

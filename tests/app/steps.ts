// What several tests of the app do alike: open the sample, set a few values, fit and wait.

import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

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

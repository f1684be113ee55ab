// Takes the pictures of docs/getting-started.md from the built program: `npm run pictures`. Fits the sample, so it takes some minutes.

import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { startApp } from './app.ts';

const folder = resolve(import.meta.dirname, '../../docs/pictures');
const STEPS = '600';
const FIT_WITHIN_MS = 900_000;
/** Time for a picture to be drawn after the data are there. */
const SETTLE_MS = 2500;

const app = await startApp();
try {
  mkdirSync(folder, { recursive: true });
  const page = await app.open();
  const take = async (name: string): Promise<void> => {
    await page.mouse.move(2, 600);
    await page.waitForTimeout(SETTLE_MS);
    await page.screenshot({ path: resolve(folder, `${name}.png`) });
    process.stderr.write(`${name}.png\n`);
  };
  const step = (name: string) => page.getByRole('navigation').getByRole('button', { name: new RegExp(`^${name}`) });
  await page.getByRole('button', { name: /Open the sample/ }).waitFor();
  await take('first-run');
  await page.keyboard.press('Control+Shift+O');
  await page.locator('[data-dataset]').waitFor();
  await take('recording');
  await page.getByRole('button', { name: /^Make dataset/ }).click();
  await page.getByRole('button', { name: /^Fit a model/ }).click();
  await fit(page);
  await take('fit');
  await step('Explore').click();
  await page.locator('.stage.space').waitFor();
  for (const view of ['rates', 'inputs', 'tangling'])
    await page.locator(`[data-view="${view}"] .stage`).first().waitFor({ timeout: 120_000 });
  await take('explore');
  await page.getByTitle('Light or dark').click();
  await take('explore-dark');
  await page.getByTitle('Light or dark').click();
  await step('Figure').click();
  await take('figure');
  if (app.wrong.length > 0) throw new Error(app.wrong.join('\n'));
} finally {
  await app.close();
}

async function fit(page: Page): Promise<void> {
  const steps = page.locator('[data-param="steps"] input');
  await steps.fill(STEPS);
  await steps.press('Enter');
  const go = page.locator('.foot .btn.go');
  await go.and(page.locator(':enabled')).click();
  await page.locator('[data-run="finished"]').waitFor({ timeout: FIT_WITHIN_MS });
}

// Takes the pictures of docs/getting-started.md from the built program: `npm run pictures`. Fits the sample, so it takes some minutes.

import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { startApp } from './app.ts';

const folder = resolve(import.meta.dirname, '../../docs/pictures');
const STEPS = '600';
const FIT_WITHIN_MS = 900_000;
/** Time for a picture to be drawn after the data are there. */
const SETTLE_MS = 2500;
const WAIT = { timeout: 300_000 };
const QUIET = '[aria-busy="true"]';

const app = await startApp();
try {
  mkdirSync(folder, { recursive: true });
  const page = await app.open();
  const take = async (name: string): Promise<void> => {
    await page.mouse.move(2, 600);
    await page
      .locator(`main ${QUIET}`)
      .first()
      .waitFor({ state: 'detached', ...WAIT });
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
  await page.getByRole('region', { name: 'Model' }).waitFor();
  await setSteps(page);
  await fit(page);
  await take('fit');
  await step('Explore').click();
  await page.locator('.stage.space').waitFor();
  for (const view of ['rates', 'inputs', 'tangling']) await page.locator(`[data-view="${view}"] .stage`).first().waitFor(WAIT);
  await page.locator('.stage.space').focus();
  await page.keyboard.press('ArrowDown');
  await page.locator('.stage.space').blur();
  await take('explore');
  await page.getByTitle('Light or dark').click();
  await take('explore-dark');
  await page.getByTitle('Light or dark').click();
  const view = page.getByLabel('View', { exact: true });
  await view.selectOption('phase-portrait');
  await page.locator('[data-view="eigenvalues"] .stage').waitFor(WAIT);
  await page.locator('.stage.space').focus();
  await page.keyboard.press('ArrowDown');
  await page.locator('.stage.space').blur();
  await take('dynamics');
  await view.selectOption('trajectories');
  await page.locator('[data-view="trajectories"]').getByTitle('To figure').click();
  await page.locator('canvas.paper').waitFor(WAIT);
  await take('figure');
  await step('Fit').click();
  await page.getByLabel('Model', { exact: true }).and(page.locator('select')).selectOption('curbd');
  await fit(page);
  await step('Explore').click();
  await view.selectOption('currents');
  await page.locator('.pairs .stage').nth(9).waitFor(WAIT);
  await page.locator('.runs .conditions-key').waitFor(WAIT);
  await take('currents');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const [written] = await Promise.all([page.waitForEvent('download', WAIT), page.getByRole('menuitem', { name: /^Report/ }).click()]);
  if (app.wrong.length > 0) throw new Error(app.wrong.join('\n'));
  const copy = resolve(folder, 'report.html');
  await written.saveAs(copy);
  await page.setViewportSize({ width: 1000, height: 900 });
  await page.goto(`file://${copy}`);
  await page
    .getByRole('heading', { name: /^LFADS/ })
    .first()
    .evaluate((heading) => heading.scrollIntoView());
  await page.waitForTimeout(SETTLE_MS);
  await page.screenshot({ path: resolve(folder, 'report.png') });
  rmSync(copy);
} finally {
  await app.close();
}

async function setSteps(page: Page): Promise<void> {
  const steps = page.locator('[data-param="steps"] input');
  await steps.fill(STEPS);
  await steps.press('Enter');
}

/** Fits the model of the form, which is then the one in view. */
async function fit(page: Page): Promise<void> {
  const model = await page.getByLabel('Model', { exact: true }).and(page.locator('select')).locator('option:checked').textContent();
  await page.locator('.foot .btn.go').and(page.locator(':enabled')).click();
  const inView = page.getByRole('navigation').getByRole('button', { name: new RegExp(`^Fit.*${model}, seed`) });
  await inView.waitFor({ timeout: FIT_WITHIN_MS });
}

// A walk through every screen of the built app on the sample: what the tests of access, size and motion look at, stop by stop.

import type { Page } from 'playwright-core';

export const STOPS = [
  'first run',
  'first run with its dialog',
  'recording',
  'recording with the palette',
  'dataset',
  'fit before',
  'fit during',
  'fit stopped',
  'fit after',
  'explore',
  'explore with a condition’s menu',
  'dynamics',
  'an analysis of dynamics',
  'currents',
  'figure',
] as const;
export type Stop = (typeof STOPS)[number];

/** More than a visit takes, so that the fit is stopped by hand. */
const LONG = '20000';
const SHORT = '25';
const FIT_WITHIN_MS = 240_000;

/** Goes through all stops; `look` is called at each when its pictures are there. A window must have nothing open yet. */
export async function tour(page: Page, look: (stop: Stop) => Promise<void>): Promise<void> {
  // A menu that still fades in is not looked at.
  const visit = async (stop: Stop): Promise<void> => {
    while (!(await page.evaluate(`document.getAnimations().every(({ playState }) => playState !== 'running')`)))
      await page.waitForTimeout(20);
    await look(stop);
  };
  const step = (name: string) => page.getByRole('navigation').getByRole('button', { name: new RegExp(`^${name}`) });
  const go = page.locator('.foot .btn.go').and(page.locator(':enabled'));
  const sample = page.getByRole('button', { name: /^Open the sample/ }).and(page.locator(':enabled'));
  await sample.waitFor();
  await visit('first run');
  await page.keyboard.press('Control+o');
  await page.getByRole('dialog', { name: 'Open a recording' }).waitFor();
  await visit('first run with its dialog');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await sample.click();
  await page.locator('[data-dataset]').waitFor();
  await page.locator('.unit .stage').first().waitFor();
  await visit('recording');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Commands' }).waitFor();
  await visit('recording with the palette');
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: 'Commands' }).waitFor({ state: 'detached' });
  await step('Dataset').click();
  await page.getByRole('region', { name: 'Dataset' }).waitFor();
  await visit('dataset');
  await step('Fit').click();
  await page.getByRole('region', { name: 'Model' }).waitFor();
  await go.waitFor();
  await visit('fit before');
  await fitOf(page, LONG);
  await page.locator('[data-run="running"]').waitFor();
  await page.locator('.curves .stage').first().waitFor();
  await visit('fit during');
  await page.getByRole('button', { name: 'Stop and keep best' }).click();
  await page.locator('[data-run="stopped"]').waitFor();
  await visit('fit stopped');
  // A small generator has its fixed points found at once.
  await setField(page, 'generator', '8');
  await fitOf(page, SHORT);
  await page.locator('[data-run="finished"]').waitFor({ timeout: FIT_WITHIN_MS });
  await page.locator('.judge .stage').first().waitFor();
  await visit('fit after');
  await step('Explore').click();
  await page.locator('.stage.space').waitFor();
  for (const view of ['rates', 'inputs', 'tangling']) await page.locator(`[data-view="${view}"] .stage`).first().waitFor();
  await visit('explore');
  await page.locator('.conditions-key [role="switch"]').nth(4).click({ button: 'right' });
  await page.getByRole('textbox', { name: 'Name' }).waitFor();
  await visit('explore with a condition’s menu');
  await page.keyboard.press('Escape');
  const view = page.getByLabel('View', { exact: true });
  await view.selectOption('phase-portrait');
  await page.locator('[data-view="eigenvalues"] .stage').waitFor();
  await visit('dynamics');
  await page.getByLabel('What is shown').selectOption('jpca');
  await page.getByRole('button', { name: 'Run jPCA' }).click();
  await page.locator('[data-view="jpca"] .stage').waitFor();
  await visit('an analysis of dynamics');
  await step('Fit').click();
  await page.getByLabel('Model', { exact: true }).and(page.locator('select')).selectOption('cornn');
  await go.click();
  await page.locator('[data-run="finished"]').waitFor({ timeout: FIT_WITHIN_MS });
  await step('Explore').click();
  await view.selectOption('currents');
  await page.locator('.pairs .stage').nth(9).waitFor();
  await page.locator('.runs .conditions-key').waitFor();
  await visit('currents');
  await step('Figure').click();
  await page.locator('canvas.paper').waitFor();
  await visit('figure');
}

async function fitOf(page: Page, count: string): Promise<void> {
  await setField(page, 'steps', count);
  await page.locator('.foot .btn.go').and(page.locator(':enabled')).click();
}

async function setField(page: Page, name: string, value: string): Promise<void> {
  const field = page.locator(`[data-param="${name}"] input`);
  await field.fill(value);
  await field.press('Enter');
}

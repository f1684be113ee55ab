// Pictures of every screen and state of the built program at both sizes and in both themes, for the eye:
// `node tests/app/looks.ts FOLDER [PROJECT.orrery] [PART…]`. Without a project a short one of the sample is made in the folder and kept there.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { resource } from '../../src-worker/assets.ts';
import { startService } from '../../src-worker/service/service.ts';
import { startApp } from './app.ts';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
] as const;
/** Time for a picture to be drawn after the data are there, and after the window has another size. */
const SETTLE_MS = 1500;
const RESIZE_MS = 700;
const QUIET_MS = 120_000;

const [folder = 'looks', ...others] = process.argv.slice(2);
const given = others.find((name) => name.endsWith('.orrery'));
const wanted = others.filter((name) => name !== given);
mkdirSync(folder, { recursive: true });
const project = resolve(given ?? join(folder, 'looks.orrery'));

const app = await startApp();
const page = await app.open();

/** The window as it is, four times over. */
async function take(name: string, at: Page = page): Promise<void> {
  await at.mouse.move(2, 560);
  await at
    .waitForFunction(() => !document.querySelector('main [aria-busy="true"]'), undefined, { timeout: QUIET_MS })
    .catch(() => process.stderr.write(`${name}: still busy\n`));
  await at.waitForTimeout(SETTLE_MS);
  for (const size of SIZES) {
    await at.setViewportSize(size);
    for (const theme of ['light', 'dark'] as const) {
      await at.evaluate((to) => {
        if (document.documentElement.dataset.theme !== to) document.querySelector<HTMLElement>('[title="Light or dark"]')?.click();
      }, theme);
      await at.waitForTimeout(RESIZE_MS);
      await at.screenshot({ path: join(folder, `${name}-${size.width}-${theme}.png`) });
    }
  }
  await at.setViewportSize(SIZES[0]);
  await at.evaluate(
    () => document.documentElement.dataset.theme === 'dark' && document.querySelector<HTMLElement>('[title="Light or dark"]')?.click(),
  );
  process.stderr.write(`${name}\n`);
}

const stepOf = (name: string) => page.getByRole('navigation').getByRole('button', { name: new RegExp(`^${name}`) });

async function setField(name: string, value: string): Promise<void> {
  const field = page.locator(`[data-param="${name}"] input`).first();
  await field.fill(value);
  await field.press('Enter');
}

async function command(text: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Commands' }).fill(text);
  await page.locator('.palette [role="option"]').first().click();
}

async function firstRun(): Promise<void> {
  writeFileSync(join(app.root, 'notes.txt'), 'not a recording');
  writeFileSync(join(app.root, 'broken.nwb'), 'not HDF5');
  await page
    .getByRole('button', { name: /^Open the sample/ })
    .and(page.locator(':enabled'))
    .waitFor();
  await take('first-run');
  await page.keyboard.press('Control+o');
  await page.getByRole('dialog', { name: 'Open a recording' }).waitFor();
  await take('files');
  await page.getByRole('dialog').getByText('broken.nwb').click();
  await page.waitForTimeout(SETTLE_MS);
  await take('broken');
  await page.keyboard.press('Escape');
}

async function recording(): Promise<void> {
  await page.keyboard.press('Control+Shift+O');
  await page.locator('[data-dataset]').waitFor();
  await page.locator('.unit .stage').nth(1).waitFor();
  await page
    .locator('[data-row="48"]')
    .first()
    .click()
    .catch(() => {});
  await take('recording');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Commands' }).fill('fi');
  await take('palette');
  await page.keyboard.press('Escape');
  await stepOf('Dataset').click();
  await take('dataset');
  await stepOf('Explore').click();
  await take('explore-empty');
  await stepOf('Fit').click();
  await page.locator('.foot .btn.go').and(page.locator(':enabled')).waitFor();
  await take('fit-before');
  await setField('steps', 'many');
  await take('fit-wrong');
  await setField('steps', '20000');
  await page.locator('.foot .btn.go').and(page.locator(':enabled')).click();
  await page.locator('.multiples .stage').first().waitFor({ timeout: QUIET_MS });
  await take('fit-running');
  await page.keyboard.press('Escape');
  await take('fit-ask');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Stop/ }).first().click();
  await page.locator('[data-run="stopped"]').waitFor();
  await take('fit-stopped');
}

/** The forms of networks of recorded units, with what preprocessing would make of a unit before any fit. */
async function prepared(): Promise<void> {
  await page
    .getByRole('button', { name: /^Open the sample/ })
    .and(page.locator(':enabled'))
    .waitFor({ timeout: SETTLE_MS })
    .catch(() => {});
  await page.keyboard.press('Control+Shift+O');
  await page.locator('[data-dataset]').waitFor();
  await stepOf('Fit').click();
  for (const model of ['curbd', 'full-force', 'cornn', 'rate-rnn']) {
    await page.getByRole('combobox', { name: 'Model', exact: true }).selectOption(model);
    await page.locator('.prepared:not([aria-busy="true"])').waitFor({ timeout: QUIET_MS });
    await take(`prepared-${model}`);
  }
}

/** The project's runs, by the name that the menu of runs gives them. */
async function run(name: RegExp): Promise<void> {
  await stepOf('Fit').click();
  const menu = page.getByLabel('Run', { exact: true });
  const option = menu.locator('option').filter({ hasText: name }).first();
  await menu.selectOption((await option.getAttribute('value')) ?? '');
}

async function openProject(): Promise<void> {
  cpSync(project, join(app.root, 'looks.orrery'), { recursive: true });
  await page.getByRole('navigation').waitFor();
  await page.waitForTimeout(SETTLE_MS);
  await command('open a project');
  await page.getByRole('dialog').getByRole('button', { name: 'looks.orrery' }).click();
  await page.locator('.stage').first().waitFor();
}

async function fitted(): Promise<void> {
  await run(/LFADS, seed 0/);
  await page.locator('.judge .stage').first().waitFor();
  await take('fit');
  await page.getByRole('button', { name: /^\d seeds$/ }).click();
  await take('fit-seeds');
}

async function explore(): Promise<void> {
  await run(/LFADS, seed 0/);
  await stepOf('Explore').click();
  await page.getByLabel('View', { exact: true }).selectOption('trajectories');
  await page.locator('.stage.space').waitFor();
  await take('explore');
  await page.locator('.stage.space').focus();
  for (let times = 0; times < 3; times++) await page.keyboard.press('ArrowDown');
  await take('explore-trial');
  await page.getByRole('button', { name: 'Averages', exact: true }).click();
  await page.getByLabel('Spread').selectOption({ index: 1 });
  await take('explore-spread');
  await page.getByRole('button', { name: 'Both', exact: true }).click();
  await page.getByLabel('Colour').selectOption('tangling');
  await take('explore-colour');
  await page.getByLabel('Colour').selectOption({ index: 0 });
  await page.locator('.conditions-key [role="switch"]').nth(4).click({ button: 'right' });
  await take('explore-condition');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Views' }).click();
  await take('explore-views');
  await page.keyboard.press('Escape');
  await page.getByLabel('View', { exact: true }).selectOption('initial-conditions');
  await page.getByLabel('Axes').selectOption('t-SNE');
  await take('explore-tsne');
  await page.getByLabel('View', { exact: true }).selectOption('trajectories');
}

async function dynamics(): Promise<void> {
  await run(/LFADS, seed 0/);
  await stepOf('Explore').click();
  await page.getByLabel('View', { exact: true }).selectOption('phase-portrait');
  await page.locator('[data-view="eigenvalues"] .stage').waitFor({ timeout: QUIET_MS });
  await take('dynamics');
  await page.locator('.stage.space').focus();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('button', { name: 'Flow', exact: true }).click();
  await take('dynamics-flow');
  const menu = page.getByLabel('What is shown');
  for (const { value } of await menu
    .locator('option')
    .evaluateAll((all) => all.map((option) => ({ value: (option as HTMLOptionElement).value })))) {
    if (value === 'truth' || (only.length > 0 && !only.includes(value))) continue;
    await menu.selectOption(value);
    const go = page.getByRole('button', { name: /^Run / });
    if (value !== 'modes') await go.click();
    await take(`dynamics-${value}`);
  }
}

/** A network with several points, one of them picked. */
async function points(): Promise<void> {
  await run(/Rate RNN, seed 0/);
  await stepOf('Explore').click();
  await page.getByLabel('View', { exact: true }).selectOption('phase-portrait');
  await page.locator('[data-view="eigenvalues"] .stage').waitFor({ timeout: QUIET_MS });
  await page.locator('[data-view="bifurcations"] .stage').waitFor({ timeout: QUIET_MS });
  await page.locator('.stage.space').focus();
  await page.keyboard.press('ArrowDown');
  await take('points');
}

async function currents(): Promise<void> {
  await run(/CURBD, seed 0/);
  await stepOf('Explore').click();
  await page.getByLabel('View', { exact: true }).selectOption('currents');
  await page.locator('.pairs .stage').first().waitFor({ timeout: QUIET_MS });
  await take('currents');
  const pairs = page.locator('td.pair-cell');
  await pairs.nth(1).click();
  await pairs.nth(2).click({ modifiers: ['Control'] });
  await page.getByRole('button', { name: 'Compare 2' }).click();
  await page.locator('.matrix .stage').nth(2).waitFor({ timeout: QUIET_MS });
  await take('currents-compared');
  await page.getByRole('button', { name: 'All pairs' }).click();
  await page.getByRole('button', { name: 'By unit' }).click();
  await take('currents-units');
}

/** Its process is ended by hand. */
async function lost(): Promise<void> {
  for (const child of execFileSync('pgrep', ['-P', String(app.host)])
    .toString()
    .trim()
    .split('\n'))
    process.kill(Number(child), 'SIGKILL');
  await page.waitForTimeout(SETTLE_MS);
  await take('lost');
}

/** The one run of a project given, of a network of many regions. */
async function regions(): Promise<void> {
  await stepOf('Explore').click();
  await page.getByLabel('View', { exact: true }).selectOption('currents');
  await page.locator('.matrix .stage').nth(2).waitFor({ timeout: QUIET_MS });
  await take('regions');
}

/** The one run of a project given, of a network between whose units nothing flows, or of any that says how far to believe it. */
async function believed(): Promise<void> {
  await stepOf('Explore').click();
  await page.getByLabel('View', { exact: true }).selectOption('currents');
  await page
    .locator('.believe p b')
    .first()
    .waitFor({ timeout: 2 * QUIET_MS });
  await take('believed');
}

async function figure(): Promise<void> {
  await run(/LFADS, seed 0/);
  await stepOf('Figure').click();
  await page.locator('canvas.paper').waitFor();
  await take('figure');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await take('save-menu');
  await page.getByRole('menuitem', { name: /^Data/ }).click();
  await take('save-data');
  await page
    .getByRole('dialog', { name: 'Save data' })
    .getByRole('button', { name: /^Save HDF5/ })
    .click();
  await page.getByRole('dialog', { name: /written and read back/ }).waitFor();
  await take('written');
  await page.keyboard.press('Escape');
}

/** Parts that need no project. */
const FREE: readonly string[] = ['firstRun', 'recording', 'prepared', 'lost'];
const parts = { firstRun, recording, prepared, fitted, explore, dynamics, points, currents, figure, regions, believed, lost };
const names = wanted.filter((name) => name in parts);
const only = wanted.filter((name) => !(name in parts));
const chosen = Object.entries(parts).filter(([name]) =>
  names.length === 0 ? !['points', 'regions', 'lost'].includes(name) : names.includes(name),
);
try {
  if (chosen.some(([name]) => !FREE.includes(name)) && !existsSync(project)) await makeProject();
  let isOpen = false;
  for (const [name, part] of chosen) {
    const needsProject = !FREE.includes(name);
    if (needsProject && !isOpen) await openProject();
    isOpen ||= needsProject;
    await part().catch((error: unknown) => process.stderr.write(`${name}: ${error instanceof Error ? error.message : error}\n`));
  }
  if (app.wrong.length > 0) process.stderr.write(`${app.wrong.join('\n')}\n`);
} finally {
  await app.close();
}

/** A network of recorded units, and two short fits that differ in their seed. */
async function makeProject(): Promise<void> {
  const service = startService({ progress: () => {}, run: () => {} });
  const data = { align: 'move_onset_time', windowMs: [-400, 600], binMs: 20, leaveOutUnits: [30, 61, 63], condition: 'direction' } as const;
  const fits = [
    { model: 'curbd', settings: {}, seed: 0 },
    { model: 'lfads', settings: { steps: 300 }, seed: 0 },
    { model: 'lfads', settings: { steps: 300 }, seed: 1 },
  ];
  for (const one of fits) {
    const { id } = await service.startFit({ project, recording: resource('sample.nwb'), data, device: 'auto', ...one });
    await service.waitForRun({ project, run: id });
  }
  await service.close();
}

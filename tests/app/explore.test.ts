// Explore by mouse, on the built program: conditions, the time span, the palette, hover and pick, and a figure as the screen has it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, canRun, startApp } from './app.ts';
import { fitModel, makeProject, openKept, pressFit, setField, stepOf } from './steps.ts';

describe.skipIf(!canRun)('explore by mouse', () => {
  let app: App;
  let page: Page;

  beforeAll(async () => {
    app = await startApp();
    await makeProject(join(app.root, 'reaches.orrery'), [0]);
    page = await app.open();
  });
  afterAll(() => app?.close());

  test('a project with a finished fit opens in Explore', async () => {
    await openKept(page, 'reaches.orrery');
    await page.locator('.stage.space').waitFor();
  });

  test('a condition is hidden, shown alone and named by its key; every panel follows, and undo brings it back', async () => {
    const key = page.locator('.conditions-key [role="switch"]');
    const chip = page.locator('.selbar .chip', { hasText: 'Direction' });
    const trials = async () => Number(await page.locator('.stage.space').getAttribute('data-trials'));
    await expect.poll(trials).toBeGreaterThan(0);
    const all = await trials();
    await key.nth(1).click();
    expect(await key.nth(1).getAttribute('aria-checked')).toBe('false');
    expect(await chip.textContent()).toMatch(/7 of 8/);
    await expect.poll(trials).toBeLessThan(all);
    await key.nth(2).dblclick();
    await expect.poll(() => chip.textContent()).toMatch(/1 of 8/);
    while (!/8 of 8/.test((await chip.textContent()) ?? '')) await page.keyboard.press('Control+z');
    await expect.poll(trials).toBe(all);
    await key.nth(4).click({ button: 'right' });
    const name = page.getByRole('textbox', { name: 'Name' });
    await name.fill('leftwards');
    await name.press('Enter');
    await page.getByRole('switch', { name: /^leftwards/ }).waitFor();
  });

  test('a drag along the time bar makes a span, and its chip undoes it', async () => {
    const track = (await page.locator('.track').boundingBox())!;
    await page.mouse.move(track.x + 0.3 * track.width, track.y + 8);
    await page.mouse.down();
    await page.mouse.move(track.x + 0.7 * track.width, track.y + 8, { steps: 4 });
    await page.mouse.up();
    const chip = page.locator('.selbar .chip', { hasText: / to .* ms/ });
    expect(await chip.textContent()).toMatch(/−80 to 80 ms/);
    await chip.getByRole('button').click();
    await expect.poll(() => chip.count()).toBe(0);
  });

  test('the palette finds commands by letters and says why one cannot be done', async () => {
    await page.getByRole('button', { name: /^Commands/ }).click();
    const ask = page.getByRole('combobox', { name: 'Commands' });
    await ask.fill('stop fit');
    expect(await page.locator('.palette [role="option"]').first().textContent()).toMatch(/^Stop the fit.*no fit is running$/);
    await ask.fill('averages');
    await page.locator('.palette [role="option"]', { hasText: /^Show averages(?! and)/ }).click();
    await expect.poll(() => page.locator('.stage.space').getAttribute('data-trials')).toBe('0');
    await page.getByRole('button', { name: 'Both', exact: true }).click();
    await expect.poll(() => page.locator('.stage.space').getAttribute('data-trials')).not.toBe('0');
  });

  test('a figure holds what the screen hides and names', async () => {
    await page.locator('.conditions-key [role="switch"]').nth(1).click();
    await page.locator('[data-view="trajectories"]').getByTitle('To figure').click();
    await page.locator('canvas.paper').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'SVG', exact: true }).click()]);
    const written = readFileSync(await download.path(), 'utf8');
    expect(written).toContain('leftwards');
    expect(written).toContain('PC 1');
    // The average of the hidden condition is not on paper; its place in the wheel is.
    expect(written.match(/>45°</g)?.length ?? 0).toBe(1);
    expect(written.match(/>90°</g)?.length ?? 0).toBe(2);
  });

  test('sizes, a stretched axis, a typed plane and fading are on paper as they are chosen, and kept under a name', async () => {
    const settings = page.getByRole('region', { name: 'Settings of the figure' });
    const type = async (label: string, text: string) => {
      await settings.getByLabel(label, { exact: true }).fill(text);
      await settings.getByLabel(label, { exact: true }).press('Enter');
    };
    for (const [label, text] of [
      ['Averages, pt', '2.5'],
      ['Text, pt', '9'],
      ['Stretch of axis 2', '2'],
      ['Fading of depth, %', '50'],
      ['Normal of the plane', '0, 0, 1'],
    ] as const)
      await type(label, text);
    expect(await settings.getByLabel('Elevation', { exact: true }).inputValue()).toBe('90');
    await expect
      .poll(() => settings.locator('.caption').textContent())
      .toMatch(/stretched: axis 2 × 2, orthographic; what is farther fades/);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'SVG', exact: true }).click()]);
    const written = readFileSync(await download.path(), 'utf8');
    expect(written).toContain('stroke-width="2.5"');
    expect(written).toMatch(/PC 2, \d+ %, × 2</);
    await type('Stereo, °', '5');
    await expect.poll(() => settings.locator('.caption').textContent()).toMatch(/stereo pair 5° apart/);
    await type('Resolution, dpi', '40');
    await type('Length of the movie, s', '1');
    const [movie] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'MP4', exact: true }).click()]);
    expect(readFileSync(await movie.path()).toString('latin1', 4, 8)).toBe('ftyp');
    await type('Stereo, °', '0');
    await page.getByLabel('Name to keep it under').fill('from above');
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    const kept = page.getByRole('region', { name: 'Saved views' }).getByRole('button', { name: /^from above/ });
    await kept.waitFor();
    await type('Averages, pt', '1');
    await type('Elevation', '20');
    await kept.click();
    await expect.poll(() => settings.getByLabel('Averages, pt', { exact: true }).inputValue()).toBe('2.5');
    expect(await settings.getByLabel('Elevation', { exact: true }).inputValue()).toBe('90');
  });

  test('a report and the methods text are taken away from any screen', async () => {
    const save = async (item: RegExp) => {
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('menuitem', { name: item }).click();
    };
    const [report] = await Promise.all([page.waitForEvent('download'), save(/^Report/)]);
    expect(report.suggestedFilename()).toBe('reaches.html');
    expect(readFileSync(await report.path(), 'utf8')).toContain('were used for training');
    await save(/methods/);
    const methods = page.getByRole('dialog', { name: 'Methods text' });
    await expect.poll(() => methods.textContent()).toMatch(/LFADS \[1, 2\] was fitted/);
    await page.keyboard.press('Escape');
  });

  test('a pair of regions is picked by click and arrow keys, and every panel of currents follows', async () => {
    await fitModel(page, 'cornn');
    await stepOf(page, 'Explore').click();
    await page.getByLabel('View', { exact: true }).selectOption('currents');
    const cell = (name: string) => page.getByRole('gridcell', { name: new RegExp(`^${name}`) });
    await cell('M1 from PMd').locator('.stage').first().waitFor();
    await cell('M1 from PMd').click();
    const chip = page.locator('.selbar .chip.on');
    await expect.poll(() => chip.first().textContent()).toBe('M1 from PMd');
    const runs = page.locator('[data-view="free-run"]');
    await expect.poll(() => runs.locator('.right').textContent()).toMatch(/M1: 1 to 5 of 30/);
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => cell('PMd from PMd').getAttribute('aria-selected')).toBe('true');
    await expect.poll(() => runs.locator('.right').textContent()).toMatch(/PMd: 1 to 5 of 31/);
    await page.getByLabel('Split').selectOption('parts');
    await expect.poll(() => page.locator('.legend').textContent()).toMatch(/excitatory/);
    await page.keyboard.press('Control+z');
    await expect.poll(() => chip.first().textContent()).toBe('M1 from PMd');
    await page.getByRole('button', { name: 'This pair' }).click();
    await page
      .getByRole('region', { name: /^Pairs/ })
      .locator('.stage')
      .click({ position: { x: 120, y: 120 } });
    await expect.poll(() => chip.first().textContent()).toBe('M1 from M1');
    await runs.getByRole('gridcell').nth(1).click();
    const unit = await chip.nth(1).textContent();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => chip.nth(1).textContent()).not.toBe(unit);
    await page.getByRole('button', { name: 'Fit low rank instead' }).click();
    await expect.poll(() => page.getByLabel('Model', { exact: true }).and(page.locator('select')).inputValue()).toBe('rate-rnn');
  });

  test('a network of units of its own has no currents, and says how far to believe it all the same', async () => {
    await fitModel(page, 'force', { steps: '3', networkUnits: '40' });
    await stepOf(page, 'Explore').click();
    await page.getByLabel('View', { exact: true }).selectOption('currents');
    const without = page.locator('.without-regions');
    await expect.poll(() => without.textContent()).toMatch(/units of FORCE are its own/);
    await expect.poll(() => page.locator('.believe').textContent()).toMatch(/Fitted from other random weights .* are not compared/);
    await expect.poll(() => without.locator('.stage').count()).toBe(2);
    expect(await without.textContent()).not.toMatch(/--|analyze belief/);
    expect(await without.locator('h3 b').allTextContents()).toEqual(['Recovery', 'Eigenvalues']);
    await expect.poll(() => page.locator('[data-view="free-run"] .stage').count()).toBeGreaterThan(0);
  });

  test('recovery of a network whose fits take long is tested where that is asked for, and not before', async () => {
    await stepOf(page, 'Fit').click();
    await page.getByLabel('Model', { exact: true }).and(page.locator('select')).selectOption('rate-rnn');
    await page.locator('[data-param="readout"] select').selectOption('units');
    await page.locator('[data-param="rank"] select').selectOption('full');
    for (const [name, value] of [
      ['steps', '60'],
      ['validateEvery', '30'],
    ] as const)
      await setField(page, name, value);
    await pressFit(page);
    await page.locator('[data-run="finished"]').waitFor();
    await stepOf(page, 'Explore').click();
    await page.getByLabel('View', { exact: true }).selectOption('currents');
    const currents = page.locator('[data-view="currents"]');
    const believe = page.locator('.believe');
    const beside = page.getByLabel('What tells of the weights').locator('option');
    const cell = currents.getByRole('gridcell', { name: /^M1 from PMd/ }).locator('.stage');
    await cell.first().waitFor();
    await expect.poll(() => believe.textContent()).toMatch(/Recovery\. Not tested: .* takes about as long as the fit at most, \d+ s\./);
    await expect.poll(() => currents.getAttribute('aria-busy')).toBe('false');
    expect(await beside.allTextContents()).not.toContain('Recovery');
    await believe.getByRole('button', { name: 'Test recovery' }).click();
    await believe.getByRole('button', { name: 'Cancel' }).click();
    await believe.getByRole('button', { name: 'Test recovery' }).click();
    expect(await cell.count()).toBeGreaterThan(0);
    await expect.poll(() => believe.textContent()).toMatch(/Recovery\. A fit to this network’s own activity/);
    await expect.poll(() => beside.allTextContents()).toContain('Recovery');
    // What was tested is kept: it stands there when the panel is opened again.
    await page.getByLabel('View', { exact: true }).selectOption('trajectories');
    await page.getByLabel('View', { exact: true }).selectOption('currents');
    await expect.poll(() => believe.textContent()).toMatch(/Recovery\. A fit to this network’s own activity/);
    expect(await believe.getByRole('button', { name: 'Test recovery' }).count()).toBe(0);
  });

  test('nothing went wrong in the page', () => expect(app.wrong).toEqual([]));
});

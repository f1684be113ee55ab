// The screen of dynamics on the built program: a network dropped in and opened by its form, points by key, eigenvalues linked with them,
// the slider that moves them, the search where it stands, a figure, an export, and what axe says of it.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOf, npyBytes, npzBytes } from '../formats/small-npz.ts';
import { writeArrays } from '../../src-worker/store/index.ts';
import { type App, canRun, startApp } from './app.ts';
import { stepOf } from './steps.ts';

const WAIT = { timeout: 90_000 };
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Two units that excite themselves and hold each other down: x' = tanh(W x + V u) rests at either of two, with a saddle between. */
const W = Float64Array.of(1.2, -0.8, -0.8, 1.2);
const V = Float64Array.of(1, -1);

/** The network as HDF5 and as NumPy keeps it. */
async function writeNetworks(folder: string): Promise<void> {
  await writeArrays(join(folder, 'dropped.h5'), {
    W: { values: W, shape: [2, 2], axes: ['target', 'source'], unit: '' },
    V: { values: V, shape: [2, 1], axes: ['target', 'input'], unit: '' },
  });
  writeFileSync(join(folder, 'flipflop.npz'), npzBytes({ W: npyBytes('<f8', [2, 2], bytesOf(W)), V: npyBytes('<f8', [2, 1], bytesOf(V)) }));
}

describe.skipIf(!canRun)('dynamics', () => {
  let app: App;
  let page: Page;

  beforeAll(async () => {
    app = await startApp();
    await writeNetworks(app.root);
    page = await app.open();
    await page
      .getByRole('button', { name: /^Open the sample/ })
      .and(page.locator(':enabled'))
      .waitFor(WAIT);
  });
  afterAll(() => app?.close());

  const points = () => page.getByRole('region', { name: 'Points', exact: true });
  const rows = () => points().locator('tbody tr[data-row]');
  const sub = () => points().locator('.sub').textContent();
  const plane = () => page.locator('[data-view="eigenvalues"]');

  test('a file of weights is taken for a network, and its form opens the dynamics', async () => {
    const form = page.getByRole('region', { name: 'Network', exact: true });
    const arrays = page.getByRole('region', { name: 'Arrays', exact: true });
    // Dropped as HDF5 and as NumPy's, then opened from the list of files: one form takes them all.
    for (const name of ['dropped.h5', 'flipflop.npz']) {
      const bytes = readFileSync(join(app.root, name)).toString('base64');
      await page.evaluate(
        ([text, as]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([Uint8Array.from(atob(text!), (letter) => letter.charCodeAt(0))], as!));
          window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
        },
        [bytes, name],
      );
      await expect.poll(() => stepOf(page, 'Recording').textContent(), WAIT).toContain(name.replace(/\..*/, ''));
      await form.waitFor(WAIT);
      expect(await arrays.textContent()).toContain('2 × 2');
    }
    await page.keyboard.press('Control+o');
    await page.getByRole('dialog').getByText('flipflop.npz').click(WAIT);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await form.waitFor(WAIT);
    await form.locator('[data-param="inputWeights"]').waitFor(WAIT);
    const vector = form.locator('[data-param="inputWeights"] :is(select, input)').first();
    if ((await vector.evaluate((element) => element.tagName)) === 'SELECT') await vector.selectOption('/V');
    else {
      await vector.fill('/V');
      await vector.press('Enter');
    }
    const go = form.locator('.btn.go').and(page.locator(':enabled'));
    await go.waitFor(WAIT);
    await page.keyboard.press('Escape');
    await go.click();
    await expect.poll(() => rows().count(), WAIT).toBe(3);
    await page.locator('.stage.space').waitFor(WAIT);
  });

  test('points stand with their stability, and arrow keys pick them in every panel', async () => {
    const text = (await points().textContent())!;
    expect(text.match(/stable/g)!.length).toBeGreaterThanOrEqual(2);
    expect(text).toContain('saddle');
    await page.locator('.stage.space').focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => points().locator('[aria-selected="true"]').getAttribute('data-row'), WAIT).toBe('0');
    await expect.poll(() => page.locator('.selbar').textContent(), WAIT).toContain('Point 1');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => plane().locator('.sub').textContent(), WAIT).toMatch(/^point 2:/);
    await expect.poll(() => plane().locator('.stage').getAttribute('aria-label'), WAIT).toMatch(/of point 2 of 3/);
    await page.keyboard.press('Escape');
    await expect.poll(() => points().locator('[aria-selected="true"]').count(), WAIT).toBe(0);
    await page.keyboard.press('Control+z');
    await expect.poll(() => points().locator('[aria-selected="true"]').count(), WAIT).toBe(1);
  });

  test('keys move the held input and the points with it; past the fold one is left, and a search there agrees', async () => {
    const slider = page.getByRole('slider', { name: /^Held value of/ });
    await page.locator('.stage.space').focus();
    for (let times = 0; times < 3; times++) await page.keyboard.press('.');
    await expect.poll(sub, WAIT).toMatch(/input 1 = 0\.15/);
    await expect.poll(() => points().locator('.tablefoot').textContent(), WAIT).toContain('Followed from u = 0');
    await slider.focus();
    await page.keyboard.press('End');
    await expect.poll(() => rows().count(), WAIT).toBe(1);
    await expect.poll(() => points().locator('.tablefoot').textContent(), WAIT).toMatch(/2 of 3 fixed points met a fold/);
    await page.locator('.stage.space').focus();
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => points().locator('.tablefoot').textContent(), WAIT).toMatch(/starts: 1 fixed, 0 slow/);
    expect(await rows().count()).toBe(1);
    await page.getByLabel('Input of the search').selectOption('zero');
    await expect.poll(() => rows().count(), WAIT).toBe(3);
  });

  test('branches along the input stand above its slider, with both folds, and are written as a table', async () => {
    const diagram = page.locator('[data-view="bifurcations"] .stage');
    await expect
      .poll(() => diagram.getAttribute('aria-label'), WAIT)
      .toMatch(/2 folds at −0\.\d+, 0\.\d+\. At input 1 = 0: 3 points \(2 stable, 1 saddle\)/);
    await page.locator('.stage.space').focus();
    await page.keyboard.press('.');
    await expect.poll(() => diagram.getAttribute('aria-label'), WAIT).toMatch(/At input 1 = 0\.05: 3 points/);
    await points().getByRole('button', { name: 'Back' }).click();
    await expect.poll(() => diagram.getAttribute('aria-label'), WAIT).toMatch(/At input 1 = 0: 3 points/);
    // A key takes the slider to the next fold, and back to the one before.
    await page.locator('.stage.space').focus();
    await page.keyboard.press('>');
    await expect.poll(() => diagram.getAttribute('aria-label'), WAIT).toMatch(/At input 1 = 0\.5\d+:/);
    await page.keyboard.press('<');
    await expect.poll(() => diagram.getAttribute('aria-label'), WAIT).toMatch(/At input 1 = −0\.5\d+:/);
    // A click on a branch moves the slider there and picks the point that it is.
    const box = (await diagram.boundingBox())!;
    const at = { x: box.width * 0.9 };
    const held = page.getByRole('slider', { name: /^Held value of/ });
    for (let y = 12; y < box.height - 24; y += 5) {
      await diagram.click({ position: { ...at, y } });
      if (Number(await held.inputValue()) > 0) break;
    }
    await expect.poll(() => diagram.getAttribute('aria-label'), WAIT).toMatch(/At input 1 = 0\.\d+: 1 point \(1 stable\)/);
    await expect.poll(() => points().locator('[aria-selected="true"]').textContent(), WAIT).toMatch(/stable/);
    await points().getByRole('button', { name: 'Back' }).click();
    await page.keyboard.press('Escape');
    const download = page.waitForEvent('download', WAIT);
    await page.getByRole('button', { name: 'Branches as CSV' }).click();
    const table = readFileSync(await (await download).path(), 'utf8');
    expect(table).toMatch(/^step,branchOf,/);
    expect(table).toMatch(/,stable,/);
    expect(table).toMatch(/,saddle,/);
    expect(table.match(/,fold$/gm)).toHaveLength(2);
  });

  test('modes are listed and ringed; flow, modes and trials are layers', async () => {
    const below = page.getByRole('region', { name: 'Modes', exact: true });
    await below.locator('tbody tr').nth(1).click(WAIT);
    await expect.poll(() => plane().locator('.stage').getAttribute('aria-label'), WAIT).toMatch(/mode 2:/);
    const caption = () => page.locator('[data-view="phase-portrait"] .cap').textContent();
    await page.getByRole('button', { name: 'Flow', exact: true }).click();
    await expect.poll(caption, WAIT).toContain('flow over');
    await page.getByRole('button', { name: 'Flow', exact: true }).click();
    await expect.poll(caption, WAIT).not.toContain('flow over');
  });

  test('axe finds nothing grave in either theme', async () => {
    await page.evaluate(axe);
    for (const theme of ['light', 'dark']) {
      await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe(theme);
      const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResults;
      const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(grave.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))).toEqual([]);
      await page.getByTitle('Light or dark').click();
    }
  });

  test('points are written as a table, and the portrait as a figure', async () => {
    const download = page.waitForEvent('download', WAIT);
    await points().getByRole('button', { name: 'CSV' }).click();
    const lines = readFileSync(await (await download).path(), 'utf8')
      .trim()
      .split('\n');
    expect(lines[0]).toMatch(/^point,positions\[1\],positions\[2\],kinds,/);
    expect(lines).toHaveLength(4);
    expect(lines.slice(1).filter((line) => /,fixed,.*,stable,/.test(line))).toHaveLength(2);
    await page.locator('[data-view="phase-portrait"]').getByTitle('To figure').click();
    await page.locator('canvas.paper').waitFor(WAIT);
    const [figure] = await Promise.all([
      page.waitForEvent('download', WAIT),
      page.getByRole('button', { name: 'SVG', exact: true }).click(),
    ]);
    const svg = readFileSync(await figure.path(), 'utf8');
    expect(svg).toContain('saddle');
    expect(svg).toContain('PC 1');
  });

  test('nothing went wrong in the page', () => expect(app.wrong).toEqual([]));
});

// Very many ticks are drawn in the same places whether a graphics card has them or not.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { type Browser, chromium, type Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBrowser } from '../../scripts/lib/browser.mjs';
import { canRun } from './app.ts';

const root = resolve(import.meta.dirname, '../..');

describe.skipIf(!canRun)('very many ticks', () => {
  let [folder, server, browser]: [string, ViteDevServer | undefined, Browser | undefined] = ['', undefined, undefined];
  let page: Page;

  beforeAll(async () => {
    folder = mkdtempSync(join(root, 'tests/app/dense-'));
    const styles = ['tokens', 'look'].map((name) => `<link rel="stylesheet" href="/src-renderer/ui/${name}.css">`).join('');
    writeFileSync(
      join(folder, 'index.html'),
      `<!doctype html>${styles}<body><div id="root"></div><script type="module" src="../dense-page.tsx"></script>`,
    );
    const here = { host: '127.0.0.1', port: 0 };
    server = await createServer({
      root,
      plugins: [react()],
      logLevel: 'error',
      configFile: false,
      cacheDir: join(folder, 'cache'),
      server: here,
    });
    await server.listen();
    browser = await chromium.launch({
      executablePath: findBrowser()!,
      args: ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
      chromiumSandbox: process.getuid?.() !== 0,
    });
    page = await browser.newPage({ viewport: { width: 640, height: 640 } });
    const { port } = server.httpServer!.address() as { readonly port: number };
    await page.goto(`http://127.0.0.1:${port}/${folder.slice(root.length + 1)}/index.html`);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Columns of a stage that are coloured over most of their height. */
  const columns = async (onCard: boolean): Promise<readonly number[]> => {
    const shot = await page.locator(`main[data-card="${onCard}"] .stage`).screenshot();
    return page.evaluate(async (text) => {
      const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${text}`)).blob());
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      const isColoured = (at: number) =>
        Math.max(data[at]!, data[at + 1]!, data[at + 2]!) - Math.min(data[at]!, data[at + 1]!, data[at + 2]!) > 30;
      return Array.from({ length: width }, (_, x) => x).filter(
        (x) =>
          Array.from({ length: height }, (_, y) => Number(isColoured(4 * (y * width + x)))).reduce((sum, one) => sum + one) > height / 2,
      );
    }, shot.toString('base64'));
  };

  test('stand in the same columns by the pixel and by the card', async () => {
    await expect.poll(() => columns(true)).not.toEqual([]);
    const [pixels, card] = [await columns(false), await columns(true)];
    expect(pixels).toHaveLength(2);
    for (const column of card) expect(Math.min(...pixels.map((other) => Math.abs(other - column)))).toBeLessThanOrEqual(1);
    for (const column of pixels) expect(Math.min(...card.map((other) => Math.abs(other - column)))).toBeLessThanOrEqual(1);
  });
});

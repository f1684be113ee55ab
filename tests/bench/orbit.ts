// How smoothly 1,000 trajectories × 150 bins turn: frames a second and tasks over 50 ms while the pointer drags for some seconds.
// node tests/bench/orbit.ts; needs an installed Chromium.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { chromium } from 'playwright-core';
import { createServer } from 'vite';
import { findBrowser } from '../../scripts/lib/browser.mjs';

const SECONDS = 8;
const root = resolve(import.meta.dirname, '../..');
const executablePath = findBrowser();
if (executablePath === undefined) throw new Error('No Chromium, Chrome or Edge to measure in');

const folder = mkdtempSync(join(root, 'tests/bench/orbit-'));
const style = (name: string) => `<link rel="stylesheet" href="/src-renderer/ui/${name}.css">`;
writeFileSync(
  join(folder, 'index.html'),
  `<!doctype html>${style('tokens')}${style('look')}<body><div id="root"></div><script type="module" src="../orbit-page.tsx"></script>`,
);
const server = await createServer({
  root,
  plugins: [react()],
  logLevel: 'error',
  configFile: false,
  cacheDir: join(folder, 'cache'),
  server: { host: '127.0.0.1', port: 0 },
});
const browser = await chromium.launch({
  executablePath,
  args: ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  chromiumSandbox: process.getuid?.() !== 0,
});
try {
  await server.listen();
  const { port } = server.httpServer!.address() as { readonly port: number };
  const page = await browser.newPage({ viewport: { width: 900, height: 780 } });
  page.on('pageerror', (error) => console.error(error.message));
  page.setDefaultTimeout(60_000);
  await page.goto(`http://127.0.0.1:${port}/${folder.slice(root.length + 1)}/index.html`);
  await page.locator('.stage.space[data-trials="1000"]').waitFor({ timeout: 60_000 });
  await page.waitForTimeout(1000);
  // In the page: frames, long tasks, and how long each frame's own work took.
  await page.evaluate(`(() => {
    const seen = (window.seen = { frames: 0, long: [], began: performance.now() });
    new PerformanceObserver((list) => seen.long.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
    const count = () => { seen.frames++; requestAnimationFrame(count); };
    requestAnimationFrame(count);
  })()`);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const busy = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const ms = (wanted: string): number => 1000 * (metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN);
    return { page: ms('TaskDuration'), script: ms('ScriptDuration') };
  };
  await page.mouse.move(300, 400);
  await page.mouse.down();
  // Hovering looks for the trial under the pointer, turning does not.
  const before = await busy();
  const framesBefore = (await page.evaluate('seen.frames')) as number;
  const end = performance.now() + 1000 * SECONDS;
  for (let move = 0; performance.now() < end; move++)
    await page.mouse.move(450 + 200 * Math.sin(move / 30), 400 + 60 * Math.sin(move / 15));
  await page.mouse.up();
  const after = await busy();
  const { frames, long, seconds } = (await page.evaluate(
    '({ frames: seen.frames, long: seen.long, seconds: (performance.now() - seen.began) / 1000 })',
  )) as { readonly frames: number; readonly long: readonly number[]; readonly seconds: number };
  console.log(
    JSON.stringify({
      framesPerSecond: Math.round((10 * frames) / seconds) / 10,
      // Work of the page's own thread, whatever the graphics card needs.
      pageMsPerFrame: Math.round((10 * (after.page - before.page)) / (frames - framesBefore)) / 10,
      // Of it the program's: projecting, sorting and painting; the rest hands commands to the graphics card and waits for it.
      scriptMsPerFrame: Math.round((10 * (after.script - before.script)) / (frames - framesBefore)) / 10,
      seconds: Math.round(10 * seconds) / 10,
      longTasks: long.length,
      longestMs: Math.round(Math.max(0, ...long)),
    }),
  );
} finally {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}

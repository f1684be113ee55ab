// How smoothly the stages move: 1,000 trajectories × 150 bins turn and a raster of 200,000 spikes pans while the pointer drags for some
// seconds. Work of the page's own thread for a frame, and tasks over 50 ms. node tests/bench/stages.ts; undefined without a browser.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { type Browser, chromium } from 'playwright-core';
import { createServer } from 'vite';
import { findBrowser } from '../../scripts/lib/browser.mjs';

export interface StageMoves {
  readonly stage: string;
  readonly framesPerSecond: number;
  /** Work of the page's own thread for a frame, whatever the graphics card needs. */
  readonly pageMsPerFrame: number;
  /** Of it the program's: projecting, sorting and painting; the rest hands commands to the graphics card and waits for it. */
  readonly scriptMsPerFrame: number;
  readonly seconds: number;
  readonly longTasks: number;
  readonly longestMs: number;
}

const SECONDS = 6;
const SETTLE_MS = 1500;
const STAGES = [
  { stage: 'orbit of 1,000 × 150', page: 'orbit-page', ready: '.stage.space[data-trials="1000"]' },
  { stage: 'pan of 200,000 spikes', page: 'pan-page', ready: '.stage canvas.over' },
] as const;

const root = resolve(import.meta.dirname, '../..');

export async function stageMoves(): Promise<readonly StageMoves[] | undefined> {
  const executablePath = findBrowser();
  if (executablePath === undefined) return undefined;
  const folder = mkdtempSync(join(root, 'tests/bench/stages-'));
  const style = (name: string) => `<link rel="stylesheet" href="/src-renderer/ui/${name}.css">`;
  for (const { page } of STAGES)
    writeFileSync(
      join(folder, `${page}.html`),
      `<!doctype html>${style('tokens')}${style('look')}<body><div id="root"></div><script type="module" src="../${page}.tsx"></script>`,
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
    args: ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-gpu-compositing'],
    chromiumSandbox: process.getuid?.() !== 0,
  });
  try {
    await server.listen();
    const { port } = server.httpServer!.address() as { readonly port: number };
    const moves: StageMoves[] = [];
    for (const { stage, page, ready } of STAGES)
      moves.push({ stage, ...(await dragged(browser, `http://127.0.0.1:${port}/${folder.slice(root.length + 1)}/${page}.html`, ready)) });
    return moves;
  } finally {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function dragged(browser: Browser, url: string, ready: string): Promise<Omit<StageMoves, 'stage'>> {
  const page = await browser.newPage({ viewport: { width: 900, height: 780 } });
  page.on('pageerror', (error) => console.error(error.message));
  page.setDefaultTimeout(60_000);
  await page.goto(url);
  await page.locator(ready).waitFor();
  await page.waitForTimeout(SETTLE_MS);
  // A raster pans only where it is zoomed in.
  await page.mouse.move(450, 400);
  for (let notch = 0; notch < 6; notch++) await page.mouse.wheel(0, -100);
  await page.waitForTimeout(SETTLE_MS);
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
  await page.mouse.down();
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
  await page.close();
  const tenth = (value: number): number => Math.round(10 * value) / 10;
  return {
    framesPerSecond: tenth(frames / seconds),
    pageMsPerFrame: tenth((after.page - before.page) / (frames - framesBefore)),
    scriptMsPerFrame: tenth((after.script - before.script) / (frames - framesBefore)),
    seconds: tenth(seconds),
    longTasks: long.length,
    longestMs: Math.round(Math.max(0, ...long)),
  };
}

if (import.meta.main) console.log(JSON.stringify(await stageMoves(), undefined, 2));

// `npm run soak`: ten fits and an hour of clicking through everything, and whether memory is where it was: `--minutes 5` for a shorter one.
// The page's heap is taken after its garbage is collected; host and worker are what the system counts as theirs.

import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import type { CDPSession, Page } from 'playwright-core';
import { startApp } from './app.ts';
import { clickThrough, playWithStage } from './clicking.ts';

const FITS = 10;
const FIT_WITHIN_MS = 300_000;
const REST_MS = 1500;
const SCREENS = [1, 2, 3, 4, 5];

interface Sample {
  readonly minute: number;
  readonly fits: number;
  readonly clicks: number;
  readonly heapMb: number;
  readonly nodes: number;
  readonly listeners: number;
  readonly hostMb: number;
  readonly workerMb: number;
}

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error(`--minutes cannot be ${values.minutes}: it wants a number above 0.`);

/** Resident memory of a process and of its children, MB. */
function processes(host: number): { readonly hostMb: number; readonly workerMb: number } {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const mb = (of: readonly (readonly number[])[]) => of.reduce((sum, [, , kb = 0]) => sum + kb / 1024, 0);
  return { hostMb: mb(rows.filter(([pid]) => pid === host)), workerMb: mb(rows.filter(([, parent]) => parent === host)) };
}

async function pageMemory(session: CDPSession): Promise<Pick<Sample, 'heapMb' | 'nodes' | 'listeners'>> {
  for (let times = 0; times < 3; times++) await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  return { heapMb: usedSize / 2 ** 20, nodes, listeners: jsEventListeners };
}

async function fit(page: Page, seed: number): Promise<void> {
  await page.keyboard.press('Control+3');
  for (const [name, value] of [
    ['seed', seed],
    ['steps', 5],
  ] as const) {
    const field = page.locator(`[data-param="${name}"] input`);
    await field.fill(String(value));
    await field.press('Enter');
  }
  // On a busy computer a slow step would have graphics cards tried, whose libraries stay in the process.
  await page.locator('[data-param="device"] select').selectOption('fused');
  await page.locator('.foot .btn.go').and(page.locator(':enabled')).click();
  await page.locator('[data-run="running"], [data-run="queued"]').waitFor();
  await page.locator('[data-run="finished"]').waitFor({ timeout: FIT_WITHIN_MS });
}

const heads = ['minute', 'fits', 'clicks', 'page heap, MB', 'nodes', 'listeners', 'host, MB', 'worker, MB'];
const row = ({ minute, fits, clicks, heapMb, nodes, listeners, hostMb, workerMb }: Sample): readonly string[] => [
  minute.toFixed(1),
  String(fits),
  String(clicks),
  heapMb.toFixed(1),
  String(nodes),
  String(listeners),
  hostMb.toFixed(0),
  workerMb.toFixed(0),
];
const print = (cells: readonly string[]): void => {
  process.stdout.write(`${cells.map((cell, column) => cell.padStart(heads[column]!.length + 2)).join('')}\n`);
};

const app = await startApp();
const began = performance.now();
const minute = (): number => (performance.now() - began) / 60_000;
const samples: Sample[] = [];
let [fits, clicks] = [0, 0];
try {
  const page = await app.open();
  const session = await page.context().newCDPSession(page);
  await page
    .getByRole('button', { name: /^Open the sample/ })
    .and(page.locator(':enabled'))
    .click();
  await page.locator('[data-dataset]').waitFor();
  const sample = async (): Promise<Sample> => ({ minute: minute(), fits, clicks, ...(await pageMemory(session)), ...processes(app.host) });
  print(heads);
  while (minute() < minutes || fits < FITS || samples.length < 2) {
    // The fits are spread over the time.
    // The first round has one, and is what the end is held against.
    const due = samples.length === 0 ? 1 : Math.min(FITS, Math.ceil((FITS * minute()) / minutes));
    while (fits < due) await fit(page, fits++);
    for (const screen of SCREENS) {
      clicks += await clickThrough(page, screen);
      print(row(await sample()));
    }
    await playWithStage(page);
    await page.keyboard.press('Control+1');
    await page.waitForTimeout(REST_MS);
    samples.push(await sample());
    print(row(samples.at(-1)!));
  }
} finally {
  await app.close();
}
// The first round fills what is kept on purpose: fonts, code, the sample's arrays.
const [start, end] = [samples[0]!, samples.at(-1)!];
process.stdout.write('\nFrom the end of the first round to the end\n');
print(heads);
print(row(start));
print(row(end));
if (app.wrong.length > 0) process.stdout.write(`\nWent wrong in the page:\n${[...new Set(app.wrong)].join('\n')}\n`);
process.exit(app.wrong.length > 0 ? 1 : 0);

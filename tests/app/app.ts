// The built program in browser mode with a real browser: what the tests of the app drive by mouse.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findBrowser } from '../../scripts/lib/browser.mjs';

const project = resolve(import.meta.dirname, '../..');
const browserPath = findBrowser();

/** In CI a missing browser fails the tests; elsewhere they are skipped, loudly. */
export const canRun = browserPath !== undefined || Boolean(process.env.CI);
if (!canRun)
  console.warn('*** SKIPPED: no Chromium, Chrome or Edge for the tests of the app. Install one, or name one in ORRERY_BROWSER. ***');

/** A computer that is busy with other things is waited for; a test that hangs still ends. */
const PATIENCE_MS = 90_000;

export interface App {
  readonly url: string;
  /** Folder whose files the app lists. */
  readonly root: string;
  /** A page that notes whatever goes wrong in it. */
  open(): Promise<Page>;
  /** Process id of the host. */
  readonly host: number;
  /** Errors of pages, and what the content policy refused. */
  readonly wrong: readonly string[];
  close(): Promise<void>;
}

/** `flags`: more of the browser's own. */
export async function startApp(flags: readonly string[] = []): Promise<App> {
  const entry = join(project, 'out', 'main', 'serve.js');
  if (!existsSync(entry)) throw new Error('The program is not built: npm run build');
  if (browserPath === undefined) throw new Error('No Chromium, Chrome or Edge: the tests of the app cannot run');
  const folder = mkdtempSync(join(tmpdir(), 'orrery-app-'));
  const root = join(folder, 'recordings');
  mkdirSync(root);
  const server = spawn(process.execPath, [entry, '--no-open', '--root', root], {
    env: { ...process.env, ORRERY_DATA: join(folder, 'data') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await addressOf(server);
  const browser = await chromium.launch({
    executablePath: browserPath,
    args: [
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      // Without a graphics card pages are put together faster by the processor itself than by one that plays the card.
      '--disable-gpu-compositing',
      '--disable-quic',
      '--disable-component-update',
      '--disable-sync',
      ...flags,
    ],
    chromiumSandbox: process.getuid?.() !== 0,
  });
  const wrong: string[] = [];
  return {
    url,
    root,
    host: server.pid!,
    wrong,
    open: () => openPage(browser, url, wrong),
    close: async () => {
      await browser.close();
      const ended = new Promise((done) => server.once('exit', done));
      server.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((done, failed) => {
    server.stdout!.on('data', (text: Buffer) => {
      const url = /Orrery: (\S+)/.exec(text.toString())?.[1];
      if (url !== undefined) done(url);
    });
    server.once('exit', (code) => failed(new Error(`The server ended with ${code}`)));
  });
}

async function openPage(browser: Browser, url: string, wrong: string[]): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('pageerror', (error) => wrong.push(`error: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') wrong.push(`console: ${message.text()}`);
  });
  await page.exposeFunction('noteViolation', (text: string) => wrong.push(`policy: ${text}`));
  await page.addInitScript(
    `addEventListener('securitypolicyviolation', (event) => noteViolation(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample))`,
  );
  await page.goto(url);
  return page;
}

/** Keeps what the page shows where PICTURES names a folder: for the eye. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (process.env.PICTURES) await page.screenshot({ path: join(process.env.PICTURES, `${name}.png`), fullPage: true });
}

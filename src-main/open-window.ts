// Opens browser mode in an app window of an installed Chromium, Chrome or Edge, where there is a display.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'msedge.exe', 'chrome.exe'];

function candidates(): readonly string[] {
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const windows = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((name) => {
    const folder = process.env[name];
    return folder === undefined
      ? []
      : [join(folder, 'Google/Chrome/Application/chrome.exe'), join(folder, 'Microsoft/Edge/Application/msedge.exe')];
  });
  const mac = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  const named = process.env.ORRERY_BROWSER;
  return [...(named === undefined ? [] : [named]), ...onPath, ...windows, ...mac];
}

const hasDisplay = (): boolean => process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);

/**
 * True where a window was opened. The token must not stand on a command line, which other users of the computer can read:
 * the browser is given a file that only this user can read and that leads on to the address.
 */
export function openWindow(url: string): boolean {
  const browser = hasDisplay() ? candidates().find(existsSync) : undefined;
  if (browser === undefined) return false;
  const file = join(mkdtempSync(join(tmpdir(), 'orrery-open-')), 'orrery.html');
  writeFileSync(file, `<!doctype html><meta charset="utf-8"><title>Orrery</title><meta http-equiv="refresh" content="0;url=${url}">`, {
    mode: 0o600,
  });
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  spawn(browser, [`--app=${pathToFileURL(file)}`, ...asRoot], { detached: true, stdio: 'ignore' })
    .on('error', () => {})
    .unref();
  return true;
}

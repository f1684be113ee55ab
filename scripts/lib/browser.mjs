// Finds an installed Chromium, Chrome or Edge, for browser tests and for the app window of browser mode.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const LINUX_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'microsoft-edge-stable'];

const MAC_APPS = ['Chromium', 'Google Chrome', 'Microsoft Edge'];

const WINDOWS_FILES = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
];

/**
 * Where a browser may be, best first.
 * @param {NodeJS.Platform} platform
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @returns {string[]}
 */
export function browserPlaces(platform, environment) {
  const asked = environment.ORRERY_BROWSER ? [environment.ORRERY_BROWSER] : [];
  if (platform === 'darwin') return [...asked, ...MAC_APPS.map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`)];
  if (platform === 'win32') {
    const bases = [environment.PROGRAMFILES, environment['PROGRAMFILES(X86)'], environment.LOCALAPPDATA].filter(Boolean);
    return [...asked, ...WINDOWS_FILES.flatMap((file) => bases.map((base) => join(base, ...file)))];
  }
  const folders = (environment.PATH ?? '').split(delimiter).filter(Boolean);
  return [...asked, ...LINUX_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))];
}

/** The path of an installed browser, or undefined; `ORRERY_BROWSER` names one that lies elsewhere. @returns {string | undefined} */
export const findBrowser = () => browserPlaces(process.platform, process.env).find((path) => existsSync(path));

/** Whether there is a screen to open a window on. */
export function hasDisplay() {
  if (process.platform === 'win32' || process.platform === 'darwin') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

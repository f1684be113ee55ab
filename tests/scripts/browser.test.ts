// Where a browser is looked for, on every platform.

import { delimiter } from 'node:path';
import { expect, test } from 'vitest';
import { browserPlaces } from '../../scripts/lib/browser.mjs';

test('on Linux along the path, Chromium first, after the one that was named', () => {
  const places = browserPlaces('linux', { PATH: ['/usr/bin', '/snap/bin'].join(delimiter), ORRERY_BROWSER: '/opt/mine' });
  expect(places.slice(0, 3)).toEqual(['/opt/mine', '/usr/bin/chromium', '/snap/bin/chromium']);
  expect(places).toContain('/usr/bin/microsoft-edge');
});

test('on Windows in the program folders that exist', () => {
  const places = browserPlaces('win32', { PROGRAMFILES: 'P', 'PROGRAMFILES(X86)': undefined });
  expect(places.map((place) => place.replaceAll('\\', '/'))).toEqual([
    'P/Google/Chrome/Application/chrome.exe',
    'P/Chromium/Application/chrome.exe',
    'P/Microsoft/Edge/Application/msedge.exe',
  ]);
});

test('on macOS among the applications', () => {
  expect(browserPlaces('darwin', {})[1]).toBe('/Applications/Google Chrome.app/Contents/MacOS/Google Chrome');
});

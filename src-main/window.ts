// The desktop window: sandboxed, isolated, confined to the program's own page.

import { join } from 'node:path';
import { BrowserWindow, type Session, type WebContents } from 'electron';
import { projectRoot } from './locate.ts';
import { appOrigin, mayHave, mayNavigate, mayRequest, pageRights } from './policy/navigation.ts';

export function openAppWindow(): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 700,
    show: false,
    title: 'Orrery',
    icon: join(projectRoot, 'resources', 'icon.png'),
    webPreferences: {
      preload: join(projectRoot, 'out', 'preload', 'preload.cjs'),
      ...pageRights,
    },
  });
  window.once('ready-to-show', () => window.show());
  window.loadURL(`${appOrigin}/index.html`);
  return window;
}

/** Nothing leaves the page: no navigation, no windows, no embedded views. */
export function confine(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!mayNavigate(event.url)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!mayNavigate(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** No permission beyond the policy's, and no request to any network. */
export function confineSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) => answer(mayHave(permission, contents.getURL())));
  session.setPermissionCheckHandler((_, permission, origin) => mayHave(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !mayRequest(details.url) }));
}

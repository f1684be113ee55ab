// The one bridge between the desktop shell and its sandboxed page: a port to the host, grants for dropped files, menu commands.

import { contextBridge, ipcRenderer, webUtils } from 'electron';

/** The page's own globals, as far as they are used here. */
declare const window: { postMessage(message: string, origin: string, ports: readonly unknown[]): void };
declare const location: { readonly origin: string };

contextBridge.exposeInMainWorld('desktop', {
  /** Asks for the port; it arrives as a message of the page's own window, for ports cannot cross the bridge. */
  connect: () => ipcRenderer.send('connect'),
  /** The entry of a dropped file; undefined where it has no path. The page never sees the path. */
  grantFor: (file: File) => {
    const path = webUtils.getPathForFile(file);
    return path === '' ? Promise.resolve(undefined) : ipcRenderer.invoke('grant', path);
  },
  onCommand: (listener: (command: string) => void) => {
    ipcRenderer.on('command', (_, command: string) => listener(command));
  },
});

ipcRenderer.on('port', (event) => window.postMessage('orrery-port', location.origin, event.ports));

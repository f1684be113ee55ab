// The desktop menu: what the system expects, and commands that the page carries out.

import { Menu, type MenuItemConstructorOptions } from 'electron';

export function setMenu(productName: string, command: (name: string) => void): void {
  const mac: MenuItemConstructorOptions[] = process.platform === 'darwin' ? [{ label: productName, role: 'appMenu' }] : [];
  const file: MenuItemConstructorOptions = {
    label: 'File',
    submenu: [
      { label: 'Open recording…', accelerator: 'CmdOrCtrl+O', click: () => command('open') },
      { label: 'Open project…', click: () => command('open-project') },
      { label: 'Open the sample', accelerator: 'CmdOrCtrl+Shift+O', click: () => command('open-sample') },
      { type: 'separator' },
      { role: process.platform === 'darwin' ? 'close' : 'quit' },
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      { label: 'Light or dark', click: () => command('theme') },
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
      { type: 'separator' },
      { role: 'reload' },
      { role: 'toggleDevTools' },
    ],
  };
  Menu.setApplicationMenu(Menu.buildFromTemplate([...mac, file, { role: 'editMenu' }, view, { role: 'windowMenu' }]));
}

// The desktop shell: one instance, one worker, a window whose page comes from app://. Thin: what it may do is in policy/.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  ipcMain,
  MessageChannelMain,
  protocol,
  session,
  type OpenDialogOptions,
} from 'electron';
import { portChannel } from '../src-worker/contract/channels.ts';
import { asFailure } from '../src-worker/contract/rpc.ts';
import { startWorker, type WorkerHandle } from './host.ts';
import { setMenu } from './menu.ts';
import { Pages } from './pages.ts';
import { openFilters } from './policy/files.ts';
import { fileArgument, mayCall } from './policy/navigation.ts';
import { staticAnswer } from './static.ts';
import { dataFolder, UserData } from './user-data.ts';
import { version } from './version.ts';
import { confine, confineSession, openAppWindow } from './window.ts';

protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }]);

let pages: Pages | undefined;
let worker: WorkerHandle | undefined;
let waiting = named(process.argv, process.env.INIT_CWD ?? process.cwd());

function named(argv: readonly string[], folder: string): string | undefined {
  const argument = fileArgument(argv, app.isPackaged);
  const path = argument === undefined ? undefined : resolve(folder, argument);
  return path !== undefined && existsSync(path) ? path : undefined;
}

function show(path: string | undefined): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window?.isMinimized()) window.restore();
  window?.focus();
  if (path === undefined) return;
  if (pages) pages.open(path);
  else waiting = path;
}

const trusted = (event: IpcMainEvent | IpcMainInvokeEvent): boolean =>
  mayCall(event.senderFrame?.url, event.senderFrame !== null && event.senderFrame === event.senderFrame.top);

async function start(): Promise<void> {
  confineSession(session.defaultSession);
  protocol.handle('app', async (request) => {
    const { status, headers, body } = await staticAnswer(new URL(request.url).pathname);
    return new Response(body, { status, headers });
  });
  worker = await startWorker();
  pages = new Pages({
    worker,
    userData: new UserData(dataFolder()),
    version,
    dialogs: {
      choose: async (kind) => {
        const how: OpenDialogOptions =
          kind === 'project'
            ? { properties: ['openDirectory'] }
            : { properties: ['openFile'], filters: openFilters((await worker!.api.catalogue()).formats) };
        const chosen = await dialog.showOpenDialog(how);
        return chosen.filePaths[0];
      },
      save: async (name) => {
        const chosen = await dialog.showSaveDialog({ defaultPath: name });
        return chosen.filePath === '' ? undefined : chosen.filePath;
      },
    },
    ...(waiting === undefined ? {} : { opened: waiting }),
  });
  ipcMain.on('connect', (event) => {
    if (!trusted(event)) return;
    const { port1, port2 } = new MessageChannelMain();
    pages?.attach(portChannel(port1));
    event.senderFrame?.postMessage('port', undefined, [port2]);
  });
  ipcMain.handle('grant', (event, path: unknown) =>
    trusted(event) && typeof path === 'string' && existsSync(path) ? pages?.entry(path) : undefined,
  );
  setMenu('Orrery', (command) => BrowserWindow.getFocusedWindow()?.webContents.send('command', command));
  openAppWindow();
}

if (!app.requestSingleInstanceLock()) app.quit();
else {
  app.on('web-contents-created', (_, contents) => confine(contents));
  app.on('second-instance', (_, argv, folder) => show(named(argv, folder)));
  app.on('open-file', (event, path) => {
    event.preventDefault();
    show(path);
  });
  app.on('activate', () => {
    if (pages && BrowserWindow.getAllWindows().length === 0) openAppWindow();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  let ended = false;
  app.on('will-quit', (event) => {
    if (ended || !worker) return;
    event.preventDefault();
    worker.close().finally(() => {
      pages?.close();
      ended = true;
      app.quit();
    });
  });
  app
    .whenReady()
    .then(start)
    .catch((error) => {
      const { sentence, hint } = asFailure(error);
      dialog.showErrorBox(sentence, hint);
      app.exit(1);
    });
}

// The page's line to its host: a WebSocket in browser mode, a message port in the desktop shell; it is joined again when it breaks.

import { portChannel, socketChannel } from '../../src-worker/contract/channels.ts';
import { Failure } from '../../src-worker/contract/failure.ts';
import type { FileEntry, HostApi, HostEvents } from '../../src-worker/contract/page.ts';
import { type Channel, type Connection, connect } from '../../src-worker/contract/rpc.ts';
import type { Scene } from '../../src-worker/scene/scene.ts';
import { spokenScene } from './spoken.ts';

interface Desktop {
  connect(): void;
  grantFor(file: File): Promise<FileEntry | undefined>;
  onCommand(listener: (command: string) => void): void;
}

declare global {
  interface Window {
    readonly desktop?: Desktop;
  }
}

const RETRY_MS = 1000;
const TOKEN_KEY = 'orrery.token';

/** The token comes in the address's fragment; it is then kept for this tab alone, and out of the history. */
function takeToken(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given !== null) {
    sessionStorage.setItem(TOKEN_KEY, given);
    history.replaceState(undefined, '', location.pathname);
  }
  return given ?? sessionStorage.getItem(TOKEN_KEY) ?? '';
}

const token = window.desktop ? '' : takeToken();

function openPort(desktop: Desktop): Promise<Channel> {
  return new Promise((resolve) => {
    const listener = (event: MessageEvent): void => {
      const [port] = event.ports;
      if (event.source !== window || event.data !== 'orrery-port' || !port) return;
      window.removeEventListener('message', listener);
      resolve(portChannel(port));
    };
    window.addEventListener('message', listener);
    desktop.connect();
  });
}

function openSocket(): Promise<Channel> {
  const socket = new WebSocket(`ws://${location.host}/rpc`, ['orrery', `token.${token}`]);
  const channel = socketChannel(socket);
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(channel));
    socket.addEventListener('error', () =>
      reject(new Failure('not-connected', 'Orrery does not answer.', 'Check that it still runs, and open the address that it printed.')),
    );
  });
}

let connection: Promise<Connection<HostApi>> | undefined;

/** Joins the host and joins it anew after a break; `state` is told of each change. */
export function join(events: Partial<HostEvents>, state: (joined: boolean, failure?: Failure) => void): void {
  const attempt = async (): Promise<void> => {
    connection = (window.desktop ? openPort(window.desktop) : openSocket()).then((channel) => {
      channel.onClose(() => {
        state(false);
        setTimeout(attempt, RETRY_MS);
      });
      return connect<HostApi, HostEvents>(channel, events);
    });
    try {
      await connection;
      state(true);
    } catch (error) {
      state(false, error instanceof Failure ? error : undefined);
      setTimeout(attempt, RETRY_MS);
    }
  };
  attempt();
}

/** The host's methods; calls wait for the connection. Pictures come in the words of the window. */
export const host: HostApi = new Proxy({} as HostApi, {
  get: (_, name) =>
    typeof name === 'string' && name !== 'then'
      ? async (...args: readonly unknown[]) => {
          const joined = (await connection) as unknown as Record<string, (...args: readonly unknown[]) => unknown>;
          const answer = await joined[name]!(...args);
          return name === 'scene' ? spokenScene(answer as Scene) : answer;
        }
      : undefined,
});

/** Gives a dropped file to the host: a grant in the desktop shell, a copy in browser mode with its progress, 0 to 1. */
export async function giveFile(file: File, progress: (done: number) => void): Promise<FileEntry> {
  if (window.desktop) {
    const entry = await window.desktop.grantFor(file);
    if (!entry) throw new Failure('no-path', `${file.name} is no file on this computer.`, 'Save it first, then drop it or open it.');
    return entry;
  }
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `upload?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.upload.addEventListener('progress', ({ loaded, total }) => progress(total > 0 ? loaded / total : 0));
    const failed = (why: string): void => reject(new Failure('not-copied', `${file.name} could not be copied.`, why));
    request.addEventListener('load', () =>
      request.status === 200 ? resolve(JSON.parse(request.responseText) as FileEntry) : failed(request.responseText),
    );
    request.addEventListener('error', () => failed('Check that Orrery still runs, then drop it again.'));
    request.send(file);
  });
}

/** The name of the file itself, where several were written under one. */
function nameOf(answer: Response): string | undefined {
  const encoded = /filename\*=UTF-8''(\S+)/.exec(answer.headers.get('content-disposition') ?? '')?.[1];
  return encoded === undefined ? undefined : decodeURIComponent(encoded);
}

/** Saves a written file: in browser mode as a download; the desktop shell has written it where the user said. */
export async function deliver(grant: string, name: string): Promise<void> {
  if (window.desktop) return;
  const answer = await fetch(`download/${grant}`, { headers: { Authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Failure('no-download', `${name} could not be fetched.`, await answer.text());
  const address = URL.createObjectURL(await answer.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = nameOf(answer) ?? name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

// One adapter per carrier: a child process's IPC, message ports (Electron's, the page's, a thread's) and WebSockets.

import { Packr } from 'msgpackr';
import type { Channel } from './rpc.ts';

/** Either end of a fork with `serialization: 'advanced'`: the child, or the child's own `process`. */
interface ProcessEnd {
  readonly connected: boolean;
  send?(message: unknown, handle: undefined, options: undefined, done: (error: Error | null) => void): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
  disconnect?(): void;
}

export const processChannel = (end: ProcessEnd): Channel => ({
  send: (message) => {
    // A message to a process that has just died is lost with it; `disconnect` tells of that.
    if (end.connected) end.send?.(message, undefined, undefined, () => {});
  },
  onMessage: (listener) => {
    end.on('message', listener);
  },
  onClose: (listener) => {
    end.on('disconnect', listener);
  },
  close: () => {
    if (end.connected) end.disconnect?.();
  },
});

/** A port with Node's way of listening: Electron's MessagePortMain wraps what it got in `{ data }`, a thread's port does not. */
interface EmitterPort {
  postMessage(message: unknown): void;
  on(event: 'message' | 'close', listener: (message: unknown) => void): unknown;
  start?(): void;
  close(): void;
}

/** A port with the page's way of listening. */
interface TargetPort {
  postMessage(message: unknown): void;
  addEventListener(event: 'message' | 'close', listener: (event: { readonly data?: unknown }) => void): void;
  start?(): void;
  close(): void;
}

/** Messages are cloned, never transferred: across Electron's ports a transfer arrives empty (electron #34905). */
export function portChannel(port: EmitterPort | TargetPort): Channel {
  const listen = (event: 'message' | 'close', listener: (message: unknown) => void): void => {
    if ('on' in port) port.on(event, (got) => listener(isWrapped(got) ? got.data : got));
    else port.addEventListener(event, (got) => listener(got.data));
  };
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      listen('message', listener);
      port.start?.();
    },
    onClose: (listener) => listen('close', () => listener()),
    close: () => port.close(),
  };
}

const isWrapped = (got: unknown): got is { readonly data: unknown } =>
  typeof got === 'object' && got !== null && 'data' in got && 'ports' in got;

/** The browser's WebSocket, or that of `ws`. */
interface Socket {
  binaryType: string;
  readonly readyState: number;
  send(data: Uint8Array<ArrayBuffer>): void;
  addEventListener(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(event: 'close', listener: () => void): void;
  close(): void;
}

const OPEN = 1;
const codec = new Packr({ moreTypes: true, useRecords: false, copyBuffers: true });

function unpacked(data: ArrayBuffer): unknown {
  try {
    return codec.unpack(new Uint8Array(data));
  } catch {
    return undefined;
  }
}

/** One binary frame per message, in MessagePack; typed arrays keep their type. */
export function socketChannel(socket: Socket): Channel {
  socket.binaryType = 'arraybuffer';
  return {
    send: (message) => {
      if (socket.readyState === OPEN) socket.send(new Uint8Array(codec.pack(message)));
    },
    onMessage: (listener) =>
      socket.addEventListener('message', ({ data }) => {
        const message = data instanceof ArrayBuffer ? unpacked(data) : undefined;
        // A frame of text, or one that is no MessagePack, comes from no client of ours.
        if (message === undefined) socket.close();
        else listener(message);
      }),
    onClose: (listener) => socket.addEventListener('close', listener),
    close: () => socket.close(),
  };
}

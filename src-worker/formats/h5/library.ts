// The HDF5 library as Orrery reads with it: errors thrown instead of printed, compression plugins found, no file opened but the one asked for.

import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ready } from 'h5wasm/node';

/** The library's own calls, as its WebAssembly module gives them. */
export type H5Module = Awaited<typeof ready>;

interface Stream {
  readonly fd: number;
  position: number;
}

/** What of the library's file system is used: it is a thin cover of Node's own. */
interface FileSystem {
  open(path: string, flags: unknown, mode?: number): unknown;
  unlink(path: string): void;
  createStream(stream: object): Stream;
  closeStream(fd: number): void;
  readonly ErrnoError: new (code: number) => Error;
}

export interface Library {
  readonly module: H5Module;
  /** Runs `action` while the library may open `path` and its own plugins and nothing else: external links, external storage and virtual sources fail. */
  within<T>(path: string, action: () => T): T;
  /** Set once a call has ended in a trap of the WebAssembly machine: its memory is not to be trusted any more. */
  broken: boolean;
}

/** "No such file" in the library's numbering. */
const NOT_FOUND = 44;
/** How the C library names the temporary files of error messages. */
const MESSAGE = '/tmp/tmpfile_';

const pluginFolder = (): string => join(dirname(fileURLToPath(import.meta.resolve('h5wasm-plugins'))), 'plugins');

/**
 * Lets the library open one file and its plugins only. The temporary files into which it prints each error before throwing
 * it live in memory here: it never closes them, and Windows has no folder for them.
 */
function guard(files: FileSystem, plugins: string): { allowed: string | undefined; closeMessages(): void } {
  const messages: Stream[] = [];
  const gate = {
    allowed: undefined as string | undefined,
    closeMessages() {
      for (const { fd } of messages.splice(0)) files.closeStream(fd);
    },
  };
  const openAny = files.open.bind(files);
  files.open = (path, flags, mode) => {
    if (path.startsWith(MESSAGE)) {
      const stream = files.createStream({ path, flags, position: 0, seekable: true, node: { mode: 0o100600 }, stream_ops: inMemory() });
      messages.push(stream);
      return stream;
    }
    const wanted = resolve(path);
    if (wanted !== gate.allowed && dirname(wanted) !== plugins) throw new files.ErrnoError(NOT_FOUND);
    return openAny(path, flags, mode);
  };
  const unlinkAny = files.unlink.bind(files);
  files.unlink = (path) => {
    if (!path.startsWith(MESSAGE)) unlinkAny(path);
  };
  return gate;
}

/** A file in memory that can be written, rewound and read. */
function inMemory() {
  let content = new Uint8Array(2 ** 16);
  let size = 0;
  return {
    write(_stream: Stream, from: Int8Array, offset: number, length: number, position: number): number {
      if (position + length > content.length) {
        const wider = new Uint8Array(2 * (position + length));
        wider.set(content);
        content = wider;
      }
      content.set(new Uint8Array(from.buffer, from.byteOffset + offset, length), position);
      size = Math.max(size, position + length);
      return length;
    },
    read(_stream: Stream, into: Int8Array, offset: number, length: number, position: number): number {
      const count = Math.max(0, Math.min(length, size - position));
      into.set(content.subarray(position, position + count), offset);
      return count;
    },
    llseek: (stream: Stream, offset: number, whence: number): number => offset + [0, stream.position, size][whence],
  };
}

let copies = 0;

/** A fresh instance of the library with memory of its own; a query makes the module loader evaluate it anew. */
async function load(): Promise<Library> {
  copies += 1;
  const address = `${import.meta.resolve('h5wasm/node')}?reader=${copies}`;
  const copy = (await import(/* @vite-ignore */ address)) as { readonly ready: Promise<H5Module> };
  const module = await copy.ready;
  module.activate_throwing_error_handler();
  const plugins = pluginFolder();
  module.insert_plugin_search_path(plugins, 0);

  const gate = guard((module as unknown as { readonly FS: FileSystem }).FS, plugins);

  const library: Library = {
    module,
    broken: false,
    within(path, action) {
      gate.allowed = resolve(path);
      try {
        return action();
      } catch (error) {
        if (error instanceof Error && error.name === 'RuntimeError') library.broken = true;
        gate.closeMessages();
        throw error;
      } finally {
        gate.allowed = undefined;
      }
    },
  };
  return library;
}

let current: Promise<Library> | undefined;

/** The library that files are read with. After a damaged file has broken it, the next file gets a fresh one. */
export async function library(): Promise<Library> {
  if (current !== undefined && (await current).broken) current = undefined;
  current ??= load();
  return current;
}

// The HDF5 library as Orrery reads with it: errors thrown after each call, compression plugins found, no file opened but the one asked for.

import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ready } from 'h5wasm/node';

/** The library's own calls, as its WebAssembly module gives them. */
export type H5Module = Awaited<typeof ready>;

/** What of the library's file system is used: it is a thin cover of Node's own. */
interface FileSystem {
  open(path: string, flags: unknown, mode?: number): unknown;
  read(stream: object, into: Int8Array, offset: number, length: number, position?: number): number;
  write(stream: { readonly fd: number }, from: Int8Array, offset: number, length: number, position?: number): number;
  readonly ErrnoError: new (code: number) => Error;
}

export interface Library {
  readonly module: H5Module;
  /**
   * Runs a call that may open `path` and the library's own plugins and nothing else: external links, external storage and
   * virtual sources fail. Throws an Error with the library's own words where the call went wrong.
   */
  within<T>(path: string, call: () => T): T;
  /** Set once a call has ended in a trap of the WebAssembly machine or in mid-work: its memory is not to be trusted any more. */
  broken: boolean;
  /** Set once a call was cut off in its middle, which may have left open what it had opened: the next file gets a fresh library. */
  spent: boolean;
}

/** "No such file" in the library's numbering. */
const NOT_FOUND = 44;
const INPUT_ERROR = 29;
const STANDARD_ERROR = 2;
/** Characters of errors in one call after which it is ended. */
const MOST_PRINTED = 2 ** 18;

/** "GCOL", and how long the headers of such a heap and of each object in it are. */
const HEAP_SIGNATURE = 0x47434f4c;
const HEAP_HEADER = 16;

class EndlessErrors extends Error {}

/**
 * A fresh instance of the library with memory of its own.
 *
 * The library can throw each error where it happens, but that leaves open what the call had opened, and a file that is never
 * closed is served from memory when it is opened again, even where it has changed. So its errors are caught where it prints
 * them, it cleans up behind itself, and the error is thrown when the call is over.
 */
async function load(): Promise<Library> {
  const address = new URL('./hdf5_util.js', import.meta.resolve('h5wasm/node')).href;
  const { default: make } = (await import(/* @vite-ignore */ address)) as { readonly default: (options: object) => Promise<H5Module> };
  const module = await make({ noInitialRun: true, printErr: () => {} });
  module.deactivate_throwing_error_handler();
  const plugins = join(dirname(fileURLToPath(import.meta.resolve('h5wasm-plugins'))), 'plugins');
  module.insert_plugin_search_path(plugins, 0);

  const files = (module as unknown as { readonly FS: FileSystem }).FS;
  let allowed: string | undefined;
  let printed = '';
  const openAny = files.open.bind(files);
  files.open = (path, flags, mode) => {
    const wanted = resolve(path);
    if (wanted !== allowed && wanted !== plugins && dirname(wanted) !== plugins) throw new files.ErrnoError(NOT_FOUND);
    return openAny(path, flags, mode);
  };
  const readAny = files.read.bind(files);
  files.read = (stream, into, offset, length, position) => {
    const count = readAny(stream, into, offset, length, position);
    if (isDamagedHeap(new DataView(into.buffer, into.byteOffset + offset, count))) throw new files.ErrnoError(INPUT_ERROR);
    return count;
  };
  const writeAny = files.write.bind(files);
  files.write = (stream, from, offset, length, position) => {
    if (stream.fd !== STANDARD_ERROR) return writeAny(stream, from, offset, length, position);
    printed += Buffer.from(from.buffer, from.byteOffset + offset, length).toString('latin1');
    // A damaged count can make it stumble over the same error billions of times.
    if (printed.length > MOST_PRINTED) throw new EndlessErrors(printed.slice(0, 4096));
    return length;
  };

  const library: Library = {
    module,
    broken: false,
    spent: false,
    within<T>(path: string, call: () => T): T {
      allowed = resolve(path);
      printed = '';
      let result: T;
      try {
        result = call();
      } catch (error) {
        library.spent = true;
        if (error instanceof EndlessErrors || (error instanceof Error && error.name === 'RuntimeError')) library.broken = true;
        throw error;
      } finally {
        allowed = undefined;
      }
      if (printed !== '') throw new Error(printed);
      return result;
    },
  };
  return library;
}

/**
 * Whether these bytes are a damaged heap of text. The library walks from object to object by their sizes without asking
 * whether those lead forwards, so a wrong size can hold it for ever: an object has to end within its heap, and object 0, the
 * free space, has to have a size.
 */
function isDamagedHeap(bytes: DataView): boolean {
  if (bytes.byteLength < HEAP_HEADER || bytes.getUint32(0, false) !== HEAP_SIGNATURE) return false;
  const end = Number(bytes.getBigUint64(8, true));
  let at = HEAP_HEADER;
  while (at + HEAP_HEADER <= Math.min(bytes.byteLength, end)) {
    const index = bytes.getUint16(at, true);
    const size = Number(bytes.getBigUint64(at + 8, true));
    if (index === 0) return size < HEAP_HEADER || at + size > end;
    at += HEAP_HEADER + 8 * Math.ceil(size / 8);
    if (at > end) return true;
  }
  return false;
}

let current: Promise<Library> | undefined;

/** The library that files are read with. After a damaged file has spent it, the next file gets a fresh one. */
export async function library(): Promise<Library> {
  if (current !== undefined && (await current).spent) current = undefined;
  current ??= load();
  return current;
}

// An open HDF5 file: every call of the library goes through it, and what goes wrong becomes a Failure that names the file and the object.

import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { Failure } from '../../contract/failure.ts';
import { type H5Module, type Library, library } from './library.ts';

export class Connection {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  /** The library's handle of the file. */
  readonly id: bigint;
  readonly #library: Library;
  #open = true;

  /** Opens to read. Throws a Failure where the file is cut short or damaged. */
  static async open(path: string): Promise<Connection> {
    return new Connection(path, await library());
  }

  private constructor(path: string, lib: Library) {
    this.path = path;
    this.name = basename(path);
    this.bytes = statSync(path).size;
    this.#library = lib;
    this.id = this.call((module) => module.open(path, module.H5F_ACC_RDONLY, false, -1, -1));
  }

  /** Runs a call of the library. `object` is what it is about, for the Failure's sentence. */
  call<T>(action: (module: H5Module) => T, object?: string): T {
    if (this.broken) throw damaged(this.name, object);
    try {
      return this.#library.within(this.path, () => action(this.#library.module));
    } catch (error) {
      throw asFailure(error, this.name, object);
    }
  }

  /** Whether a call has left the library unfit to go on with this file. */
  get broken(): boolean {
    return this.#library.broken;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    if (!this.broken) this.call((module) => module.close_file(this.id));
  }
}

/** Memory of the library, freed after `use`. */
export function withMemory<T>(module: H5Module, bytes: number, use: (address: number) => T): T {
  const address = module._malloc(Math.max(bytes, 8));
  if (address === 0) throw new RangeError(`no memory for ${bytes} bytes`);
  try {
    return use(address);
  } finally {
    module._free(address);
  }
}

const damaged = (name: string, path: string | undefined, cause?: unknown): Failure =>
  new Failure(
    'damaged-file',
    path === undefined ? `${name} is damaged and cannot be read.` : `${path} of ${name} is damaged and cannot be read.`,
    'Copy the file again from its source, or repair it with h5repack.',
    { cause },
  );

function asFailure(error: unknown, name: string, path: string | undefined): Failure {
  if (error instanceof Failure) return error;
  const text = error instanceof Error ? error.message : String(error);
  const [, end, stored] = /truncated file: eof = (\d+).*?stored_eof = (\d+)/.exec(text) ?? [];
  if (end !== undefined)
    return new Failure(
      'truncated-file',
      `${name} is cut short: it has ${end} of its ${stored} bytes.`,
      'Copy the file again from its source.',
      { cause: error },
    );
  if (/external raw data file/.test(text))
    return new Failure(
      'elsewhere',
      `The values of ${path ?? name} lie in another file.`,
      'Copy the data into one file, for example with h5repack, and open that.',
      { cause: error },
    );
  if (/required filter|plugin|can't open directory or file|filter.*not (registered|available)/i.test(text) && /filter/i.test(text))
    return new Failure(
      'unknown-compression',
      `${path ?? name} is compressed in a way that cannot be read here.`,
      'Write the file again with gzip compression, for example with h5repack.',
      { cause: error },
    );
  return damaged(name, path, error);
}

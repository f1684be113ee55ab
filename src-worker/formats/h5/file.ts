// An HDF5 file as the readers see it: a tree listed once without leaving the file, arrays read in slices, attributes as plain values.

import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Metadata } from 'h5wasm/node';
import { Failure } from '../../contract/failure.ts';
import { type H5Module, type Library, library } from './library.ts';
import { decodeNumbers, decodeTexts, type ElementKind, elementKind, isInteger, typeName } from './values.ts';

/** One read asks the library for at most this much. */
const SLICE_BYTES = 64 * 2 ** 20;
/** The most that one array may take in memory, as float64 or text, when it is read whole. */
export const ALLOWANCE_BYTES = 2 ** 30;
/** A tree with more objects than this is refused: listing it would take minutes. */
const MOST_OBJECTS = 200_000;

export interface H5Array {
  readonly path: string;
  /** Empty for a scalar. */
  readonly shape: readonly number[];
  readonly length: number;
  readonly kind: ElementKind;
  /** `uint8`, `float32`, `text` … */
  readonly type: string;
  readonly integer: boolean;
  /** Set where the values lie in another file and are not read. */
  readonly elsewhere: boolean;
}

export type AttributeValue = string | number | readonly string[] | readonly number[];

type Entry = { readonly path: string; readonly children: Map<string, string> } | (H5Array & { readonly metadata: Metadata });

const gigabytes = (bytes: number) => (bytes >= 1e9 ? `${(bytes / 1e9).toPrecision(3)} GB` : `${Math.ceil(bytes / 1e6)} MB`);

export class H5File {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  /** Sentences about links and objects that were passed over. */
  readonly notes: readonly string[];
  readonly #library: Library;
  readonly #id: bigint;
  readonly #entries = new Map<string, Entry>();
  #open = true;

  /** Opens a file to read. Throws a Failure where it is missing, empty, cut short or not HDF5. */
  static async open(path: string): Promise<H5File> {
    return new H5File(path, await library());
  }

  /** Names of the root's attributes and members, without listing the tree; undefined where the file cannot be opened. */
  static async peek(path: string): Promise<{ readonly attributes: readonly string[]; readonly members: readonly string[] } | undefined> {
    const lib = await library();
    try {
      return lib.within(path, () => {
        const id = lib.module.open(path, lib.module.H5F_ACC_RDONLY, false, -1, -1);
        const names = { attributes: lib.module.get_attribute_names(id, '/'), members: lib.module.get_names(id, '/', false) };
        lib.module.close_file(id);
        return names;
      });
    } catch {
      return undefined;
    }
  }

  private constructor(path: string, lib: Library) {
    this.path = path;
    this.name = basename(path);
    this.bytes = statSync(path).size;
    this.#library = lib;
    this.#id = this.#do((module) => module.open(path, module.H5F_ACC_RDONLY, false, -1, -1));
    try {
      this.notes = this.#list();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    if (!this.#library.broken) this.#do((module) => module.close_file(this.#id));
  }

  /** Runs a call of the library; whatever it throws becomes a Failure that names the file and, where known, the object. */
  #do<T>(action: (module: H5Module) => T, path?: string): T {
    if (this.#library.broken) throw damaged(this.name, path);
    try {
      return this.#library.within(this.path, () => action(this.#library.module));
    } catch (error) {
      throw asFailure(error, this.name, path);
    }
  }

  #list(): string[] {
    const left: string[] = [];
    const addresses = new Map<string, string>();
    const root: Entry = { path: '/', children: new Map() };
    this.#entries.set('/', root);
    addresses.set(this.#address('/'), '/');
    const waiting = [root];
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
      for (const name of this.#childNames(group.path)) {
        const path = group.path === '/' ? `/${name}` : `${group.path}/${name}`;
        const target = this.#externalTarget(path);
        if (target !== undefined) {
          left.push(`${path} is a link into another file (${target}) and was not followed.`);
          continue;
        }
        const found = this.#look(path, addresses);
        if (found === 'type') continue;
        if (found === undefined) left.push(`${path} could not be read and is left out.`);
        else {
          group.children.set(name, found.path);
          if (!this.#entries.has(found.path)) {
            this.#entries.set(found.path, found);
            if ('children' in found) waiting.push(found);
          }
        }
        if (this.#entries.size > MOST_OBJECTS)
          throw new Failure(
            'too-many-objects',
            `${this.name} holds more than ${MOST_OBJECTS} objects.`,
            'Copy the part that matters into a file of its own.',
          );
      }
    }
    return left;
  }

  /** The object at a path: the entry met before where it is the same group under another name, undefined where it cannot be read. */
  #look(path: string, addresses: Map<string, string>): Entry | 'type' | undefined {
    try {
      const kind = this.#do((module) => module.get_type(this.#id, path), path);
      const { H5G_GROUP, H5G_DATASET, H5G_TYPE } = this.#library.module;
      if (kind === H5G_GROUP) {
        const address = this.#address(path);
        const known = this.#entries.get(addresses.get(address) ?? '');
        if (known !== undefined) return known;
        addresses.set(address, path);
        return { path, children: new Map() };
      }
      if (kind === H5G_TYPE) return 'type';
      return kind === H5G_DATASET ? this.#describe(path) : undefined;
    } catch (error) {
      if (error instanceof Failure && !this.#library.broken) return undefined;
      throw error;
    }
  }

  #describe(path: string): Entry {
    const metadata = this.#do((module) => module.get_dataset_metadata(this.#id, path), path);
    const shape = metadata.shape ?? [0];
    return {
      path,
      shape,
      length: shape.reduce((product, size) => product * size, 1),
      kind: elementKind(metadata),
      type: typeName(metadata),
      integer: isInteger(metadata),
      elsewhere: metadata.virtual_sources !== undefined,
      metadata,
    };
  }

  #childNames(path: string): string[] {
    const names = this.#do((module) => module.get_names(this.#id, path, false), path);
    return [...names].sort();
  }

  #address(path: string): string {
    return this.#do((module) => module.create_object_reference(this.#id, path), path).join();
  }

  #externalTarget(path: string): string | undefined {
    const link = this.#do((module) => module.get_external_link(this.#id, path), path) as { readonly filename?: string };
    return link.filename;
  }

  #entry(path: string): Entry | undefined {
    let entry = this.#entries.get('/');
    for (const part of path.split('/')) {
      if (part === '' || entry === undefined) continue;
      entry = 'children' in entry ? this.#entries.get(entry.children.get(part) ?? '') : undefined;
    }
    return entry;
  }

  /** Names of a group's members in alphabetical order; none where there is no such group. */
  children(path: string): readonly string[] {
    const entry = this.#entry(path);
    return entry !== undefined && 'children' in entry ? [...entry.children.keys()] : [];
  }

  /** Paths of all groups, each once, in alphabetical order. */
  groups(): readonly string[] {
    return [...this.#entries.values()]
      .filter((entry) => 'children' in entry)
      .map(({ path }) => path)
      .sort();
  }

  arrays(): readonly H5Array[] {
    const arrays = [...this.#entries.values()].filter((entry) => 'metadata' in entry);
    return arrays.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  isGroup(path: string): boolean {
    const entry = this.#entry(path);
    return entry !== undefined && 'children' in entry;
  }

  array(path: string): H5Array | undefined {
    const entry = this.#entry(path);
    return entry !== undefined && 'metadata' in entry ? entry : undefined;
  }

  #readable(path: string): H5Array & { readonly metadata: Metadata } {
    const entry = this.#entry(path);
    if (entry === undefined || !('metadata' in entry))
      throw new Failure('no-array', `${this.name} has no array ${path}.`, 'Look at what the file holds with orrery inspect.');
    if (entry.elsewhere)
      throw new Failure(
        'elsewhere',
        `The values of ${path} lie in another file.`,
        'Copy the data into one file, for example with h5repack, and open that.',
      );
    return entry;
  }

  /** Refuses before anything is allocated. */
  #allow(path: string, bytes: number): void {
    if (bytes > ALLOWANCE_BYTES)
      throw new Failure(
        'too-large',
        `${path} of ${this.name} would take ${gigabytes(bytes)}, more than the ${gigabytes(ALLOWANCE_BYTES)} that one array may.`,
        'Store it in a narrower type, or copy the part that matters into a file of its own.',
      );
  }

  /** Calls `take` with the raw bytes of rows [from, to) along the first axis, a slice at a time, before the library frees what they point to. */
  #slices(
    array: H5Array & { readonly metadata: Metadata },
    from: number,
    to: number,
    take: (bytes: Uint8Array<ArrayBuffer>, heap: Uint8Array) => void,
  ): void {
    const { path, shape, length, metadata } = array;
    if (length === 0 || to <= from) return;
    const rowLength = shape.slice(1).reduce((product, size) => product * size, 1);
    const rowsASlice = Math.max(1, Math.floor(SLICE_BYTES / (rowLength * metadata.size)));
    this.#allow(path, Math.min(rowsASlice, to - from) * rowLength * metadata.size);
    for (let row = from; row < to; row += rowsASlice) {
      const rows = Math.min(rowsASlice, to - row);
      const count = [BigInt(rows), ...shape.slice(1).map(BigInt)];
      const offset = shape.map((_, axis) => BigInt(axis === 0 ? row : 0));
      const strides = shape.map(() => 1n);
      const scalar = shape.length === 0;
      this.#do((module) => {
        const bytes = rows * rowLength * metadata.size;
        const address = allocate(module, bytes);
        try {
          if (scalar) module.get_dataset_data(this.#id, path, null, null, null, BigInt(address));
          else module.get_dataset_data(this.#id, path, count, offset, strides, BigInt(address));
          take(module.HEAPU8.slice(address, address + bytes) as Uint8Array<ArrayBuffer>, module.HEAPU8);
          if (metadata.vlen) {
            if (scalar) module.reclaim_vlen_memory(this.#id, path, '', BigInt(address));
            else module.reclaim_vlen_memory_count(this.#id, path, '', BigInt(address), count);
          }
        } finally {
          module._free(address);
        }
      }, path);
    }
  }

  /** Rows [from, to) of an array of numbers or booleans, row-major; the whole of it by default. */
  numbers(path: string, from = 0, to = Infinity): Float64Array {
    const array = this.#readable(path);
    if (array.kind !== 'number' && array.kind !== 'boolean')
      throw new Failure('not-numbers', `${path} of ${this.name} holds ${array.type}, not numbers.`, 'Choose an array of numbers.');
    const [first, last] = rowsOf(array, from, to);
    const rowLength = array.shape.slice(1).reduce((product, size) => product * size, 1);
    this.#allow(path, (last - first) * rowLength * 8);
    const values = new Float64Array(Math.max(0, last - first) * rowLength);
    let filled = 0;
    this.#slices(array, first, last, (bytes) => {
      const part = decodeNumbers(bytes, array.metadata);
      values.set(part, filled);
      filled += part.length;
    });
    return values;
  }

  /** Rows [from, to) as text: strings and names of enum members as they are, numbers written out, references as the path they point to. */
  texts(path: string, from = 0, to = Infinity): readonly string[] {
    const array = this.#readable(path);
    const [first, last] = rowsOf(array, from, to);
    this.#allow(path, Math.max(0, last - first) * Math.max(array.metadata.size, 16));
    switch (array.kind) {
      case 'text': {
        const texts: string[] = [];
        this.#slices(array, first, last, (bytes, heap) => {
          for (const text of decodeTexts(bytes, array.metadata, heap)) texts.push(text);
        });
        return texts;
      }
      case 'number':
        return Array.from(this.numbers(path, first, last), String);
      case 'boolean':
        return Array.from(this.numbers(path, first, last), (value) => (value === 0 ? 'false' : 'true'));
      case 'reference':
        return this.#references(array, first, last).map((reference) => this.#pathOf(reference) ?? '');
      default:
        throw new Failure(
          'not-text',
          `${path} of ${this.name} holds ${array.type}, which cannot be read as text.`,
          'Choose another array.',
        );
    }
  }

  #references(array: H5Array & { readonly metadata: Metadata }, from: number, to: number): Uint8Array[] {
    const references: Uint8Array[] = [];
    const { size } = array.metadata;
    this.#slices(array, from, to, (bytes) => {
      for (let at = 0; at + size <= bytes.length; at += size) references.push(bytes.slice(at, at + size));
    });
    return references;
  }

  /** Where a reference points, in this file; undefined for an empty one. */
  #pathOf(reference: Uint8Array, region = false): string | undefined {
    if (reference.every((byte) => byte === 0)) return undefined;
    return this.#do((module) => module.get_referenced_name(this.#id, reference, !region)) || undefined;
  }

  /** For an array of region references: how many elements each row selects. */
  regionLengths(path: string): Float64Array {
    const array = this.#readable(path);
    return Float64Array.from(this.#references(array, 0, array.length), (reference) =>
      reference.every((byte) => byte === 0) ? 0 : this.#do((module) => module.get_region_metadata(this.#id, reference), path).total_size,
    );
  }

  /** The numbers that the region reference in one row of `path` selects. */
  region(path: string, row: number): Float64Array {
    const array = this.#readable(path);
    const [reference] = this.#references(array, row, row + 1);
    if (reference === undefined || reference.every((byte) => byte === 0)) return new Float64Array();
    const metadata = this.#do((module) => module.get_region_metadata(this.#id, reference), path);
    if (elementKind(metadata) !== 'number')
      throw new Failure(
        'not-numbers',
        `Row ${row} of ${path} points to ${typeName(metadata)}, not numbers.`,
        'Write the file again with plain indices.',
      );
    const bytes = metadata.total_size * metadata.size;
    this.#allow(path, metadata.total_size * 8);
    return this.#do((module) => {
      const address = allocate(module, bytes);
      try {
        module.get_region_data(this.#id, reference, BigInt(address));
        return decodeNumbers(module.HEAPU8.slice(address, address + bytes) as Uint8Array<ArrayBuffer>, metadata);
      } finally {
        module._free(address);
      }
    }, path);
  }

  attributeNames(path: string): readonly string[] {
    const entry = this.#entry(path);
    if (entry === undefined) return [];
    return [...this.#do((module) => module.get_attribute_names(this.#id, entry.path), path)].sort();
  }

  /** An attribute's value: one-element arrays count as scalars; object references give the path they point to; undefined where absent or unreadable. */
  attribute(path: string, name: string): AttributeValue | undefined {
    const entry = this.#entry(path);
    if (entry === undefined || !this.attributeNames(path).includes(name)) return undefined;
    const metadata = this.#do((module) => module.get_attribute_metadata(this.#id, entry.path, name), path);
    const kind = elementKind(metadata);
    if (metadata.shape === null || kind === 'other' || kind === 'region') return undefined;
    const bytes = metadata.size * metadata.total_size;
    this.#allow(`Attribute ${name} of ${path}`, bytes);
    const values = this.#do((module) => {
      const address = allocate(module, bytes);
      try {
        module.get_attribute_data(this.#id, entry.path, name, BigInt(address));
        const raw = module.HEAPU8.slice(address, address + bytes) as Uint8Array<ArrayBuffer>;
        if (kind === 'number' || kind === 'boolean') return Array.from(decodeNumbers(raw, metadata));
        if (kind === 'reference') return Array.from({ length: metadata.total_size }, (_, i) => raw.slice(8 * i, 8 * i + 8));
        const texts = decodeTexts(raw, metadata, module.HEAPU8);
        if (metadata.vlen) module.reclaim_vlen_memory(this.#id, entry.path, name, BigInt(address));
        return texts;
      } finally {
        module._free(address);
      }
    }, path);
    const plain = values.map((value) => (value instanceof Uint8Array ? (this.#pathOf(value) ?? '') : value)) as string[] | number[];
    return plain.length === 1 ? plain[0] : plain;
  }

  /** An attribute as one string; '' where absent. */
  attributeText(path: string, name: string): string {
    const value = this.attribute(path, name);
    return value === undefined ? '' : Array.isArray(value) ? value.join(', ') : String(value);
  }

  /** An attribute as a number; undefined where absent or not one number. */
  attributeNumber(path: string, name: string): number | undefined {
    const value = this.attribute(path, name);
    return typeof value === 'number' ? value : undefined;
  }
}

function rowsOf({ shape }: H5Array, from: number, to: number): readonly [number, number] {
  const rows = shape.length === 0 ? 1 : shape[0];
  return [Math.min(Math.max(0, from), rows), Math.min(to, rows)];
}

function allocate(module: H5Module, bytes: number): number {
  const address = module._malloc(Math.max(bytes, 8));
  if (address === 0) throw new RangeError(`no memory for ${bytes} bytes`);
  return address;
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
  if (/required filter|plugin|can't open directory or file|filter.*not (registered|available)/i.test(text) && /filter/i.test(text))
    return new Failure(
      'unknown-compression',
      `${path ?? name} is compressed in a way that cannot be read here.`,
      'Write the file again with gzip compression, for example with h5repack.',
      { cause: error },
    );
  return damaged(name, path, error);
}

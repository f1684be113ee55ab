// An HDF5 file as the readers see it: its tree, arrays read in slices as numbers or text, attributes as plain values.

import { Failure } from '../../contract/failure.ts';
import { type AttributeValue, attributeNames, pathOf, readAttribute } from './attributes.ts';
import { Connection, withMemory } from './connection.ts';
import { allow, readSlices, rowsOf } from './slices.ts';
import { type ArrayEntry, type GroupEntry, type H5Array, listTree, type Tree } from './tree.ts';
import { decodeNumbers, decodeTexts, elementKind, typeName } from './values.ts';

export type { H5Array } from './tree.ts';

export class H5File {
  readonly #connection: Connection;
  readonly #tree: Tree;

  /** Opens a file to read and lists its tree. Throws a Failure where it is cut short, damaged or not HDF5. */
  static async open(path: string): Promise<H5File> {
    return new H5File(await Connection.open(path));
  }

  /** What `make` makes of an opened file, which it keeps open; closed again where that throws. */
  static async openedFor<T>(path: string, make: (file: H5File) => Promise<T>): Promise<T> {
    const file = await H5File.open(path);
    try {
      return await make(file);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Names of the root's attributes and members, without listing the tree; undefined where the file cannot be opened. */
  static async peek(path: string): Promise<{ readonly attributes: readonly string[]; readonly members: readonly string[] } | undefined> {
    try {
      const file = await Connection.open(path);
      try {
        return file.call((module) => ({
          attributes: module.get_attribute_names(file.id, '/'),
          members: module.get_names(file.id, '/', false),
        }));
      } finally {
        file.close();
      }
    } catch {
      return undefined;
    }
  }

  private constructor(connection: Connection) {
    this.#connection = connection;
    try {
      this.#tree = listTree(connection);
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  get path(): string {
    return this.#connection.path;
  }

  get name(): string {
    return this.#connection.name;
  }

  get bytes(): number {
    return this.#connection.bytes;
  }

  /** Sentences about links and objects that were passed over. */
  get notes(): readonly string[] {
    return this.#tree.notes;
  }

  close(): void {
    this.#connection.close();
  }

  #entry(path: string): GroupEntry | ArrayEntry | undefined {
    let entry = this.#tree.entries.get('/');
    for (const part of path.split('/')) {
      if (part === '' || entry === undefined) continue;
      entry = 'children' in entry ? this.#tree.entries.get(entry.children.get(part) ?? '') : undefined;
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
    return [...this.#tree.entries.values()]
      .filter((entry) => 'children' in entry)
      .map(({ path }) => path)
      .sort();
  }

  arrays(): readonly H5Array[] {
    const arrays = [...this.#tree.entries.values()].filter((entry) => 'metadata' in entry);
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

  #readable(path: string): ArrayEntry {
    const entry = this.#entry(path);
    if (entry === undefined || !('metadata' in entry))
      throw new Failure('no-array', `${this.name} has no array ${path}.`, 'Look at what the file holds (orrery inspect).');
    if (entry.elsewhere)
      throw new Failure(
        'elsewhere',
        `The values of ${path} lie in another file.`,
        'Copy the data into one file, for example with h5repack, and open that.',
      );
    return entry;
  }

  /** Rows [from, to) of an array of numbers or booleans, row-major; the whole of it by default. */
  numbers(path: string, from = 0, to = Infinity): Float64Array {
    const array = this.#readable(path);
    if (array.kind !== 'number' && array.kind !== 'boolean')
      throw new Failure('not-numbers', `${path} of ${this.name} holds ${array.type}, not numbers.`, 'Choose an array of numbers.');
    const [first, last] = rowsOf(array, from, to);
    const rowLength = array.shape.slice(1).reduce((product, size) => product * size, 1);
    allow(this.#connection, path, (last - first) * rowLength * 8);
    const values = new Float64Array(Math.max(0, last - first) * rowLength);
    let filled = 0;
    readSlices(this.#connection, array, [first, last], (bytes) => {
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
    allow(this.#connection, path, Math.max(0, last - first) * Math.max(array.metadata.size, 16));
    switch (array.kind) {
      case 'text': {
        const texts: string[] = [];
        readSlices(this.#connection, array, [first, last], (bytes, heap) => {
          for (const text of decodeTexts(bytes, array.metadata, heap)) texts.push(text);
        });
        return texts;
      }
      case 'number':
        return Array.from(this.numbers(path, first, last), String);
      case 'boolean':
        return Array.from(this.numbers(path, first, last), (value) => (value === 0 ? 'false' : 'true'));
      case 'reference':
        return this.#references(array, first, last).map((reference) => pathOf(this.#connection, reference) ?? '');
      default:
        throw new Failure(
          'not-text',
          `${path} of ${this.name} holds ${array.type}, which cannot be read as text.`,
          'Choose another array.',
        );
    }
  }

  #references(array: ArrayEntry, from: number, to: number): Uint8Array[] {
    const references: Uint8Array[] = [];
    const { size } = array.metadata;
    readSlices(this.#connection, array, [from, to], (bytes) => {
      for (let at = 0; at + size <= bytes.length; at += size) references.push(bytes.slice(at, at + size));
    });
    return references;
  }

  /** For an array of region references: how many elements each row selects. */
  regionLengths(path: string): Float64Array {
    const array = this.#readable(path);
    return Float64Array.from(this.#references(array, 0, array.length), (reference) =>
      reference.every((byte) => byte === 0)
        ? 0
        : this.#connection.call((module) => module.get_region_metadata(this.#connection.id, reference), path).total_size,
    );
  }

  /** The numbers that the region reference in one row of `path` selects. */
  region(path: string, row: number): Float64Array {
    const array = this.#readable(path);
    const [reference] = this.#references(array, row, row + 1);
    if (reference === undefined || reference.every((byte) => byte === 0)) return new Float64Array();
    const metadata = this.#connection.call((module) => module.get_region_metadata(this.#connection.id, reference), path);
    if (elementKind(metadata) !== 'number')
      throw new Failure(
        'not-numbers',
        `Row ${row} of ${path} points to ${typeName(metadata)}, not numbers.`,
        'Write the file again with plain indices.',
      );
    const bytes = metadata.total_size * metadata.size;
    allow(this.#connection, path, metadata.total_size * 8);
    return this.#connection.call(
      (module) =>
        withMemory(module, bytes, (address) => {
          module.get_region_data(this.#connection.id, reference, BigInt(address));
          return decodeNumbers(module.HEAPU8.slice(address, address + bytes) as Uint8Array<ArrayBuffer>, metadata);
        }),
      path,
    );
  }

  attributeNames(path: string): readonly string[] {
    const entry = this.#entry(path);
    return entry === undefined ? [] : attributeNames(this.#connection, entry.path);
  }

  /** An attribute's value: one-element arrays count as scalars; object references give the path they point to; undefined where absent or unreadable. */
  attribute(path: string, name: string): AttributeValue | undefined {
    const entry = this.#entry(path);
    return entry === undefined ? undefined : readAttribute(this.#connection, entry.path, name);
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

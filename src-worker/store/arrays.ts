// Named arrays in HDF5 files: values with the names of their axes, their unit and a sentence on what they are.

import { basename } from 'node:path';
import { Failure } from '../contract/failure.ts';
import type { Arrays, NamedArray, Numbers } from '../contract/result.ts';
import { fileFailure } from './files.ts';
import {
  closeQuietly,
  createHdf5,
  type Hdf5Dataset,
  type Hdf5File,
  hdf5Ready,
  isDataset,
  isGroup,
  openHdf5,
  using,
  withFrozenClock,
} from './hdf5.ts';

/** Text and numbers that describe a whole file or one of its arrays. */
export type Attributes = Readonly<Record<string, string | number | readonly string[]>>;

/** A read or a chunk is at most this long, so that memory stays at one copy and slices stay quick. */
const READ_BYTES = 64 * 2 ** 20;
const CHUNK_BYTES = 256 * 2 ** 10;

const product = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);

export function putAttributes(at: Pick<Hdf5Dataset, 'create_attribute'>, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (typeof value === 'number') at.create_attribute(name, Float64Array.of(value), []);
    else if (typeof value === 'string') at.create_attribute(name, value);
    else if (value.length > 0) at.create_attribute(name, [...value]);
  }
}

/** Groups on the way to `a/b/c`, made once each. */
export function putGroups(file: Hdf5File, path: string, made: Set<string>): void {
  const parts = path.split('/').slice(0, -1);
  for (let depth = 1; depth <= parts.length; depth++) {
    const group = parts.slice(0, depth).join('/');
    if (!made.has(group)) file.create_group(group);
    made.add(group);
  }
}

function describe(dataset: Hdf5Dataset, { axes, unit, about, labels, words }: NamedArray): void {
  const known = Object.entries({ about, labels, words }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  putAttributes(dataset, { axes, unit, ...Object.fromEntries(known) });
}

function check(name: string, array: NamedArray): void {
  if (product(array.shape) !== array.values.length || array.axes.length !== array.shape.length)
    throw new RangeError(`Array ${name}: ${array.values.length} values, shape ${array.shape.join(' × ')}, axes ${array.axes.join(' × ')}`);
}

/** Puts arrays into an open file, in order of their names. A name may hold slashes: `best/readout.W` lies in the group `best`. */
export function putArrays(file: Hdf5File, arrays: Arrays, made: Set<string> = new Set()): void {
  for (const name of Object.keys(arrays).sort()) {
    const array = arrays[name];
    check(name, array);
    putGroups(file, name, made);
    describe(file.create_dataset({ name, data: array.values, shape: [...array.shape] }), array);
  }
}

/** Writes arrays to a new file at `path` (not yet synced). The same arrays and attributes give the same bytes. Throws a Failure. */
export async function writeArrays(path: string, arrays: Arrays, attributes: Attributes = {}): Promise<void> {
  await hdf5Ready();
  try {
    withFrozenClock(() =>
      using(createHdf5(path), (file) => {
        putAttributes(file, attributes);
        putArrays(file, arrays);
      }),
    );
  } catch (error) {
    throw error instanceof RangeError ? error : fileFailure(error, path, 'write');
  }
}

/** Every array of a file, or those named; a name that is not there is left out. Throws a Failure that names the file. */
export async function readArrays(path: string, names?: readonly string[]): Promise<Arrays> {
  await hdf5Ready();
  let file: Hdf5File | undefined;
  try {
    file = openHdf5(path);
    const arrays: Record<string, NamedArray> = {};
    for (const name of arrayNames(file)) {
      if (names !== undefined && !names.includes(name)) continue;
      arrays[name] = readArray(file, name);
      // Other work gets a turn between large arrays.
      if (arrays[name].values.byteLength > CHUNK_BYTES) await new Promise((resolve) => setImmediate(resolve));
    }
    return arrays;
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      'array-file-unreadable',
      `The array file ${basename(path)} cannot be read.`,
      'It is missing or damaged: restore it from a copy, or make the run or analysis anew.',
      { cause: error },
    );
  } finally {
    if (file !== undefined) closeQuietly(file, false);
  }
}

/** Names and shapes of a file's arrays, without their values. */
export async function listArrays(path: string): Promise<Readonly<Record<string, readonly number[]>>> {
  await hdf5Ready();
  return using(openHdf5(path), (file) => Object.fromEntries(arrayNames(file).map((name) => [name, datasetAt(file, name).shape ?? []])));
}

function arrayNames(file: Hdf5File): string[] {
  const names: string[] = [];
  const visit = (path: string): void => {
    const entity = path === '' ? file : file.get(path);
    if (isDataset(entity)) names.push(path);
    else if (isGroup(entity)) for (const key of entity.keys()) visit(path === '' ? key : `${path}/${key}`);
  };
  visit('');
  return names.sort();
}

function datasetAt(file: Hdf5File, name: string): Hdf5Dataset {
  const entity = file.get(name);
  if (!isDataset(entity)) throw new Failure('array-file-unreadable', `${basename(file.filename)} has no array ${name}.`, 'It is damaged.');
  return entity;
}

const isNumbers = (values: unknown): values is Numbers =>
  values instanceof Float32Array || values instanceof Float64Array || values instanceof Int32Array || values instanceof Uint8Array;

function textOf(dataset: Hdf5Dataset, name: string): string | undefined {
  const value = dataset.attrs[name]?.value;
  return typeof value === 'string' ? value : undefined;
}

const isNames = (value: unknown): value is string[] => Array.isArray(value) && value.every((one) => typeof one === 'string');

function readArray(file: Hdf5File, name: string): NamedArray {
  const dataset = datasetAt(file, name);
  const shape = dataset.shape ?? [];
  const axes = shape.length === 0 ? [] : dataset.attrs.axes?.value;
  const [unit, about] = [textOf(dataset, 'unit') ?? '', textOf(dataset, 'about')];
  if (!Array.isArray(axes) || axes.length !== shape.length || !axes.every((axis) => typeof axis === 'string'))
    throw new Failure(
      'array-file-unreadable',
      `Array ${name} of ${basename(file.filename)} does not name its axes.`,
      'The file is damaged or foreign.',
    );
  const [labels, words] = [dataset.attrs.labels?.value, dataset.attrs.words?.value];
  return {
    values: readValues(dataset, shape, name),
    shape,
    axes,
    unit,
    ...(about === undefined ? {} : { about }),
    ...(isNames(labels) ? { labels } : {}),
    ...(isNames(words) ? { words } : {}),
  };
}

const holders = { '<f': Float32Array, '<d': Float64Array, '<i': Int32Array, '<B': Uint8Array } as const;
const isHeld = (type: unknown): type is keyof typeof holders => typeof type === 'string' && type in holders;

/** All values of a data set of numbers, read in slices along the first axis. Throws a Failure that names the array. */
export function readValues(dataset: Hdf5Dataset, shape: readonly number[], name: string): Numbers {
  const type = dataset.dtype;
  if (!isHeld(type))
    throw new Failure('array-file-unreadable', `Array ${name} holds no numbers of a known type.`, 'The file is damaged or foreign.');
  const whole = new holders[type](product(shape));
  if (shape.length === 0) {
    whole[0] = Number(dataset.value);
    return whole;
  }
  const row = whole.length / shape[0];
  const rows = Math.max(1, Math.floor(READ_BYTES / (row * whole.BYTES_PER_ELEMENT)));
  for (let from = 0; whole.length > 0 && from < shape[0]; from += rows) {
    const part = dataset.slice([[from, Math.min(shape[0], from + rows)]]);
    if (isNumbers(part)) whole.set(part, from * row);
  }
  return whole;
}

/** Writes arrays whose first axis is trials, a batch at a time in any order of trials, with no more memory than the batch. */
export interface TrialWriter {
  /** Rows (0 … trials − 1) and their arrays; every call brings the same arrays. Throws a Failure. */
  write(rows: Int32Array, arrays: Arrays): void;
  /** Closes the file; answers with the first row that no batch brought, if there is one. */
  close(): number | undefined;
  /** Closes the file after a failure. */
  abandon(): void;
}

/** Opens a new file at `path` for arrays of `trials` rows. Call `hdf5Ready` first. */
export function trialWriter(path: string, trials: number, attributes: Attributes = {}): TrialWriter {
  const guard = <T>(work: () => T): T => {
    try {
      return withFrozenClock(work);
    } catch (error) {
      throw error instanceof RangeError ? error : fileFailure(error, path, 'write');
    }
  };
  const file = guard(() => createHdf5(path));
  const seen = new Uint8Array(trials);
  const datasets = new Map<string, Hdf5Dataset>();
  let expected: string | undefined;
  const made = new Set<string>();
  guard(() => putAttributes(file, attributes));

  const start = (name: string, array: NamedArray): Hdf5Dataset => {
    const tail = array.shape.slice(1);
    const rowBytes = Math.max(1, product(tail) * array.values.BYTES_PER_ELEMENT);
    const chunk = Math.min(trials, Math.max(1, Math.floor(CHUNK_BYTES / rowBytes)));
    putGroups(file, name, made);
    // The library writes what it creates: one row of the batch first, then the full extent, whose other chunks are not yet there.
    const data = array.values.subarray(0, product(tail));
    const dataset = file.create_dataset({
      name,
      data,
      shape: [1, ...tail],
      maxshape: [trials, ...tail],
      chunks: [chunk, ...tail.map((n) => Math.max(1, n))],
    });
    dataset.resize([trials, ...tail]);
    describe(dataset, array);
    return dataset;
  };

  return {
    write(rows, arrays) {
      const names = Object.keys(arrays).sort();
      expected ??= names.join();
      if (names.join() !== expected) throw new RangeError(`A batch brings ${names.join()}, the first brought ${expected}`);
      for (const name of names) {
        const array = arrays[name];
        check(name, array);
        if (array.shape[0] !== rows.length) throw new RangeError(`Array ${name}: ${array.shape[0]} rows for ${rows.length} trials`);
        if (rows.length === 0 || array.values.length === 0) continue;
        guard(() => {
          const dataset = datasets.get(name) ?? start(name, array);
          datasets.set(name, dataset);
          const width = array.values.length / rows.length;
          const tail = array.shape.slice(1).map((n): [number, number] => [0, n]);
          for (let from = 0; from < rows.length; ) {
            let to = from + 1;
            while (to < rows.length && rows[to] === rows[to - 1] + 1) to++;
            if (rows[from] < 0 || rows[to - 1] >= trials) throw new RangeError(`Trial ${rows[from]} of ${trials}`);
            dataset.write_slice([[rows[from], rows[to - 1] + 1], ...tail], array.values.subarray(from * width, to * width));
            from = to;
          }
        });
      }
      for (const row of rows) seen[row] = 1;
    },
    close() {
      guard(() => closeQuietly(file, true));
      const missing = seen.indexOf(0);
      return missing < 0 ? undefined : missing;
    },
    abandon: () => closeQuietly(file, false),
  };
}

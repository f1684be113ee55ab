// The HDF5 library for writers and readers of arrays: made ready once, with errors that throw and a clock that stands still.

import * as h5wasm from 'h5wasm/node';

export type Hdf5File = h5wasm.File;
export type Hdf5Group = h5wasm.Group;
export type Hdf5Dataset = h5wasm.Dataset;
export type Hdf5Data = h5wasm.GuessableDataTypes;

let ready: Promise<void> | undefined;

/** Waits for the library. Without its throwing error handler a failed read would return stale memory as data. */
export const hdf5Ready = (): Promise<void> => {
  ready ??= h5wasm.ready.then((module) => {
    module.activate_throwing_error_handler();
  });
  return ready;
};

/** HDF5 stamps the second of writing into what it writes: with the clock held at zero, equal arrays give equal bytes. Synchronous. */
export function withFrozenClock<T>(write: () => T): T {
  const now = Date.now;
  Date.now = () => 0;
  try {
    return write();
  } finally {
    Date.now = now;
  }
}

/** Opens for writing; an existing file is emptied. Call `hdf5Ready` first. */
export const createHdf5 = (path: string): Hdf5File => withFrozenClock(() => new h5wasm.File(path, 'w'));

/** Opens for reading. Call `hdf5Ready` first. */
export const openHdf5 = (path: string): Hdf5File => new h5wasm.File(path, 'r');

export const isDataset = (entity: unknown): entity is Hdf5Dataset => entity instanceof h5wasm.Dataset;
export const isGroup = (entity: unknown): entity is Hdf5Group => entity instanceof h5wasm.Group;

/** Runs `use` on an open file and closes it, whatever happens. A failed close after a failed write is not news. */
export function using<T>(file: Hdf5File, use: (file: Hdf5File) => T): T {
  let done = false;
  try {
    const result = use(file);
    done = true;
    return result;
  } finally {
    closeQuietly(file, done);
  }
}

/** Closes with the clock held; throws only where the work before had gone well. */
export function closeQuietly(file: Hdf5File, mustSucceed: boolean): void {
  try {
    withFrozenClock(() => file.close());
  } catch (error) {
    if (mustSucceed) throw error;
  }
}

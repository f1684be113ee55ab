// Bytes of an array in slices, so that no read asks for more memory than it may.

import { Failure } from '../../contract/failure.ts';
import { type Connection, withMemory } from './connection.ts';
import type { ArrayEntry, H5Array } from './tree.ts';

/** One read asks the library for at most this much. */
const SLICE_BYTES = 64 * 2 ** 20;
/** The most that one array may take in memory, as float64 or text, when it is read whole. */
export const ALLOWANCE_BYTES = 2 ** 30;

const sizeText = (bytes: number) => (bytes >= 1e9 ? `${Math.round(bytes / 1e8) / 10} GB` : `${Math.ceil(bytes / 1e6)} MB`);

/** Refuses before anything is allocated. */
export function allow({ name }: Connection, path: string, bytes: number): void {
  if (bytes > ALLOWANCE_BYTES)
    throw new Failure(
      'too-large',
      `${path} of ${name} would take ${sizeText(bytes)}, more than the ${sizeText(ALLOWANCE_BYTES)} that one array may.`,
      'Store it in a narrower type, or copy the part that matters into a file of its own.',
    );
}

/** Rows [from, to) as far as the array has them; a scalar has one. */
export function rowsOf({ shape }: H5Array, from: number, to: number): readonly [number, number] {
  const rows = shape.length === 0 ? 1 : shape[0];
  return [Math.min(Math.max(0, from), rows), Math.min(to, rows)];
}

/** Calls `take` with the raw bytes of rows [from, to) along the first axis, a slice at a time, before the library frees what they point to. */
export function readSlices(
  connection: Connection,
  array: ArrayEntry,
  [from, to]: readonly [number, number],
  take: (bytes: Uint8Array<ArrayBuffer>, heap: Uint8Array) => void,
): void {
  const { path, shape, length, metadata } = array;
  if (length === 0 || to <= from) return;
  const rowLength = shape.slice(1).reduce((product, size) => product * size, 1);
  const rowsASlice = Math.max(1, Math.floor(SLICE_BYTES / (rowLength * metadata.size)));
  allow(connection, path, Math.min(rowsASlice, to - from) * rowLength * metadata.size);
  for (let row = from; row < to; row += rowsASlice) {
    const rows = Math.min(rowsASlice, to - row);
    const count = [BigInt(rows), ...shape.slice(1).map(BigInt)];
    const offset = shape.map((_, axis) => BigInt(axis === 0 ? row : 0));
    const strides = shape.map(() => 1n);
    const scalar = shape.length === 0;
    connection.call((module) => {
      const bytes = rows * rowLength * metadata.size;
      withMemory(module, bytes, (address) => {
        const status = scalar
          ? module.get_dataset_data(connection.id, path, null, null, null, BigInt(address))
          : module.get_dataset_data(connection.id, path, count, offset, strides, BigInt(address));
        // What a failed read leaves is not data; the call throws when it is over.
        if (status < 0) return;
        take(module.HEAPU8.slice(address, address + bytes) as Uint8Array<ArrayBuffer>, module.HEAPU8);
        if (metadata.vlen) {
          if (scalar) module.reclaim_vlen_memory(connection.id, path, '', BigInt(address));
          else module.reclaim_vlen_memory_count(connection.id, path, '', BigInt(address), count);
        }
      });
    }, path);
  }
}

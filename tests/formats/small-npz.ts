// Small .npz files, written byte by byte as the description of the format has them.

import { zipSync } from 'fflate';

/** An .npy array; `data` in the order and type that the header says. */
export function npyBytes(
  type: string,
  shape: readonly number[],
  data: Uint8Array,
  { fortran = false, version = 1 }: { readonly fortran?: boolean; readonly version?: 1 | 2 | 3 } = {},
): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const header = `{'descr': '${type}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${sizes}), }`;
  const begin = version === 1 ? 10 : 12;
  const padded = new TextEncoder().encode(`${header.padEnd(64 * Math.ceil((begin + header.length + 1) / 64) - begin - 1)}\n`);
  const bytes = new Uint8Array(begin + padded.length + data.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, padded.length, true);
  else view.setUint32(8, padded.length, true);
  bytes.set(padded, begin);
  bytes.set(data, begin + padded.length);
  return bytes;
}

export const npzBytes = (arrays: Readonly<Record<string, Uint8Array>>, level: 0 | 6 = 0): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes])), { level });

export const bytesOf = (values: Float64Array | Float32Array | BigInt64Array | Uint16Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

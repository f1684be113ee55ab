// Attributes of groups and arrays as plain values, and where references point.

import { type Connection, withMemory } from './connection.ts';
import { allow } from './slices.ts';
import { decodeNumbers, decodeTexts, elementKind } from './values.ts';

export type AttributeValue = string | number | readonly string[] | readonly number[];

/** In alphabetical order. */
export const attributeNames = (connection: Connection, path: string): readonly string[] =>
  [...connection.call((module) => module.get_attribute_names(connection.id, path), path)].sort();

/** Where a reference to an object points, in this file; undefined for an empty one. */
export function pathOf(connection: Connection, reference: Uint8Array): string | undefined {
  if (reference.every((byte) => byte === 0)) return undefined;
  return connection.call((module) => module.get_referenced_name(connection.id, reference, true)) || undefined;
}

/** The value; one-element arrays count as scalars, object references give the path they point to; undefined where absent or unreadable. */
export function readAttribute(connection: Connection, path: string, name: string): AttributeValue | undefined {
  if (!attributeNames(connection, path).includes(name)) return undefined;
  const metadata = connection.call((module) => module.get_attribute_metadata(connection.id, path, name), path);
  const kind = elementKind(metadata);
  if (metadata.shape === null || kind === 'other' || kind === 'region') return undefined;
  const bytes = metadata.size * metadata.total_size;
  allow(connection, `Attribute ${name} of ${path}`, bytes);
  const values = connection.call(
    (module) =>
      withMemory(module, bytes, (address) => {
        if (module.get_attribute_data(connection.id, path, name, BigInt(address)) < 0) return [];
        const raw = module.HEAPU8.slice(address, address + bytes) as Uint8Array<ArrayBuffer>;
        if (kind === 'number' || kind === 'boolean') return Array.from(decodeNumbers(raw, metadata));
        if (kind === 'reference') return Array.from({ length: metadata.total_size }, (_, i) => raw.slice(8 * i, 8 * i + 8));
        const texts = decodeTexts(raw, metadata, module.HEAPU8);
        if (metadata.vlen) module.reclaim_vlen_memory(connection.id, path, name, BigInt(address));
        return texts;
      }),
    path,
  );
  const plain = values.map((value) => (value instanceof Uint8Array ? (pathOf(connection, value) ?? '') : value)) as string[] | number[];
  return plain.length === 1 ? plain[0] : plain;
}

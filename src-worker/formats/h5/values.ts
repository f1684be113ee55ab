// From the bytes that HDF5 hands out to numbers and text: every integer and float width, enums, fixed and variable strings.

import type { Metadata } from 'h5wasm/node';

/** What the elements of an array are, as far as a reader cares. */
export type ElementKind = 'number' | 'boolean' | 'text' | 'reference' | 'region' | 'other';

/** HDF5's classes of types, by its own numbers. */
const INTEGER = 0;
const FLOAT = 1;
const STRING = 3;
const BITFIELD = 4;
const REFERENCE = 7;
const ENUM = 8;

const SPACE_PADDED = 2;

const isWhole = ({ size }: Metadata) => size === 1 || size === 2 || size === 4 || size === 8;

export function elementKind(type: Metadata): ElementKind {
  switch (type.type) {
    case INTEGER:
    case BITFIELD:
      return isWhole(type) ? 'number' : 'other';
    case FLOAT:
      return type.size === 2 || type.size === 4 || type.size === 8 ? 'number' : 'other';
    case STRING:
      return 'text';
    case ENUM:
      return isBoolean(type) ? 'boolean' : isWhole(type) ? 'text' : 'other';
    case REFERENCE:
      return type.ref_type === 'object' && type.size === 8 ? 'reference' : type.ref_type === 'region' ? 'region' : 'other';
    default:
      return 'other';
  }
}

function isBoolean({ enum_type, size }: Metadata): boolean {
  const names = Object.keys(enum_type?.members ?? {}).map((name) => name.toUpperCase());
  return size === 1 && names.length === 2 && names.includes('FALSE') && names.includes('TRUE');
}

const NAMES: Readonly<Record<number, string>> = { 5: 'opaque', 6: 'compound', 9: 'ragged', 10: 'nested' };

/** `uint8`, `float32`, `text` … for tables and messages. */
export function typeName(type: Metadata): string {
  switch (elementKind(type)) {
    case 'number':
      return type.type === FLOAT ? `float${8 * type.size}` : `${type.signed ? 'int' : 'uint'}${8 * type.size}`;
    case 'other':
      return NAMES[type.type] ?? 'unknown';
    default:
      return elementKind(type);
  }
}

export const isInteger = (type: Metadata): boolean => elementKind(type) === 'number' && type.type !== FLOAT;

/** Elements of a number, boolean or enum type as float64; `bytes` starts at the start of its buffer. */
export function decodeNumbers({ buffer, byteLength }: Uint8Array<ArrayBuffer>, { type, size, signed }: Metadata): Float64Array {
  const count = byteLength / size;
  if (type === FLOAT) {
    if (size === 8) return new Float64Array(buffer, 0, count);
    if (size === 4) return Float64Array.from(new Float32Array(buffer, 0, count));
    return Float64Array.from(new Uint16Array(buffer, 0, count), halfToNumber);
  }
  switch (size) {
    case 1:
      return Float64Array.from(signed ? new Int8Array(buffer, 0, count) : new Uint8Array(buffer, 0, count));
    case 2:
      return Float64Array.from(signed ? new Int16Array(buffer, 0, count) : new Uint16Array(buffer, 0, count));
    case 4:
      return Float64Array.from(signed ? new Int32Array(buffer, 0, count) : new Uint32Array(buffer, 0, count));
    default: {
      const words = signed ? new BigInt64Array(buffer, 0, count) : new BigUint64Array(buffer, 0, count);
      const numbers = new Float64Array(count);
      for (let i = 0; i < count; i++) numbers[i] = Number(words[i]);
      return numbers;
    }
  }
}

/** A half-precision float: sign, 5 bits of exponent, 10 of fraction. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const strict = new TextDecoder('utf-8', { fatal: true });
const western = new TextDecoder('latin1');

/** Files mislabel their encodings: whatever is valid UTF-8 is read as UTF-8, the rest byte by byte. */
function decodeText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return western.decode(bytes);
  }
}

function upToZero(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/**
 * Elements of a string or enum type as text. Variable strings are addresses in `heap`, the library's memory, and must be
 * read before the library frees them.
 */
export function decodeTexts(bytes: Uint8Array<ArrayBuffer>, type: Metadata, heap: Uint8Array): string[] {
  if (type.type === ENUM) {
    const names = new Map(Object.entries(type.enum_type?.members ?? {}).map(([name, value]) => [value, name]));
    return Array.from(decodeNumbers(bytes, type), (value) => names.get(value) ?? String(value));
  }
  if (type.vlen)
    return Array.from(new Uint32Array(bytes.buffer, 0, bytes.byteLength / 4), (address) =>
      address === 0 || address >= heap.length ? '' : decodeText(upToZero(heap.subarray(address))),
    );
  return Array.from({ length: Math.floor(bytes.length / type.size) }, (_, i) => {
    const text = decodeText(upToZero(bytes.subarray(i * type.size, (i + 1) * type.size)));
    return type.strpad === SPACE_PADDED ? text.trimEnd() : text;
  });
}

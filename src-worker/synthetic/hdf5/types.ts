// What an HDF5 file is made of here (groups, arrays, attributes), and how the types of their values are written.

import { Bytes } from './bytes.ts';

export type Numbers = Float64Array | Float32Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;
/** Numbers, text, booleans (0 or 1), or references to objects by path. */
export type Values = Numbers | readonly string[] | { readonly booleans: Uint8Array } | { readonly references: readonly string[] };

/** Row-major; an empty shape makes a scalar. */
export interface Content {
  readonly shape: readonly number[];
  readonly values: Values;
}

export type Attributes = Readonly<Record<string, Content>>;

export interface ArrayNode extends Content {
  readonly kind: 'array';
  readonly attributes: Attributes;
  /** Stored in chunks of this shape, shuffled and compressed; numbers only. */
  readonly chunks?: readonly number[];
}

export interface GroupNode {
  readonly kind: 'group';
  readonly attributes: Attributes;
  readonly members: Readonly<Record<string, Node>>;
}

export type Node = ArrayNode | GroupNode;

export const isNumbers = (values: Values): values is Numbers => ArrayBuffer.isView(values);

/** Length and place of a variable string in the file: 4 + 8 + 4 bytes. */
const STRING_BYTES = 16;

export function elementBytes(values: Values): number {
  if (isNumbers(values)) return values.BYTES_PER_ELEMENT;
  if (Array.isArray(values)) return STRING_BYTES;
  return 'booleans' in values ? 1 : 8;
}

const integer = (bytes: number, signed: boolean) =>
  new Bytes()
    .u8(0x10, signed ? 8 : 0, 0, 0)
    .u32(bytes)
    .u16(0)
    .u16(8 * bytes);

const single = () => new Bytes().u8(0x11, 0x20, 31, 0).u32(4).u16(0).u16(32).u8(23, 8, 0, 23).u32(127);

const double = () => new Bytes().u8(0x11, 0x20, 63, 0).u32(8).u16(0).u16(64).u8(52, 11, 0, 52).u32(1023);

/** The datatype message of some values: little-endian numbers, UTF-8 text, the enumeration that stands for booleans, references. */
export function typeMessage(values: Values): Bytes {
  if (values instanceof Float64Array) return double();
  if (values instanceof Float32Array) return single();
  if (isNumbers(values)) return integer(values.BYTES_PER_ELEMENT, values instanceof Int32Array);
  if ('booleans' in values) return new Bytes().u8(0x38, 2, 0, 0).u32(1).raw(integer(1, true).taken()).ascii('FALSE\0TRUE\0').u8(0, 1);
  if ('references' in values) return new Bytes().u8(0x17, 0, 0, 0).u32(8);
  return new Bytes().u8(0x19, 1, 1, 0).u32(STRING_BYTES).raw(integer(1, false).taken());
}

export function spaceMessage(shape: readonly number[]): Bytes {
  const bytes = new Bytes().u8(2, shape.length, 0, shape.length === 0 ? 0 : 1);
  for (const size of shape) bytes.u64(size);
  return bytes;
}

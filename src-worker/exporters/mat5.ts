// MAT-files of level 5, written and read back: numeric arrays, text, cells of text and a struct of text. MathWorks, MAT-File Format.
//
// A file is a header of 128 bytes and a list of elements: type, length, data padded to 8 bytes. An array is an element of type 14 that
// holds further elements: class, dimensions, name, values in column-major order. Type 15 is an element compressed by zlib.

import fs from 'node:fs';
import { deflate, inflate } from 'node:zlib';
import { promisify } from 'node:util';
import type { NamedArray, Numbers } from '../contract/result.ts';

/** What a MAT-file can hold here; a number array's dimensions stay in the order of its axes. */
export type MatValue = Pick<NamedArray, 'values' | 'shape'> | string | readonly string[] | { readonly [field: string]: string };

const MATRIX = 14;
const COMPRESSED = 15;
const [INT8, UINT16, INT32, UINT32] = [1, 4, 5, 6];
const [CELL, STRUCT, CHAR] = [1, 2, 4];
/** Array class and type of the values' element. */
const KINDS = [
  { holder: Float64Array, arrayClass: 6, type: 9 },
  { holder: Float32Array, arrayClass: 7, type: 7 },
  { holder: Uint8Array, arrayClass: 9, type: 2 },
  { holder: Int32Array, arrayClass: 12, type: 5 },
] as const;

const FIELD_LENGTH = 64;
/** Lengths are 32-bit, and MATLAB reads arrays of up to 2 GiB from level 5. */
export const MAT_LIMIT = 2 ** 31 - 1;

type Bytes = Uint8Array<ArrayBuffer>;

function join(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function element(type: number, data: Uint8Array): Uint8Array[] {
  const tag = new Uint8Array(8);
  const view = new DataView(tag.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, data.length, true);
  return [tag, data, new Uint8Array((8 - (data.length % 8)) % 8)];
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);
const latin = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

function matrix(arrayClass: number, shape: readonly number[], name: string, rest: readonly Uint8Array[]): Uint8Array[] {
  const dimensions = shape.length === 1 ? [shape[0], 1] : shape.length === 0 ? [1, 1] : shape;
  const body = join([
    ...element(UINT32, bytesOf(Uint32Array.of(arrayClass, 0))),
    ...element(INT32, bytesOf(Int32Array.from(dimensions))),
    ...element(INT8, latin(name)),
    ...rest,
  ]);
  return element(MATRIX, body);
}

function variable(name: string, value: MatValue): Uint8Array[] {
  if (typeof value === 'string') {
    const letters = Uint16Array.from({ length: value.length }, (_, index) => value.charCodeAt(index));
    return matrix(CHAR, [value.length === 0 ? 0 : 1, value.length], name, element(UINT16, bytesOf(letters)));
  }
  if (Array.isArray(value))
    return matrix(
      CELL,
      [value.length],
      name,
      value.flatMap((text: string) => variable('', text)),
    );
  if (isArray(value)) {
    const { arrayClass, type } = kindOf(value.values);
    return matrix(arrayClass, value.shape, name, element(type, bytesOf(reordered(value, 'columns'))));
  }
  const fields = Object.entries(value as { readonly [field: string]: string });
  const names = new Uint8Array(fields.length * FIELD_LENGTH);
  for (const [index, [field]] of fields.entries()) names.set(latin(field.slice(0, FIELD_LENGTH - 1)), index * FIELD_LENGTH);
  return matrix(STRUCT, [1, 1], name, [
    ...element(INT32, bytesOf(Int32Array.of(FIELD_LENGTH))),
    ...element(INT8, names),
    ...fields.flatMap(([, text]) => variable('', text)),
  ]);
}

export const isArray = (value: MatValue | undefined): value is Pick<NamedArray, 'values' | 'shape'> =>
  typeof value === 'object' && 'values' in value && ArrayBuffer.isView(value.values);

function kindOf(values: Numbers): (typeof KINDS)[number] {
  const kind = KINDS.find(({ holder }) => values instanceof holder);
  if (kind === undefined) throw new RangeError('No class of MATLAB holds these values');
  return kind;
}

/** Values row by row put column by column, or the other way round. */
function reordered({ values, shape }: Pick<NamedArray, 'values' | 'shape'>, into: 'columns' | 'rows'): Numbers {
  if (shape.length < 2 || values.length === 0) return values;
  const { holder } = kindOf(values);
  const out = new holder(values.length);
  // Stride of each dimension in column-major order, outermost first.
  const strides = shape.map((_, index) => shape.slice(0, index).reduce((size, length) => size * length, 1));
  const at = shape.map(() => 0);
  let column = 0;
  for (let row = 0; row < values.length; row++) {
    if (into === 'columns') out[column] = values[row];
    else out[row] = values[column];
    for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
      column += strides[dimension];
      if (++at[dimension] < shape[dimension]) break;
      column -= strides[dimension] * shape[dimension];
      at[dimension] = 0;
    }
  }
  return out;
}

/** The 128 bytes before the variables. */
export function matHeader(): Uint8Array {
  const header = new Uint8Array(128).fill(32, 0, 116);
  header.set(latin('MATLAB 5.0 MAT-file, written by Orrery'));
  const view = new DataView(header.buffer);
  view.setUint16(124, 0x0100, true);
  view.setUint16(126, 0x4d49, true);
  return header;
}

/** One variable, ready to follow the header or another variable. */
export async function matVariable(name: string, value: MatValue, compress: boolean): Promise<Uint8Array> {
  const plain = join(variable(name, value));
  if (!compress) return plain;
  const data = await promisify(deflate)(plain, { level: 3 });
  const tag = new Uint8Array(8);
  const view = new DataView(tag.buffer);
  view.setUint32(0, COMPRESSED, true);
  view.setUint32(4, data.length, true);
  return join([tag, data]);
}

/** The next variable of what `matVariable` wrote to an open file, and where the one after it begins. Dimensions of vectors are n × 1. */
export async function readMatVariable(
  file: number,
  offset: number,
): Promise<{ readonly name: string; readonly value: MatValue; readonly next: number }> {
  const tag = new DataView(readAt(file, offset, 8).buffer);
  const [type, length] = [tag.getUint32(0, true), tag.getUint32(4, true)];
  const data = readAt(file, offset + 8, length);
  if (type !== COMPRESSED) return { ...parsed(data), next: offset + 8 + length };
  return { ...parsed(elementAt(new Uint8Array(await promisify(inflate)(data)), 0).data), next: offset + 8 + length };
}

function readAt(file: number, offset: number, length: number): Bytes {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const read = fs.readSync(file, bytes, done, length - done, offset + done);
    if (read === 0) throw new RangeError('The MAT-file ends too soon');
    done += read;
  }
  return bytes;
}

function elementAt(bytes: Bytes, offset: number): { readonly type: number; readonly data: Bytes; readonly next: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [type, length] = [view.getUint32(offset, true), view.getUint32(offset + 4, true)];
  if (offset + 8 + length > bytes.length) throw new RangeError('An element of the MAT-file is longer than the file');
  const data = bytes.subarray(offset + 8, offset + 8 + length);
  return { type, data, next: offset + 8 + length + ((8 - (length % 8)) % 8) };
}

function elementsOf(bytes: Bytes): { readonly type: number; readonly data: Bytes }[] {
  const elements = [];
  for (let offset = 0; offset < bytes.length; ) {
    const { type, data, next } = elementAt(bytes, offset);
    elements.push({ type, data });
    offset = next;
  }
  return elements;
}

const textFrom = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes).replace(/\0+$/, '');

function parsed(body: Bytes): { readonly name: string; readonly value: MatValue } {
  const [flags, dimensions, label, ...rest] = elementsOf(body);
  const arrayClass = flags.data[0];
  const shape = [...new Int32Array(dimensions.data.slice().buffer)];
  const name = textFrom(label.data);
  if (arrayClass === CHAR) return { name, value: utf16(rest[0].data) };
  if (arrayClass === CELL) return { name, value: rest.map(({ data }) => String(parsed(data).value)) };
  if (arrayClass === STRUCT) {
    const fields = Array.from({ length: rest[1].data.length / FIELD_LENGTH }, (_, index) =>
      textFrom(rest[1].data.subarray(index * FIELD_LENGTH, (index + 1) * FIELD_LENGTH)),
    );
    return { name, value: Object.fromEntries(fields.map((field, index) => [field, String(parsed(rest[index + 2].data).value)])) };
  }
  const kind = KINDS.find((known) => known.arrayClass === arrayClass);
  if (kind === undefined) throw new RangeError(`Variable ${name} is of class ${arrayClass}`);
  const values = new kind.holder(rest[0].data.slice().buffer);
  return { name, value: { values: reordered({ values, shape }, 'rows'), shape } };
}

const utf16 = (bytes: Uint8Array): string => new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes);

// One array of NumPy's .npy format, versions 1 to 3 (numpy.lib.format): the header is a Python dictionary with element type, order and shape.

import { Failure } from '../contract/failure.ts';

export interface NpyArray {
  readonly shape: readonly number[];
  /** NumPy's name of the element type, such as `<f4`. */
  readonly type: string;
  readonly kind: 'number' | 'text' | 'other';
  readonly integer: boolean;
  /** Values in row-major order, whichever order the file has. Throws for elements that are no numbers. */
  numbers(): Float64Array;
  texts(): readonly string[];
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Readers of numbers by kind and size, without byte order. */
const READERS: Readonly<Record<string, (view: DataView, at: number, little: boolean) => number>> = {
  f2: (view, at, little) => half(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  b1: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
};

function half(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** Throws a Failure that names the array where it is damaged. `name`: of the array in its file. */
export function npyOf(bytes: Uint8Array, name: string): NpyArray {
  const damaged = (what: string) =>
    new Failure('damaged-file', `The array ${name} ${what}.`, 'Write the file anew with numpy.savez, or copy it again from its source.');
  if (bytes.length < 12 || MAGIC.some((byte, k) => bytes[k] !== byte)) throw damaged('is not in NumPy’s .npy format');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6];
  if (version < 1 || version > 3) throw damaged(`is in version ${version} of NumPy’s format, which is not known here`);
  const [begin, length] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  if (begin + length > bytes.length) throw damaged('ends within its header');
  const header = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(begin, begin + length));
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape'\s*:\s*\(([^)]*)\)/.exec(header)?.[1];
  const type = /'descr'\s*:\s*'([^']+)'/.exec(header)?.[1];
  if (fortran === undefined || sizes === undefined || !/'descr'/.test(header)) throw damaged('has a header that cannot be read');
  const shape = sizes.split(',').flatMap((text) => (text.trim() === '' ? [] : [Number(text.trim().replace(/L$/, ''))]));
  if (!shape.every((size) => Number.isInteger(size) && size >= 0)) throw damaged('has a header that cannot be read');
  const count = shape.reduce((product, size) => product * size, 1);
  const [order, element] = type === undefined ? ['', ''] : [type[0], type.slice(1)];
  const data = begin + length;
  const width = element.startsWith('U') ? 4 * Number(element.slice(1)) : Number(element.slice(1));
  const known = element in READERS || (/^[US]\d+$/.test(element) && width >= 0);
  if (known && data + count * width > bytes.length) throw damaged(`should hold ${shape.join(' × ') || 'one value'} and ends before`);
  const little = order !== '>';
  const inOrder = <T>(values: T[] | Float64Array): T[] | Float64Array => (fortran === 'True' ? rowMajor(values as never, shape) : values);
  return {
    shape,
    type: type ?? 'record',
    kind: element in READERS ? 'number' : /^[US]\d+$/.test(element) ? 'text' : 'other',
    integer: /^[iub]/.test(element),
    numbers() {
      const read = READERS[element];
      if (!read)
        throw new Failure(
          'not-numbers',
          `The array ${name} holds ${type ?? 'records'}, not numbers.`,
          'Write it as float64 with numpy.savez.',
        );
      return inOrder(Float64Array.from({ length: count }, (_, k) => read(view, data + k * width, little))) as Float64Array;
    },
    texts() {
      if (!/^[US]\d+$/.test(element))
        throw new Failure('not-text', `The array ${name} holds ${type ?? 'records'}, not text.`, 'Choose another.');
      const wide = element.startsWith('U');
      const one = (k: number): string => {
        let text = '';
        for (let at = data + k * width; at < data + (k + 1) * width; at += wide ? 4 : 1) {
          const code = wide ? view.getUint32(at, little) : view.getUint8(at);
          if (code > 0 && code <= 0x10ffff) text += String.fromCodePoint(code);
        }
        return text;
      };
      return inOrder(Array.from({ length: count }, (_, k) => one(k))) as string[];
    },
  };
}

/** From the order in which the first index runs fastest. */
function rowMajor<A extends Float64Array | unknown[]>(values: A, shape: readonly number[]): A {
  const out = values.slice() as A;
  const at = new Array<number>(shape.length).fill(0);
  for (let k = 0; k < values.length; k++) {
    let to = 0;
    for (const [axis, size] of shape.entries()) to = to * size + at[axis];
    out[to] = values[k];
    for (let axis = 0; axis < shape.length; axis++) {
      if (++at[axis] < shape[axis]) break;
      at[axis] = 0;
    }
  }
  return out;
}

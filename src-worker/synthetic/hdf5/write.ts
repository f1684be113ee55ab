// Writes a tree of groups and arrays as an HDF5 file, the same bytes each time and everywhere: no clock, no library of the
// platform. It knows what the sample recording needs and nothing else: superblock 2, compact groups, one heap of text,
// chunks under one B-tree node. After "HDF5 File Format Specification Version 3.0", The HDF Group.

import { zlibSync } from 'fflate';
import { Bytes, UNDEFINED } from './bytes.ts';
import {
  type ArrayNode,
  type Content,
  elementBytes,
  type GroupNode,
  isNumbers,
  type Node,
  type Numbers,
  spaceMessage,
  typeMessage,
} from './types.ts';

const SUPERBLOCK_BYTES = 48;
/** Chunks that one node of the B-tree holds, by the format's default. */
const NODE_CHUNKS = 64;
const SHUFFLE = 2;
const DEFLATE = 1;
const LEVEL = 9;

const MESSAGE = { space: 1, linkInfo: 2, type: 3, fill: 5, link: 6, layout: 8, groupInfo: 10, filters: 11, attribute: 12 } as const;

/** Compressed chunks by array, so that the second pass need not compress again. */
type Packed = Map<ArrayNode, Uint8Array[]>;

/** Text of the whole file, stored once each; strings refer to it by number. */
class Heap {
  readonly #numbers = new Map<string, number>();
  readonly address = SUPERBLOCK_BYTES;

  /** Length, address and number of a string; the empty string is nowhere. */
  place(text: string): Uint8Array {
    const bytes = new TextEncoder().encode(text);
    if (bytes.length === 0) return new Bytes().zeros(16).taken();
    const number = this.#numbers.get(text) ?? this.#numbers.size + 1;
    this.#numbers.set(text, number);
    return new Bytes().u32(bytes.length).u64(this.address).u32(number).taken();
  }

  written(): Uint8Array {
    const objects = new Bytes();
    for (const [text, number] of this.#numbers) {
      const bytes = new TextEncoder().encode(text);
      objects.u16(number).u16(0).u32(0).u64(bytes.length).raw(bytes).align();
    }
    const size = Math.max(4096, 16 + objects.length + 16);
    const free = size - 16 - objects.length;
    return new Bytes()
      .ascii('GCOL')
      .u8(1, 0, 0, 0)
      .u64(size)
      .raw(objects.taken())
      .u16(0)
      .u16(0)
      .u32(0)
      .u64(free)
      .zeros(free - 16)
      .taken();
  }
}

/** The file's bytes. Throws where a reference names no object or an array has more chunks than fit. */
export function hdf5Bytes(root: GroupNode): Uint8Array {
  const heap = new Heap();
  // Sizes depend on neither addresses nor references: a first pass finds where everything lies, a second writes it.
  const packed: Packed = new Map();
  const first = new Layout(heap, packed, new Map(), SUPERBLOCK_BYTES);
  first.add('/', root);
  const text = heap.written();
  const second = new Layout(heap, packed, moved(first.addresses, text.length), SUPERBLOCK_BYTES + text.length);
  const rootAddress = second.add('/', root);
  const end = SUPERBLOCK_BYTES + text.length + second.bytes.length;
  const superblock = new Bytes().raw(Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a)).u8(2, 8, 8, 0);
  superblock.u64(0).u64(UNDEFINED).u64(end).u64(rootAddress).sealed();
  return new Bytes().raw(superblock.taken()).raw(text).raw(second.bytes.taken()).taken().slice();
}

const moved = (addresses: ReadonlyMap<string, number>, by: number) =>
  new Map([...addresses].map(([path, address]) => [path, address + by]));

class Layout {
  readonly bytes = new Bytes();
  readonly addresses = new Map<string, number>();
  readonly #heap: Heap;
  readonly #chunksOf: Packed;
  readonly #known: ReadonlyMap<string, number>;
  readonly #start: number;

  constructor(heap: Heap, packed: Packed, known: ReadonlyMap<string, number>, start: number) {
    this.#heap = heap;
    this.#chunksOf = packed;
    this.#known = known;
    this.#start = start;
  }

  /** Writes a node after all that it holds; gives the address of its header. */
  add(path: string, node: Node): number {
    const header = node.kind === 'group' ? this.#group(path, node) : this.#array(node);
    for (const [name, content] of Object.entries(node.attributes)) header.push([MESSAGE.attribute, this.#attribute(name, content)]);
    const address = this.#put(headerBytes(header));
    this.addresses.set(path, address);
    return address;
  }

  #put(bytes: Uint8Array): number {
    this.bytes.align();
    const address = this.#start + this.bytes.length;
    this.bytes.raw(bytes);
    return address;
  }

  #group(path: string, { members }: GroupNode): [number, Bytes][] {
    const links = Object.keys(members)
      .sort()
      .map((name): [number, Bytes] => {
        const address = this.add(path === '/' ? `/${name}` : `${path}/${name}`, members[name]);
        return [MESSAGE.link, new Bytes().u8(1, 0, name.length).ascii(name).u64(address)];
      });
    return [[MESSAGE.linkInfo, new Bytes().u8(0, 0).u64(UNDEFINED).u64(UNDEFINED)], [MESSAGE.groupInfo, new Bytes().u8(0, 0)], ...links];
  }

  #array(array: ArrayNode): [number, Bytes][] {
    const messages: [number, Bytes][] = [
      [MESSAGE.space, spaceMessage(array.shape)],
      [MESSAGE.type, typeMessage(array.values)],
    ];
    if (array.chunks === undefined) {
      const data = this.#data(array);
      const address = data.length === 0 ? UNDEFINED : this.#put(data);
      messages.push([MESSAGE.fill, new Bytes().u8(3, 0x0a)], [MESSAGE.layout, new Bytes().u8(3, 1).u64(address).u64(data.length)]);
      return messages;
    }
    const size = elementBytes(array.values);
    const tree = this.#chunks(array, array.chunks);
    const layout = new Bytes().u8(3, 2, array.shape.length + 1).u64(tree);
    for (const side of array.chunks) layout.u32(side);
    messages.push(
      [MESSAGE.fill, new Bytes().u8(3, 0x0b)],
      [MESSAGE.layout, layout.u32(size)],
      [MESSAGE.filters, new Bytes().u8(2, 2).u16(SHUFFLE).u16(1).u16(1).u32(size).u16(DEFLATE).u16(1).u16(1).u32(LEVEL)],
    );
    return messages;
  }

  #attribute(name: string, content: Content): Bytes {
    const type = typeMessage(content.values).taken();
    const space = spaceMessage(content.shape).taken();
    const head = new Bytes()
      .u8(3, 0)
      .u16(name.length + 1)
      .u16(type.length)
      .u16(space.length)
      .u8(0)
      .ascii(`${name}\0`);
    return head.raw(type).raw(space).raw(this.#data(content));
  }

  /** The values as the file holds them: strings as places in the heap, references as addresses. */
  #data({ values }: Content): Uint8Array {
    if (isNumbers(values)) return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    if ('booleans' in values) return values.booleans;
    const bytes = new Bytes();
    if ('references' in values) for (const path of values.references) bytes.u64(this.#known.get(path) ?? 0);
    else for (const text of values) bytes.raw(this.#heap.place(text));
    return bytes.taken();
  }

  #packed(array: ArrayNode, n: number, pack: () => Uint8Array): Uint8Array {
    const chunks = this.#chunksOf.get(array) ?? [];
    this.#chunksOf.set(array, chunks);
    chunks[n] ??= pack();
    return chunks[n];
  }

  /** Writes the chunks of an array and the node that lists them; gives the node's address. */
  #chunks(array: ArrayNode, chunks: readonly number[]): number {
    const { shape, values } = array;
    if (!isNumbers(values)) throw new Error('only numbers are stored in chunks');
    const rank = shape.length;
    const counts = shape.map((size, axis) => Math.ceil(size / chunks[axis]));
    const total = counts.reduce((product, count) => product * count, 1);
    if (total > NODE_CHUNKS) throw new Error(`${total} chunks, and one node holds ${NODE_CHUNKS}`);
    const keys = new Bytes();
    for (let n = 0; n < total; n++) {
      const place = chunkPlace(n, counts, chunks);
      const packed = this.#packed(array, n, () => zlibSync(shuffledChunk(values, shape, chunks, place), { level: LEVEL }));
      keys.u32(packed.length).u32(0);
      for (const offset of place) keys.u64(offset);
      keys.u64(0).u64(this.#put(packed));
    }
    keys.u32(0).u32(0);
    for (const [axis, count] of counts.entries()) keys.u64(count * chunks[axis]);
    keys.u64(0);
    const keyBytes = 8 + 8 * (rank + 1);
    const node = new Bytes().ascii('TREE').u8(1, 0).u16(total).u64(UNDEFINED).u64(UNDEFINED).raw(keys.taken());
    return this.#put(node.zeros(24 + (NODE_CHUNKS + 1) * keyBytes + NODE_CHUNKS * 8 - node.length).taken());
  }
}

/** The first index along each axis of the n-th chunk in row-major order. */
function chunkPlace(n: number, counts: readonly number[], chunks: readonly number[]): readonly number[] {
  const place: number[] = [];
  let rest = n;
  for (let axis = counts.length - 1; axis >= 0; axis--) {
    place.unshift((rest % counts[axis]) * chunks[axis]);
    rest = Math.floor(rest / counts[axis]);
  }
  return place;
}

/**
 * One chunk of an array of one or two axes, zeros past its ends, shuffled: the first bytes of all its elements, then the
 * second bytes, …
 */
function shuffledChunk(values: Numbers, shape: readonly number[], chunks: readonly number[], place: readonly number[]): Uint8Array {
  const size = values.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const [rows, columns] = [shape[0], shape[1] ?? 1];
  const [height, width] = [chunks[0], chunks[1] ?? 1];
  const [firstRow, firstColumn] = [place[0], place[1] ?? 0];
  const count = height * width;
  const result = new Uint8Array(count * size);
  for (let row = 0; row < height && firstRow + row < rows; row++) {
    for (let column = 0; column < width && firstColumn + column < columns; column++) {
      const from = ((firstRow + row) * columns + firstColumn + column) * size;
      for (let k = 0; k < size; k++) result[k * count + row * width + column] = bytes[from + k];
    }
  }
  return result;
}

function headerBytes(messages: readonly (readonly [number, Bytes])[]): Uint8Array {
  const body = new Bytes();
  for (const [type, message] of messages) body.u8(type).u16(message.length).u8(0).raw(message.taken());
  return new Bytes().ascii('OHDR').u8(2, 2).u32(body.length).raw(body.taken()).sealed().taken();
}

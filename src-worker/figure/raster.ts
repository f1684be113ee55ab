// PNG files from pixels, and PNG files that know their size on paper (PNG specification, third edition).

import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** Pixels from which an opaque image is written with at most 256 colours: pale lines need no more, and it is far smaller. */
const INDEXED_FROM = 500_000;

/** width × height × 4 values 0 … 255 as a PNG file; without its fourth channel where every pixel is opaque. */
export function encodePng(rgba: Uint8Array, width: number, height: number): Buffer {
  let opaque = true;
  for (let i = 3; i < rgba.length; i += 4) opaque &&= rgba[i] === 255;
  if (opaque && width * height >= INDEXED_FROM) return encodeIndexed(rgba, width, height);
  const channels = opaque ? 3 : 4;
  const rows = Buffer.alloc(height * (1 + channels * width));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let k = 0; k < channels; k++) rows[y * (1 + channels * width) + 1 + channels * x + k] = rgba[4 * (y * width + x) + k];
  return pngFile(width, height, opaque ? 2 : 6, rows, []);
}

function pngFile(width: number, height: number, colours: 2 | 3 | 6, rows: Buffer, more: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colours, 0, 0, 0], 8);
  const data = chunk('IDAT', deflateSync(rows));
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), ...more, data, chunk('IEND', new Uint8Array(0))]);
}

/** Colours to five bits a channel, then the 256 most frequent, the others as the nearest of these. */
function encodeIndexed(rgba: Uint8Array, width: number, height: number): Buffer {
  const codeAt = (at: number) => ((rgba[at] >> 3) << 10) | ((rgba[at + 1] >> 3) << 5) | (rgba[at + 2] >> 3);
  const frequency = new Uint32Array(32768);
  for (let at = 0; at < rgba.length; at += 4) frequency[codeAt(at)]++;
  const used = [...frequency.keys()].filter((code) => frequency[code] > 0);
  const kept = used.toSorted((a, b) => frequency[b] - frequency[a] || a - b).slice(0, 256);
  const parts = (code: number) => [code >> 10, (code >> 5) & 31, code & 31] as const;
  const index = new Uint8Array(32768);
  for (const code of used) {
    const [r, g, b] = parts(code);
    const distance = (k: number) => parts(kept[k]).reduce((sum, part, i) => sum + (part - [r, g, b][i]) ** 2, 0);
    let nearest = 0;
    for (let k = 1; k < kept.length; k++) if (distance(k) < distance(nearest)) nearest = k;
    index[code] = nearest;
  }
  const rows = Buffer.alloc(height * (1 + width));
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rows[y * (1 + width) + 1 + x] = index[codeAt(4 * (y * width + x))];
  const palette = Uint8Array.from(kept.flatMap((code) => parts(code).map((part) => Math.round((part * 255) / 31))));
  return pngFile(width, height, 3, rows, [chunk('PLTE', palette)]);
}

/** Cells repeated as blocks of `times` × `times` pixels: programs that smooth small images then keep their edges. */
export function enlarged(rgba: Uint8Array, columns: number, rows: number, times: number): Uint8Array {
  const cells = new Uint32Array(rgba.slice().buffer);
  const out = new Uint32Array(cells.length * times * times);
  const width = columns * times;
  for (let y = 0; y < rows * times; y++)
    for (let x = 0; x < width; x++) out[y * width + x] = cells[Math.floor(y / times) * columns + Math.floor(x / times)];
  return new Uint8Array(out.buffer);
}

/** The same PNG file with its resolution stated, so that it is placed at its size in millimetres. */
export function withResolution(png: Uint8Array, dpi: number): Buffer {
  const physical = Buffer.alloc(9);
  const perMetre = Math.round(dpi / 0.0254);
  physical.writeUInt32BE(perMetre, 0);
  physical.writeUInt32BE(perMetre, 4);
  physical[8] = 1;
  // After the signature (8 bytes) and the header chunk (25 bytes).
  return Buffer.concat([png.subarray(0, 33), chunk('pHYs', physical), png.subarray(33)]);
}

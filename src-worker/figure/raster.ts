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

/** width × height × 4 values 0 … 255 as a PNG file; without its fourth channel where every pixel is opaque. */
export function encodePng(rgba: Uint8Array, width: number, height: number): Buffer {
  let opaque = true;
  for (let i = 3; i < rgba.length; i += 4) opaque &&= rgba[i] === 255;
  const channels = opaque ? 3 : 4;
  const rows = Buffer.alloc(height * (1 + channels * width));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let k = 0; k < channels; k++) rows[y * (1 + channels * width) + 1 + channels * x + k] = rgba[4 * (y * width + x) + k];
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, opaque ? 2 : 6, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', new Uint8Array(0)),
  ]);
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

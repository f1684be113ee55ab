// What names a recording: its size, the structure of the file and a sample of its blocks. A copy or a moved file keeps its name.

import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';

const BLOCK_BYTES = 2 ** 16;
/** Files of up to this many blocks are hashed whole; of larger ones this many blocks, evenly spaced with both ends. */
const BLOCKS = 128;

interface Structured {
  readonly path: string;
  readonly bytes: number;
  groups(): readonly string[];
  arrays(): readonly { readonly path: string; readonly type: string; readonly shape: readonly number[] }[];
}

/** 16 hexadecimal digits; reads at most 8 MB. */
export function identityOf(file: Structured): string {
  const hash = createHash('sha256').update(`${file.bytes}\n`);
  for (const path of file.groups()) hash.update(`${path}\n`);
  for (const { path, type, shape } of file.arrays()) hash.update(`${path} ${type} ${shape.join('×')}\n`);

  const last = Math.max(0, Math.ceil(file.bytes / BLOCK_BYTES) - 1);
  const block = new Uint8Array(BLOCK_BYTES);
  const handle = openSync(file.path, 'r');
  try {
    let read = -1;
    for (let i = 0; i < BLOCKS; i++) {
      const index = last < BLOCKS ? i : Math.floor((i * last) / (BLOCKS - 1));
      if (index > last || index === read) continue;
      const length = readSync(handle, block, 0, BLOCK_BYTES, index * BLOCK_BYTES);
      hash.update(block.subarray(0, length));
      read = index;
    }
  } finally {
    closeSync(handle);
  }
  return hash.digest('hex').slice(0, 16);
}

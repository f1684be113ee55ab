// Writes a file beside its place, then renames it: it is whole or not there.

import { rename, rm, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { Failure } from '../contract/failure.ts';

export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const draft = `${path}.${process.pid}.tmp${extname(path)}`;
  try {
    await writeFile(draft, bytes);
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new Failure('not-written', `${path} could not be written.`, 'Choose a folder that is there and may be written to.', { cause });
  }
}

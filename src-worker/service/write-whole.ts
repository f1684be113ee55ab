// Writes a file beside its place, then renames it: it is whole or not there.

import { rename, rm, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileFailure } from '../store/files.ts';

export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const draft = `${path}.${process.pid}.tmp${extname(path)}`;
  try {
    await writeFile(draft, bytes);
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    throw fileFailure(cause, path, 'write');
  }
}

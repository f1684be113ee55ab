// File calls that survive a pulled plug: write beside, sync, rename; and their errors in words.

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../contract/failure.ts';

const BLOCK = 4 * 2 ** 20;

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** What the system says, without the call and the path that follow a comma. */
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split(/\n|, [a-z]+ '/)[0];

const full = /ENOSPC|EDQUOT|No space left|disk is full/i;
const denied = /EACCES|EPERM|EROFS|Permission denied|Read-only file system|readonly database/i;

/** The Failure that says why a file call failed; Failures and aborts pass unchanged. */
export function fileFailure(error: unknown, path: string, doing: 'read' | 'write'): unknown {
  if (error instanceof Failure || (error instanceof Error && error.name === 'AbortError')) return error;
  // A broken rule of the tables is a fault of the program: it is not put into words for the user.
  if (error instanceof Error && error.message.includes('constraint failed')) return error;
  const said = `${codeOf(error)} ${error instanceof Error ? error.message : String(error)}`;
  if (/database is locked/.test(said))
    return new Failure('project-busy', `${path} is being written by another process.`, 'Try again in a moment.', { cause: error });
  if (full.test(said))
    return new Failure('disk-full', `There is no space left to write ${path}.`, 'Free some space, then try again.', { cause: error });
  if (denied.test(said))
    return new Failure('no-permission', `${path} may not be ${doing === 'read' ? 'read' : 'written'} here.`, 'Check its permissions.', {
      cause: error,
    });
  if (doing === 'read' && codeOf(error) === 'ENOENT')
    return new Failure('no-file', `There is no file ${path}.`, 'Check the path.', { cause: error });
  return new Failure(
    doing === 'read' ? 'cannot-read' : 'cannot-write',
    `${path} could not be ${doing === 'read' ? 'read' : 'written'}: ${reasonOf(error)}.`,
    'Check that the disk is there and in order.',
    { cause: error },
  );
}

/**
 * Makes a folder and those above it, one after another: asked for all of them at once, Node goes on for ever where a file system takes none.
 * Throws a Failure where one cannot be made.
 */
export function makeFolder(path: string): void {
  if (fs.existsSync(path)) {
    if (fs.statSync(path).isDirectory()) return;
    throw new Failure('not-a-folder', `${path} is a file and no folder.`, 'Choose another place.');
  }
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    fs.mkdirSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw fileFailure(error, path, 'write');
    throw new Failure('no-folder', `No folder can be made at ${path}.`, 'Choose another place.', { cause: error });
  }
}

/** Makes sure that the bytes of a file are on the disk. */
export async function syncFile(path: string): Promise<void> {
  const file = fs.openSync(path, 'r+');
  try {
    await new Promise<void>((resolve, reject) => fs.fsync(file, (error) => (error ? reject(error) : resolve())));
  } finally {
    fs.closeSync(file);
  }
}

/** Makes sure that names made or renamed in a folder are on the disk; systems that cannot sync a folder need not. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = fs.openSync(path, 'r');
  try {
    fs.fsyncSync(folder);
  } catch (error) {
    // Some network drives refuse to sync a folder: the rename itself is then all there is.
    if (!['EINVAL', 'ENOTSUP', 'EBADF'].includes(codeOf(error))) throw error;
  } finally {
    fs.closeSync(folder);
  }
}

/** Removes a file; one that is not there is removed already. */
export function removeFile(path: string): void {
  try {
    fs.unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** Removes what is no longer wanted; where that fails it costs space only. */
export function discard(path: string): void {
  try {
    removeFile(path);
  } catch {}
}

/** Writes a small file whole or not at all. */
export function writeWhole(path: string, text: string, beside: string): void {
  const file = fs.openSync(beside, 'w');
  try {
    fs.writeFileSync(file, text);
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
  fs.renameSync(beside, path);
  syncFolder(dirname(path));
}

/** SHA-256 of a file's bytes, 64 hexadecimal digits; other work gets a turn between blocks. */
export async function contentHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  const block = new Uint8Array(BLOCK);
  const file = fs.openSync(path, 'r');
  try {
    for (;;) {
      const read = fs.readSync(file, block, 0, BLOCK, null);
      if (read === 0) break;
      hash.update(block.subarray(0, read));
      if (read === BLOCK) await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    fs.closeSync(file);
  }
  return hash.digest('hex');
}

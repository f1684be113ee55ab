// How every export reaches the disk: written beside, read back and compared, and only then renamed to the name the user gave.

import fs from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Failure } from '../contract/failure.ts';
import type { Job } from '../contract/job.ts';
import type { NamedArray, Numbers } from '../contract/result.ts';
import { checkDestination } from '../store/destination.ts';
import { discard, fileFailure, syncFile, syncFolder } from '../store/files.ts';

export interface Part {
  readonly path: string;
  write(draft: string, progress: Progress): Promise<void>;
  /** Throws a Failure where what is in the file differs from what was meant. */
  compare(draft: string, progress: Progress): Promise<void>;
}

/** Reports the share of this one work, 0 to 1, and lets a cancel through: then it throws. */
export type Progress = (done: number) => Promise<void>;

/**
 * Writes the parts of an export. No name appears before every part has been read back; the last part takes its name last.
 * Throws a Failure, and leaves what was there before, where anything goes wrong or the job is cancelled.
 */
export async function writeBeside(parts: readonly Part[], recordingPath: string, job: Job): Promise<readonly string[]> {
  for (const { path } of parts) checkDestination(path, [recordingPath]);
  const drafts = parts.map(({ path }) => `${path}.${process.pid}.tmp`);
  let path = parts[0].path;
  try {
    for (const [index, part] of parts.entries()) {
      path = part.path;
      const progress = (half: 0 | 1, doing: string) => async (done: number) => {
        await job.progress((index + (half + done) / 2) / parts.length, doing);
        job.signal.throwIfAborted();
      };
      await part.write(drafts[index], progress(0, 'Writing'));
      await progress(1, 'Reading back')(0);
      await part.compare(drafts[index], progress(1, 'Reading back'));
      await syncFile(drafts[index]);
      await progress(1, 'Reading back')(1);
    }
    for (const [index, part] of parts.entries()) {
      path = part.path;
      fs.renameSync(drafts[index], path);
    }
    for (const folder of new Set(parts.map((part) => dirname(resolve(part.path))))) syncFolder(folder);
  } catch (error) {
    for (const draft of drafts) discard(draft);
    throw fileFailure(error, path, 'write');
  }
  return parts.map((part) => part.path);
}

const differs = (what: string, path: string) =>
  new Failure(
    'export-differs',
    `Read back from ${path}, ${what} is not what was written.`,
    'Nothing was left behind. Check the disk, then export again.',
  );

const bytesOf = ({ buffer, byteOffset, byteLength }: Numbers): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);

/** Bit for bit, shape and type included. */
export function compareArray(
  path: string,
  name: string,
  meant: Pick<NamedArray, 'values' | 'shape'>,
  read: Pick<NamedArray, 'values' | 'shape'> | undefined,
): void {
  const same =
    read !== undefined &&
    read.values.constructor === meant.values.constructor &&
    read.shape.join() === meant.shape.join() &&
    Buffer.compare(bytesOf(read.values), bytesOf(meant.values)) === 0;
  if (!same) throw differs(name, path);
}

export function compareText(path: string, name: string, meant: readonly string[], read: readonly string[] | undefined): void {
  if (read === undefined || read.length !== meant.length || meant.some((text, index) => text !== read[index])) throw differs(name, path);
}

/** A Python or JSON string. */
export const quoted = (text: string): string => JSON.stringify(text);
/** A MATLAB character vector. */
export const quotedMatlab = (text: string): string => `'${text.replaceAll("'", "''")}'`;

// Every format, in menu order: adding one is its file and its line here. And the one way to open a recording.

import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { Failure } from '../contract/failure.ts';
import type { Job } from '../contract/job.ts';
import type { Settings } from '../contract/params.ts';
import { parseSettings, valuesOf } from '../contract/settings.ts';
import type { Format, Recording } from './format.ts';
import { hdf5 } from './hdf5.ts';
import { npz } from './npz.ts';
import { nwb } from './nwb.ts';

export const formats = [nwb, hdf5, npz] as const;

/** How much of a file's beginning formats are told by. */
const HEAD_BYTES = 8192;

/**
 * Opens the recording at `path` with the format that knows its content. `settings` are those of the format, such as
 * `counts` or `unitsTable`. Throws a Failure for a missing, empty, damaged or unknown file.
 */
export async function openRecording(path: string, settings: Settings, job: Job): Promise<Recording> {
  const head = headOf(path);
  job.signal.throwIfAborted();
  for (const format of formats as readonly Format[]) {
    if (await format.sniff(path, head))
      return await format.open(path, valuesOf(format.params, parseSettings(format.params, settings)), job);
  }
  const known = formats.map(({ title, extensions }) => `${title} (.${extensions.join(', .')})`).join(' and ');
  const extension = extname(path).slice(1).toLowerCase();
  const claims = (formats as readonly Format[]).some(({ extensions }) => extensions.includes(extension));
  throw new Failure(
    'unknown-format',
    claims
      ? `${basename(path)} is not what its name says: its content is not that of a .${extension} file.`
      : `${basename(path)} is in no format that can be read here.`,
    `Formats are told by content; known are ${known}.`,
  );
}

function headOf(path: string): Uint8Array {
  const name = basename(path);
  try {
    const status = statSync(path);
    if (!status.isFile()) throw new Failure('not-a-file', `${name} is not a file.`, 'Give the path of the recording itself.');
    if (status.size === 0) throw new Failure('empty-file', `${name} is empty.`, 'Copy the file again from its source.');
    const head = new Uint8Array(Math.min(HEAD_BYTES, status.size));
    const handle = openSync(path, 'r');
    try {
      return head.subarray(0, readSync(handle, head, 0, head.length, 0));
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new Failure('no-file', `There is no file ${path}.`, 'Check the path.', { cause: error });
    throw new Failure('unreadable-file', `${name} cannot be read (${code ?? String(error)}).`, 'Check who may read it.', { cause: error });
  }
}

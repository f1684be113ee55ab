// Browser mode's file list: what lies below the root, links followed and never out of it.

import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { Failure } from '../src-worker/contract/failure.ts';
import type { FileEntry, Listing } from '../src-worker/contract/page.ts';
import type { Grants } from './grants.ts';
import { isBelow, kindOf } from './policy/files.ts';

const order = { folder: 0, project: 1, recording: 2 } as const;

/** Lists `folder` (by default the root). Throws a Failure `outside-root` where it lies elsewhere, `no-folder` where it cannot be read. */
export async function listFolder(
  root: string,
  folder: string | undefined,
  extensions: readonly string[],
  grants: Grants,
): Promise<Listing> {
  const top = await realpath(root);
  const here = await realpath(folder ?? root).catch(() => undefined);
  if (here === undefined)
    throw new Failure('no-folder', `The folder ${basename(folder ?? root)} is not there any more.`, 'Go up and choose another.');
  if (!isBelow(top, here))
    throw new Failure(
      'outside-root',
      `The folder ${basename(here)} lies outside ${basename(top)}.`,
      'Start Orrery with --root FOLDER to open files elsewhere.',
    );
  const found = await readdir(here, { withFileTypes: true }).catch((cause) => {
    throw new Failure('no-folder', `The folder ${basename(here)} cannot be read.`, 'Check its permissions.', { cause });
  });
  const entries = await Promise.all(found.map((entry) => describe(top, join(here, entry.name), extensions, grants)));
  const shown = entries.filter((entry) => entry !== undefined);
  shown.sort((a, b) => order[a.kind] - order[b.kind] || a.name.localeCompare(b.name, 'en', { numeric: true }));
  return { trail: trailTo(top, here, grants), entries: shown, others: found.length - shown.length };
}

async function describe(top: string, path: string, extensions: readonly string[], grants: Grants): Promise<FileEntry | undefined> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined || !isBelow(top, real)) return undefined;
  const about = await stat(real).catch(() => undefined);
  const kind = about && kindOf(basename(path), about.isDirectory(), extensions);
  if (kind === undefined) return undefined;
  return { grant: grants.of(path), name: basename(path), kind, ...(kind === 'recording' ? { bytes: about!.size } : {}) };
}

function trailTo(top: string, here: string, grants: Grants): readonly FileEntry[] {
  const names = relative(top, here)
    .split(sep)
    .filter((name) => name !== '');
  const paths = names.map((_, index) => join(top, ...names.slice(0, index + 1)));
  return [top, ...paths].map((path) => ({ grant: grants.of(path), name: basename(path) || path, kind: 'folder' as const }));
}

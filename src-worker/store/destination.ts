// Where a file that the user asked for may be written: checked before anything is computed for it.

import fs from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { Failure } from '../contract/failure.ts';
import type { Project } from './project.ts';

const real = (path: string): string => {
  try {
    return fs.realpathSync(path);
  } catch {
    return resolve(path);
  }
};

/** Throws a Failure where the folder is missing, where the name is a folder's, and where it is one of the recordings. */
export function checkDestination(path: string, recordings: readonly string[]): void {
  const folder = dirname(resolve(path));
  if (!fs.existsSync(folder))
    throw new Failure('no-folder', `There is no folder ${folder}.`, 'Make it first, or choose another place for the file.');
  if (fs.existsSync(path) && fs.statSync(path).isDirectory())
    throw new Failure('is-folder', `${path} is a folder.`, 'Give the name of a file to write.');
  if (recordings.some((recording) => real(recording) === real(path)))
    throw new Failure('is-recording', `${path} is the recording itself, which is never written to.`, 'Choose another name.');
}

/** The same for a file made from a project: none of its recordings, and nothing inside its folder. */
export function checkDestinationOf(project: Project, path: string): void {
  checkDestination(
    path,
    project.rows('SELECT path FROM recordings').map((row) => String(row.path)),
  );
  const inside = relative(real(project.path), real(dirname(resolve(path))));
  if (!/^\.\.|^[A-Za-z]:|^\//.test(inside))
    throw new Failure('is-project', `${path} lies inside the project ${project.name}.`, 'Choose a place outside of its folder.');
}

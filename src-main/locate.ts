// Finds the worker, the built page and the Node that runs the worker: the same from source, from the build and from a package.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder that holds package.json: the checkout, or the packaged application. */
export const projectRoot = ((): string => {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`No package.json above ${import.meta.dirname}`);
    folder = parent;
  }
  return folder;
})();

/** True where the program runs from its TypeScript source (tests), false from the build. */
export const fromSource = import.meta.filename.endsWith('.ts');

export const workerEntry = fromSource ? join(projectRoot, 'src-worker', 'worker.ts') : join(projectRoot, 'out', 'main', 'worker.js');
export const rendererFolder = join(projectRoot, 'out', 'renderer');
export const sampleRecording = join(projectRoot, 'resources', 'sample.nwb');

const oldestNode = 24;

/** The locked Node of this platform where it is installed, else the Node that runs now if it is new enough. */
export function nodeForWorker(): string | undefined {
  const windows = process.platform === 'win32';
  const name = `node-${windows ? 'win' : process.platform}-${process.arch}`;
  const locked = join(projectRoot, 'node_modules', name, 'bin', windows ? 'node.exe' : 'node');
  if (existsSync(locked)) return locked;
  const own = Number(process.versions.node.split('.')[0]) >= oldestNode && process.versions.electron === undefined;
  return own ? process.execPath : undefined;
}

// Finds what is not bundled code: kernels, thread entries, fonts, the sample. The same from source, from the build and from a package.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** True where the program runs from its TypeScript source (tests, scripts), false from the build. */
export const fromSource = import.meta.filename.endsWith('.ts');

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

/** The program's version, as package.json has it. */
export const programVersion = (): string => JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')).version;

/** A file of `resources/`. */
export const resource = (name: string): string => join(projectRoot, 'resources', name);

/** A compiled kernel: `simd` or `relaxed`. */
export const kernel = (name: string): string => join(projectRoot, 'out', 'kernels', `${name}.wasm`);

/** Entry of a thread: `source` is its file below src-worker, `built` its name in the build. */
export const threadEntry = (source: string, built: string): string =>
  fromSource ? join(projectRoot, 'src-worker', source) : join(projectRoot, 'out', 'main', `${built}.js`);

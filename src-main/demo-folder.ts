// The folder that the demo writes to: it replaces what an earlier demo made, and nothing else.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../src-worker/contract/failure.ts';

/** Lists what the demo made, one name a line. */
const MARKER = '.made-by-demo';

/** Clears what an earlier demo left under the names that are about to be written. Throws where one of them is somebody else's. */
export function clearDemo(folder: string, names: readonly string[]): void {
  const marker = join(folder, MARKER);
  const made = existsSync(marker) ? readFileSync(marker, 'utf8').split('\n') : [];
  const foreign = names.find((name) => existsSync(join(folder, name)) && !made.includes(name));
  if (foreign !== undefined)
    throw new Failure(
      'not-from-demo',
      `${join(folder, foreign)} is there already, and no demo made it.`,
      'Move it elsewhere and run the demo again.',
    );
  mkdirSync(folder, { recursive: true });
  for (const name of names) rmSync(join(folder, name), { recursive: true, force: true });
  writeFileSync(marker, `${names.join('\n')}\n`);
}

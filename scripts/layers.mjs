// Checks that every source file imports only what its room may.

import { readdirSync, readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { layerProblems } from './lib/layers.mjs';
import { inRoot, root, runMain, say } from './lib/root.mjs';

const ROOMS = ['src-worker', 'src-main', 'src-renderer'];

/** The AssemblyScript kernels have imports of their own kind. */
const KERNELS = 'src-worker/engine/kernels/';

await runMain(async () => {
  const files = ROOMS.flatMap((room) => readdirSync(inRoot(room), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mts|js|mjs)$/.test(entry.name))
    .map((entry) => `${entry.parentPath ?? entry.path}${sep}${entry.name}`)
    .map((path) => ({ path: relative(root, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }))
    .filter(({ path }) => !path.startsWith(KERNELS));
  const problems = layerProblems(files);
  for (const problem of problems) say(problem);
  say(
    problems.length === 0 ? `Layers: ${files.length} files keep to their rooms.` : `Layers: ${problems.length} imports leave their rooms.`,
  );
  return problems.length === 0 ? 0 : 1;
});

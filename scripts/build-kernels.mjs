// Compiles the fused kernels (src-worker/engine/kernels, AssemblyScript) to out/kernels/simd.wasm and relaxed.wasm, when they are stale.
// Run by the build and by the set-up of tests: `node scripts/build-kernels.mjs`.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');
const sources = join(root, 'src-worker', 'engine', 'kernels');
const target = join(root, 'out', 'kernels');

const OPTIONS = [
  '-O3',
  '--noAssert',
  '--runtime=stub',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory=1',
  '--maximumMemory=65536',
  '--enable=simd,threads,bulk-memory',
];

const BUILDS = { simd: [], relaxed: ['--enable=relaxed-simd'] };

function stampOf(files) {
  const hash = createHash('sha256');
  for (const name of [...files.keys()].sort()) hash.update(`${name}\n${files.get(name)}\n`);
  hash.update(OPTIONS.join(' '));
  return hash.digest('hex');
}

/** Builds both kernels unless they are made of the present sources; returns whether it built. */
export async function buildKernels() {
  const { tilesSource } = await import(pathToFileURL(join(sources, 'tiles.mjs')).href);
  const names = readdirSync(sources).filter((name) => name.endsWith('.ts'));
  const files = new Map(names.map((name) => [name, readFileSync(join(sources, name), 'utf8')]));
  files.set('tiles.ts', tilesSource());
  const stamp = stampOf(files);
  const stampFile = join(target, 'stamp');
  const fresh =
    Object.keys(BUILDS).every((name) => existsSync(join(target, `${name}.wasm`))) &&
    existsSync(stampFile) &&
    readFileSync(stampFile, 'utf8') === stamp;
  if (fresh) return false;
  const { default: asc } = await import('assemblyscript/asc');
  mkdirSync(target, { recursive: true });
  for (const [name, extra] of Object.entries(BUILDS)) {
    let binary;
    const { error, stderr } = await asc.main(['index.ts', '--outFile', `${name}.wasm`, ...OPTIONS, ...extra], {
      readFile: (file) => files.get(file) ?? null,
      writeFile: (_, contents) => {
        binary = contents;
      },
      listFiles: () => [],
    });
    if (error) throw new Error(`The ${name} kernels do not compile.\n${stderr.toString()}`, { cause: error });
    // Beside, then renamed: two builds at once leave a whole file either way.
    const beside = join(target, `${name}.${process.pid}`);
    writeFileSync(beside, binary);
    renameSync(beside, join(target, `${name}.wasm`));
  }
  writeFileSync(stampFile, stamp);
  return true;
}

if (process.argv[1] && pathToFileURL(process.argv[1]).href === import.meta.url) {
  if (await buildKernels()) process.stderr.write('Kernels built.\n');
}

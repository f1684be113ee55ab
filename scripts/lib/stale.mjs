// Tells whether packages or the build are older than what they are made of, so that set-up does nothing when nothing changed.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** What a build is made of, relative to the root. */
export const SOURCES = [
  'src-worker',
  'src-main',
  'src-renderer',
  'resources',
  'scripts/build-kernels.mjs',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
];

/** @param {string} text */
const digest = (text) => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** @param {string} path @returns {string | undefined} */
const readIfThere = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

/** Every file below a path, or the path itself, in a fixed order. @param {string} path @returns {string[]} */
function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

/**
 * Names the state of the sources: a hash of every file's path, size and time of change.
 * @param {string} folder
 * @param {readonly string[]} sources relative to the folder
 */
export function sourcesStamp(folder, sources = SOURCES) {
  const lines = sources
    .flatMap((source) => filesBelow(join(folder, source)))
    .map((path) => {
      const { size, mtimeMs } = statSync(path);
      return `${relative(folder, path).split(sep).join('/')} ${size} ${mtimeMs}`;
    });
  return digest(lines.join('\n'));
}

/**
 * Names what should be installed: the lockfile, on this platform.
 * @param {string} lockfile its text
 * @param {string} platform such as `linux x64`
 */
export const lockStamp = (lockfile, platform) => digest(`${platform}\n${lockfile}`);

/** @param {string} stampFile @param {string} stamp */
export const isFresh = (stampFile, stamp) => readIfThere(stampFile)?.trim() === stamp;

/** @param {string} stampFile @param {string} stamp */
export function writeStamp(stampFile, stamp) {
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, `${stamp}\n`);
}

/**
 * Whether npm's own record of `node_modules` agrees with the lockfile, as after an `npm ci` by hand. Optional packages may be missing:
 * those of other platforms always are.
 * @param {string} lockfile text of package-lock.json
 * @param {string | undefined} record text of node_modules/.package-lock.json
 */
export function agrees(lockfile, record) {
  if (record === undefined) return false;
  const wanted = Object.entries(JSON.parse(lockfile).packages).filter(([path]) => path !== '');
  const installed = JSON.parse(record).packages;
  const right = wanted.every(([path, entry]) =>
    installed[path] === undefined ? entry.optional === true || entry.devOptional === true : installed[path].version === entry.version,
  );
  const known = new Set(wanted.map(([path]) => path));
  return right && Object.keys(installed).every((path) => known.has(path));
}

// Which room may import what (architecture.md, Rules 1): pure, so that tests can try it on made-up files.

import { posix } from 'node:path';

/** The rooms that hold types and pure functions for every process. */
const SHARED = ['src-worker/contract/', 'src-worker/scene/'];

/** The files that make the desktop shell: nothing else may touch Electron. */
const SHELL = ['src-main/main.ts', 'src-main/window.ts', 'src-main/preload.ts', 'src-main/menu.ts'];

const IMPORT = /(?:\bfrom\s*|\bimport\s*|\bimport\s*\(\s*|\brequire\s*\(\s*)(['"])([^'"\n]+)\1/g;

/** Blanks comments but keeps line numbers and strings. @param {string} text */
const withoutComments = (text) =>
  text.replace(/(["'`])(?:\\.|(?!\1)[^\\\n])*\1|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (found) =>
    found.startsWith('/') ? found.replace(/[^\n]/g, ' ') : found,
  );

/**
 * Every import of a source text with its line.
 * @param {string} text
 * @returns {{ readonly what: string, readonly line: number }[]}
 */
export function importsOf(text) {
  const code = withoutComments(text);
  return [...code.matchAll(IMPORT)].map((found) => ({ what: found[2], line: code.slice(0, found.index).split('\n').length }));
}

/** @param {string} path */
const isShared = (path) => SHARED.some((room) => path.startsWith(room));

/** @param {string} path @returns {string} */
const roomOf = (path) => path.split('/')[0];

/**
 * What is wrong with one import, or undefined.
 * @param {string} path of the importing file from the root, with `/`
 * @param {string} what it imports
 * @returns {string | undefined}
 */
export function importProblem(path, what) {
  const bare = what.split('?')[0];
  if (bare === 'electron' || bare.startsWith('electron/'))
    return SHELL.includes(path) ? undefined : `only ${SHELL.join(', ')} may import electron`;
  if (!bare.startsWith('.')) {
    if (isShared(path) && bare.startsWith('node:')) return 'contract and scene run in every process, so they may not import Node’s modules';
    if (roomOf(path) === 'src-renderer' && bare.startsWith('node:')) return 'the renderer runs in a page, which has no Node';
    return undefined;
  }
  const target = posix.join(posix.dirname(path), bare);
  if (isShared(path)) return isShared(target) ? undefined : 'contract and scene import nothing outside themselves';
  const [from, to] = [roomOf(path), roomOf(target)];
  if (from === to) return undefined;
  if (to === 'tests') return 'tests are imported by tests alone';
  if (from === 'src-worker') return to.startsWith('src-') ? 'the worker knows neither its host nor its face' : undefined;
  if (to === 'src-worker') return isShared(target) ? undefined : `${from} may import only ${SHARED.join(' and ')} of the worker`;
  return to.startsWith('src-') ? `${from} may not import ${to}` : undefined;
}

/**
 * Every import that a rule forbids, as lines to print.
 * @param {readonly { readonly path: string, readonly text: string }[]} files
 * @returns {string[]}
 */
export const layerProblems = (files) =>
  files.flatMap(({ path, text }) =>
    importsOf(text).flatMap(({ what, line }) => {
      const problem = importProblem(path, what);
      return problem === undefined ? [] : [`${path}:${line}: imports ${what}, but ${problem}.`];
    }),
  );

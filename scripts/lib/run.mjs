// Starts child processes of the set-up: the locked Node, npm, and tools that packages bring.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot, root, Trouble } from './root.mjs';

/** The first Node release line that knows `node:sqlite` and runs TypeScript as it is. */
const WANTED_MAJOR = 24;

/**
 * The locked Node 24 that npm installed; on macOS, where none is published, the running one if it is new enough.
 * @returns {string}
 */
export function lockedNode() {
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const name = process.platform === 'win32' ? 'win' : process.platform;
  const path = inRoot('node_modules', `node-${name}-${process.arch}`, 'bin', file);
  if (existsSync(path)) return path;
  const { version } = process;
  if (Number(version.slice(1).split('.')[0]) >= WANTED_MAJOR) return process.execPath;
  throw new Trouble(
    `Orrery needs Node ${WANTED_MAJOR} or newer on ${process.platform} ${process.arch}; this is ${version}. Install it from https://nodejs.org and try again.`,
  );
}

/**
 * Path of the program that a package declares under `bin`.
 * @param {string} name of the package
 * @param {string} [program] where it declares several
 */
export function packageBin(name, program = name) {
  const file = inRoot('node_modules', name, 'package.json');
  const { bin } = JSON.parse(readFileSync(file, 'utf8'));
  return join(dirname(file), typeof bin === 'string' ? bin : bin[program]);
}

/**
 * Runs a program and waits; answers with its exit code. Unless told otherwise, everything it writes goes to standard error.
 * With `forward` it is the one to end on Ctrl-C: signals are handed on to it, and this process lives until it has ended.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions & { timeoutMs?: number, forward?: boolean }} [options]
 * @returns {Promise<number>}
 */
export function runProgram(program, args, { timeoutMs, forward = false, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', process.stderr.fd, process.stderr.fd], ...options });
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill(), timeoutMs);
    const signals = forward ? /** @type {const} */ (['SIGINT', 'SIGTERM']) : [];
    const handOn = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, handOn);
    const end = () => {
      clearTimeout(timer);
      for (const signal of signals) process.off(signal, handOn);
    };
    child.once('error', (error) => {
      end();
      reject(error);
    });
    child.once('close', (code) => {
      end();
      resolve(code ?? 1);
    });
  });
}

/**
 * Runs npm: the one that started this script where there is one, since `npm` is no program but a script on Windows.
 * @param {readonly string[]} args
 */
export function runNpm(args) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) return runProgram(process.execPath, [cli, ...args]);
  return runProgram('npm', args, { shell: process.platform === 'win32' });
}

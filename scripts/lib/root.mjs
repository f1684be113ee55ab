// Where the checkout is, and how its scripts speak: to standard error alone, so that standard output carries only answers.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the checkout. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** @param {...string} parts */
export const inRoot = (...parts) => join(root, ...parts);

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Trouble that a sentence explains: printed without a stack. */
export class Trouble extends Error {}

/**
 * Runs a script's main function; trouble becomes a sentence and exit code 1.
 * @param {() => Promise<number | void>} main
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    say(`\n${error.message}`);
    process.exitCode = 1;
  }
}

// Makes a command line's words ready for commander: negative values after a space, switches with a value, paths of the user's folder.

import { resolve } from 'node:path';

const LOOKS_LIKE_OPTION = /^--[a-zA-Z][\w-]*$/;
const NEGATIVE_VALUE = /^-(\d|\.\d)/;

/**
 * Joins `--window-ms -250,450` to `--window-ms=-250,450`, since a word that begins with a dash would be taken for an option,
 * and turns `--name=true` and `--name=false` of a switch into `--name` and `--no-name`.
 */
export function prepareArguments(words: readonly string[], switches: ReadonlySet<string>): string[] {
  const prepared: string[] = [];
  for (const word of words) {
    const last = prepared.at(-1);
    if (last !== undefined && LOOKS_LIKE_OPTION.test(last) && NEGATIVE_VALUE.test(word)) prepared[prepared.length - 1] = `${last}=${word}`;
    else prepared.push(word);
  }
  return prepared.map((word) => {
    const found = /^--([a-z][\w-]*)=(true|false)$/.exec(word);
    return found && switches.has(found[1]) ? (found[2] === 'true' ? `--${found[1]}` : `--no-${found[1]}`) : word;
  });
}

/** Takes `--json` out, wherever it stands: it must hold even for a line that cannot be understood. */
export function takeJson(words: readonly string[]): { readonly json: boolean; readonly words: readonly string[] } {
  const end = words.indexOf('--');
  const options = end < 0 ? words : words.slice(0, end);
  const rest = end < 0 ? [] : words.slice(end);
  return { json: options.includes('--json'), words: [...options.filter((word) => word !== '--json'), ...rest] };
}

/** The folder that the user stands in: npm starts scripts in the package's own and names the user's in INIT_CWD. */
export const userFolder = (environment: Readonly<Record<string, string | undefined>>, current: string): string =>
  environment.INIT_CWD ?? current;

export const resolvePath = (folder: string, path: string): string => resolve(folder, path);

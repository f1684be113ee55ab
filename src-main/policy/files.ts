// Which paths a page may come to have: pure rules on names and folders.

import { basename, extname, isAbsolute, relative, sep } from 'node:path';

/** True where `path` is `root` or lies below it; both resolved, links followed. */
export function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** A name from a page as the name of a file: no folders, no control characters, nothing that hides, no device of Windows. */
export function safeName(name: string): string {
  const last = basename(name.replaceAll('\\', '/'))
    .replace(/[\p{Cc}<>:"|?*]/gu, '_')
    .replace(/^\.+/, '')
    .replace(/[. ]+$/, '')
    .slice(0, 120);
  const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(last);
  return last === '' || device ? `file${extname(last)}` : last;
}

/** What an entry of a folder is to the user; undefined for what is not shown. `extensions` are those of the formats, with their dot. */
export function kindOf(name: string, isFolder: boolean, extensions: readonly string[]): 'folder' | 'recording' | 'project' | undefined {
  if (name.startsWith('.')) return undefined;
  if (isFolder) return name.endsWith('.orrery') ? 'project' : name === 'node_modules' ? undefined : 'folder';
  const lower = name.toLowerCase();
  return extensions.some((extension) => lower.endsWith(extension.toLowerCase())) ? 'recording' : undefined;
}

/** What the system's dialog for opening shows: files of every format, or all of them. */
export const openFilters = (formats: readonly { readonly extensions: readonly string[] }[]): { name: string; extensions: string[] }[] => [
  { name: 'Recordings and networks', extensions: [...new Set(formats.flatMap(({ extensions }) => extensions))] },
  { name: 'All files', extensions: ['*'] },
];

// Tables of units and of intervals, chosen by name where a file has several.

import { Failure } from '../../contract/failure.ts';
import type { Table } from '../../formats/format.ts';

const lastPart = (path: string): string => path.split('/').at(-1) ?? path;

/** The table of that path or name; unless told, the one called `usual`, or the only one. Throws a Failure that lists them. */
export function findTable<T extends Table>(tables: readonly T[], name: string | undefined, usual: string, option: string): T {
  const known = tables.map(({ path }) => path).join(', ');
  const wanted = name ?? usual;
  const found = tables.find(({ path }) => path === wanted) ?? tables.find(({ path }) => lastPart(path) === lastPart(wanted));
  if (found) return found;
  if (name !== undefined)
    throw new Failure(
      'unknown-table',
      `There is no table “${name}” in this recording.`,
      known ? `Known are: ${known}.` : 'It has none of this kind.',
    );
  const [only, another] = tables;
  if (only && !another) return only;
  throw new Failure(
    `no-${usual}`,
    `This recording has no table of ${usual}.`,
    known ? `Choose one with --${option}: ${known}.` : `It holds nothing that could serve as ${usual}.`,
  );
}

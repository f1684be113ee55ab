// JSON for the index that keeps every number: NaN, infinities and −0 survive, which plain JSON turns into null or 0.

import { Failure } from '../contract/failure.ts';

const keep = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))
    ? { $number: Object.is(value, -0) ? '-0' : String(value) }
    : value;

function restore(_key: string, value: unknown): unknown {
  if (typeof value === 'object' && value !== null && '$number' in value && typeof value.$number === 'string') return Number(value.$number);
  return value;
}

/** Plain data as text: objects, arrays, strings, booleans and any number. */
export const encode = (value: unknown): string => JSON.stringify(value, keep) ?? 'null';

/** What `encode` wrote. Throws a Failure where the text is not JSON; `where` names the column. */
export function decode<T>(text: string, where: string): T {
  try {
    return JSON.parse(text, restore) as T;
  } catch (cause) {
    throw new Failure(
      'project-damaged',
      `The project's index holds text in ${where} that cannot be read.`,
      'Restore index.sqlite from a copy of the project.',
      { cause },
    );
  }
}

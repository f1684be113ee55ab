// Names of nouns: a hash of the recipe that made them, the same whatever the order in which its keys were written.

import { createHash } from 'node:crypto';

/** JSON with sorted keys and without `undefined`. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined);
    return `{${entries
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** 16 hexadecimal digits of the SHA-256 of a recipe. */
export const hashOf = (recipe: unknown): string => createHash('sha256').update(canonical(recipe)).digest('hex').slice(0, 16);

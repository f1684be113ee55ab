// Looks an entry up in a registry, and says which there are where it is missing.

import { Failure } from '../contract/failure.ts';

export function find<Entry extends { readonly id: string }>(what: string, registry: readonly Entry[], id: string): Entry {
  const found = registry.find((entry) => entry.id === id);
  if (found) return found;
  throw new Failure('unknown-entry', `There is no ${what} called “${id}”.`, `Known are: ${registry.map((entry) => entry.id).join(', ')}.`);
}

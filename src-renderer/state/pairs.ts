// Picked currents, each a pair of regions: one, or several to be compared, the newest last.

import type { Selection } from './store.ts';

/** The region that it flows into, and the one it comes from. */
export type Pair = NonNullable<Selection['pair']>;

export const isSamePair = (a: Pair, b: Pair | undefined): boolean => b !== undefined && a[0] === b[0] && a[1] === b[1];

/** All that are picked. */
export const pairsOf = ({ pair, pairs }: Pick<Selection, 'pair' | 'pairs'>): readonly Pair[] => pairs ?? (pair ? [pair] : []);

/** What is picked once a pair is: in place of the others, or `beside` them, or no more where it was one of them. */
export function withPair(selection: Pick<Selection, 'pair' | 'pairs'>, pair: Pair, beside: boolean): Pick<Selection, 'pair' | 'pairs'> {
  const before = pairsOf(selection);
  const rest = before.filter((other) => !isSamePair(other, pair));
  const next = !beside ? [pair] : rest.length < before.length ? rest : [...before, pair];
  return { pair: next.at(-1), pairs: next.length > 1 ? next : undefined };
}

/** Whether what is clicked comes beside what is picked. */
export const isBeside = ({ shiftKey, ctrlKey, metaKey }: Pick<MouseEvent, 'shiftKey' | 'ctrlKey' | 'metaKey'>): boolean =>
  shiftKey || ctrlKey || metaKey;

/** 'M1 from PMd', as views take and name pairs. */
export const pairName = ([into, from]: Pair): string => `${into} from ${from}`;

// What encoders see of the counts: a tall matrix that is mostly zeros where they are spikes in short bins, so that its products go by what is not
// zero (kernels/sparse.ts). No bit of a result depends on which way they go.

import type { Kernels } from './kernels.ts';
import type { Arena } from './memory.ts';

/** Bins × rows of counts, `ldx` floats from row to row; `starts` has the addresses of their rows' entries, 0 where products go by all of x. */
export interface Seen {
  readonly x: number;
  readonly ldx: number;
  readonly starts: number;
  /** Room where entries are sorted by columns. */
  readonly sorted: number;
}

/** One in so many of x may differ from zero: with more, whole products take less time. */
const SPARSE = 4;

const mostOf = (rows: number, width: number): number => Math.floor((rows * width) / SPARSE);

/** A thread's room for the entries of so many rows. */
export function planEntries(arena: Arena, rows: number, width: number) {
  // The row that goes beyond the most is still written.
  const floats = 2 * (mostOf(rows, width) + width);
  return { starts: arena.floats(rows + 1), entries: arena.floats(floats), sorted: arena.floats(floats + 2) };
}

/** x (rows × width) by its entries, if they are few. */
export function see(k: Kernels, room: ReturnType<typeof planEntries>, rows: number, width: number, x: number, ldx: number): Seen {
  const listed = k.listEntries(rows, width, x, ldx, room.starts, room.entries, mostOf(rows, width));
  return { x, ldx, starts: listed < 0 ? 0 : room.starts, sorted: room.sorted };
}

/** The same from a later row on. */
export const from = (seen: Seen, row: number): Seen => ({
  ...seen,
  x: seen.x + 4 * row * seen.ldx,
  starts: seen.starts && seen.starts + 4 * row,
});

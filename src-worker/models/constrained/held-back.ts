// How strongly weights are held back is chosen by what they were not fitted to: one row in five, or the end of each where rows are few. From the
// strongest penalty on, until less of that is given.

import type { Activity } from './activity.ts';
import { type Piece, piecesOf } from './pieces.ts';

/** One row in so many is held back, or the last of so many parts of each where rows are fewer. */
const ROWS = 5;

/** 1 for steps from bin to bin that are held back; `steps` are those of each row, in order. */
export function heldBackSteps(steps: readonly number[]): Uint8Array {
  const out = new Uint8Array(steps.reduce((sum, own) => sum + own, 0));
  let at = 0;
  for (const [row, own] of steps.entries()) {
    if (steps.length < ROWS) out.fill(1, at + fittedOf(own), at + own);
    else if (isHeldBack(row)) out.fill(1, at, at + own);
    at += own;
  }
  return out;
}

const isHeldBack = (row: number): boolean => row % ROWS === ROWS - 1;
const fittedOf = (length: number): number => Math.floor((length * (ROWS - 1)) / ROWS);

/**
 * The same in activity: what is fitted, and what is held back to be run through from the first bin of each row. The end of a long row is cut into
 * pieces of `pieceBins`. Undefined where nothing can be held back.
 */
export function heldBackRows(
  activity: Activity,
  pieceBins: number,
): { readonly fitted: Activity; readonly heldBack: Activity } | undefined {
  const rows = Array.from(activity.lengths, (length, row): Piece => ({ row, begin: 0, length }));
  const few = rows.length < ROWS;
  const fitted = few ? rows.map((piece) => ({ ...piece, length: fittedOf(piece.length) })) : rows.filter(({ row }) => !isHeldBack(row));
  const heldBack = few
    ? rows.flatMap(({ row, length }) => endOf(row, fittedOf(length), length, pieceBins))
    : rows.filter(({ row }) => isHeldBack(row));
  if (fitted.every(tooShort) || heldBack.every(tooShort)) return undefined;
  const without = (pieces: readonly Piece[]): Activity =>
    piecesOf(
      activity,
      pieces.filter((piece) => !tooShort(piece)),
    );
  return { fitted: without(fitted), heldBack: without(heldBack) };
}

const tooShort = ({ length }: Piece): boolean => length < 2;

/** As even as they come, none longer than asked for by more than half. */
function endOf(row: number, from: number, to: number, pieceBins: number): readonly Piece[] {
  const count = Math.max(1, Math.round((to - from) / pieceBins));
  const at = (k: number): number => from + Math.floor(((to - from) * k) / count);
  return Array.from({ length: count }, (_, k) => ({ row, begin: at(k), length: at(k + 1) - at(k) }));
}

export interface Tried<T> {
  readonly candidate: number;
  /** Share of what is held back that is given; −Infinity where the fit broke down. */
  readonly share: number;
  readonly fit: T;
}

/**
 * Candidates one after the other, the strongest penalty first, until one gives less of what is held back than the best before it. The answer is
 * the strongest that loses no more than the share `slight` of what the best gives.
 */
export async function strongestEnough<T>(
  candidates: readonly number[],
  attempt: (candidate: number, place: number) => Promise<Omit<Tried<T>, 'candidate'>>,
  slight = 0,
): Promise<Tried<T>> {
  const tried: Tried<T>[] = [];
  let best = Number.NEGATIVE_INFINITY;
  for (const [place, candidate] of candidates.entries()) {
    const { share, fit } = await attempt(candidate, place);
    tried.push({ candidate, share: Number.isNaN(share) ? Number.NEGATIVE_INFINITY : share, fit });
    if (place > 0 && Number.isFinite(best) && !(share > best)) break;
    best = Math.max(best, tried[place].share);
  }
  const enough = Number.isFinite(best) ? best - slight * Math.abs(best) : best;
  return tried.find(({ share }) => share >= enough)!;
}

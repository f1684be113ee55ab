// Rows of activity, or parts of them, as rows of their own; and those that a seed draws (bootstrap, Efron 1979), so that seeds tell what depends on the
// trials that there were.

import { key, uniform } from '../../engine/random.ts';
import type { Activity } from './activity.ts';

/** A part of a row: bins from `begin` on. */
export interface Piece {
  readonly row: number;
  readonly begin: number;
  readonly length: number;
}

/** The pieces as rows of their own, with what belongs to them. */
export function piecesOf(activity: Activity, pieces: readonly Piece[]): Activity {
  const { bins: before, units, inputCount, averaged, conditions } = activity;
  const bins = pieces.reduce((most, { length }) => Math.max(most, length), 0);
  const cut = (from: Float64Array, width: number): Float64Array => {
    const out = new Float64Array(pieces.length * bins * width);
    for (const [k, { row, begin, length }] of pieces.entries())
      out.set(from.subarray((row * before + begin) * width, (row * before + begin + length) * width), k * bins * width);
    return out;
  };
  return {
    ...activity,
    rows: pieces.length,
    bins,
    values: cut(activity.values, units),
    inputs: cut(activity.inputs, inputCount),
    lengths: Int32Array.from(pieces, ({ length }) => length),
    averaged: Int32Array.from(pieces, ({ row }) => averaged[row]),
    conditions: Int32Array.from(pieces, ({ row }) => conditions[row]),
  };
}

export const resample = {
  kind: 'switch',
  label: 'Resample by seed',
  help: 'Seeds other than 0 are fitted to trials drawn with replacement, so that they tell what depends on the trials that there were',
  default: true,
  tier: 'occasional',
} as const;

export const RESAMPLED = 'Fitted to trials drawn with replacement, as every seed but 0 is: seeds show what depends on the trials.';

const STREAM = 139;
/** Pieces that are drawn, at least: rows that are fewer are cut. */
const PIECES = 20;

/** Rows (or pieces of rows, where rows are few) drawn with replacement, as often as there are. Neighbours share the bin at which they are cut. */
export function drawnPieces(lengths: ArrayLike<number>, seed: number): readonly Piece[] {
  const cuts = Math.ceil(PIECES / lengths.length);
  const pieces = Array.from(lengths).flatMap((length, row) => {
    const at = (c: number): number => Math.floor(((length - 1) * c) / cuts);
    return Array.from({ length: cuts }, (_, c): Piece => ({ row, begin: at(c), length: at(c + 1) - at(c) + 1 }));
  });
  const k = key(seed, STREAM);
  return pieces.map((_, i) => pieces[Math.floor(uniform(k, i) * pieces.length)]);
}

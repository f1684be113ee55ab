// Recordings without trials, chopped into segments of equal length, and outputs of segments merged again.
//
// Segments lie in blocks. Within a block neighbours share the overlap; between blocks nothing is shared, and a block goes to
// training or validation as a whole, so no spike is in both.

import { Failure } from '../../contract/failure.ts';
import type { Numbers } from '../../contract/result.ts';
import type { Dataset } from '../dataset.ts';

/** About this many blocks a recording is cut into, so that a fifth of them is a fair sample. */
const BLOCKS = 20;
const MOST_IN_A_BLOCK = 10;

export interface Chopped {
  /** Start of each segment in bins after `originUs`, of the piece it came from, and its block. */
  readonly startBin: Int32Array;
  readonly piece: Int32Array;
  readonly block: Int32Array;
  readonly originUs: number;
  /** Time at the ends of pieces that is too short for a segment, µs. */
  readonly unusedUs: number;
}

/** Chops pieces (start, stop … in µs) into segments of `segmentBins`, neighbours sharing `overlapBins`. */
export function chop(pieces: Float64Array, binUs: number, segmentBins: number, overlapBins: number): Chopped {
  if (overlapBins >= segmentBins)
    throw new Failure('bad-overlap', 'The overlap of segments is as long as a segment.', 'Choose --overlap-ms below --segment-ms.');
  const originUs = Math.ceil(pieces[0] ?? 0);
  const stride = segmentBins - overlapBins;
  let fits = 0;
  for (let p = 0; p < pieces.length; p += 2) fits += Math.max(0, Math.floor((pieces[p + 1] - pieces[p]) / binUs / stride));
  const inBlock = Math.max(1, Math.min(MOST_IN_A_BLOCK, Math.floor(fits / BLOCKS)));
  const [startBin, piece, block]: [number[], number[], number[]] = [[], [], []];
  let [blocks, unusedUs] = [0, 0];
  for (let p = 0; p < pieces.length; p += 2) {
    // Bins of all pieces lie on one grid, so that the merged whole has one time axis.
    const first = Math.ceil((pieces[p] - originUs) / binUs);
    const stop = Math.floor((pieces[p + 1] - originUs) / binUs);
    let at = first;
    for (let n = 0; at + segmentBins <= stop; n++) {
      startBin.push(at);
      piece.push(p / 2);
      block.push(blocks + Math.floor(n / inBlock));
      at += (n + 1) % inBlock === 0 ? segmentBins : stride;
    }
    if (block.length > 0) blocks = block[block.length - 1] + 1;
    const used = piece.at(-1) === p / 2 ? startBin[startBin.length - 1] + segmentBins : first;
    unusedUs += Math.max(0, stop - used) * binUs;
  }
  const [starts, pieceOf, blockOf] = [startBin, piece, block].map((list) => Int32Array.from(list));
  return { startBin: starts, piece: pieceOf, block: blockOf, originUs, unusedUs };
}

/**
 * Outputs of segments (segments × bins × dimensions) as one whole, bins × dimensions: where segments overlap, the earlier fades out
 * as the later fades in. Bins that no segment covers are NaN. `startSeconds` is the time of the first bin.
 */
export function mergeSegments(
  { segments, bins, binMs }: Pick<Dataset, 'segments' | 'bins' | 'binMs'>,
  values: Numbers,
  dimensions: number,
): { readonly values: Float64Array; readonly bins: number; readonly startSeconds: number } {
  if (!segments || segments.startBin.length === 0)
    throw new Failure(
      'no-segments',
      'These trials were not cut from one recording.',
      'Only segments of a chopped recording can be merged.',
    );
  const { startBin, overlapBins, startSeconds } = segments;
  const [first, last] = startBin.reduce(([low, high], at) => [Math.min(low, at), Math.max(high, at)], [Infinity, -Infinity]);
  const whole = last + bins - first;
  const sums = new Float64Array(whole * dimensions);
  const weights = new Float64Array(whole);
  for (let k = 0; k < startBin.length; k++)
    for (let t = 0; t < bins; t++) {
      const weight = overlapBins === 0 ? 1 : Math.min(1, (t + 0.5) / overlapBins, (bins - t - 0.5) / overlapBins);
      const to = startBin[k] - first + t;
      weights[to] += weight;
      for (let d = 0; d < dimensions; d++) sums[to * dimensions + d] += weight * values[(k * bins + t) * dimensions + d];
    }
  for (let t = 0; t < whole; t++) for (let d = 0; d < dimensions; d++) sums[t * dimensions + d] /= weights[t] || Number.NaN;
  const earliest = startBin.indexOf(first);
  return { values: sums, bins: whole, startSeconds: startSeconds[earliest] - ((startBin[earliest] - first) * binMs) / 1000 };
}

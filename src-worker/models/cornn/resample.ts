// Trials drawn anew for each seed (bootstrap, Efron 1979): a convex fit ends where it ends whatever it begins from, so that seeds can only tell what
// depends on the trials that there were.

import { key, uniform } from '../../engine/random.ts';
import type { Problem } from './solver.ts';

const STREAM = 139;
/** Pieces that are drawn, at least: rows that are fewer are cut. */
const PIECES = 20;

/** Samples of rows (or pieces of rows, where rows are few) drawn with replacement; `steps` are those of each row, in order. */
export function drawnSamples(steps: readonly number[], seed: number): Int32Array {
  const cuts = Math.ceil(PIECES / steps.length);
  const pieces: (readonly [number, number])[] = [];
  let begin = 0;
  for (const own of steps) {
    for (let c = 0; c < cuts; c++) pieces.push([begin + Math.floor((own * c) / cuts), begin + Math.floor((own * (c + 1)) / cuts)]);
    begin += own;
  }
  const k = key(seed, STREAM);
  const drawn: number[] = [];
  for (let i = 0; i < pieces.length; i++) {
    const [from, to] = pieces[Math.floor(uniform(k, i) * pieces.length)];
    for (let sample = from; sample < to; sample++) drawn.push(sample);
  }
  return Int32Array.from(drawn);
}

/** The regressions with these samples alone. */
export function withSamples({ x, d, inputs, units }: Problem, samples: Int32Array): Problem {
  const rows = (from: Float64Array, width: number): Float64Array => {
    const out = new Float64Array(samples.length * width);
    for (const [k, sample] of samples.entries()) out.set(from.subarray(sample * width, (sample + 1) * width), k * width);
    return out;
  };
  return { x: rows(x, inputs), d: rows(d, units), inputs, units };
}

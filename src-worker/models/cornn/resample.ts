// Samples of CORNN's regressions: those of rows that a seed draws. A convex fit ends where it ends whatever it begins from, so that seeds can only tell
// what depends on the trials that there were.

import { drawnPieces } from '../constrained/pieces.ts';
import type { Problem } from './solver.ts';

/** Steps of rows (or pieces of rows, where rows are few) drawn with replacement; `steps` are those of each row, in order. */
export function drawnSamples(steps: readonly number[], seed: number): Int32Array {
  const begins = steps.map(() => 0);
  for (let row = 1; row < steps.length; row++) begins[row] = begins[row - 1] + steps[row - 1];
  const lengths = steps.map((own) => own + 1);
  return Int32Array.from(
    drawnPieces(lengths, seed).flatMap(({ row, begin, length }) => Array.from({ length: length - 1 }, (_, t) => begins[row] + begin + t)),
  );
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

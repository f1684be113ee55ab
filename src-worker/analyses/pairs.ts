// The largest ratio over pairs of states: how far apart two states' companions y are for how near the states x themselves.
//
//   Q(t) = max over t' of |y(t) − y(t')|² / (|x(t) − x(t')|² + ε)
//
// With velocities for y this is tangling (Russo et al. 2018), with states a while later divergence (Russo et al. 2020).

import type { Job } from '../contract/job.ts';
import type { States } from '../contract/result.ts';
import { squaredDistance } from '../numerics/statistics.ts';
import { finiteBins } from './states.ts';

/** Pairs of states between two looks at the abort signal: about 20 ms of work. */
const PAIRS_A_BLOCK = 2 ** 20;

/**
 * Largest ratio of every state against every other, rows × bins. `y` has the shape of the states x, `epsilon` their unit squared. A state whose
 * x or y is NaN has no pair, and is NaN.
 */
export async function largestRatios(
  { values: x, dimensions }: States,
  y: Float64Array,
  epsilon: number,
  job: Job,
  from = 0,
  to = 1,
): Promise<Float64Array> {
  const count = x.length / dimensions;
  const known = finiteBins(x, dimensions);
  const finite = finiteBins(y, dimensions).map((is, i) => is & known[i]);
  const q = Float64Array.from(finite, (is) => (is ? 0 : Number.NaN));
  const rowsABlock = Math.max(1, Math.floor(PAIRS_A_BLOCK / count));
  for (let i = 0; i < count; i++) {
    if (i % rowsABlock === 0) {
      await job.progress(from + (to - from) * (i / count) ** 2);
      job.signal.throwIfAborted();
    }
    if (!finite[i]) continue;
    let highest = q[i];
    for (let j = 0; j < i; j++) {
      if (!finite[j]) continue;
      const apart = squaredDistance(y, i, j, dimensions);
      // The denominator is at least ε, so a pair this close in y raises neither of its states.
      if (apart <= epsilon * highest && apart <= epsilon * q[j]) continue;
      const pair = apart / (squaredDistance(x, i, j, dimensions) + epsilon);
      // The ratio is symmetric, so each pair serves both of its states. 0 / 0 is no pair.
      if (pair > highest) highest = pair;
      if (pair > q[j]) q[j] = pair;
    }
    q[i] = highest;
  }
  return q;
}

// The largest ratio over pairs of states: how far apart two states' companions y are for how near the states x themselves.
//
//   Q(t) = max over t' of |y(t) − y(t')|² / (|x(t) − x(t')|² + ε)
//
// With velocities for y this is tangling (Russo et al. 2018), with states a while later divergence (Russo et al. 2020).

import type { Job } from '../contract/job.ts';
import type { States } from '../contract/result.ts';
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
    highestBefore(q, i, x, y, finite, dimensions, epsilon);
  }
  return q;
}

/** Raises q of state i and of those before it by their pairs. Distances are written out: this is all of the work. */
function highestBefore(
  q: Float64Array,
  i: number,
  x: Float64Array,
  y: Float64Array,
  finite: Uint8Array,
  dimensions: number,
  epsilon: number,
): void {
  const own = i * dimensions;
  let highest = q[i];
  for (let j = 0, other = 0; j < i; j++, other += dimensions) {
    if (finite[j] === 0) continue;
    let apart = 0;
    for (let d = 0; d < dimensions; d++) {
      const by = y[own + d] - y[other + d];
      apart += by * by;
    }
    // The denominator is at least ε, so a pair this close in y raises neither of its states.
    if (apart <= epsilon * highest && apart <= epsilon * q[j]) continue;
    let near = 0;
    for (let d = 0; d < dimensions; d++) {
      const by = x[own + d] - x[other + d];
      near += by * by;
    }
    const pair = apart / (near + epsilon);
    // The ratio is symmetric, so each pair serves both of its states. 0 / 0 is no pair.
    if (pair > highest) highest = pair;
    if (pair > q[j]) q[j] = pair;
  }
  q[i] = highest;
}

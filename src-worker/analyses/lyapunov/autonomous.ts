// The spectrum at a held input. A long run is cut into pieces that threads share out: the orbit is run on alone, which is quick, and every piece moves
// vectors of its own along its part of it (pieces.ts). What is averaged is the same orbit, so that batches and running means are those of one run.

import type { Job } from '../../contract/job.ts';
import type { Flow } from '../../models/model.ts';
import { drawsOf } from '../draws/draws.ts';
import { courseOf } from './course.ts';
import { BLOCKS, blockOf, type Exponents, exponentsOf, type Part, untilKnown, type Wanted } from './exponents.ts';

/** Pieces of a run, whatever the number of threads, so that the bits are the same. */
const PIECES = 4;
/** Below this many multiplications a run stays whole. */
const LEAST_WORK = 1e9;
const STEPS_A_LOOK = 64;

/** A held input, and the step of an equation. */
export interface HeldFlow {
  readonly u: Float64Array;
  readonly stepMs: number;
}

/** As exponentsOf at a held input, in threads where it is long. */
export async function heldExponents(
  flow: Flow,
  { u, stepMs }: HeldFlow,
  x: Float64Array,
  wanted: Wanted & { visit(x: Float64Array): void; progress(done: number): Promise<void> },
  job: Job,
  leastWork = LEAST_WORK,
): Promise<Exponents> {
  const course = courseOf(flow, () => u, stepMs);
  const { count, settle, steps } = wanted;
  const work = steps * flow.states * count * (flow.states + count);
  const { plain } = flow;
  if (!plain || work < leastWork) return exponentsOf(course, x, wanted, job);
  const block = blockOf(steps);
  const blocks = BLOCKS / PIECES;
  const length = blocks * block;
  let from = x;
  return untilKnown(wanted, course.stepMs, async () => {
    // Vectors settle over the last steps that were counted before.
    const starts: Float64Array[] = [];
    let state = from;
    for (let step = 0; step < settle + PIECES * length; step++) {
      if (step % STEPS_A_LOOK === 0) {
        await wanted.progress(0);
        job.signal.throwIfAborted();
      }
      if (step % length === 0 && starts.length < PIECES) starts.push(state);
      state = course.advance(state, step);
      if (step + 1 === PIECES * length) from = state;
      if (step >= settle) wanted.visit(state);
    }
    const data = { flow: plain, u, stepMs, starts, count, settle, blocks, block };
    const found = await drawsOf('pieces of an orbit', data, { count: PIECES, work: work / PIECES }, { ...job, progress: wanted.progress });
    return { ...joined(found, blocks, count), end: state };
  });
}

function joined(pieces: readonly Float64Array[], blocks: number, count: number): Part {
  const sums = pieces.flatMap((piece) => Array.from({ length: blocks }, (_, b) => piece.slice(b * count, (b + 1) * count)));
  return { sums, first: pieces.flatMap((piece) => Array.from(piece.subarray(blocks * count))) };
}

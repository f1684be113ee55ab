// A piece of a long run at a held input: vectors of its own are moved along its part of the orbit, settled over the steps before.

import { flowFrom, type PlainFlow } from '../../models/flows.ts';
import type { Draws } from '../draws/kinds.ts';
import { courseOf } from './course.ts';
import { Run } from './exponents.ts';

export interface OrbitPieces {
  readonly flow: PlainFlow;
  readonly u: Float64Array;
  /** Of an equation. */
  readonly stepMs: number;
  /** Where each piece begins to settle. */
  readonly starts: readonly Float64Array[];
  readonly count: number;
  readonly settle: number;
  readonly blocks: number;
  readonly block: number;
}

/** Sums of each block, blocks × exponents, and what the first vector gains in each step. */
export function orbitPieces({ flow: plain, u, stepMs, starts, count, settle, blocks, block }: OrbitPieces): Draws {
  const course = courseOf(flowFrom(plain), () => u, stepMs);
  return async (piece, job) => {
    const look = async (done: number) => {
      await job.progress(done);
      job.signal.throwIfAborted();
    };
    const run = new Run(course, starts[piece], count);
    await run.settle(settle, look);
    const { sums, first } = await run.blocks(blocks, block, look);
    const out = new Float64Array(blocks * (count + block));
    for (const [b, sum] of sums.entries()) out.set(sum, b * count);
    out.set(first, blocks * count);
    return out;
  };
}

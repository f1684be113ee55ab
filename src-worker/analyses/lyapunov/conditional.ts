// The spectrum under inputs that change, over several sequences of them, which threads share out.

import type { Job } from '../../contract/job.ts';
import type { Flow } from '../../models/model.ts';
import { drawsHere, drawsOf } from '../draws/draws.ts';
import { type Asked, type Driving, sequencesOf } from './driven.ts';

export interface Conditional {
  /** Mean over input sequences, 1/s. */
  readonly values: Float64Array;
  /** Standard error of that mean. */
  readonly errors: Float64Array;
  /** sequences × exponents. */
  readonly each: Float64Array;
  readonly sequences: number;
}

/** The spectrum under so many sequences of inputs, in threads where the flow can be made again there. Undefined where no inputs are known. */
export async function conditionalSpectrum(
  flow: Flow,
  driving: Driving,
  from: Float64Array,
  asked: Asked,
  sequences: number,
  job: Job,
): Promise<Conditional | undefined> {
  const work = asked.steps * flow.states * asked.count * (flow.states + asked.count);
  const each = flow.plain
    ? await drawsOf('driven sequences', { flow: flow.plain, driving, from, asked }, { count: sequences, work }, job)
    : await drawsHere(sequencesOf(flow, driving, from, asked), sequences, job);
  return each.every((values) => values.length > 0) ? together(each) : undefined;
}

/** Mean and standard error over sequences. */
function together(each: readonly Float64Array[]): Conditional {
  const [count, sequences] = [each[0].length, each.length];
  const column = (k: number) => each.map((values) => values[k]);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value / values.length, 0);
  const values = Float64Array.from({ length: count }, (_, k) => mean(column(k)));
  const errors = values.map((middle, k) =>
    sequences > 1 ? Math.sqrt(mean(column(k).map((value) => (value - middle) ** 2)) / (sequences - 1)) : Number.NaN,
  );
  const all = new Float64Array(sequences * count);
  for (const [k, own] of each.entries()) all.set(own, k * count);
  return { values, errors, each: all, sequences };
}

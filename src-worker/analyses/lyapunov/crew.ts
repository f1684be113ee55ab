// Sequences of inputs shared out among threads, where the flow can be made again there. Each sequence depends on nothing but its number, so any number
// of threads gives the same bits.

import type { Job } from '../../contract/job.ts';
import type { Flow } from '../../models/model.ts';
import type { PlainFlow } from '../../models/flows.ts';
import { answersOf } from '../crew.ts';
import { type Asked, type Conditional, type Driving, sequenceExponents, together } from './driven.ts';

/** Below this many steps × states² × exponents threads take longer to begin than to work. */
const LEAST_WORK = 1e8;
const MOST_MB = 64;

export interface SequenceThreadData {
  readonly flow: PlainFlow;
  readonly driving: Driving;
  readonly from: Float64Array;
  readonly asked: Asked;
  readonly sequences: number;
  /** In this order: the next sequence, whether to stop, thousandths of sequences that are done. */
  readonly shared: Int32Array;
}

export const NEXT = 0;
export const STOP = 1;
export const DONE = 2;
export const WHOLE = 1000;

export type SequenceEnd = readonly (readonly [sequence: number, values: Float64Array | undefined])[];

/** Undefined where no inputs are known. */
export async function conditionalSpectrum(
  flow: Flow,
  driving: Driving,
  from: Float64Array,
  asked: Asked,
  sequences: number,
  job: Job,
  report: (done: number) => Promise<void>,
): Promise<Conditional | undefined> {
  const threads = Math.min(job.threads, sequences);
  const isWorth = sequences * asked.steps * flow.states ** 2 * asked.count > LEAST_WORK;
  const { plain } = flow;
  const found =
    plain && threads > 1 && isWorth
      ? await inThreads({ flow: plain, driving, from, asked, sequences }, threads, job, report)
      : await here(flow, driving, from, asked, sequences, job, report);
  const known = found.filter((values) => values !== undefined);
  return known.length === sequences ? together(known) : undefined;
}

async function here(
  flow: Flow,
  driving: Driving,
  from: Float64Array,
  asked: Asked,
  sequences: number,
  job: Job,
  report: (done: number) => Promise<void>,
): Promise<(Float64Array | undefined)[]> {
  const found: (Float64Array | undefined)[] = [];
  for (let sequence = 0; sequence < sequences; sequence++) {
    const own = { ...job, progress: (done: number) => report((sequence + done) / sequences) };
    found.push(await sequenceExponents(flow, driving, from, asked, sequence, own));
  }
  return found;
}

async function inThreads(
  data: Omit<SequenceThreadData, 'shared'>,
  count: number,
  job: Job,
  report: (done: number) => Promise<void>,
): Promise<(Float64Array | undefined)[]> {
  const shared = new Int32Array(new SharedArrayBuffer(12));
  const workerData: SequenceThreadData = { ...data, shared };
  const crew = { source: 'analyses/lyapunov/thread.ts', entry: 'lyapunov-thread', name: 'spectrum', youngMb: MOST_MB, stop: STOP };
  const answers = await answersOf<SequenceEnd>({ ...crew, threads: count }, workerData, async () => {
    job.signal.throwIfAborted();
    await report(Math.min(1, Atomics.load(shared, DONE) / (WHOLE * data.sequences)));
  });
  const found: (Float64Array | undefined)[] = Array.from({ length: data.sequences }, () => undefined);
  for (const [sequence, values] of answers.flat()) found[sequence] = values;
  return found;
}

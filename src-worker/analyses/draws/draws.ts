// Numbered draws of a control, a bootstrap or a run, shared out among threads. A draw depends on nothing but its number, so that any number of threads
// gives the same bits.

import type { Job } from '../../contract/job.ts';
import { answersOf } from '../crew.ts';
import { type DataOf, type Draws, type Kind, kinds } from './kinds.ts';

/** Below this many multiplications threads take longer to begin than to work. */
const LEAST_WORK = 2e8;
const YOUNG_MB = 64;

/** In the shared counters: the next draw, whether to stop, thousandths of draws that are done. */
export const NEXT = 0;
export const STOP = 1;
export const DONE = 2;
export const WHOLE = 1000;

export interface DrawThreadData {
  readonly kind: Kind;
  readonly data: unknown;
  readonly count: number;
  readonly shared: Int32Array;
}

export type DrawEnd = readonly (readonly [draw: number, numbers: Float64Array])[];

interface Asked {
  readonly count: number;
  /** Multiplications of one draw, roughly. */
  readonly work: number;
}

/** The draws 0 … count − 1 of a kind. `job.progress` goes from 0 to 1. */
export async function drawsOf<K extends Kind>(
  kind: K,
  data: DataOf<K>,
  { count, work }: Asked,
  job: Job,
): Promise<readonly Float64Array[]> {
  const threads = Math.min(job.threads, count);
  if (threads > 1 && count * work > LEAST_WORK) return inThreads({ kind, data, count }, threads, job);
  return drawsHere((kinds[kind] as (data: DataOf<K>) => Draws)(data), count, job);
}

/** The same, one after the other. */
export async function drawsHere(draw: Draws, count: number, job: Job): Promise<readonly Float64Array[]> {
  const found: Float64Array[] = [];
  for (let index = 0; index < count; index++) {
    await job.progress(index / count);
    job.signal.throwIfAborted();
    found.push(await draw(index, { ...job, progress: (done) => job.progress((index + done) / count) }));
  }
  return found;
}

async function inThreads(data: Omit<DrawThreadData, 'shared'>, threads: number, job: Job): Promise<readonly Float64Array[]> {
  const shared = new Int32Array(new SharedArrayBuffer(12));
  const workerData: DrawThreadData = { ...data, shared };
  const crew = { source: 'analyses/draws/thread.ts', entry: 'draws-thread', name: 'draws', youngMb: YOUNG_MB, stop: STOP };
  const answers = await answersOf<DrawEnd>({ ...crew, threads }, workerData, async () => {
    job.signal.throwIfAborted();
    await job.progress(Math.min(1, Atomics.load(shared, DONE) / (WHOLE * data.count)));
  });
  const found: Float64Array[] = [];
  for (const [draw, numbers] of answers.flat()) found[draw] = numbers;
  return found;
}

// Descents shared out among threads. Each start's end depends on nothing but the start, so any number of threads gives the same bits.

import type { Job } from '../../contract/job.ts';
import { squaresModule } from '../../engine/squares.ts';
import { answersOf } from '../crew.ts';
import type { Field } from './field.ts';
import type { Ending } from './point.ts';
import { NEXT, type SearchThreadData, STOP, type ThreadEnd } from './shares.ts';

/** Below this many starts × states³ threads take longer to begin than to work. */
const LEAST_WORK = 2e7;
/** Room for the many short vectors of a descent, so that they are rarely swept. */
const YOUNG_MB = 128;

export const isWorthThreads = (field: Field, starts: number, threads: number): boolean =>
  threads > 1 && starts * field.states ** 3 > LEAST_WORK;

export async function descendInThreads(
  { flow, u, usualSpeed }: Pick<SearchThreadData, 'flow' | 'u' | 'usualSpeed'>,
  starts: readonly Float64Array[],
  job: Job,
): Promise<(Ending | undefined)[]> {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const workerData: SearchThreadData = { flow, u, starts, usualSpeed, kernels: squaresModule(), shared };
  const crew = { source: 'analyses/fixed-points/thread.ts', entry: 'search-thread', name: 'search', youngMb: YOUNG_MB, stop: STOP };
  const answers = await answersOf<readonly ThreadEnd[]>({ ...crew, threads: Math.min(job.threads, starts.length) }, workerData, () =>
    job.progress(Math.min(1, Atomics.load(shared, NEXT) / starts.length), 'Searching'),
  );
  const found: (Ending | undefined)[] = starts.map(() => undefined);
  for (const { start, ending } of answers.flat()) found[start] = ending;
  return found;
}

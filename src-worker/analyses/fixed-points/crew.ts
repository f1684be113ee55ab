// Descents shared out among threads. Each start's end depends on nothing but the start, so any number of threads gives the same bits.

import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { threadEntry } from '../../assets.ts';
import type { Job } from '../../contract/job.ts';
import { squaresModule } from '../../engine/squares.ts';
import type { Field } from './field.ts';
import type { Ending } from './point.ts';
import { NEXT, type SearchThreadData, STOP, type ThreadEnd } from './shares.ts';

/** Below this many starts × states³ threads take longer to begin than to work. */
const LEAST_WORK = 2e7;
const LOOK_EVERY_MS = 50;
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
  const threads = Array.from(
    { length: Math.min(job.threads, starts.length) },
    () =>
      new Worker(threadEntry('analyses/fixed-points/thread.ts', 'search-thread'), {
        workerData,
        name: 'fixed points',
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
      }),
  );
  const all = Promise.all(threads.map(answerOf));
  let going = true;
  const done = () => {
    going = false;
  };
  // Whoever waits for it hears of its failure; this only ends the watch.
  all.then(done, done);
  try {
    while (going) {
      await job.progress(Math.min(1, Atomics.load(shared, NEXT) / starts.length), 'Searching');
      await Promise.race([all, sleep(LOOK_EVERY_MS)]);
    }
    const found: (Ending | undefined)[] = starts.map(() => undefined);
    for (const { start, ending } of (await all).flat()) found[start] = ending;
    return found;
  } finally {
    Atomics.store(shared, STOP, 1);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

const answerOf = (thread: Worker): Promise<readonly ThreadEnd[]> =>
  new Promise((resolve, reject) => {
    thread.on('message', resolve);
    thread.on('error', reject);
    thread.on('exit', () => reject(new Error('A thread of the search ended without an answer.')));
  });

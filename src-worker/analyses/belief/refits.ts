// The network fitted again to other activity, several tasks side by side where there are threads. A task's end depends on nothing but itself, so
// any number of threads gives the same bits.

import { Worker } from 'node:worker_threads';
import { threadEntry } from '../../assets.ts';
import { Failure } from '../../contract/failure.ts';
import type { Job } from '../../contract/job.ts';
import { doublesModule } from '../../models/constrained/doubles.ts';
import type { Resolved } from '../../models/constrained/resolved.ts';
import type { Checkpoint } from '../../models/model.ts';
import type { Refit, Tested } from '../../models/tested.ts';
import { watched } from '../../watched.ts';
import { type Refitted, type RefitThreadData, STOP } from './refit-shares.ts';

const DOING = 'Fitting again, to other activity';
/** Below this many multiplications a thread takes longer to begin than to work. */
const LEAST_WORK = 2e10;
const LOOK_EVERY_MS = 100;

/** One network a task, in order; threads from `leastWork` multiplications on. `job.progress` goes from 0 to 1. */
export async function refitAll(
  model: Tested,
  resolved: Resolved,
  tasks: readonly Refit[],
  job: Job,
  leastWork = LEAST_WORK,
): Promise<readonly Checkpoint[]> {
  const work = tasks.reduce((sum, task) => sum + task.work, 0);
  if (model.oneThread && Math.min(job.threads, tasks.length) > 1 && work > leastWork)
    return inThreads({ model: model.id, resolved, tasks }, job);
  const networks: Checkpoint[] = [];
  for (const task of tasks)
    networks.push(
      await model.refit(task, resolved, {
        ...job,
        seed: task.seed,
        progress: (done) => job.progress((networks.length + Math.min(1, done)) / tasks.length, DOING),
      }),
    );
  return networks;
}

async function inThreads(plain: Pick<RefitThreadData, 'model' | 'resolved' | 'tasks'>, job: Job): Promise<readonly Checkpoint[]> {
  const { tasks } = plain;
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const done = new Float64Array(new SharedArrayBuffer(8 * tasks.length));
  const workerData: RefitThreadData = { ...plain, kernels: doublesModule(), shared, done };
  const threads = Array.from(
    { length: Math.min(job.threads, tasks.length) },
    () => new Worker(threadEntry('analyses/belief/refit-thread.ts', 'refit-thread'), { workerData, name: 'fitting again' }),
  );
  const networks: Checkpoint[] = [];
  const all = Promise.all(
    threads.map(
      (thread) =>
        new Promise<void>((resolve, reject) => {
          thread.on('message', (refitted: Refitted) => {
            if ('network' in refitted) networks[refitted.task] = refitted.network;
            else reject(new Failure(refitted.failure.code, refitted.failure.sentence, refitted.failure.hint));
          });
          thread.on('error', reject);
          thread.on('exit', () => resolve());
        }),
    ),
  );
  const look = () => job.progress(done.reduce((sum, share) => sum + Math.min(1, share), 0) / tasks.length, DOING);
  try {
    await watched(all, look, LOOK_EVERY_MS);
    return networks;
  } finally {
    Atomics.store(shared, STOP, 1);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

// Fits of several ranks side by side, a thread each: small networks leave threads that share one fit waiting for each other. A fit's end depends on
// nothing but itself, so that any number of threads gives the same bits.

import { Worker } from 'node:worker_threads';
import { threadEntry } from '../../assets.ts';
import { Failure } from '../../contract/failure.ts';
import type { Job } from '../../contract/job.ts';
import type { MetricPoint } from '../../contract/run.ts';
import type { Dataset } from '../../dataset/index.ts';
import { watched } from '../../watched.ts';
import type { RateValues } from './setup.ts';
import type { Trained } from './train.ts';

export interface RankTask {
  readonly dataset: Dataset;
  /** 0 for full weights. */
  readonly rank: number;
  readonly seed: number;
}

/** What a thread is given; then it is sent one task after another. */
export interface RankThreadData {
  readonly values: RateValues;
  readonly threads: number;
  /** Set once all are to stop. */
  readonly stop: Int32Array;
  /** Share of each task that is done. */
  readonly done: Float64Array;
}

export interface RankAsked {
  readonly task: RankTask;
  readonly place: number;
}

export interface RankFitted {
  readonly trained: Trained;
  readonly points: readonly MetricPoint[];
}

/** What a thread says. */
export type RankSaid = RankFitted | { readonly failure: Pick<Failure, 'code' | 'sentence' | 'hint'> };

const LOOK_EVERY_MS = 100;

/** Calls `ended` for each task as it ends. `job.progress` is given the sum of the shares that are done. */
export async function fitSideBySide(
  values: RateValues,
  tasks: readonly RankTask[],
  job: Pick<Job, 'threads' | 'progress' | 'signal'>,
  ended: (place: number, fitted: RankFitted) => Promise<void>,
): Promise<void> {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const done = new Float64Array(new SharedArrayBuffer(8 * tasks.length));
  const together = Math.min(job.threads, tasks.length);
  const threads = Math.max(1, Math.floor(job.threads / together));
  const workerData: RankThreadData = { values, threads, stop, done };
  const workers = Array.from(
    { length: together },
    () => new Worker(threadEntry('models/rate-rnn/rank-thread.ts', 'rank-thread'), { workerData, name: 'rank' }),
  );
  let next = 0;
  const queue = async (worker: Worker): Promise<void> => {
    while (next < tasks.length) {
      const place = next++;
      // Spike times are read by a function, which no thread can be sent; a fit needs counts alone.
      const { spikesMs: _times, ...dataset } = tasks[place].dataset;
      const said = await answerTo({ task: { ...tasks[place], dataset }, place }, worker);
      if ('failure' in said) throw new Failure(said.failure.code, said.failure.sentence, said.failure.hint);
      await ended(place, said);
    }
  };
  const all = Promise.all(workers.map(queue));
  const look = async (): Promise<void> => {
    await job.progress(done.reduce((sum, share) => sum + share, 0));
    job.signal.throwIfAborted();
  };
  try {
    await watched(all, look, LOOK_EVERY_MS);
  } finally {
    Atomics.store(stop, 0, 1);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

const answerTo = (asked: RankAsked, worker: Worker): Promise<RankSaid> =>
  new Promise((resolve, reject) => {
    worker.removeAllListeners();
    worker.on('message', resolve);
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('A thread that fitted a rank ended without an answer.')));
    worker.postMessage(asked);
  });

// Entry of the threads that fit one network after another while a rank is searched for.

import { parentPort, workerData } from 'node:worker_threads';
import { asFailure } from '../../contract/rpc.ts';
import type { MetricPoint } from '../../contract/run.ts';
import type { RankAsked, RankSaid, RankThreadData } from './rank-crew.ts';
import { trainRank } from './train.ts';

const { values, threads, stop, done } = workerData as RankThreadData;
const abort = new AbortController();

async function said({ task, place }: RankAsked): Promise<RankSaid> {
  const points: MetricPoint[] = [];
  try {
    const trained = await trainRank(task.dataset, values, task.rank, {
      signal: abort.signal,
      seed: task.seed,
      threads,
      device: 'auto',
      async progress(share) {
        done[place] = Math.min(1, share);
        if (Atomics.load(stop, 0) === 1) abort.abort();
        abort.signal.throwIfAborted();
      },
      metric: (point) => points.push(point),
      save: async () => {},
    });
    return { trained, points };
  } catch (error) {
    const { code, sentence, hint } = asFailure(error);
    return { failure: { code, sentence, hint } };
  }
}

parentPort!.on('message', async (asked: RankAsked) => parentPort!.postMessage(await said(asked)));

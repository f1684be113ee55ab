// Entry of the threads that fit a network again to other activity: each takes the next task that none has taken.

import { parentPort, workerData } from 'node:worker_threads';
import { asFailure } from '../../contract/rpc.ts';
import { useDoublesModule } from '../../models/constrained/doubles.ts';
import { models } from '../../models/index.ts';
import type { Model } from '../../models/model.ts';
import { NEXT, type RefitThreadData, type Refitted, STOP } from './refit-shares.ts';

const { model, resolved, tasks, kernels, shared, done } = workerData as RefitThreadData;
useDoublesModule(kernels);
const tested = (models as readonly Model[]).find(({ id }) => id === model)?.tested;
if (!tested) throw new Error(`There is no network to fit again in ${model}.`);
const abort = new AbortController();
const say = (refitted: Refitted): void => parentPort?.postMessage(refitted);
try {
  for (;;) {
    const task = Atomics.add(shared, NEXT, 1);
    if (task >= tasks.length) break;

    const network = await tested.refit(tasks[task], resolved, {
      signal: abort.signal,
      seed: tasks[task].seed,
      threads: 1,
      async progress(share) {
        done[task] = share;
        if (Atomics.load(shared, STOP) === 1) abort.abort();
        abort.signal.throwIfAborted();
      },
    });
    done[task] = 1;
    say({ task, network });
  }
} catch (error) {
  const { code, sentence, hint } = asFailure(error);
  say({ failure: { code, sentence, hint } });
}

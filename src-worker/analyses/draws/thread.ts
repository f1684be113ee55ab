// Entry of the threads that make draws: each takes the next that none has taken, until there are no more or they are stopped.

import { parentPort, workerData } from 'node:worker_threads';
import { DONE, type DrawEnd, type DrawThreadData, NEXT, STOP, WHOLE } from './draws.ts';
import { type Draws, kinds } from './kinds.ts';

const { kind, data, count, shared } = workerData as DrawThreadData;
const draw = (kinds[kind] as (data: unknown) => Draws)(data);
const stop = new AbortController();
const ends: DrawEnd[number][] = [];
for (;;) {
  const index = Atomics.add(shared, NEXT, 1);
  if (index >= count || Atomics.load(shared, STOP) === 1) break;
  let told = 0;
  const progress = async (done: number): Promise<void> => {
    const now = Math.round(WHOLE * done);
    Atomics.add(shared, DONE, now - told);
    told = now;
    if (Atomics.load(shared, STOP) === 1) stop.abort();
  };
  ends.push([index, await draw(index, { signal: stop.signal, progress, seed: 0, threads: 1 })]);
  await progress(1);
}
parentPort?.postMessage(ends);

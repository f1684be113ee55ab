// Entry of the threads that make draws: each takes the next that none has taken, until there are no more or they are stopped.

import { parentPort, workerData } from 'node:worker_threads';
import { type DrawEnd, type DrawThreadData, NEXT, STOP } from './draws.ts';
import { type Draws, kinds } from './kinds.ts';

const { kind, data, count, shared } = workerData as DrawThreadData;
const draw = (kinds[kind] as (data: unknown) => Draws)(data);
const ends: DrawEnd[number][] = [];
for (;;) {
  const index = Atomics.add(shared, NEXT, 1);
  if (index >= count || Atomics.load(shared, STOP) === 1) break;
  ends.push([index, draw(index)]);
}
parentPort?.postMessage(ends);

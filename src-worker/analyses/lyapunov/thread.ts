// Entry of the threads of a conditional spectrum: each takes the next sequence of inputs that none has taken.

import { parentPort, workerData } from 'node:worker_threads';
import { flowFrom } from '../../models/flows.ts';
import { DONE, NEXT, type SequenceThreadData, STOP, WHOLE } from './crew.ts';
import { sequenceExponents } from './driven.ts';

const { flow: plain, driving, from, asked, sequences, shared } = workerData as SequenceThreadData;
const flow = flowFrom(plain);
const ends: [number, Float64Array | undefined][] = [];
const stop = new AbortController();
for (;;) {
  const sequence = Atomics.add(shared, NEXT, 1);
  if (sequence >= sequences || Atomics.load(shared, STOP) === 1) break;
  let told = 0;
  const progress = async (done: number): Promise<void> => {
    const now = Math.round(WHOLE * done);
    Atomics.add(shared, DONE, now - told);
    told = now;
    if (Atomics.load(shared, STOP) === 1) stop.abort();
  };
  const job = { signal: stop.signal, progress, seed: 0, threads: 1 };
  ends.push([sequence, await sequenceExponents(flow, driving, from, asked, sequence, job)]);
  await progress(1);
}
parentPort?.postMessage(ends);

// Entry of the threads of a search: each takes the next start that none has taken, until there are no more or the search is stopped.

import { parentPort, workerData } from 'node:worker_threads';
import { flowFrom } from '../../models/flows.ts';
import { descend, workspaceFor } from './descent.ts';
import { fieldOf } from './field.ts';
import { endingOf } from './point.ts';
import { NEXT, type SearchThreadData, STOP, type ThreadEnd } from './shares.ts';

const { flow, u, starts, usualSpeed, kernels, shared } = workerData as SearchThreadData;
const field = fieldOf(flowFrom(flow), u);
const workspace = workspaceFor(field, kernels);
const ends: ThreadEnd[] = [];
for (;;) {
  const start = Atomics.add(shared, NEXT, 1);
  if (start >= starts.length || Atomics.load(shared, STOP) === 1) break;
  const end = descend(field, starts[start], workspace);
  ends.push({ start, ...(end ? { ending: endingOf(field, end, usualSpeed) } : {}) });
}
parentPort?.postMessage(ends);

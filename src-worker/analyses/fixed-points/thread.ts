// Entry of the threads of a search: each takes the next start that none has taken, until there are no more or the search is stopped.

import { parentPort, workerData } from 'node:worker_threads';
import { flowFrom } from '../../models/flows.ts';
import { descend, workspaceFor } from './descent.ts';
import { fieldOf } from './field.ts';
import { NEXT, type SearchThreadData, STOP, type ThreadEnd } from './shares.ts';

const { flow, u, starts, shared } = workerData as SearchThreadData;
const field = fieldOf(flowFrom(flow), u);
const workspace = workspaceFor(field);
const ends: ThreadEnd[] = [];
for (;;) {
  const start = Atomics.add(shared, NEXT, 1);
  if (start >= starts.length || Atomics.load(shared, STOP) === 1) break;
  const end = descend(field, starts[start], workspace);
  ends.push({ start, steps: end?.steps ?? 0, ...(end ? { x: end.x } : {}) });
}
parentPort?.postMessage(ends);

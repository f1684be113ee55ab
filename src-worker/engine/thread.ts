// Entry of a compute thread. The first of a job leads: it answers requests by messages, one at a time, and shares the work out; the
// others help. All see the job's one memory and work out the same plan of it.

import { parentPort, workerData } from 'node:worker_threads';
import { help } from './crew.ts';
import { loadKernels } from './kernels.ts';
import { programFor } from './programs.ts';
import type { Reply, ThreadData } from './threads.ts';

const { memory, module, build, program, threads, lane } = workerData as ThreadData;
const port = parentPort!;
const say = (reply: Reply): void => port.postMessage(reply);
const buffer = memory.buffer as unknown as SharedArrayBuffer;
const { lead, work } = programFor(program, { kernels: loadKernels(module, memory), buffer, threads, build });

if (lane === 0) {
  const answer = lead();
  port.on('message', (request: unknown) => {
    try {
      say({ kind: 'done', result: answer(request) });
    } catch (cause) {
      say({ kind: 'failed', cause });
    }
  });
  say({ kind: 'ready' });
} else {
  say({ kind: 'ready' });
  help(
    buffer,
    (shard, numbers) => work(lane, shard, numbers),
    (cause) => say({ kind: 'failed', cause }),
  );
}

// Entry of a compute thread. The first of a job leads: it answers requests by messages, one at a time, and shares the work out; the
// others help. All see the job's one memory and work out the same plan of it.

import { parentPort, workerData } from 'node:worker_threads';
import type { LfadsConstants } from '../models/lfads/stepper.ts';
import { help } from './crew.ts';
import { type KernelBuild, loadKernels } from './kernels.ts';
import { LfadsLead, readPass, type StepResult, type Update } from './lfads/lead.ts';
import { planLfads } from './lfads/plan.ts';
import { type Pass, runShard } from './lfads/shard.ts';

export interface ThreadData {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  readonly build: KernelBuild;
  readonly constants: LfadsConstants;
  readonly threads: number;
  /** Which lane of the plan is this thread's; 0 leads. */
  readonly lane: number;
}

/** `update` is absent where only outputs are wanted. */
export interface Request {
  readonly pass: Pass;
  readonly update?: Update;
}

export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly result?: StepResult }
  | { readonly kind: 'failed'; readonly cause: unknown };

const { memory, module, build, constants, threads, lane: index } = workerData as ThreadData;
const port = parentPort!;
const say = (reply: Reply): void => port.postMessage(reply);
const buffer = memory.buffer as unknown as SharedArrayBuffer;
const kernels = loadKernels(module, memory);
const plan = planLfads(constants, threads, build);

if (index === 0) {
  const lead = new LfadsLead(kernels, plan, buffer);
  port.on('message', ({ pass, update }: Request) => {
    try {
      if (update) say({ kind: 'done', result: lead.step(pass, update) });
      else {
        lead.run(pass);
        say({ kind: 'done' });
      }
    } catch (cause) {
      say({ kind: 'failed', cause });
    }
  });
  say({ kind: 'ready' });
} else {
  say({ kind: 'ready' });
  const lane = plan.lanes[index]!;
  help(
    buffer,
    (shard, numbers) => runShard(kernels, buffer, plan, lane, shard, readPass(numbers)),
    (cause) => say({ kind: 'failed', cause }),
  );
}

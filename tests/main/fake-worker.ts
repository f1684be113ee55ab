// A worker with a few methods of the contract, over the real carrier: what the host's tests start.

import { processChannel } from '../../src-worker/contract/channels.ts';
import { Failure } from '../../src-worker/contract/failure.ts';
import { serve } from '../../src-worker/contract/rpc.ts';
import type { RunRef } from '../../src-worker/contract/api.ts';
import type { RunRecord } from '../../src-worker/contract/run.ts';
import type { Catalogue } from '../../src-worker/contract/catalogue.ts';

const format = { id: 'nwb', title: 'NWB', version: 1, about: '', params: {}, extensions: ['.nwb'] };
const catalogue: Catalogue = { formats: [format], models: [], analyses: [], views: [], exporters: [], dataset: {} };

const events = serve(processChannel(process), {
  catalogue: async () => catalogue,
  devices: async () => [
    { id: String(process.pid), name: process.version, available: true, reason: '' },
    {
      id: 'memory',
      name: '',
      available: true,
      reason: `${process.env.MALLOC_ARENA_MAX} arenas, from ${process.env.MALLOC_MMAP_THRESHOLD_} bytes`,
    },
  ],
  inspect: async (_ref: unknown, job: string) => {
    events.progress(job, 0.5, 'reading');
    throw new Failure('no-file', 'There is no file a.nwb.', 'Check the name.');
  },
  cancel: async () => process.kill(process.pid, 'SIGKILL'),
  startFit: async ({ project }: { project: string }) =>
    events.run(project, { id: 'r1', state: 'running' } as RunRecord, [], { step: 3, steps: 9 }),
  resumeFit: async ({ project, run }: RunRef) => events.run(project, { id: run, state: 'running' } as RunRecord, [], { step: 4, steps: 9 }),
  waitForRun: () => new Promise(() => {}),
} as never);

process.on('disconnect', () => process.exit(0));

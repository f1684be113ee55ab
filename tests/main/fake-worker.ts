// A worker with three methods of the contract, over the real carrier: what the host's tests start.

import { processChannel } from '../../src-worker/contract/channels.ts';
import { Failure } from '../../src-worker/contract/failure.ts';
import { serve } from '../../src-worker/contract/rpc.ts';
import type { Catalogue } from '../../src-worker/contract/catalogue.ts';

const format = { id: 'nwb', title: 'NWB', version: 1, about: '', params: {}, extensions: ['.nwb'] };
const catalogue: Catalogue = { formats: [format], models: [], analyses: [], views: [], exporters: [], dataset: {} };

const events = serve(processChannel(process), {
  catalogue: async () => catalogue,
  devices: async () => [{ id: String(process.pid), name: process.version, available: true, reason: '' }],
  inspect: async (_ref: unknown, job: string) => {
    events.progress(job, 0.5, 'reading');
    throw new Failure('no-file', 'There is no file a.nwb.', 'Check the name.');
  },
  cancel: async () => process.kill(process.pid, 'SIGKILL'),
  waitForRun: () => new Promise(() => {}),
} as never);

process.on('disconnect', () => process.exit(0));

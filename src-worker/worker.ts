// Entry of the worker process: the contract behind its parent's channel. It ends when the parent hangs up.

import { processChannel } from './contract/channels.ts';
import { serve } from './contract/rpc.ts';
import { type Service, startService } from './service/service.ts';

// Ctrl-C in a terminal reaches every process of the group: the parent stops the fits, then hangs up.
process.on('SIGINT', () => {});

const channel = processChannel(process);
const service: Service = startService({
  progress: (...told) => events.progress(...told),
  run: (...told) => events.run(...told),
});
const events = serve(channel, service);
channel.onClose(() => {
  service.close().finally(() => process.exit());
});

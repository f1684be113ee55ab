// Entry of `orrery …`: the real terminal, the real worker, Ctrl-C.

import { startWorker } from '../host.ts';
import { userFolder } from './arguments.ts';
import { CANCELLED } from './exit.ts';
import { orrery } from './orrery.ts';
import type { Connection } from './session.ts';
import type { Terminal } from './terminal.ts';

const terminal: Terminal = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  interactive: process.stderr.isTTY === true,
  folder: userFolder(process.env, process.cwd()),
};

async function connect(): Promise<Connection> {
  const worker = await startWorker();
  return { api: worker.api, listen: (events) => worker.on(events), close: () => worker.close() };
}

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.on(name, () => {
    // The first asks for an orderly end, the second does not wait for it.
    if (interrupt.signal.aborted) process.exit(CANCELLED);
    terminal.err('Stopping…');
    interrupt.abort();
  });

process.exitCode = await orrery(process.argv.slice(2), terminal, connect, interrupt.signal);

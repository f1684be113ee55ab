// The real terminal, the real worker and Ctrl-C, for the entries that are started from a shell.

import { startWorker } from '../host.ts';
import { userFolder } from './arguments.ts';
import { CANCELLED } from './exit.ts';
import type { Connection } from './session.ts';
import type { Terminal } from './terminal.ts';

export const processTerminal = (): Terminal => ({
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  interactive: process.stderr.isTTY === true,
  folder: userFolder(process.env, process.cwd()),
});

export async function connectWorker(): Promise<Connection> {
  const worker = await startWorker();
  return { api: worker.api, listen: (events) => worker.on(events), close: () => worker.close() };
}

/** Aborted by the first Ctrl-C, which asks for an orderly end; the second does not wait for it. */
export function interruptSignal(terminal: Terminal): AbortSignal {
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => {
      if (interrupt.signal.aborted) process.exit(CANCELLED);
      terminal.err('Stopping…');
      interrupt.abort();
    });
  return interrupt.signal;
}

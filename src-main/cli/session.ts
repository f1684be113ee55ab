// What a command works with: the worker, the terminal, and the user's wish to stop.

import type { Events, WorkerApi } from '../../src-worker/contract/api.ts';
import { startProgress, type Terminal } from './terminal.ts';

/** The worker as the command line sees it; `listen` answers with a function that ends it. */
export interface Connection {
  readonly api: WorkerApi;
  listen(events: Partial<Events>): () => void;
  close(): Promise<void>;
}

/** What a command hands back: one object for machines, text for people. */
export interface Answer {
  readonly json: object;
  readonly text: string;
}

export interface Session extends Omit<Connection, 'close'> {
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

let jobs = 0;

/** Makes a long call with a progress bar; Ctrl-C cancels it. */
export async function withJob<T>({ api, listen, terminal, signal }: Session, title: string, call: (job: string) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const job = `cli ${process.pid} ${++jobs}`;
  const bar = startProgress(terminal, title);
  const stop = listen({
    progress: (of, done, doing) => {
      if (of === job) bar.show(done, doing);
    },
  });
  // What comes of it shows in how the call ends.
  const cancel = () => void api.cancel(job).catch(() => {});
  signal.addEventListener('abort', cancel);
  try {
    const answer = await call(job);
    return answer;
  } catch (error) {
    // Whatever the worker says of a call that was cancelled, the user knows why it ended.
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
    stop();
    bar.end();
  }
}

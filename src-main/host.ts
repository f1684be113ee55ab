// Starts the worker as a child process and watches it: a crash is noticed, the worker started anew, and everybody told.

import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Events, WorkerApi } from '../src-worker/contract/api.ts';
import { processChannel } from '../src-worker/contract/channels.ts';
import { Failure } from '../src-worker/contract/failure.ts';
import { type Connection, connect } from '../src-worker/contract/rpc.ts';
import { nodeForWorker, workerEntry } from './locate.ts';

export interface WorkerOptions {
  /** The worker's file; another one in tests. */
  readonly entry?: string;
  /** Flags for the worker's V8. */
  readonly execArgv?: readonly string[];
}

export interface WorkerListener extends Events {
  /** The worker stopped unasked; `started` follows, unless it cannot live. */
  crashed(reason: string): void;
  started(): void;
}

export interface WorkerHandle {
  /** The contract. The same object before and after a crash; calls under way at the crash fail with `worker-crashed`. */
  readonly api: WorkerApi;
  /** Adds a listener; gives the function that takes it away. */
  on(listener: Partial<WorkerListener>): () => void;
  /** Lets running fits write their checkpoint, then ends the process. */
  close(): Promise<void>;
  /** Process id of the worker, for diagnosis and tests. */
  pid(): number | undefined;
}

const CLOSE_WITHIN_MS = 10_000;
/** More crashes than this within the span mean that it will not live. */
const MOST_CRASHES = 5;
const CRASH_SPAN_MS = 60_000;

/**
 * Arrays come and go with every fit and picture, in threads that come and go too. Left to itself the C library's allocator keeps a heap
 * for each thread and raises its threshold for what goes back to the system; so fits would leave the process larger than they found it.
 * Other systems pass over these names.
 */
const givesBack = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_TRIM_THRESHOLD_: '131072' };

const crashedFailure = (): Failure =>
  new Failure(
    'worker-crashed',
    'The program that does the work stopped unexpectedly.',
    'It is started again; repeat what you did. A fit goes on from its last checkpoint.',
  );

/** Starts the worker on the locked Node. Throws a Failure `no-node` or `worker-missing` where it cannot be. */
export async function startWorker(options: WorkerOptions = {}): Promise<WorkerHandle> {
  const node = nodeForWorker();
  if (node === undefined)
    throw new Failure(
      'no-node',
      `Orrery needs Node 24 for its work, and this is ${process.version}.`,
      'Install Node 24, or run npm install without --omit=optional.',
    );
  const watched = new Watched(node, options);
  await watched.start();
  return watched;
}

class Watched implements WorkerHandle {
  readonly api: WorkerApi;
  readonly #node: string;
  readonly #options: WorkerOptions;
  readonly #listeners = new Set<Partial<WorkerListener>>();
  #child: ChildProcess | undefined;
  #connection: Connection<WorkerApi> | undefined;
  #closing = false;
  #crashes: number[] = [];

  constructor(node: string, options: WorkerOptions) {
    this.#node = node;
    this.#options = options;
    this.api = new Proxy({} as WorkerApi, {
      get: (_, name) =>
        typeof name === 'string' && name !== 'then'
          ? (...args: readonly unknown[]) => {
              if (!this.#connection) return Promise.reject(crashedFailure());
              return (this.#connection as unknown as Record<string, (...args: readonly unknown[]) => unknown>)[name]!(...args);
            }
          : undefined,
    });
  }

  /** Resolves when the process runs. */
  start(): Promise<void> {
    const child = fork(this.#options.entry ?? workerEntry, [], {
      execPath: this.#node,
      execArgv: [...(this.#options.execArgv ?? [])],
      serialization: 'advanced',
      env: { ...process.env, ...givesBack },
      // What the worker prints is for diagnosis: it must never mix with an answer on standard output.
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    this.#child = child;
    const spawned = new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) =>
        reject(
          new Failure('worker-missing', `The worker could not be started: ${cause.message}.`, 'Run npm run build and try again.', {
            cause,
          }),
        ),
      );
    });
    this.#connection = connect<WorkerApi, Events>(
      processChannel(child),
      {
        progress: (...args) => this.#each((listener) => listener.progress?.(...args)),
        run: (...args) => this.#each((listener) => listener.run?.(...args)),
      },
      crashedFailure,
    );
    child.once('exit', (code, signal) => this.#exited(child, signal ?? `exit code ${code}`));
    return spawned;
  }

  on(listener: Partial<WorkerListener>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  pid(): number | undefined {
    return this.#child?.pid;
  }

  async close(): Promise<void> {
    this.#closing = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.#connection?.hangUp();
    const late = new AbortController();
    const killed = sleep(CLOSE_WITHIN_MS, undefined, { signal: late.signal }).then(
      () => void child.kill('SIGKILL'),
      () => {},
    );
    await exited;
    late.abort();
    await killed;
  }

  #each(tell: (listener: Partial<WorkerListener>) => void): void {
    for (const listener of [...this.#listeners]) tell(listener);
  }

  #exited(child: ChildProcess, reason: string): void {
    if (this.#closing || child !== this.#child) return;
    this.#connection = undefined;
    this.#each((listener) => listener.crashed?.(reason));
    const now = performance.now();
    this.#crashes = [...this.#crashes.filter((at) => now - at < CRASH_SPAN_MS), now];
    if (this.#crashes.length > MOST_CRASHES) return;
    this.start().then(
      () => this.#each((listener) => listener.started?.()),
      // A worker that cannot even be started has told so by `crashed`.
      () => {},
    );
  }
}

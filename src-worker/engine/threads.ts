// The caller's side of a job's compute threads: it starts them, and sends one request at a time to the one that leads.

import { Worker } from 'node:worker_threads';
import { threadEntry } from '../assets.ts';
import { Failure } from '../contract/failure.ts';
import type { KernelBuild } from './kernels.ts';
import type { ProgramOf } from './programs.ts';

/** What a thread is started with. */
export interface ThreadData {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  readonly build: KernelBuild;
  readonly program: ProgramOf;
  readonly threads: number;
  /** Which lane of the plan is this thread's; 0 leads. */
  readonly lane: number;
}

export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly result?: unknown }
  | { readonly kind: 'failed'; readonly cause: unknown };

export class Threads<Request, Answer> {
  readonly #workers: readonly Worker[];
  #pending: PromiseWithResolvers<Answer> | undefined;
  #trouble: unknown;

  private constructor(workers: readonly Worker[]) {
    this.#workers = workers;
  }

  static async start<Request, Answer>(shared: Omit<ThreadData, 'lane'>, count: number): Promise<Threads<Request, Answer>> {
    const entry = threadEntry('engine/thread.ts', 'engine-thread');
    const workers = Array.from({ length: count }, (_, lane) => new Worker(entry, { workerData: { ...shared, lane } satisfies ThreadData }));
    const threads = new Threads<Request, Answer>(workers);
    await Promise.all(
      workers.map((worker) => {
        const ready = Promise.withResolvers<void>();
        worker.on('error', (cause) => {
          threads.#fail(cause);
          ready.reject(cause);
        });
        worker.on('message', (reply: Reply) => {
          if (reply.kind === 'ready') ready.resolve();
          else if (reply.kind === 'done') threads.#settle((pending) => pending.resolve(reply.result as Answer));
          else threads.#fail(reply.cause);
        });
        return ready.promise;
      }),
    );
    return threads;
  }

  request(request: Request): Promise<Answer> {
    if (this.#trouble !== undefined) return Promise.reject(this.#trouble);
    if (this.#pending) throw new Error('A step is under way.');
    this.#pending = Promise.withResolvers();
    this.#workers[0].postMessage(request);
    return this.#pending.promise;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #settle(how: (pending: PromiseWithResolvers<Answer>) => void): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) how(pending);
  }

  /** After a crash nothing in memory can be trusted. */
  #fail(cause: unknown): void {
    this.#trouble ??= new Failure('engine-stopped', 'A compute thread stopped.', 'Resume the fit from its last checkpoint.', { cause });
    this.#settle((pending) => pending.reject(this.#trouble));
  }
}

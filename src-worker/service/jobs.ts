// Jobs of a thread: each has a name by which it is cancelled, and tells of its progress at most ten times a second.

import { setImmediate } from 'node:timers/promises';
import { Failure } from '../contract/failure.ts';
import type { Job } from '../contract/job.ts';

const REPORT_EVERY_MS = 100;

export const cancelled = (): Failure => new Failure('cancelled', 'Stopped as asked.', 'What was finished before is kept.');

export class Jobs {
  readonly #running = new Map<string, AbortController>();
  readonly #report: (job: string, done: number, doing: string) => void;
  readonly #threads: number;

  constructor(report: (job: string, done: number, doing: string) => void, threads: number) {
    this.#report = report;
    this.#threads = threads;
  }

  /** Runs `work` under a name; a second call of the same name cancels the first. */
  async run<T>(name: string, work: (job: Job) => Promise<T>): Promise<T> {
    this.cancel(name);
    const controller = new AbortController();
    this.#running.set(name, controller);
    try {
      return await work(this.#job(name, controller.signal));
    } finally {
      if (this.#running.get(name) === controller) this.#running.delete(name);
    }
  }

  cancel(name: string): void {
    this.#running.get(name)?.abort(cancelled());
  }

  #job(name: string, signal: AbortSignal): Job {
    let told = -Infinity;
    return {
      signal,
      seed: 0,
      threads: this.#threads,
      progress: async (done, doing = '') => {
        const now = performance.now();
        if (now - told > REPORT_EVERY_MS || done >= 1) {
          told = now;
          this.#report(name, done, doing);
        }
        await setImmediate();
        signal.throwIfAborted();
      },
    };
  }
}

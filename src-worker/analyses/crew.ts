// Threads that share out the parts of an analysis. Parts depend on nothing but their number, so that any number of threads gives the same bits.

import { Worker } from 'node:worker_threads';
import { threadEntry } from '../assets.ts';
import { watched } from '../watched.ts';

const LOOK_EVERY_MS = 50;

export interface Crew {
  /** What the threads run: its source, and its name in the built program. */
  readonly source: string;
  readonly entry: string;
  readonly name: string;
  /** Room for short-lived objects, so that they are rarely swept. */
  readonly youngMb: number;
  readonly threads: number;
  /** The place in `shared` that a thread looks at to stop. */
  readonly stop: number;
}

/**
 * One answer a thread. `look` is called some times a second meanwhile; what it throws, such as that the job was stopped, ends the threads.
 * Throws too where a thread fails, or ends without an answer.
 */
export async function answersOf<Answer>(
  { source, entry, name, youngMb, threads: count, stop }: Crew,
  workerData: { readonly shared: Int32Array },
  look: () => Promise<void>,
): Promise<readonly Answer[]> {
  const options = { workerData, name, resourceLimits: { maxYoungGenerationSizeMb: youngMb } };
  const threads = Array.from({ length: count }, () => new Worker(threadEntry(source, entry), options));
  const all = Promise.all(threads.map((thread) => answerOf<Answer>(thread, name)));
  try {
    return await watched(all, look, LOOK_EVERY_MS);
  } finally {
    Atomics.store(workerData.shared, stop, 1);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

const answerOf = <Answer>(thread: Worker, name: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    thread.on('message', resolve);
    thread.on('error', reject);
    thread.on('exit', () => reject(new Error(`A thread of the ${name} ended without an answer.`)));
  });

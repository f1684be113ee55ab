// Fits that a crash of the worker interrupts go on from their last checkpoint as soon as it runs again.

import type { RunRef } from '../src-worker/contract/api.ts';
import type { WorkerHandle } from './host.ts';

/** One crash may have been chance; a fit that is under way at more of them may be their cause. */
const MOST_CRASHES = 3;

/** Watches the worker's fits for as long as the worker lives. */
export function keepFitsGoing(worker: WorkerHandle): void {
  const going = new Map<string, RunRef>();
  const crashes = new Map<string, number>();
  worker.on({
    run: (project, { id, state }) => {
      const key = `${project}\n${id}`;
      if (state === 'running' || state === 'queued') going.set(key, { project, run: id });
      else going.delete(key);
    },
    started: () => {
      for (const [key, ref] of [...going]) {
        going.delete(key);
        const count = (crashes.get(key) ?? 0) + 1;
        crashes.set(key, count);
        // What cannot go on says so in its record, which pages ask for anew.
        if (count <= MOST_CRASHES) worker.api.resumeFit(ref, {}).catch(() => {});
      }
    },
  });
}

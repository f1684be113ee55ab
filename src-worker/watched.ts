// Waits for what other threads are at, and looks in some times a second meanwhile: to tell how far they are, and whether they are still wanted.

import { setTimeout as sleep } from 'node:timers/promises';

/** What `work` gives, or throws. `look` is awaited every so often until then; what it throws, such as that the job was stopped, is thrown. */
export async function watched<T>(work: Promise<T>, look: () => Promise<void>, everyMs: number): Promise<T> {
  let going = true;
  const ended = () => {
    going = false;
  };
  // Whoever waits for it hears of its failure; this only ends the watch.
  work.then(ended, ended);
  while (going) {
    await look();
    await Promise.race([work, sleep(everyMs)]);
  }
  return work;
}

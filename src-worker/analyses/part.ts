// A part of a job: what tells of its own progress from 0 to 1 takes this share of the whole.

import type { Job } from '../contract/job.ts';

/** From `from` to `to`; its own word on what is done stands, else `doing`. */
export const partOf = (job: Job, from: number, to: number, doing?: string): Job => ({
  ...job,
  progress: (done, own) => job.progress(from + (to - from) * done, own ?? doing),
});

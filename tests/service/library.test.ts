import { expect, test } from 'vitest';
import { resource } from '../../src-worker/assets.ts';
import type { Job } from '../../src-worker/contract/job.ts';
import { cancelled } from '../../src-worker/service/jobs.ts';
import { Library } from '../../src-worker/service/library.ts';

const data = { align: 'move_onset_time', windowMs: [-200, 200], binMs: 40, trials: ['success=true'] } as const;

function jobOf(controller: AbortController, onProgress: () => void = () => {}): Job {
  const { signal } = controller;
  return {
    signal,
    seed: 0,
    threads: 1,
    progress: async () => {
      onProgress();
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    },
  };
}

test('who waits for a dataset that another stopped gets it all the same; the other does not', async () => {
  const library = new Library();
  const [first, second] = [new AbortController(), new AbortController()];
  const path = resource('sample.nwb');
  await library.recording(path, jobOf(second));
  const stopped = library.dataset(
    path,
    data,
    jobOf(first, () => first.abort(cancelled())),
  );
  const kept = library.dataset(path, data, jobOf(second));
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  expect((await kept).trials).toBe(256);
});

test('how long a dataset took to make is told from the file on', async () => {
  const library = new Library();
  const dataset = await library.dataset(resource('sample.nwb'), data, jobOf(new AbortController()));
  expect(library.secondsOf(dataset)).toBeGreaterThan(0);
  const other = await library.dataset(resource('sample.nwb'), { ...data, binMs: 20 }, jobOf(new AbortController()));
  expect(library.secondsOf(other)).toBeGreaterThan(0);
});

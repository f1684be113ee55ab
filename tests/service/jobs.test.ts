import { expect, test } from 'vitest';
import { Failure } from '../../src-worker/contract/failure.ts';
import { Jobs } from '../../src-worker/service/jobs.ts';

test('a job that is cancelled stops at its next report with a Failure', async () => {
  const jobs = new Jobs(() => {}, 1);
  let rounds = 0;
  const work = jobs.run('a', async (job) => {
    for (;;) {
      rounds++;
      if (rounds === 3) jobs.cancel('a');
      await job.progress(0);
    }
  });
  await expect(work).rejects.toThrow(Failure);
  expect(rounds).toBe(3);
});

test('a second call of the same name cancels the first', async () => {
  const jobs = new Jobs(() => {}, 1);
  const first = jobs.run('scene', async (job) => {
    for (;;) await job.progress(0);
  });
  const second = jobs.run('scene', async () => 'newest');
  await expect(first).rejects.toThrow(/Stopped/);
  expect(await second).toBe('newest');
});

test('progress is told at the start and at the end, however often it is reported between', async () => {
  const told: number[] = [];
  const jobs = new Jobs((_, done) => told.push(done), 1);
  await jobs.run('a', async (job) => {
    for (let i = 0; i <= 1000; i++) await job.progress(i / 1000);
  });
  expect(told[0]).toBe(0);
  expect(told.at(-1)).toBe(1);
  expect(told.length).toBeLessThan(500);
});

// The worker as a child process: calls, events, Failures, and what happens when it dies.

import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { keepFitsGoing } from '../../src-main/going-fits.ts';
import { startWorker, type WorkerHandle } from '../../src-main/host.ts';

const entry = join(import.meta.dirname, 'fake-worker.ts');
let worker: WorkerHandle | undefined;
afterEach(async () => {
  await worker?.close();
  worker = undefined;
});

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('a child process on Node 24 or newer answers the contract', async () => {
  worker = await startWorker({ entry });
  expect(await worker.api.catalogue()).toMatchObject({ models: [] });
  const [device] = await worker.api.devices();
  expect(Number(device!.name.slice(1).split('.')[0])).toBeGreaterThanOrEqual(24);
  expect(Number(device!.id)).not.toBe(process.pid);
});

test('what the worker frees goes back to the system, whatever the threads that had it', async () => {
  worker = await startWorker({ entry });
  const devices = await worker.api.devices();
  expect(devices[1]!.reason).toMatch(/^[12] arenas, from \d{5} bytes$/);
});

test('progress is heard and a Failure keeps its code, sentence and hint', async () => {
  worker = await startWorker({ entry });
  const heard: unknown[] = [];
  const off = worker.on({ progress: (...args) => heard.push(args) });
  await expect(worker.api.inspect({ path: 'a.nwb' }, 'job-1')).rejects.toMatchObject({
    name: 'Failure',
    code: 'no-file',
    sentence: 'There is no file a.nwb.',
    hint: 'Check the name.',
  });
  expect(heard).toEqual([['job-1', 0.5, 'reading']]);
  off();
  await worker.api.inspect({ path: 'a.nwb' }, 'job-2').catch(() => {});
  expect(heard).toHaveLength(1);
});

test('a crash fails the calls under way, and the same handle answers again from a new process', async () => {
  worker = await startWorker({ entry });
  const before = worker.pid();
  const heard: string[] = [];
  const restarted = new Promise<void>((resolve) => {
    worker!.on({ crashed: (reason) => heard.push(reason), started: () => resolve() });
  });
  const waiting = worker.api.waitForRun({ project: 'p', run: 'r' });
  const crash = worker.api.cancel('any');
  await expect(waiting).rejects.toMatchObject({ code: 'worker-crashed' });
  await expect(crash).rejects.toMatchObject({ code: 'worker-crashed' });
  await restarted;
  expect(heard).toEqual(['SIGKILL']);
  expect(worker.pid()).not.toBe(before);
  expect(await worker.api.catalogue()).toMatchObject({ models: [] });
});

test('a fit that a crash interrupts is resumed by the new process', async () => {
  worker = await startWorker({ entry });
  keepFitsGoing(worker);
  const steps: number[] = [];
  const resumed = new Promise<void>((resolve) => {
    worker!.on({
      run: (project, { id }, _, { step }) => {
        expect([project, id]).toEqual(['p', 'r1']);
        steps.push(step);
        if (step === 4) resolve();
      },
    });
  });
  await worker.api.startFit({ project: 'p' } as never);
  await expect(worker.api.cancel('any')).rejects.toMatchObject({ code: 'worker-crashed' });
  await resumed;
  expect(steps).toEqual([3, 4]);
});

test('closing ends the process', async () => {
  worker = await startWorker({ entry });
  const pid = worker.pid()!;
  await worker.api.catalogue();
  await worker.close();
  expect(alive(pid)).toBe(false);
});

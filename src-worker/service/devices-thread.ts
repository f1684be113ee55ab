// Trying the devices takes seconds, more where a processor plays the graphics card: a thread of its own, so that the desk answers meanwhile.

import { Worker } from 'node:worker_threads';
import { threadEntry } from '../assets.ts';
import type { DeviceInfo } from '../contract/api.ts';
import type { ThreadData } from './job-thread.ts';

let underWay: Promise<readonly DeviceInfo[]> | undefined;

/** Every device with a measured step; who asks while others wait gets the same answer. */
export function listDevices(): Promise<readonly DeviceInfo[]> {
  underWay ??= tried().finally(() => {
    underWay = undefined;
  });
  return underWay;
}

async function tried(): Promise<readonly DeviceInfo[]> {
  const thread = new Worker(threadEntry('service/job-thread.ts', 'job-thread'), { workerData: { kind: 'devices' } satisfies ThreadData });
  try {
    return await new Promise<readonly DeviceInfo[]>((resolve, reject) => {
      thread.once('message', resolve);
      thread.once('error', reject);
      thread.once('exit', (code) => reject(new Error(`The thread that tried the devices ended with ${code}`)));
    });
  } finally {
    await thread.terminate();
  }
}

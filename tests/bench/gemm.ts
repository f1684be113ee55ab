// Rate of the GEMM micro-kernel: the roofline that a step is held against.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { GemmTask } from './gemm-thread.ts';

/** GFLOP/s of all threads together. */
export async function gemmGflops(threads: number, milliseconds = 700): Promise<number> {
  const gate = new SharedArrayBuffer(4);
  const entry = new URL('./gemm-thread.ts', import.meta.url);
  const workers = Array.from({ length: threads }, () => new Worker(entry, { workerData: { gate, milliseconds } satisfies GemmTask }));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const rates = workers.map(async (worker) => (await once(worker, 'message'))[0] as number);
  Atomics.store(new Int32Array(gate), 0, 1);
  Atomics.notify(new Int32Array(gate), 0);
  const total = (await Promise.all(rates)).reduce((sum, rate) => sum + rate, 0);
  await Promise.all(workers.map((worker) => worker.terminate()));
  return total;
}

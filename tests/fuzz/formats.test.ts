import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

const MUTANTS = 250;
const WATCHDOG_MS = 10_000;

test('a damaged recording opens or is refused with a Failure, in bounded time, and leaves the reader fit for the next file', async () => {
  const worker = new Worker(new URL('./open-mutants.ts', import.meta.url), { workerData: { mutants: MUTANTS } });
  const outcomes: string[] = [];
  await new Promise<void>((resolve, reject) => {
    let last = 0;
    let watch: NodeJS.Timeout;
    const wind = () => {
      clearTimeout(watch);
      watch = setTimeout(() => void worker.terminate().then(() => reject(new Error(`mutant ${last + 1} hangs`))), WATCHDOG_MS);
    };
    worker.on('message', ({ mutant, outcome }: { readonly mutant: number; readonly outcome: string }) => {
      last = mutant;
      outcomes.push(outcome);
      wind();
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      clearTimeout(watch);
      resolve();
    });
    wind();
  });
  expect(outcomes.filter((outcome) => outcome.startsWith('unknown'))).toEqual([]);
  expect(outcomes.at(-1)).toBe('healthy with 5 spikes');
  expect(outcomes).toHaveLength(MUTANTS + 1);
  // The mutations bite: some are refused, some do no harm.
  const codes = new Set(outcomes);
  expect([...codes]).toEqual(expect.arrayContaining(['opened', 'truncated-file', 'damaged-file']));
});

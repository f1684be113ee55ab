// Times whole optimiser steps of LFADS with dropout, sampling, both encoders and AdamW.

import type { MakeStepper } from '../../src-worker/models/lfads/stepper.ts';
import { batchOf, constantsOf, settingsOf, type Workload, weightsOf } from './sizes.ts';

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Milliseconds. */
export interface StepTimes {
  readonly median: number;
  readonly least: number;
}

/** How often, and how many steps at a time. */
export interface Turns {
  readonly turns: number;
  readonly steps: number;
}

/**
 * For the first second or two V8 compiles what goes round between the kernels, on threads of its own, for which two compute threads on two cores leave
 * no room: a fit of thousands of steps hardly notices, steps timed then would.
 */
const WARM_MS = 2500;
const WARM_STEPS = 2;

/**
 * Times steps with each number of threads, all jobs being started and warm, a few steps of each in turn: what else goes on in the computer then slows
 * all alike. The first step of each turn, which finds the other's numbers in the caches, is left out. Counts are at least `leastCount`.
 */
export async function timeSteps(
  make: MakeStepper,
  workload: Workload,
  threads: readonly number[],
  { turns, steps }: Turns,
  leastCount = 0,
): Promise<StepTimes[]> {
  const batch = batchOf(workload, leastCount);
  let count = 0;
  const jobs = await Promise.all(threads.map((of) => make(constantsOf(workload), of)));
  const step = async (job: (typeof jobs)[number]): Promise<number> => {
    const begun = performance.now();
    await job.step(batch, settingsOf(count++));
    return performance.now() - begun;
  };
  for (const job of jobs) {
    job.setWeights(weightsOf(workload));
    const begun = performance.now();
    for (let i = 0; i < WARM_STEPS || performance.now() - begun < WARM_MS; i++) await step(job);
  }
  const times = jobs.map((): number[] => []);
  for (let turn = 0; turn < turns; turn++)
    for (const [i, job] of jobs.entries()) {
      if (jobs.length > 1) await step(job);
      for (let k = 0; k < steps; k++) times[i]!.push(await step(job));
    }
  for (const job of jobs) await job.close();
  return times.map((of) => ({ median: median(of), least: Math.min(...of) }));
}

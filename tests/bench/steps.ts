// Times whole optimiser steps of LFADS with dropout, sampling, both encoders and AdamW.

import type { MakeStepper } from '../../src-worker/models/lfads/stepper.ts';
import { batchOf, constantsOf, settingsOf, type Workload, weightsOf } from './sizes.ts';

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Milliseconds of the median step and of the shortest, after two to warm up; counts are at least `leastCount`. */
export async function timeSteps(
  make: MakeStepper,
  workload: Workload,
  threads: number,
  steps: number,
  leastCount = 0,
): Promise<{ readonly median: number; readonly least: number }> {
  const stepper = await make(constantsOf(workload), threads);
  stepper.setWeights(weightsOf(workload));
  const batch = batchOf(workload, leastCount);
  const times: number[] = [];
  for (let step = 0; step < steps + 2; step++) {
    const start = performance.now();
    await stepper.step(batch, settingsOf(step));
    if (step >= 2) times.push(performance.now() - start);
  }
  await stepper.close();
  return { median: median(times), least: Math.min(...times) };
}

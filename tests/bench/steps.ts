// Times whole optimiser steps of LFADS with dropout, sampling, both encoders and AdamW.

import { initialWeights } from '../../src-worker/models/lfads/architecture.ts';
import type { MakeStepper } from '../../src-worker/models/lfads/stepper.ts';
import { batchOf, constantsOf, type SizeName } from './sizes.ts';

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Milliseconds of the median step, after two to warm up. */
export async function medianStep(make: MakeStepper, name: SizeName, threads: number, steps: number): Promise<number> {
  const constants = constantsOf(name);
  const { units } = constants.sizes;
  const stepper = await make(constants, threads);
  stepper.setWeights(
    initialWeights(constants.sizes, { readoutBias: new Float64Array(units).fill(Math.log(0.1)), tauBins: 10, inputVariance: 0.1, seed: 0 }),
  );
  const batch = batchOf(name);
  const times: number[] = [];
  for (let step = 0; step < steps + 2; step++) {
    const start = performance.now();
    await stepper.step(batch, { step, learningRate: 4e-3, weightDecay: 0, betaInitial: 0.15, betaInputs: 0.15, l2Ramp: 1 });
    if (step >= 2) times.push(performance.now() - start);
  }
  await stepper.close();
  return median(times);
}

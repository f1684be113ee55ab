// Posterior averaging as an analysis asks for it, against as many bare forward passes of the same engine.

import type { Dataset } from '../../src-worker/dataset/index.ts';
import { makeFusedStepper } from '../../src-worker/models/lfads/fused.ts';
import { inferInto } from '../../src-worker/models/lfads/infer.ts';
import { batchOf, constantsOf, type Workload, weightsOf } from './sizes.ts';

export interface Averaging {
  readonly samples: number;
  readonly threads: number;
  /** Milliseconds a batch: averaged outputs of all samples, and the forward passes alone. */
  readonly averagedMs: number;
  readonly forwardMs: number;
}

export async function averaging(workload: Workload, samples: number, threads: number): Promise<Averaging> {
  const constants = constantsOf(workload);
  const batch = batchOf(workload);
  const { bins, units } = workload.sizes;
  // Of a dataset inference reads shape and counts alone where no bin is missing and nothing comes from outside.
  const dataset = { bins, units, counts: batch.counts } as unknown as Dataset;
  const every = <T>(value: (n: number) => T): T[] => Array.from({ length: units }, (_, n) => value(n));
  const view = { order: every((n) => n), offset: every(() => 0), scale: every(() => 1) };
  const job = { signal: new AbortController().signal, seed: 0, threads, progress: async () => {} };
  const stepper = await makeFusedStepper(constants, threads);
  stepper.setWeights(weightsOf(workload));
  const forward = async (): Promise<number> => {
    const begun = performance.now();
    for (let k = 0; k < samples; k++) await stepper.forward(batch, k);
    return performance.now() - begun;
  };
  const averaged = async (): Promise<number> => {
    const begun = performance.now();
    await inferInto(stepper, dataset, constants, view, samples, 1, batch.trials, () => {}, job);
    return performance.now() - begun;
  };
  await stepper.forward(batch, 0);
  const times: number[][] = [];
  for (let i = 0; i < 3; i++) times.push([await averaged(), await forward()]);
  await stepper.close();
  const least = (which: 0 | 1): number => Math.min(...times.map((pair) => pair[which]!));
  return { samples, threads, averagedMs: least(0), forwardMs: least(1) };
}

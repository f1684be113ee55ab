// Runs a model of the registry on a dataset and collects what it gives.

import type { NamedArray } from '../../src-worker/contract/result.ts';
import type { Dataset } from '../../src-worker/dataset/index.ts';
import type { Checkpoint, FitJob, FitOutcome, Model } from '../../src-worker/models/model.ts';

export interface Fit {
  readonly outcome: FitOutcome;
  /** Of all trials, in order. */
  readonly outputs: Readonly<Record<string, NamedArray>>;
}

export const fitJob = (more: Partial<FitJob> = {}): FitJob => ({
  signal: new AbortController().signal,
  progress: async () => {},
  seed: 0,
  threads: 1,
  device: 'auto',
  metric: () => {},
  save: async () => {},
  ...more,
});

export async function fitAndInfer(model: Model, dataset: Dataset, settings = {}, more: Partial<FitJob> = {}): Promise<Fit> {
  const resolved = model.resolve(dataset, settings);
  const outcome = await model.fit(dataset, resolved, fitJob(more));
  return { outcome, outputs: await infer(model, dataset, settings, outcome.checkpoint) };
}

export async function infer(model: Model, dataset: Dataset, settings: object, checkpoint: Checkpoint): Promise<Fit['outputs']> {
  const resolved = model.resolve(dataset, settings);
  const trials = Int32Array.from({ length: dataset.trials }, (_, k) => k);
  const parts = new Map<string, NamedArray[]>();
  let next = 0;
  await model.infer(
    checkpoint,
    dataset,
    resolved,
    trials,
    (batch, arrays) => {
      for (const trial of batch) if (trial !== next++) throw new Error(`Trial ${trial} came out of order.`);
      for (const [name, array] of Object.entries(arrays)) parts.set(name, [...(parts.get(name) ?? []), array]);
    },
    fitJob(),
  );
  return Object.fromEntries(
    [...parts].map(([name, arrays]) => {
      const values = Float32Array.from(arrays.flatMap((one) => Array.from(one.values)));
      return [name, { ...arrays[0], values, shape: [arrays.reduce((sum, one) => sum + one.shape[0], 0), ...arrays[0].shape.slice(1)] }];
    }),
  );
}

/** Rates in counts per bin. */
export const perBin = (outputs: Fit['outputs'], dataset: Dataset): Float32Array =>
  Float32Array.from(outputs.rates.values, (hz) => (hz * dataset.binMs) / 1000);

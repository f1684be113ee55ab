// A fitted model whose inferred inputs are held at zero follows its generator alone.

import { expect, test } from 'vitest';
import type { NamedArray } from '../../../src-worker/contract/result.ts';
import { lfads } from '../../../src-worker/models/lfads/index.ts';
import { bestWeights } from '../../../src-worker/training/loop.ts';
import { fitAndInfer, fitJob, infer } from '../fits.ts';
import { sineDataset, tiny } from './sine.ts';

const dataset = sineDataset();
const settings = { ...tiny, betaInputs: 0.01, learningRate: 0.02 };

test('rates are those of the generator’s map at zero input from the same initial conditions', async () => {
  const { outcome, outputs } = await fitAndInfer(lfads, dataset, settings, { device: 'fused' });
  const silent = lfads.withoutInputs!(outcome.checkpoint)!;
  const alone = await infer(lfads, dataset, settings, silent);
  expect(alone.initialConditions!.values).toEqual(outputs.initialConditions!.values);
  expect(outputs.inputs!.values.some((u) => Math.abs(u) > 0.01)).toBe(true);
  expect(alone.inputs!.values.every((u) => u === 0)).toBe(true);

  const w = bestWeights(outcome.checkpoint);
  const flow = lfads.flow!(outcome.checkpoint, lfads.resolve(dataset, settings));
  if (flow.kind !== 'map') throw new Error('a generator is a map');
  const { initialCondition: Z, generator: H, factors: F } = tiny;
  const product = (x: ArrayLike<number>, W: Float32Array, columns: number) =>
    Float64Array.from({ length: columns }, (_, j) => Array.from(x).reduce((sum, value, i) => sum + value * W[i * columns + j]!, 0));
  const norms = Array.from({ length: F }, (_, f) =>
    Math.sqrt(Array.from({ length: H }, (_, i) => w['factors.W']![i * F + f]! ** 2).reduce((a, b) => a + b)),
  );
  const rateOf = ({ values }: NamedArray, trial: number, bin: number, unit: number) =>
    values[(trial * dataset.bins + bin) * dataset.units + unit]!;
  for (const trial of [0, 7]) {
    const start = outputs.initialConditions!.values.slice(trial * Z, (trial + 1) * Z);
    let g: Float64Array = product(start, w['generatorStart.W']!, H).map((value, j) => value + w['generatorStart.b']![j]!);
    for (let bin = 0; bin < dataset.bins; bin++) {
      g = flow.map(g, new Float64Array(flow.inputs));
      const factors = product(g, w['factors.W']!, F).map((value, f) => value / norms[f]!);
      const hz = product(factors, w['readout.W']!, dataset.units).map(
        (value, n) => Math.exp(value + w['readout.b']![n]!) * (1000 / dataset.binMs),
      );
      for (const [unit, rate] of hz.entries()) expect(rateOf(alone.rates!, trial, bin, unit) / rate).toBeCloseTo(1, 3);
    }
  }
});

test('samples of the posterior, too, have silent inputs', async () => {
  const sampled = { ...settings, posteriorSamples: 3 };
  const { outcome } = await fitAndInfer(lfads, dataset, sampled, { device: 'fused' });
  const alone = await infer(lfads, dataset, sampled, lfads.withoutInputs!(outcome.checkpoint)!);
  expect(alone.inputsSd!.values.every((sd) => sd < 1e-6)).toBe(true);
});

test('a model without inferred inputs has nothing to silence', async () => {
  const { checkpoint } = await lfads.fit(dataset, lfads.resolve(dataset, { ...tiny, inputs: 0 }), fitJob({ device: 'fused' }));
  expect(lfads.withoutInputs!(checkpoint)).toBeUndefined();
});

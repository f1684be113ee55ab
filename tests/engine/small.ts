// A small LFADS whose sizes divide no tile, and made-up batches for it.

import { normal, uniform } from '../../src-worker/engine/random.ts';
import { initialWeights, type LfadsSizes, weightTable } from '../../src-worker/models/lfads/architecture.ts';
import type { Batch, LfadsConstants, StepSettings } from '../../src-worker/models/lfads/stepper.ts';

export const SMALL: LfadsSizes = {
  bins: 7,
  encodedBins: 6,
  initialBins: 1,
  units: 7,
  heldIn: 5,
  external: 2,
  initialEncoder: 5,
  inputEncoder: 3,
  controller: 6,
  inputs: 2,
  initialCondition: 3,
  generator: 9,
  factors: 5,
  lagBins: 1,
  outputsPerUnit: 1,
};

export const constantsWith = ({ sizes, ...over }: Partial<Omit<LfadsConstants, 'sizes'>> & { readonly sizes?: Partial<LfadsSizes> }) =>
  ({
    sizes: { ...SMALL, ...sizes },
    seed: 3,
    dropout: 0.3,
    coordinatedDropout: 0.3,
    passRate: 0.1,
    stateClip: 5,
    gradientClip: 0.5,
    initialPosteriorFloor: 1e-4,
    initialPriorVariance: 0.1,
    inputPrior: 'autoregressive',
    batch: 37,
    l2: {},
    adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    ...over,
  }) satisfies LfadsConstants;

export const settingsAt = (step: number): StepSettings => ({
  step,
  learningRate: 0.01,
  weightDecay: 0.01,
  betaInitial: 0.7,
  betaInputs: 0.4,
  l2Ramp: 1,
});

/** Counts of 0 to 3; with `masks` some bins missing and some elements withheld. Rows in the dataset are 5, 8, 11 … */
export const madeUpBatch = (s: LfadsSizes, trials: number, masks = false): Batch => ({
  trials: Int32Array.from({ length: trials }, (_, i) => 5 + 3 * i),
  counts: Float32Array.from({ length: trials * s.bins * s.units }, (_, i) => Math.floor(4 * uniform(9, i) ** 2)),
  ...(s.external > 0 ? { external: Float32Array.from({ length: trials * s.bins * s.external }, (_, i) => normal(12, i)) } : {}),
  ...(masks
    ? {
        observed: Uint8Array.from({ length: trials * s.bins }, (_, i) => (uniform(10, i) < 0.85 ? 1 : 0)),
        withheld: Uint8Array.from({ length: trials * s.encodedBins * s.heldIn }, (_, i) => (uniform(11, i) < 0.15 ? 1 : 0)),
      }
    : {}),
});

/** Initial weights, each moved a little so that none is zero. */
export function movedWeights(s: LfadsSizes): Record<string, Float32Array> {
  const weights = initialWeights(s, {
    readoutBias: new Float64Array(s.units * s.outputsPerUnit).fill(-0.5),
    tauBins: 3,
    inputVariance: 0.2,
    seed: 1,
  });
  for (const [index, { name }] of weightTable(s).entries())
    weights[name] = weights[name]!.map((value, i) => value + 0.1 * normal(index, i));
  return weights;
}

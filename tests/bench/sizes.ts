// The two sizes that the engine is timed at, made-up batches of that shape, and the floating-point operations that a step's products need.

import { key, STREAM, uniform } from '../../src-worker/engine/random.ts';
import { hasController, type LfadsSizes } from '../../src-worker/models/lfads/architecture.ts';
import type { Batch, LfadsConstants } from '../../src-worker/models/lfads/stepper.ts';

const common = {
  initialBins: 0,
  external: 0,
  initialEncoder: 64,
  inputEncoder: 64,
  controller: 64,
  lagBins: 1,
  outputsPerUnit: 1,
} as const;

export const SIZES = {
  lorenz: {
    batch: 64,
    sizes: {
      ...common,
      bins: 100,
      encodedBins: 100,
      units: 30,
      heldIn: 30,
      inputs: 1,
      initialCondition: 64,
      generator: 64,
      factors: 40,
    },
  },
  maze: {
    batch: 256,
    sizes: {
      ...common,
      bins: 45,
      encodedBins: 35,
      units: 182,
      heldIn: 137,
      inputs: 4,
      initialCondition: 64,
      generator: 200,
      factors: 100,
    },
  },
} as const satisfies Record<string, { readonly batch: number; readonly sizes: LfadsSizes }>;

export type SizeName = keyof typeof SIZES;

export const constantsOf = (name: SizeName): LfadsConstants => ({
  sizes: SIZES[name].sizes,
  batch: SIZES[name].batch,
  seed: 0,
  dropout: 0.3,
  coordinatedDropout: 0.3,
  passRate: 0,
  stateClip: 5,
  gradientClip: 0.02,
  initialPosteriorFloor: 1e-4,
  initialPriorVariance: 0.1,
  inputPrior: 'autoregressive',
  l2: {},
  adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
});

/** Sparse counts such as spikes in short bins, about 0.1 a bin. */
export function batchOf(name: SizeName): Batch {
  const { batch, sizes } = SIZES[name];
  const k = key(0, STREAM.batches);
  return {
    trials: Int32Array.from({ length: batch }, (_, i) => i),
    counts: Float32Array.from({ length: batch * sizes.bins * sizes.units }, (_, i) => {
      const u = uniform(k, i);
      return u < 0.905 ? 0 : u < 0.995 ? 1 : 2;
    }),
  };
}

/** FLOPs of all matrix products of one optimiser step: two a multiplication and addition; both gradients, but none of the encoders' input. */
export function stepFlops(name: SizeName): number {
  const { batch, sizes: s } = SIZES[name];
  const initialBins = s.initialBins || s.encodedBins;
  const codeBins = s.encodedBins - s.initialBins;
  const encoder = (bins: number, width: number) => 2 * bins * 3 * width * (3 * (s.heldIn + width) - s.heldIn);
  const controlled = hasController(s)
    ? encoder(codeBins, s.inputEncoder) +
      3 * 3 * s.controller * (codeBins * 2 * s.inputEncoder + s.bins * (s.factors + s.controller)) +
      3 * s.bins * s.controller * 2 * s.inputs
    : 0;
  const start = 3 * (2 * s.initialEncoder * 2 * s.initialCondition + s.initialCondition * s.generator);
  const generator = 3 * s.bins * 3 * s.generator * (s.inputs + s.external + s.generator);
  const readout = 3 * ((s.bins + 1) * s.generator * s.factors + s.bins * s.factors * s.units * s.outputsPerUnit);
  return 2 * batch * (encoder(initialBins, s.initialEncoder) + controlled + start + generator + readout);
}

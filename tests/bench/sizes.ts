// The sizes that the engine is timed at, made-up batches of that shape, and the floating-point operations that a step's products need.

import { key, STREAM, uniform } from '../../src-worker/engine/random.ts';
import { hasController, initialWeights, type LfadsSizes } from '../../src-worker/models/lfads/architecture.ts';
import type { Batch, LfadsConstants, StepSettings } from '../../src-worker/models/lfads/stepper.ts';

export interface Workload {
  readonly batch: number;
  readonly sizes: LfadsSizes;
}

const common = {
  initialBins: 0,
  external: 0,
  initialEncoder: 64,
  inputEncoder: 64,
  controller: 64,
  lagBins: 1,
  outputsPerUnit: 1,
  initialCondition: 64,
} as const;

export const SIZES = {
  lorenz: {
    batch: 64,
    sizes: { ...common, bins: 100, encodedBins: 100, units: 30, heldIn: 30, inputs: 1, generator: 64, factors: 40 },
  },
  maze: {
    batch: 256,
    sizes: { ...common, bins: 45, encodedBins: 35, units: 182, heldIn: 137, inputs: 4, generator: 200, factors: 100 },
  },
  /** 24 units × 35 bins × 170 trials, a quarter of the units held out: what the defaults choose for it. */
  small: {
    batch: 64,
    sizes: { ...common, bins: 35, encodedBins: 35, units: 24, heldIn: 18, inputs: 4, generator: 64, factors: 12 },
  },
} as const satisfies Record<string, Workload>;

export type SizeName = keyof typeof SIZES;

/** What cost may grow with. */
export const SCALED = ['units', 'bins', 'batch', 'hidden'] as const;

/** The workload with one of its sizes some times larger. */
export function scaled({ batch, sizes: s }: Workload, what: (typeof SCALED)[number], times: number): Workload {
  if (what === 'batch') return { batch: times * batch, sizes: s };
  if (what === 'units') return { batch, sizes: { ...s, units: times * s.units, heldIn: times * s.heldIn } };
  if (what === 'bins') return { batch, sizes: { ...s, bins: times * s.bins, encodedBins: times * s.encodedBins } };
  const { generator, controller, initialEncoder, inputEncoder } = s;
  const larger = {
    generator: times * generator,
    controller: times * controller,
    initialEncoder: times * initialEncoder,
    inputEncoder: times * inputEncoder,
  };
  return { batch, sizes: { ...s, ...larger } };
}

export const constantsOf = ({ sizes, batch }: Workload): LfadsConstants => ({
  sizes,
  batch,
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

export const weightsOf = ({ sizes }: Workload): Record<string, Float32Array> =>
  initialWeights(sizes, { readoutBias: new Float64Array(sizes.units).fill(Math.log(0.1)), tauBins: 10, inputVariance: 0.1, seed: 0 });

export const settingsOf = (step: number): StepSettings => ({
  step,
  learningRate: 4e-3,
  weightDecay: 0,
  betaInitial: 0.15,
  betaInputs: 0.15,
  l2Ramp: 1,
});

/** Sparse counts such as spikes in short bins, about 0.1 a bin; `least` is added to each, so that none need be 0. */
export function batchOf({ batch, sizes }: Workload, least = 0): Batch {
  const k = key(0, STREAM.batches);
  return {
    trials: Int32Array.from({ length: batch }, (_, i) => i),
    counts: Float32Array.from({ length: batch * sizes.bins * sizes.units }, (_, i) => {
      const u = uniform(k, i);
      return least + (u < 0.905 ? 0 : u < 0.995 ? 1 : 2);
    }),
  };
}

/** FLOPs of a step's products of counts with the encoders' weights, there and back, which go by what is not zero where counts are sparse. */
export function countFlops({ batch, sizes: s }: Workload): number {
  const initialBins = s.initialBins || s.encodedBins;
  const columns = initialBins * s.initialEncoder + (s.encodedBins - s.initialBins) * (hasController(s) ? s.inputEncoder : 0);
  return 2 * batch * 2 * s.heldIn * 2 * 3 * columns;
}

/** FLOPs of all matrix products of one optimiser step: two a multiplication and addition; both gradients, but none of the encoders' input. */
export function stepFlops({ batch, sizes: s }: Workload): number {
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

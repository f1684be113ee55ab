// Small LFADS models at odd sizes, with every option somewhere: what all implementations are compared on.

import { key, normal, uniform } from '../../../src-worker/engine/random.ts';
import { initialWeights, type LfadsSizes, weightTable } from '../../../src-worker/models/lfads/architecture.ts';
import type { Batch, LfadsConstants, StepSettings } from '../../../src-worker/models/lfads/stepper.ts';

export interface Case {
  readonly name: string;
  readonly constants: LfadsConstants;
  readonly batch: Batch;
  readonly settings: StepSettings;
  readonly weights: Record<string, Float32Array>;
}

const sizes: LfadsSizes = {
  bins: 7,
  encodedBins: 7,
  initialBins: 0,
  units: 5,
  heldIn: 5,
  external: 0,
  initialEncoder: 3,
  inputEncoder: 5,
  controller: 4,
  inputs: 2,
  initialCondition: 3,
  generator: 7,
  factors: 3,
  lagBins: 1,
  outputsPerUnit: 1,
};

interface Options {
  readonly sizes?: Partial<LfadsSizes>;
  readonly constants?: Partial<LfadsConstants>;
  readonly trials?: number;
  readonly missing?: boolean;
  readonly withheld?: boolean;
}

function makeCase(name: string, options: Options, index: number): Case {
  const s: LfadsSizes = { ...sizes, ...options.sizes };
  const B = options.trials ?? 3;
  const k = key(77, index);
  const draw = (length: number, of: (i: number) => number): Float32Array => Float32Array.from({ length }, (_, i) => of(i));
  const gaussian = s.outputsPerUnit === 2;
  const batch: Batch = {
    trials: Int32Array.from({ length: B }, (_, b) => 4 + 3 * b),
    counts: draw(B * s.bins * s.units, (i) => (gaussian ? normal(key(k, 1), i) : Math.floor(4 * uniform(key(k, 1), i) ** 2))),
    ...(options.missing
      ? { observed: Uint8Array.from({ length: B * s.bins }, (_, i) => (i % s.bins >= s.bins - 1 - (Math.floor(i / s.bins) % 2) ? 0 : 1)) }
      : {}),
    ...(s.external > 0 ? { external: draw(B * s.bins * s.external, (i) => normal(key(k, 2), i)) } : {}),
    ...(options.withheld
      ? { withheld: Uint8Array.from({ length: B * s.encodedBins * s.heldIn }, (_, i) => (uniform(key(k, 3), i) < 0.2 ? 1 : 0)) }
      : {}),
  };
  const constants: LfadsConstants = {
    sizes: s,
    seed: 3,
    dropout: 0.3,
    coordinatedDropout: 0.3,
    passRate: 0,
    stateClip: 5,
    gradientClip: 0.02,
    initialPosteriorFloor: 1e-4,
    initialPriorVariance: 0.1,
    inputPrior: 'autoregressive',
    batch: B,
    l2: {},
    adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    ...options.constants,
  };
  const weights = initialWeights(s, {
    readoutBias: Float64Array.from({ length: s.units * s.outputsPerUnit }, (_, i) => -0.5 + 0.1 * (i % s.units)),
    tauBins: 4,
    inputVariance: 0.1,
    seed: 5,
  });
  // Nothing stays at zero, so that every gradient is tried.
  for (const [i, { name }] of weightTable(s).entries())
    for (let j = 0; j < weights[name]!.length; j++) weights[name]![j]! += 0.1 * normal(key(k, 4, i), j);
  const settings = { step: 2, learningRate: 4e-3, weightDecay: 0, betaInitial: 0.4, betaInputs: 0.7, l2Ramp: 0.5 };
  return { name, constants, batch, settings, weights };
}

export const cases: readonly Case[] = (
  [
    ['with a controller', {}],
    ['one trial', { trials: 1 }],
    ['one unit', { sizes: { units: 1, heldIn: 1 } }],
    ['one bin', { sizes: { bins: 1, encodedBins: 1 } }],
    ['without a controller', { sizes: { inputs: 0, controller: 0, inputEncoder: 0 } }],
    ['without a controller, external inputs', { sizes: { inputs: 0, controller: 0, inputEncoder: 0, external: 2 } }],
    ['external inputs and forward prediction', { sizes: { external: 3, encodedBins: 5 } }],
    ['an initial segment, no lag', { sizes: { initialBins: 3, lagBins: 0 } }],
    ['lag of two, held-out units', { sizes: { lagBins: 2, heldIn: 3 } }],
    ['everything in one', { sizes: { lagBins: 2, heldIn: 3, initialBins: 2, bins: 9, external: 1 }, missing: true, withheld: true }],
    ['missing bins', { missing: true }],
    ['withheld elements, a share passing', { withheld: true, constants: { passRate: 0.2 } }],
    ['Gaussian', { sizes: { outputsPerUnit: 2, heldIn: 4 } }],
    ['independent normal inputs', { constants: { inputPrior: 'normal' } }],
    ['L2 of recurrent kernels', { constants: { l2: { generator: 0.3, controller: 0.2, initialEncoder: 0.1, inputEncoder: 0.05 } } }],
    ['a clip that acts', { constants: { stateClip: 0.3 } }],
    ['no dropout', { constants: { dropout: 0, coordinatedDropout: 0 } }],
    [
      'wider than a tile',
      {
        trials: 11,
        sizes: {
          units: 19,
          heldIn: 13,
          initialEncoder: 9,
          inputEncoder: 10,
          controller: 11,
          generator: 13,
          factors: 9,
          initialCondition: 6,
        },
      },
    ],
  ] satisfies readonly (readonly [string, Options])[]
).map(([name, options], index) => makeCase(name, options, index));

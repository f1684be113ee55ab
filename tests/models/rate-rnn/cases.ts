// Small rate networks at odd sizes, with every option somewhere: what all implementations are compared on.

import { key, normal, uniform } from '../../../src-worker/engine/random.ts';
import { initialWeights, isGiven, type RateSizes, weightTable } from '../../../src-worker/models/rate-rnn/architecture.ts';
import type { RateBatch, RateConstants, RateSettings } from '../../../src-worker/models/rate-rnn/stepper.ts';

export interface RateCase {
  readonly name: string;
  readonly constants: RateConstants;
  readonly batch: RateBatch;
  readonly settings: RateSettings;
  readonly weights: Record<string, Float32Array>;
}

const SIZES: RateSizes = {
  bins: 7,
  encodedBins: 7,
  units: 5,
  heldIn: 5,
  external: 0,
  hidden: 6,
  rank: 0,
  encoder: 3,
  conditions: 0,
  outputsPerUnit: 1,
  substeps: 1,
};

interface Options {
  readonly sizes?: Partial<RateSizes>;
  readonly constants?: Partial<RateConstants>;
  readonly trials?: number;
  readonly missing?: boolean;
  readonly withheld?: boolean;
}

const TABLE = { encoder: 0, encodedBins: 0, conditions: 3 } as const;

export function makeCase(name: string, options: Options, index: number): RateCase {
  const s: RateSizes = { ...SIZES, ...options.sizes };
  const B = options.trials ?? 3;
  const k = key(91, index);
  const draw = (length: number, of: (i: number) => number): Float32Array => Float32Array.from({ length }, (_, i) => of(i));
  const gaussian = s.outputsPerUnit === 2;
  const constants: RateConstants = {
    sizes: s,
    seed: 3,
    leak: 0.2,
    nonlinearity: 'tanh',
    noise: 0,
    diagonal: false,
    forcing: 'none',
    teacher: 'gauss-newton',
    forceEvery: 1,
    ridge: 1,
    dropout: 0.3,
    coordinatedDropout: 0.3,
    stateClip: 5,
    gradientClip: 0.02,
    batch: B,
    adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    ...options.constants,
  };
  const batch: RateBatch = {
    trials: Int32Array.from({ length: B }, (_, b) => 4 + 3 * b),
    counts: draw(B * s.bins * s.units, (i) => (gaussian ? normal(key(k, 1), i) : Math.floor(4 * uniform(key(k, 1), i) ** 2))),
    ...(options.missing
      ? { observed: Uint8Array.from({ length: B * s.bins }, (_, i) => (i % s.bins >= s.bins - 1 - (Math.floor(i / s.bins) % 2) ? 0 : 1)) }
      : {}),
    ...(s.external > 0 ? { external: draw(B * s.bins * s.external, (i) => normal(key(k, 2), i)) } : {}),
    ...(options.withheld
      ? { withheld: Uint8Array.from({ length: B * s.encodedBins * s.heldIn }, (_, i) => (uniform(key(k, 3), i) < 0.2 ? 1 : 0)) }
      : {}),
    ...(s.conditions > 0 ? { conditions: Int32Array.from({ length: B }, (_, b) => (2 * b) % s.conditions) } : {}),
    ...(isGiven(s) ? { initial: draw(B * s.hidden, (i) => normal(key(k, 6), i)) } : {}),
    ...(constants.teacher === 'smoothed' ? { smoothed: draw(B * s.bins * s.units, (i) => -0.5 + 0.4 * normal(key(k, 4), i)) } : {}),
  };
  const readoutBias = Float64Array.from({ length: s.units * s.outputsPerUnit }, (_, i) => -0.5 + 0.1 * (i % s.units));
  const weights = initialWeights(s, { readoutBias, diagonal: constants.diagonal, gain: 1, seed: 5 });
  // Nothing stays at zero, so that every gradient is tried.
  for (const [i, { name: tensor }] of weightTable(s).entries())
    if (!(constants.diagonal && tensor === 'readout.W'))
      for (let j = 0; j < weights[tensor].length; j++) weights[tensor][j] += 0.1 * normal(key(k, 5, i), j);
  return { name, constants, batch, settings: { step: 2, learningRate: 4e-3, weightDecay: 0, strength: 0.4 }, weights };
}

const forced = (constants: Partial<RateConstants>, rest: Options = {}): Options => ({ ...rest, constants: { dropout: 0, ...constants } });

export const cases: readonly RateCase[] = (
  [
    ['full rank', {}],
    ['rank 1', { sizes: { rank: 1 } }],
    ['rank 3, external inputs', { sizes: { rank: 3, external: 2 } }],
    ['rectified units, several substeps', { sizes: { substeps: 3, external: 1 }, constants: { nonlinearity: 'relu' } }],
    ['process noise', { sizes: { substeps: 2 }, constants: { noise: 0.1 } }],
    ['a table of initial states', { sizes: TABLE }],
    ['encoder of the first bins, held-out units', { sizes: { encodedBins: 3, heldIn: 3 } }],
    ['Gaussian', { sizes: { outputsPerUnit: 2, heldIn: 4 } }],
    ['missing bins and withheld elements', { missing: true, withheld: true }],
    ['one trial of one bin', { trials: 1, sizes: { bins: 1, encodedBins: 1 }, constants: { coordinatedDropout: 0 } }],
    ['one unit', { sizes: { units: 1, heldIn: 1, hidden: 1 } }],
    ['units of the network are recorded units', { sizes: { hidden: 5 }, constants: { diagonal: true } }],
    [
      'first states that are given',
      { trials: 5, sizes: { encoder: 0, encodedBins: 0, hidden: 5, outputsPerUnit: 2 }, constants: { diagonal: true } },
    ],
    ['teacher forcing', forced({ forcing: 'teacher', forceEvery: 2 })],
    ['generalised forcing, fewer units than states', forced({ forcing: 'generalised' }, { missing: true, sizes: { substeps: 2 } })],
    ['generalised forcing, more units than states', forced({ forcing: 'generalised', dropout: 0.2 }, { sizes: { hidden: 3, rank: 2 } })],
    ['error forcing by counts', forced({ forcing: 'error' }, { sizes: { hidden: 9 } })],
    ['error forcing, more units than states', forced({ forcing: 'error', teacher: 'smoothed' }, { sizes: { hidden: 4 } })],
    ['forcing by smoothed counts', forced({ forcing: 'generalised', teacher: 'smoothed', ridge: 0.5 })],
    ['forcing of Gaussian values', forced({ forcing: 'generalised' }, { sizes: { outputsPerUnit: 2 } })],
    ['error forcing of Gaussian values', forced({ forcing: 'error' }, { missing: true, sizes: { outputsPerUnit: 2 } })],
    [
      'forcing by smoothed Gaussian values',
      forced({ forcing: 'teacher', teacher: 'smoothed', forceEvery: 3 }, { sizes: { outputsPerUnit: 2 } }),
    ],
    ['wider than a tile', { trials: 11, sizes: { units: 19, heldIn: 13, encoder: 9, hidden: 13, rank: 9, external: 3 } }],
    ['wider than a tile, Gaussian, full rank', { trials: 9, sizes: { units: 21, heldIn: 21, encoder: 11, hidden: 18, outputsPerUnit: 2 } }],
  ] satisfies readonly (readonly [string, Options])[]
).map(([name, options], index) => makeCase(name, options, index));

// Masks and noise of a rate network as plain arrays: those of LFADS where both have the place, and the network's own process noise.

import { key, normal, STREAM } from '../../engine/random.ts';
import type { LfadsSizes } from '../lfads/architecture.ts';
import { type Noise, sampleNoise } from '../lfads/noise.ts';
import type { LfadsConstants } from '../lfads/stepper.ts';
import type { RateSizes } from './architecture.ts';
import type { RateBatch, RateConstants } from './stepper.ts';

/** The sizes that both models have: encoder of initial conditions, generator; no controller. */
export const lfadsSizesOf = (s: RateSizes): LfadsSizes => ({
  bins: s.bins,
  encodedBins: s.encodedBins,
  initialBins: 0,
  units: s.units,
  heldIn: s.encoder > 0 ? s.heldIn : 0,
  external: 0,
  initialEncoder: s.encoder,
  inputEncoder: 0,
  controller: 0,
  inputs: 0,
  initialCondition: 0,
  generator: s.hidden,
  factors: 0,
  lagBins: 0,
  outputsPerUnit: s.outputsPerUnit,
});

/** As LFADS's noise needs it; coordinated dropout has nothing to act on where initial states stand in a table. */
export const lfadsLike = (constants: RateConstants): LfadsConstants => ({
  sizes: lfadsSizesOf(constants.sizes),
  seed: constants.seed,
  dropout: constants.dropout,
  coordinatedDropout: constants.sizes.encoder > 0 ? constants.coordinatedDropout : 0,
  passRate: 0,
  stateClip: constants.stateClip,
  gradientClip: constants.gradientClip,
  initialPosteriorFloor: 0,
  initialPriorVariance: 1,
  inputPrior: 'normal',
  batch: constants.batch,
  l2: {},
  adam: constants.adam,
});

export type RateNoise = Pick<Noise, 'input' | 'counted' | 'initialEncoder' | 'generator' | 'passed'> & {
  /** B × (T − 1) · substeps × H, standard normal; empty without process noise. */
  readonly process: Float32Array;
};

/** Of a training step, or where `step` is undefined of an evaluation: no dropout and no noise. */
export function noiseOf(constants: RateConstants, batch: RateBatch, step: number | undefined): RateNoise {
  const like = lfadsLike(constants);
  if (step === undefined) return { ...sampleNoise({ ...like, dropout: 0, coordinatedDropout: 0 }, batch, 0), process: new Float32Array(0) };
  const { bins, substeps, hidden } = constants.sizes;
  const length = constants.noise > 0 ? (bins - 1) * substeps * hidden : 0;
  const process = new Float32Array(batch.trials.length * length);
  if (length > 0)
    for (const [b, trial] of batch.trials.entries()) {
      const k = key(constants.seed, STREAM.processNoise, 0, step, trial);
      for (let i = 0; i < length; i++) process[b * length + i] = normal(k, i);
    }
  return { ...sampleNoise(like, batch, step), process };
}

// A rate network's Stepper from any Differentiator: the model of graph.ts op by op, AdamW in plain arrays. Forced states are found first, by
// a run in float64, and are then fixed numbers to the gradients.

import { adamW, clipFactor, globalNorm, noMoments } from '../../training/adamw.ts';
import { requireFinite } from '../finite.ts';
import type { Differentiator, Named, Weight } from '../lfads/op-by-op/operations.ts';
import { float64 } from '../lfads/op-by-op/tape.ts';
import { weightTable } from './architecture.ts';
import { type Forced, rateNetwork } from './graph.ts';
import { noiseOf, type RateNoise } from './noise.ts';
import { isForced, type MakeRateStepper, type RateBatch, type RateConstants, type RateOutputs, type RateStepper } from './stepper.ts';
import { forcedState, type Readout } from './teacher.ts';

type Values = Readonly<Record<string, Float32Array | Float64Array>>;

export const shapedRate = ({ sizes }: RateConstants, weights: Values): Named<Weight> =>
  Object.fromEntries(weightTable(sizes).map(({ name, rows, columns }) => [name, { values: weights[name], rows, columns }]));

/** C by units, d and log variances out of the weights. */
export function readoutOf({ sizes: s, diagonal }: RateConstants, weights: Values): Readout {
  const [N, H] = [s.units, s.hidden];
  const C = new Float64Array(N * H);
  for (let i = 0; i < H; i++) for (let n = 0; n < N; n++) C[n * H + i] = diagonal && i !== n ? 0 : weights['readout.W'][i * N + n];
  const b = Float64Array.from(weights['readout.b']);
  return { units: N, states: H, C, d: b.slice(0, N), logVariance: b.slice(N) };
}

/** Forced states bin by bin: the run up to a bin gives the state from which the next one starts. */
export async function forcedStates(
  constants: RateConstants,
  weights: Values,
  batch: RateBatch,
  noise: RateNoise,
  strength: number,
): Promise<Forced | undefined> {
  const { sizes: s } = constants;
  if (constants.forcing === 'none' || strength === 0) return undefined;
  const B = batch.trials.length;
  const readout = readoutOf(constants, weights);
  const size = B * s.hidden;
  const before = new Float64Array(s.bins * size);
  const after = new Float64Array(s.bins * size);
  const forced = { before, after, readout };
  for (let t = 0; t < s.bins - 1; t++) {
    if (!isForced(constants, strength, t)) continue;
    const { states } = await float64.values(shapedRate(constants, weights), rateNetwork(constants, batch, noise, strength, forced));
    for (let b = 0; b < B; b++) {
      const at = (t * B + b) * s.hidden;
      const x = Float64Array.from(states.subarray(at, at + s.hidden));
      const row = (b * s.bins + t) * s.units;
      const smoothed = batch.smoothed?.subarray(row, row + s.units);
      before.set(x, at);
      after.set(
        batch.observed?.[b * s.bins + t] === 0
          ? x
          : forcedState(constants, readout, x, batch.counts.subarray(row, row + s.units), smoothed, strength),
        at,
      );
    }
  }
  return forced;
}

/** Loss and gradients of a batch under given weights and noise. */
export async function rateGradients(
  differentiator: Differentiator,
  constants: RateConstants,
  weights: Values,
  batch: RateBatch,
  noise: RateNoise,
  strength: number,
) {
  const forced = await forcedStates(constants, weights, batch, noise, strength);
  const build = rateNetwork(constants, batch, noise, strength, forced);
  const { values, gradients } = await differentiator.gradients(shapedRate(constants, weights), build, 'loss');
  return { losses: { loss: values.loss[0], nll: values.nll[0], gradientNorm: globalNorm(gradients) }, gradients, forced };
}

/** T · B rows to B × T × width. */
function trialMajor(values: ArrayLike<number>, trials: number, bins: number): Float32Array {
  const out = new Float32Array(values.length);
  const width = values.length / (trials * bins);
  for (let t = 0; t < bins; t++)
    for (let b = 0; b < trials; b++) for (let i = 0; i < width; i++) out[(b * bins + t) * width + i] = values[(t * trials + b) * width + i];
  return out;
}

/** Outputs of a batch under given weights. */
export async function rateOutputs(
  differentiator: Differentiator,
  constants: RateConstants,
  weights: Values,
  batch: RateBatch,
  strength = 0,
): Promise<RateOutputs> {
  const noise = noiseOf(constants, batch, undefined);
  const forced = await forcedStates(constants, weights, batch, noise, strength);
  const { rates, states } = await differentiator.values(
    shapedRate(constants, weights),
    rateNetwork(constants, batch, noise, strength, forced),
  );
  const along = (values: ArrayLike<number>) => trialMajor(values, batch.trials.length, constants.sizes.bins);
  return { rates: along(rates), states: along(states) };
}

const copy = (arrays: Values): Record<string, Float32Array> =>
  Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, Float32Array.from(values)]));

/** `identity` is what the Stepper says of itself. */
export function rateOpByOp(
  constants: RateConstants,
  differentiator: Differentiator,
  identity: Pick<RateStepper, 'device' | 'deviceName' | 'build'>,
): RateStepper {
  let weights = copy(
    Object.fromEntries(weightTable(constants.sizes).map(({ name, rows, columns }) => [name, new Float32Array(rows * columns)])),
  );
  let moments = noMoments(weights);
  const differentiate: RateStepper['gradients'] = async (batch, { step, strength }) => {
    const noise = noiseOf(constants, batch, step);
    const { losses, gradients } = await rateGradients(differentiator, constants, weights, batch, noise, strength);
    requireFinite({ loss: Float64Array.of(losses.loss) }, 'the ', step, batch.trials);
    requireFinite(gradients, 'the gradient of ', step, batch.trials);
    return { losses, gradients: copy(gradients) };
  };
  return {
    ...identity,
    async step(batch, settings) {
      const { losses, gradients } = await differentiate(batch, settings);
      const factor = clipFactor(losses.gradientNorm, constants.gradientClip);
      moments = adamW(weights, gradients, moments, factor, { ...settings, ...constants.adam });
      return losses;
    },
    gradients: differentiate,
    forward: (batch, strength) => rateOutputs(differentiator, constants, weights, batch, strength),
    weights: () => copy(weights),
    setWeights(values) {
      weights = copy(values);
    },
    moments: () => ({ first: copy(moments.first), second: copy(moments.second), steps: moments.steps }),
    setMoments({ first, second, steps }) {
      moments = { first: copy(first), second: copy(second), steps };
    },
    async close() {},
  };
}

/** A Stepper in float64 (weights stay float32): slow, for tests of what is built on steppers. */
export const makeReferenceRateStepper: MakeRateStepper = async (constants) =>
  rateOpByOp(constants, float64, { device: 'reference', deviceName: 'Float64 reference', build: 'float64' });

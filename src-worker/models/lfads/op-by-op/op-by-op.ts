// A Stepper from any Differentiator: the model of graph.ts op by op, AdamW in plain arrays.

import { adamW, clipFactor, globalNorm, noMoments } from '../../../training/adamw.ts';
import { weightTable } from '../architecture.ts';
import { requireFinite } from '../../finite.ts';
import { lfads } from './graph.ts';
import { evaluationNoise, type Noise, sampleNoise } from '../noise.ts';
import type { Differentiator, Named, Weight } from './operations.ts';
import type { Batch, LfadsConstants, Outputs, Stepper, StepLosses, StepSettings } from '../stepper.ts';

type Values = Readonly<Record<string, Float32Array | Float64Array>>;

/** Weights with their shapes. */
export const shaped = (constants: LfadsConstants, weights: Values): Named<Weight> =>
  Object.fromEntries(weightTable(constants.sizes).map(({ name, rows, columns }) => [name, { values: weights[name]!, rows, columns }]));

/** Losses and gradients of a batch under given weights and noise. */
export async function lossAndGradients(
  differentiator: Differentiator,
  constants: LfadsConstants,
  weights: Values,
  batch: Batch,
  noise: Noise,
  settings: Pick<StepSettings, 'betaInitial' | 'betaInputs' | 'l2Ramp'>,
): Promise<{ readonly losses: StepLosses; readonly gradients: Record<string, Float32Array | Float64Array> }> {
  const build = lfads(constants, batch, noise, settings);
  const { values, gradients } = await differentiator.gradients(shaped(constants, weights), build, 'loss');
  const of = (name: string): number => values[name]![0]!;
  const losses = {
    loss: of('loss'),
    nll: of('nll'),
    klInitial: of('klInitial'),
    klInputs: of('klInputs'),
    l2: of('l2'),
    gradientNorm: globalNorm(gradients),
  };
  return { losses, gradients };
}

/** T · B rows to B × T × width. */
function trialMajor(values: Float32Array | Float64Array | undefined, trials: number, bins: number): Float32Array {
  if (!values) return new Float32Array(0);
  const width = values.length / (trials * bins);
  const out = new Float32Array(values.length);
  for (let t = 0; t < bins; t++)
    for (let b = 0; b < trials; b++)
      for (let i = 0; i < width; i++) out[(b * bins + t) * width + i] = values[(t * trials + b) * width + i]!;
  return out;
}

/** Posterior outputs of a batch under given weights; the mean, or the sample of that counter. */
export async function posterior(
  differentiator: Differentiator,
  constants: LfadsConstants,
  weights: Values,
  batch: Batch,
  sample?: number,
): Promise<Outputs> {
  const build = lfads(constants, batch, evaluationNoise(constants, batch, sample));
  const values = await differentiator.values(shaped(constants, weights), build);
  const B = batch.trials.length;
  const { bins: T, initialCondition: Z } = constants.sizes;
  const along = (name: string): Float32Array => trialMajor(values[name], B, T);
  const kl = new Float32Array(Z);
  for (const [i, x] of values.klPerDimension!.entries()) kl[i % Z]! += x / B;
  return {
    rates: along('rates'),
    factors: along('factors'),
    generator: along('generator'),
    initialMean: Float32Array.from(values.initialMean!),
    initialSd: Float32Array.from(values.initialSd!),
    inputMean: along('inputMean'),
    inputSd: along('inputSd'),
    klInitial: kl,
  };
}

const copy = (arrays: Values): Record<string, Float32Array> =>
  Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, Float32Array.from(values)]));

/** `identity` is what the Stepper says of itself; `close` frees what the implementation holds. */
export function opByOp(
  constants: LfadsConstants,
  differentiator: Differentiator,
  identity: Pick<Stepper, 'device' | 'deviceName' | 'build'>,
  close: () => void = () => {},
): Stepper {
  let weights = copy(
    Object.fromEntries(weightTable(constants.sizes).map(({ name, rows, columns }) => [name, new Float32Array(rows * columns)])),
  );
  let moments = noMoments(weights);
  const differentiate = async (batch: Batch, settings: StepSettings) => {
    const noise = sampleNoise(constants, batch, settings.step);
    const result = await lossAndGradients(differentiator, constants, weights, batch, noise, settings);
    const { loss, nll, klInitial, klInputs } = result.losses;
    requireFinite(
      {
        nll: Float64Array.of(nll),
        klInitial: Float64Array.of(klInitial),
        klInputs: Float64Array.of(klInputs),
        loss: Float64Array.of(loss),
      },
      '',
      settings.step,
      batch.trials,
    );
    requireFinite(result.gradients, 'the gradient of ', settings.step, batch.trials);
    return result;
  };
  return {
    ...identity,
    async step(batch, settings) {
      const { losses, gradients } = await differentiate(batch, settings);
      const factor = clipFactor(losses.gradientNorm, constants.gradientClip);
      moments = adamW(weights, gradients, moments, factor, { ...settings, ...constants.adam });
      return losses;
    },
    async gradients(batch, settings) {
      const { losses, gradients } = await differentiate(batch, settings);
      return { losses, gradients: copy(gradients) };
    },
    forward: (batch, sample) => posterior(differentiator, constants, weights, batch, sample),
    weights: () => copy(weights),
    setWeights(values) {
      weights = copy(values);
    },
    moments: () => ({ first: copy(moments.first), second: copy(moments.second), steps: moments.steps }),
    setMoments({ first, second, steps }) {
      moments = { first: copy(first), second: copy(second), steps };
    },
    async close() {
      close();
    },
  };
}

// Posterior outputs of a fitted LFADS for any trials, batch by batch: rates in Hz with their spread, factors, inputs, states.

import type { Job } from '../../contract/job.ts';
import type { Arrays, NamedArray } from '../../contract/result.ts';
import type { Dataset } from '../../dataset/index.ts';
import type { Sink } from '../model.ts';
import { makeBatch } from './batches.ts';
import type { UnitView } from './setup.ts';
import type { Batch, LfadsConstants, Outputs, Stepper } from './stepper.ts';
import { inBatches } from './trainee.ts';

/** Samples that the spread is taken from where outputs are those of posterior means. */
const SPREAD_SAMPLES = 8;

type Averaged = 'rates' | 'factors' | 'generator' | 'inputMean' | 'inputSd';
const AVERAGED: readonly Averaged[] = ['rates', 'factors', 'generator', 'inputMean', 'inputSd'];

/** Outputs averaged over samples, and the s.d. of the rates. Memory of one batch (Welford's update); what is averaged is added while the next sample is computed. */
async function sampled(stepper: Stepper, batch: Batch, samples: number, breathe: (share: number) => Promise<void>) {
  const started = (k: number, over?: Outputs): Promise<Outputs> => {
    const outputs = stepper.forward(batch, k, over);
    // Nobody waits for it where `breathe` ends the work.
    outputs.catch(() => {});
    return outputs;
  };
  await breathe(0);
  let next = started(0);
  let mean: Outputs | undefined;
  let added: Outputs | undefined;
  let squares = new Float64Array(0);
  for (let k = 0; k < samples; k++) {
    const outputs = await next;
    if (k + 1 < samples) {
      await breathe((k + 1) / samples);
      next = started(k + 1, added);
    }
    if (mean === undefined) {
      mean = outputs;
      squares = new Float64Array(outputs.rates.length);
      continue;
    }
    addSquares(squares, mean.rates, outputs.rates, k + 1);
    for (const name of AVERAGED) if (name !== 'rates') addToMean(mean[name], outputs[name], k + 1);
    added = outputs;
  }
  return { mean: mean!, ratesSd: Float32Array.from(squares, (sum) => Math.sqrt(Math.max(0, sum) / Math.max(1, samples - 1))) };
}

function addToMean(mean: Float32Array, values: Float32Array, count: number): void {
  for (let i = 0; i < mean.length; i++) mean[i]! += (values[i]! - mean[i]!) / count;
}

/** As addToMean, and adds to the sums of squares about the mean. */
function addSquares(squares: Float64Array, mean: Float32Array, values: Float32Array, count: number): void {
  for (let i = 0; i < mean.length; i++) {
    const from = values[i]! - mean[i]!;
    mean[i]! += from / count;
    squares[i]! += from * (values[i]! - mean[i]!);
  }
}

/**
 * Streams the outputs of the trials (places in the dataset) into the sink. `hzPerValue` turns the dataset's values into Hz. With
 * `posteriorSamples` of 0 outputs are those of posterior means and only the spread of rates comes from samples.
 */
export async function inferInto(
  stepper: Stepper,
  dataset: Dataset,
  { sizes, batch: atOnce }: LfadsConstants,
  view: UnitView,
  posteriorSamples: number,
  hzPerValue: number,
  trials: Int32Array,
  sink: Sink,
  job: Job,
): Promise<void> {
  const { bins: T, units: N } = sizes;
  let done = 0;
  for (const some of inBatches(trials, atOnce)) {
    const breathe = async (share: number): Promise<void> => {
      await job.progress((done + share * some.length) / trials.length, 'Inferring rates');
      job.signal.throwIfAborted();
    };
    const batch = makeBatch(dataset, sizes, view, some);
    const atMeans = posteriorSamples > 0 ? undefined : await stepper.forward(batch);
    const { mean, ratesSd } = await sampled(stepper, batch, posteriorSamples || SPREAD_SAMPLES, breathe);
    const outputs = atMeans ?? mean;
    const B = some.length;
    const inHz = (values: Float32Array, isSpread: boolean): Float32Array => {
      const out = new Float32Array(values.length);
      for (let row = 0; row < B * T; row++)
        for (let n = 0; n < N; n++)
          out[row * N + view.order[n]!] = (values[row * N + n]! * view.scale[n]! + (isSpread ? 0 : view.offset[n]!)) * hzPerValue;
      return out;
    };
    const rates = (values: Float32Array): NamedArray => ({ values, shape: [B, T, N], axes: ['trial', 'bin', 'unit'], unit: 'Hz' });
    const overTime = (values: Float32Array, axis: string): NamedArray => ({
      values,
      shape: [B, T, values.length / (B * T)],
      axes: ['trial', 'bin', axis],
      unit: '',
    });
    const perTrial = (values: Float32Array): NamedArray => ({
      values,
      shape: [B, values.length / B],
      axes: ['trial', 'dimension'],
      unit: '',
    });
    const arrays: Arrays = {
      rates: rates(inHz(outputs.rates, false)),
      ratesSd: rates(inHz(ratesSd, true)),
      factors: overTime(outputs.factors, 'factor'),
      generator: overTime(outputs.generator, 'state'),
      initialConditions: perTrial(outputs.initialMean),
      initialConditionsSd: perTrial(outputs.initialSd),
      ...(outputs.inputMean.length > 0
        ? { inputs: overTime(outputs.inputMean, 'input'), inputsSd: overTime(outputs.inputSd, 'input') }
        : {}),
    };
    await sink(some, arrays);
    done += B;
  }
  await job.progress(1, 'Inferring rates');
}

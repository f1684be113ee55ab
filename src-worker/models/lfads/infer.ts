// Posterior outputs of a fitted LFADS for any trials, batch by batch: rates in Hz with their spread, factors, inputs, states.

import type { Job } from '../../contract/job.ts';
import type { Arrays, NamedArray } from '../../contract/result.ts';
import type { Dataset } from '../../dataset/index.ts';
import type { Sink } from '../model.ts';
import { makeBatch } from './training/batches.ts';
import type { UnitView } from '../../training/units.ts';
import type { Averager, LfadsConstants } from './stepper.ts';
import { inBatches } from './training/trainee.ts';

/** Samples that the spread is taken from where outputs are those of posterior means. */
const SPREAD_SAMPLES = 8;

/**
 * Streams the outputs of the trials (places in the dataset) into the sink. `hzPerValue` turns the dataset's values into Hz. With
 * `posteriorSamples` of 0 outputs are those of posterior means and only the spread of rates comes from samples.
 */
export async function inferInto(
  stepper: Averager,
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
    const averaged = await stepper.average(batch, posteriorSamples || SPREAD_SAMPLES, breathe);
    const { ratesSd } = averaged;
    const outputs = atMeans ?? averaged;
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

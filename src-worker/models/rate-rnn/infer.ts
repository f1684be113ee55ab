// Outputs of a fitted rate network for any trials, batch by batch: rates in Hz of free runs, states, and κ of low-rank weights as factors.

import type { Job } from '../../contract/job.ts';
import type { Arrays, NamedArray } from '../../contract/result.ts';
import type { Dataset } from '../../dataset/index.ts';
import { hzPerValue } from '../baseline.ts';
import { inBatches } from '../lfads/training/trainee.ts';
import { Failure } from '../../contract/failure.ts';
import { bestWeights } from '../../training/loop.ts';
import type { Resolved } from '../constrained/resolved.ts';
import type { Checkpoint, Sink } from '../model.ts';
import { RateBatches } from './batches.ts';
import { factsOf, type RateFacts } from './facts.ts';
import { makeFusedRateStepper } from './fused.ts';
import { constantsOf, valuesIn } from './setup.ts';
import type { RateConstants, RateStepper } from './stepper.ts';

/** Streams outputs of a fitted network for trials of any dataset of its shape into the sink. */
export async function inferFitted(
  checkpoint: Checkpoint,
  dataset: Dataset,
  resolved: Resolved,
  trials: Int32Array,
  sink: Sink,
  job: Job,
): Promise<void> {
  const facts = factsOf(checkpoint);
  requireFitting(dataset, facts);
  const values = valuesIn(resolved);
  const constants = { ...constantsOf(facts.sizes, values, facts.binMs, facts.seed), forcing: 'none' as const };
  const stepper = await makeFusedRateStepper(constants, job.threads);
  try {
    stepper.setWeights(bestWeights(checkpoint));
    const batches = new RateBatches(dataset, constants, facts.view, values.teacherSdMs);
    await inferRates(stepper, dataset, batches, constants, facts, trials, sink, job);
  } finally {
    await stepper.close();
  }
}

/** A dataset on which a trained network can be used has its bins, units and external inputs. */
function requireFitting(dataset: Dataset, { sizes, view, binMs }: RateFacts): void {
  const external = dataset.external?.channels.length ?? 0;
  const differs =
    dataset.bins !== sizes.bins || dataset.binMs !== binMs
      ? `${dataset.bins} bins of ${dataset.binMs} ms, and the network ${sizes.bins} of ${binMs} ms`
      : dataset.units !== view.order.length
        ? `${dataset.units} units, and the network ${view.order.length}`
        : external !== sizes.external
          ? `${external} external inputs, and the network ${sizes.external}`
          : undefined;
  if (differs !== undefined)
    throw new Failure(
      'other-shape',
      `These trials have ${differs}.`,
      'Make trials with the same window, bins, units and external inputs as those that the network was trained on.',
    );
}

/** Streams the outputs of the trials (places in the dataset) into the sink. */
export async function inferRates(
  stepper: RateStepper,
  dataset: Dataset,
  batches: RateBatches,
  constants: RateConstants,
  { view, sizes: s }: Pick<RateFacts, 'view' | 'sizes'>,
  trials: Int32Array,
  sink: Sink,
  job: Job,
): Promise<void> {
  const hz = hzPerValue(dataset);
  const selection = stepper.weights()['selection.W'];
  let done = 0;
  for (const some of inBatches(trials, constants.batch)) {
    job.signal.throwIfAborted();
    const { rates, states } = await stepper.forward(batches.of(some));
    const B = some.length;
    const inHz = new Float32Array(rates.length);
    for (let row = 0; row < B * s.bins; row++)
      for (let n = 0; n < s.units; n++)
        inHz[row * s.units + view.order[n]] = (rates[row * s.units + n] * view.scale[n] + view.offset[n]) * hz;
    const overTime = (values: Float32Array, axis: string, unit = ''): NamedArray => ({
      values,
      shape: [B, s.bins, values.length / (B * s.bins)],
      axes: ['trial', 'bin', axis],
      unit,
    });
    const first = new Float32Array(B * s.hidden);
    for (let b = 0; b < B; b++) first.set(states.subarray(b * s.bins * s.hidden, b * s.bins * s.hidden + s.hidden), b * s.hidden);
    const arrays: Arrays = {
      rates: overTime(inHz, 'unit', 'Hz'),
      ...(selection
        ? { factors: overTime(latents(states, selection, s.hidden, s.rank, constants.nonlinearity === 'relu'), 'factor') }
        : {}),
      generator: overTime(states, 'state'),
      initialConditions: { values: first, shape: [B, s.hidden], axes: ['trial', 'dimension'], unit: '' },
    };
    await sink(some, arrays);
    done += B;
    await job.progress(done / trials.length, 'Running freely');
  }
}

/** κ = nᵀ φ(x) / H of every state. */
function latents(states: Float32Array, n: Float32Array, H: number, R: number, rectified: boolean): Float32Array {
  const out = new Float32Array((states.length / H) * R);
  for (let row = 0; row < states.length / H; row++)
    for (let i = 0; i < H; i++) {
      const x = states[row * H + i];
      const activity = (rectified ? Math.max(0, x) : Math.tanh(x)) / H;
      for (let r = 0; r < R; r++) out[row * R + r] += n[i * R + r] * activity;
    }
  return out;
}

// How long a fit of LFADS takes: on the fused engine by a rehearsal of some steps, a validation and outputs with the fit's own code, on a
// device that was named by steps of the model's first bins.

import { Worker } from 'node:worker_threads';
import { threadEntry } from '../../../assets.ts';
import { Failure } from '../../../contract/failure.ts';
import { type Dataset, TRAINING, trialsIn } from '../../../dataset/index.ts';
import { fewTrials, type Pace, paceFor, rehearse, secondsAt, secondsOf, untold } from '../../../training/rehearsal.ts';
import { planOf } from '../../../training/plan.ts';
import { type UnitView, viewOf } from '../../../training/units.ts';
import { hzPerValue } from '../../baseline.ts';
import type { Foretold } from '../../model.ts';
import { inferInto } from '../infer.ts';
import { makeBatch } from '../training/batches.ts';
import { makeFusedStepper } from '../fused.ts';
import { type LfadsValues, startingWeights } from '../settings/setup.ts';
import type { Example } from '../devices/smoke.ts';
import type { Averager, LfadsConstants } from '../stepper.ts';
import { lfadsTrainee } from '../training/trainee.ts';
import { onLine } from './pace.ts';
import type { PaceAnswer, PaceQuestion } from './pace-thread.ts';

/** Steps by which `auto` tries a device, and a pass to posterior means. */
const TRIED_STEPS = 3;
/** Posterior samples by which more of them are foretold. */
const REHEARSED_SAMPLES = [2, 10] as const;

/** Whether the fused engine computes, as far as that is known before the fit. */
export const isFused = (device: string): boolean => device === 'auto' || device === 'fused';

/** Seconds of a fit of this dataset and of a trial's outputs, milliseconds of a step; `auto` leaves the fused engine only for what is faster. */
export async function foretellFit(
  dataset: Dataset,
  constants: LfadsConstants,
  values: LfadsValues,
  threads: number,
  device: string,
): Promise<Required<Pick<Foretold, 'seconds' | 'outputSeconds' | 'stepMs'>>> {
  const { sampleValidation, jitterMs, shiftMs, averaging, likelihood, posteriorSamples } = values;
  const view = viewOf(dataset, likelihood);
  const key = [constants, threads, sampleValidation > 0, jitterMs, shiftMs, averaging > 0, posteriorSamples, isFused(device) || device];
  const pace = await paceFor(['lfads', ...key], () => paceOf(dataset, constants, values, view, threads, device));
  // Before `auto` settles on a device it is made and takes a few steps.
  const tried = device === 'auto' ? pace.start + TRIED_STEPS * pace.step : 0;
  return {
    seconds: tried + secondsAt(pace, dataset, planOf(values), sampleValidation),
    outputSeconds: pace.outputTrial,
    stepMs: 1000 * pace.step,
  };
}

/** Outputs are made by the fused engine, whatever trains. */
async function paceOf(
  dataset: Dataset,
  constants: LfadsConstants,
  values: LfadsValues,
  view: UnitView,
  threads: number,
  device: string,
): Promise<Pace> {
  const few = fewTrials(dataset, constants.batch);
  const begun = performance.now();
  const stepper = await makeFusedStepper(constants, threads);
  try {
    stepper.setWeights(startingWeights(dataset, constants.sizes, values, view, 0));
    const start = (performance.now() - begun) / 1000;
    const trained = isFused(device)
      ? await rehearse(lfadsTrainee(stepper, few, constants, view, values, {}), few, values)
      : await paceOn(device, exampleOf(dataset, constants, values, view), threads);
    return { ...trained, start, outputTrial: await outputPace(stepper, few, constants, values, view) };
  } finally {
    await stepper.close();
  }
}

/** Seconds of a trial's outputs: fewer samples tell of many, as encoders run once for all of them. */
async function outputPace(
  stepper: Averager,
  few: Dataset,
  constants: LfadsConstants,
  { posteriorSamples }: LfadsValues,
  view: UnitView,
): Promise<number> {
  const trials = trialsIn(few, TRAINING);
  const of = (samples: number): Promise<number> =>
    secondsOf(() => inferInto(stepper, few, constants, view, samples, hzPerValue(few), trials, () => {}, untold));
  const [fewer, more] = REHEARSED_SAMPLES;
  await of(Math.min(fewer, posteriorSamples));
  const seconds =
    posteriorSamples <= more ? await of(posteriorSamples) : onLine([fewer, await of(fewer)], [more, await of(more)], posteriorSamples);
  return seconds / trials.length;
}

function exampleOf(dataset: Dataset, constants: LfadsConstants, values: LfadsValues, view: UnitView): Example {
  const { sizes, batch } = constants;
  const trials = trialsIn(dataset, TRAINING).slice(0, batch);
  return { constants, weights: startingWeights(dataset, sizes, values, view, 0), batch: makeBatch(dataset, sizes, view, trials) };
}

/** Of a device that computes op by op, timed in a thread of its own. */
async function paceOn(device: string, example: Example, threads: number): Promise<Pick<Pace, 'step' | 'judgedTrial'>> {
  const thread = new Worker(threadEntry('models/lfads/foretell/pace-thread.ts', 'pace-thread'), {
    workerData: { device, example, threads } satisfies PaceQuestion,
  });
  try {
    const answer = await new Promise<PaceAnswer>((resolve, reject) => {
      thread.once('message', resolve);
      thread.once('error', reject);
      thread.once('exit', (code) => reject(new Error(`The thread that timed ${device} ended with ${code}`)));
    });
    if ('failure' in answer) throw new Failure(answer.failure.code, answer.failure.sentence, answer.failure.hint);
    return { step: answer.stepMs / 1000, judgedTrial: answer.forwardMs / 1000 / example.batch.trials.length };
  } finally {
    await thread.terminate();
  }
}

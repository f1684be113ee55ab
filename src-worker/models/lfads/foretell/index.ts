// How long a fit of LFADS takes: on the fused engine by a rehearsal of some steps and a validation with the fit's own code, on a device that
// was named by steps of the model's first bins.

import { Worker } from 'node:worker_threads';
import { threadEntry } from '../../../assets.ts';
import { Failure } from '../../../contract/failure.ts';
import { TEST } from '../../../dataset/dataset.ts';
import { type Dataset, TRAINING, trialsIn, VALIDATION } from '../../../dataset/index.ts';
import { mixed } from '../../../training/loop.ts';
import { makeBatch } from '../training/batches.ts';
import { makeFusedStepper } from '../fused.ts';
import { type LfadsValues, startingWeights, type UnitView, viewOf } from '../settings/setup.ts';
import type { Example } from '../devices/smoke.ts';
import type { LfadsConstants } from '../stepper.ts';
import { lfadsTrainee } from '../training/trainee.ts';
import type { PaceAnswer, PaceQuestion } from './pace-thread.ts';

/** Whether the fused engine computes, as far as that is known before the fit. */
export const isFused = (device: string): boolean => device === 'auto' || device === 'fused';

/** What parts of a fit take here, in seconds. */
interface Pace {
  readonly step: number;
  /** Of a validation, for each trial that it judges. */
  readonly judgedTrial: number;
}

/** By the model's shape: forms ask again and again while other settings change. */
const measured = new Map<string, Pace>();

const WARM_UP = 2;
const STEPS = 5;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/**
 * Seconds of a fit of this dataset that goes on to its last step (patience may end it sooner), and milliseconds of a step. `auto` is the fused
 * engine, which it leaves only for what is faster.
 */
export async function foretellSeconds(
  dataset: Dataset,
  constants: LfadsConstants,
  values: LfadsValues,
  threads: number,
  device: string,
): Promise<{ readonly seconds: number; readonly stepMs: number }> {
  const { steps, validateEvery, sampleValidation, jitterMs, shiftMs, averaging, likelihood } = values;
  const view = viewOf(dataset, likelihood);
  const shape = JSON.stringify([constants, threads, sampleValidation > 0, jitterMs, shiftMs, averaging > 0, isFused(device) || device]);
  const pace =
    measured.get(shape) ??
    (isFused(device)
      ? await rehearse(dataset, constants, values, view, threads)
      : await paceOn(device, exampleOf(dataset, constants, values, view), threads));
  measured.set(shape, pace);
  const seconds = steps * pace.step + Math.ceil(steps / validateEvery) * judgedTrials(dataset, values) * pace.judgedTrial;
  return { seconds, stepMs: 1000 * pace.step };
}

/** Validation trials are judged twice, of all counts and of those that the encoders did not see; training trials of what is withheld. */
const judgedTrials = (dataset: Dataset, { sampleValidation }: LfadsValues): number =>
  2 * trialsIn(dataset, VALIDATION).length + (sampleValidation > 0 ? trialsIn(dataset, TRAINING).length : 0);

async function rehearse(dataset: Dataset, constants: LfadsConstants, values: LfadsValues, view: UnitView, threads: number): Promise<Pace> {
  const few = fewTrials(dataset, constants.batch);
  const stepper = await makeFusedStepper(constants, threads);
  try {
    stepper.setWeights(startingWeights(dataset, constants.sizes, values, view, 0));
    const trainee = lfadsTrainee(stepper, few, constants, view, values, {});
    let average = trainee.weights();
    const stepTimes: number[] = [];
    for (let step = 0; step < WARM_UP + STEPS; step++) {
      const begun = performance.now();
      await trainee.step(step, values.learningRate);
      if (values.averaging > 0) average = mixed(average, trainee.weights(), values.averaging);
      stepTimes.push(performance.now() - begun);
    }
    const judged = judgedTrials(few, values);
    const validations: number[] = [];
    for (let i = 0; i < 3 && judged > 0; i++) {
      const begun = performance.now();
      await trainee.validate(async () => {});
      validations.push(performance.now() - begun);
    }
    return {
      step: median(stepTimes.slice(WARM_UP)) / 1000,
      judgedTrial: judged > 0 ? Math.min(...validations) / judged / 1000 : 0,
    };
  } finally {
    await stepper.close();
  }
}

function exampleOf(dataset: Dataset, constants: LfadsConstants, values: LfadsValues, view: UnitView): Example {
  const { sizes, batch } = constants;
  const trials = trialsIn(dataset, TRAINING).slice(0, batch);
  return { constants, weights: startingWeights(dataset, sizes, values, view, 0), batch: makeBatch(dataset, sizes, view, trials) };
}

/** The pace on a device that computes op by op, timed in a thread of its own. */
async function paceOn(device: string, example: Example, threads: number): Promise<Pace> {
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

/** The dataset with at most a batch of training trials and as many of validation. */
function fewTrials(dataset: Dataset, batch: number): Dataset {
  const left = new Map([TRAINING, VALIDATION].map((part) => [part, batch]));
  const split = dataset.split.map((part) => {
    const more = left.get(part) ?? 0;
    left.set(part, more - 1);
    return more > 0 ? part : TEST;
  });
  return { ...dataset, split };
}

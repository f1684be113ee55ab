// How long a fit of a rate network takes: a rehearsal of some steps and a validation of it, with the fit's own code.

import { type Dataset, TRAINING, trialsIn, VALIDATION } from '../../dataset/index.ts';
import { TEST } from '../../dataset/dataset.ts';
import { mixed } from '../../training/loop.ts';
import { viewOf } from '../lfads/settings/setup.ts';
import { RateBatches } from './batches.ts';
import { makeFusedRateStepper } from './fused.ts';
import { type RateValues, startingWeights } from './setup.ts';
import type { RateConstants } from './stepper.ts';
import { rateTrainee } from './trainee.ts';

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

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Seconds of a fit of this dataset that goes on to its last step; patience may end it sooner. */
export async function foretellSeconds(dataset: Dataset, constants: RateConstants, values: RateValues, threads: number): Promise<number> {
  const shape = JSON.stringify([constants, threads, values.sampleValidation > 0, values.averaging > 0]);
  const pace = measured.get(shape) ?? (await rehearse(dataset, constants, values, threads));
  measured.set(shape, pace);
  const judged = 2 * trialsIn(dataset, VALIDATION).length + (values.sampleValidation > 0 ? trialsIn(dataset, TRAINING).length : 0);
  return values.steps * pace.step + Math.ceil(values.steps / values.validateEvery) * judged * pace.judgedTrial;
}

async function rehearse(dataset: Dataset, constants: RateConstants, values: RateValues, threads: number): Promise<Pace> {
  const few = fewTrials(dataset, constants.batch);
  const view = viewOf(dataset, values.likelihood);
  const stepper = await makeFusedRateStepper(constants, threads);
  try {
    stepper.setWeights(startingWeights(dataset, constants.sizes, values, view, 0));
    const batches = new RateBatches(few, constants, view, values.teacherSdMs);
    const trainee = rateTrainee(stepper, few, batches, constants, values, undefined, {});
    let average = trainee.weights();
    const times: number[] = [];
    for (let step = 0; step < WARM_UP + STEPS; step++) {
      const begun = performance.now();
      await trainee.step(step, values.learningRate);
      if (values.averaging > 0) average = mixed(average, trainee.weights(), values.averaging);
      times.push(performance.now() - begun);
    }
    const judged = 2 * trialsIn(few, VALIDATION).length;
    const begun = performance.now();
    if (judged > 0) await trainee.validate(async () => {});
    return { step: median(times.slice(WARM_UP)) / 1000, judgedTrial: judged > 0 ? (performance.now() - begun) / judged / 1000 : 0 };
  } finally {
    await stepper.close();
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

// How long a fit of LFADS takes: a rehearsal of some steps and a validation of it on the fused engine, with the fit's own code.

import { type Dataset, TRAINING, trialsIn, VALIDATION } from '../../dataset/index.ts';
import { TEST } from '../../dataset/dataset.ts';
import { mixed } from '../../training/loop.ts';
import { makeFusedStepper } from './fused.ts';
import { type LfadsValues, startingWeights, type UnitView, viewOf } from './setup.ts';
import type { LfadsConstants } from './stepper.ts';
import { lfadsTrainee } from './trainee.ts';

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

/** Seconds of a fit of this dataset that goes on to its last step (patience may end it sooner), and milliseconds of a step. */
export async function foretellSeconds(
  dataset: Dataset,
  constants: LfadsConstants,
  values: LfadsValues,
  threads: number,
): Promise<{ readonly seconds: number; readonly stepMs: number }> {
  const { steps, validateEvery, sampleValidation, jitterMs, shiftMs, averaging, likelihood } = values;
  const shape = JSON.stringify([constants, threads, sampleValidation > 0, jitterMs, shiftMs, averaging > 0]);
  const pace = measured.get(shape) ?? (await rehearse(dataset, constants, values, viewOf(dataset, likelihood), threads));
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

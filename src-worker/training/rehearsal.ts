// How long a fit will take: a few of its steps and validations, with the fit's own code, on a batch of its trials.

import { type Dataset, TEST, TRAINING, trialsIn, VALIDATION } from '../dataset/index.ts';
import { mixed, type Trainee } from './loop.ts';

/** What parts of a fit take here, in seconds. */
export interface Pace {
  readonly step: number;
  /** Of a validation, for each trial that it judges. */
  readonly judgedTrial: number;
}

interface Rehearsed {
  readonly learningRate: number;
  readonly averaging: number;
  readonly sampleValidation: number;
}

const WARM_UP = 2;
const STEPS = 5;
const VALIDATIONS = 3;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Validation trials are judged twice, of all counts and of those that the encoders did not see; training trials of what is withheld. */
const judgedTrials = (dataset: Dataset, sampleValidation: number): number =>
  2 * trialsIn(dataset, VALIDATION).length + (sampleValidation > 0 ? trialsIn(dataset, TRAINING).length : 0);

/** The dataset with at most a batch of training trials and as many of validation. */
export function fewTrials(dataset: Dataset, batch: number): Dataset {
  const left = new Map([TRAINING, VALIDATION].map((part) => [part, batch]));
  const split = dataset.split.map((part) => {
    const more = left.get(part) ?? 0;
    left.set(part, more - 1);
    return more > 0 ? part : TEST;
  });
  return { ...dataset, split };
}

/** The pace of a trainee of these few trials. */
export async function rehearse(trainee: Trainee, few: Dataset, { learningRate, averaging, sampleValidation }: Rehearsed): Promise<Pace> {
  let average = trainee.weights();
  const steps: number[] = [];
  for (let step = 0; step < WARM_UP + STEPS; step++) {
    const begun = performance.now();
    await trainee.step(step, learningRate);
    if (averaging > 0) average = mixed(average, trainee.weights(), averaging);
    steps.push(performance.now() - begun);
  }
  const judged = judgedTrials(few, sampleValidation);
  const validations: number[] = [];
  for (let i = 0; i < VALIDATIONS && judged > 0; i++) {
    const begun = performance.now();
    await trainee.validate(async () => {});
    validations.push(performance.now() - begun);
  }
  return { step: median(steps.slice(WARM_UP)) / 1000, judgedTrial: judged > 0 ? Math.min(...validations) / judged / 1000 : 0 };
}

/** By what a pace depends on: forms ask again and again while other settings change. */
const measured = new Map<string, Pace>();

/** The pace that was found for the same `key` before, else the one that `find` finds. */
export async function paceFor(key: unknown, find: () => Promise<Pace>): Promise<Pace> {
  const text = JSON.stringify(key);
  const pace = measured.get(text) ?? (await find());
  measured.set(text, pace);
  return pace;
}

/** Seconds of a fit of this dataset that goes on to its last step; patience may end it sooner. */
export const secondsAt = (
  pace: Pace,
  dataset: Dataset,
  { steps, validateEvery, sampleValidation }: { readonly steps: number; readonly validateEvery: number; readonly sampleValidation: number },
): number => steps * pace.step + Math.ceil(steps / validateEvery) * judgedTrials(dataset, sampleValidation) * pace.judgedTrial;

// How long a fit will take: a few of its steps and validations, and some of its outputs, with the fit's own code, on a batch of its trials.

import type { Job } from '../contract/job.ts';
import { type Dataset, TEST, TRAINING, trialsIn, VALIDATION } from '../dataset/index.ts';
import { mixed, type Trainee } from './loop.ts';

/** What parts of a fit take here, in seconds. */
export interface Pace {
  /** Until there is something that takes steps, and its first ones are done. */
  readonly start: number;
  readonly step: number;
  /** Of a validation, for each trial that it judges. */
  readonly judgedTrial: number;
  /** Of the outputs that are kept of a fit, for each trial. */
  readonly outputTrial: number;
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

/** A rehearsal tells nobody how far it is. */
export const untold: Job = { signal: new AbortController().signal, seed: 0, threads: 1, progress: async () => {} };

/** Seconds that some work takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

/** The pace of steps and validations of a trainee of these few trials. */
export async function rehearse(
  trainee: Trainee,
  few: Dataset,
  { learningRate, averaging, sampleValidation }: Rehearsed,
): Promise<Pick<Pace, 'step' | 'judgedTrial'>> {
  let average = trainee.weights();
  const steps: number[] = [];
  for (let step = 0; step < WARM_UP + STEPS; step++)
    steps.push(
      await secondsOf(async () => {
        await trainee.step(step, learningRate);
        if (averaging > 0) average = mixed(average, trainee.weights(), averaging);
      }),
    );
  const judged = judgedTrials(few, sampleValidation);
  const validations: number[] = [];
  for (let i = 0; i < VALIDATIONS && judged > 0; i++) validations.push(await secondsOf(() => trainee.validate(async () => {})));
  return { step: median(steps.slice(WARM_UP)), judgedTrial: judged > 0 ? Math.min(...validations) / judged : 0 };
}

/** By what a pace depends on: forms ask again and again while other settings change. */
const measured = new Map<string, unknown>();

/** The pace that was found for the same `key` before, else the one that `find` finds. */
export async function paceFor<P>(key: unknown, find: () => Promise<P>): Promise<P> {
  const text = JSON.stringify(key);
  const pace = (measured.get(text) as P | undefined) ?? (await find());
  measured.set(text, pace);
  return pace;
}

/** Seconds of a fit of this dataset that goes on to its last step; patience may end it sooner. */
export const secondsAt = (
  pace: Pace,
  dataset: Dataset,
  { steps, validateEvery, sampleValidation }: { readonly steps: number; readonly validateEvery: number; readonly sampleValidation: number },
): number => pace.start + steps * pace.step + Math.ceil(steps / validateEvery) * judgedTrials(dataset, sampleValidation) * pace.judgedTrial;

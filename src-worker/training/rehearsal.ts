// How long a fit will take: a few of its steps and validations, and some of its outputs, with the fit's own code, on a batch of its trials.

import type { Job } from '../contract/job.ts';
import { type Dataset, TEST, TRAINING, trialsIn, VALIDATION } from '../dataset/index.ts';
import { mean, median } from '../numerics/statistics.ts';
import { mixed, type Trainee } from './loop.ts';
import { type Plan, stepsToExpect } from './plan.ts';

/** What parts of a fit take here, in seconds. */
export interface Pace {
  /** Until there is something that takes steps. */
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

/** How often something is done: `most` times, but no longer than so many seconds once it was done `least` times. */
interface Times {
  readonly least: number;
  readonly most: number;
  readonly seconds: number;
}

/** Until then steps are slow: their code is new. */
const WARM_UP: Times = { least: 2, most: 60, seconds: 0.7 };
/** Rounds of steps and a validation. The quickest steps count, as the first ones are still compiled, and the middle validation. */
const ROUNDS = 3;
const STEPS: Times = { least: 2, most: 30, seconds: 0.25 };
const WORK: Times = { least: 3, most: 30, seconds: 0.3 };

/** Seconds that the first hundred steps of a fit took longer than as many later ones, as its thread compiles its code: 0.4 to 1.2 where measured. */
const COMPILING = 0.6;

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

/** Seconds that some work usually takes. */
export const usualSecondsOf = async (work: () => Promise<unknown>): Promise<number> => median(await repeated(work, WORK));

/** The pace of steps and validations of a trainee of these few trials. */
export async function rehearse(
  trainee: Trainee,
  few: Dataset,
  { learningRate, averaging, sampleValidation }: Rehearsed,
): Promise<Pick<Pace, 'step' | 'judgedTrial'>> {
  let [average, taken] = [trainee.weights(), 0];
  const step = async (): Promise<void> => {
    await trainee.step(taken++, learningRate);
    if (averaging > 0) average = mixed(average, trainee.weights(), averaging);
  };
  await repeated(step, WARM_UP);
  const [steps, validations]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    steps.push(mean(await repeated(step, STEPS)));
    validations.push(await secondsOf(() => trainee.validate(async () => {})));
  }
  const judged = judgedTrials(few, sampleValidation);
  return { step: Math.min(...steps), judgedTrial: judged > 0 ? median(validations) / judged : 0 };
}

/** Seconds of each time that something is done. */
async function repeated(work: () => Promise<unknown>, { least, most, seconds }: Times): Promise<readonly number[]> {
  const found: number[] = [];
  for (let gone = 0; found.length < least || (found.length < most && gone < seconds); gone += found.at(-1)!)
    found.push(await secondsOf(work));
  return found;
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

/** Seconds of a fit of this dataset. */
export function secondsAt(pace: Pace, dataset: Dataset, plan: Plan, sampleValidation: number): number {
  const judged = judgedTrials(dataset, sampleValidation);
  // Patience waits for nothing where nothing judges.
  const steps = judged > 0 ? stepsToExpect(plan) : plan.steps;
  return COMPILING + pace.start + steps * pace.step + Math.ceil(steps / plan.validateEvery) * judged * pace.judgedTrial;
}

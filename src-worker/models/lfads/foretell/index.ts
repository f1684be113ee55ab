// How long a fit of LFADS takes: on the fused engine by a rehearsal of some steps and a validation with the fit's own code, on a device that
// was named by steps of the model's first bins.

import { Worker } from 'node:worker_threads';
import { threadEntry } from '../../../assets.ts';
import { Failure } from '../../../contract/failure.ts';
import { type Dataset, TRAINING, trialsIn } from '../../../dataset/index.ts';
import { fewTrials, type Pace, paceFor, rehearse, secondsAt } from '../../../training/rehearsal.ts';
import { type UnitView, viewOf } from '../../../training/units.ts';
import { makeBatch } from '../training/batches.ts';
import { makeFusedStepper } from '../fused.ts';
import { type LfadsValues, startingWeights } from '../settings/setup.ts';
import type { Example } from '../devices/smoke.ts';
import type { LfadsConstants } from '../stepper.ts';
import { lfadsTrainee } from '../training/trainee.ts';
import type { PaceAnswer, PaceQuestion } from './pace-thread.ts';

/** Whether the fused engine computes, as far as that is known before the fit. */
export const isFused = (device: string): boolean => device === 'auto' || device === 'fused';

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
  const { sampleValidation, jitterMs, shiftMs, averaging, likelihood } = values;
  const view = viewOf(dataset, likelihood);
  const pace = await paceFor(
    ['lfads', constants, threads, sampleValidation > 0, jitterMs, shiftMs, averaging > 0, isFused(device) || device],
    () =>
      isFused(device)
        ? paceOfFused(dataset, constants, values, view, threads)
        : paceOn(device, exampleOf(dataset, constants, values, view), threads),
  );
  return { seconds: secondsAt(pace, dataset, values), stepMs: 1000 * pace.step };
}

async function paceOfFused(
  dataset: Dataset,
  constants: LfadsConstants,
  values: LfadsValues,
  view: UnitView,
  threads: number,
): Promise<Pace> {
  const few = fewTrials(dataset, constants.batch);
  const stepper = await makeFusedStepper(constants, threads);
  try {
    stepper.setWeights(startingWeights(dataset, constants.sizes, values, view, 0));
    return await rehearse(lfadsTrainee(stepper, few, constants, view, values, {}), few, values);
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

// How long a fit of a rate network takes: a rehearsal of some steps and a validation of it, with the fit's own code.

import type { Dataset } from '../../dataset/index.ts';
import { fewTrials, type Pace, paceFor, rehearse, secondsAt } from '../../training/rehearsal.ts';
import { viewOf } from '../../training/units.ts';
import { RateBatches } from './batches.ts';
import { makeFusedRateStepper } from './fused.ts';
import { type RateValues, startingWeights } from './setup.ts';
import type { RateConstants } from './stepper.ts';
import { rateTrainee } from './trainee.ts';

/** Seconds of a fit of this dataset that goes on to its last step; patience may end it sooner. */
export async function foretellSeconds(dataset: Dataset, constants: RateConstants, values: RateValues, threads: number): Promise<number> {
  const key = ['rate-rnn', constants, threads, values.sampleValidation > 0, values.averaging > 0];
  return secondsAt(await paceFor(key, () => paceOf(dataset, constants, values, threads)), dataset, values);
}

async function paceOf(dataset: Dataset, constants: RateConstants, values: RateValues, threads: number): Promise<Pace> {
  const few = fewTrials(dataset, constants.batch);
  const view = viewOf(dataset, values.likelihood);
  const stepper = await makeFusedRateStepper(constants, threads);
  try {
    stepper.setWeights(startingWeights(dataset, constants.sizes, values, view, 0));
    const batches = new RateBatches(few, constants, view, values.teacherSdMs);
    return await rehearse(rateTrainee(stepper, few, batches, constants, values, undefined, {}), few, values);
  } finally {
    await stepper.close();
  }
}

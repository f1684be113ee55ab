// How long a fit of a rate network takes: a rehearsal of some steps, a validation and outputs of it, with the fit's own code.

import { type Dataset, TRAINING, trialsIn } from '../../dataset/index.ts';
import { fewTrials, type Pace, paceFor, rehearse, secondsAt, secondsOf, untold } from '../../training/rehearsal.ts';
import { viewOf } from '../../training/units.ts';
import type { Foretold } from '../model.ts';
import { RateBatches } from './batches.ts';
import { makeFusedRateStepper } from './fused.ts';
import { inferRates } from './infer.ts';
import { type RateValues, startingWeights } from './setup.ts';
import type { RateConstants } from './stepper.ts';
import { ratePlan } from './train.ts';
import { rateTrainee } from './trainee.ts';

/** Seconds of a fit of this dataset, and of a trial's outputs. */
export async function foretellSeconds(
  dataset: Dataset,
  constants: RateConstants,
  values: RateValues,
  threads: number,
): Promise<Required<Pick<Foretold, 'seconds' | 'outputSeconds'>>> {
  const key = ['rate-rnn', constants, threads, values.sampleValidation > 0, values.averaging > 0];
  const pace = await paceFor(key, () => paceOf(dataset, constants, values, threads));
  return { seconds: secondsAt(pace, dataset, ratePlan(values), values.sampleValidation), outputSeconds: pace.outputTrial };
}

async function paceOf(dataset: Dataset, constants: RateConstants, values: RateValues, threads: number): Promise<Pace> {
  const few = fewTrials(dataset, constants.batch);
  const view = viewOf(dataset, values.likelihood);
  const begun = performance.now();
  const stepper = await makeFusedRateStepper(constants, threads);
  try {
    stepper.setWeights(startingWeights(dataset, constants.sizes, values, view, 0));
    const start = (performance.now() - begun) / 1000;
    const batches = new RateBatches(few, constants, view, values.teacherSdMs);
    const rehearsed = await rehearse(rateTrainee(stepper, few, batches, constants, values, undefined, {}), few, values);
    const trials = trialsIn(few, TRAINING);
    const outputs = () => inferRates(stepper, few, batches, constants, { view, sizes: constants.sizes }, trials, () => {}, untold);
    await outputs();
    return { ...rehearsed, start, outputTrial: (await secondsOf(outputs)) / trials.length };
  } finally {
    await stepper.close();
  }
}

// One fit of a rate network of a given rank, from starting weights or from a checkpoint.

import { Failure } from '../../contract/failure.ts';
import type { Dataset } from '../../dataset/index.ts';
import { bestWeights, train } from '../../training/loop.ts';
import { type Plan, planOf } from '../../training/plan.ts';
import { viewOf } from '../../training/units.ts';
import type { Checkpoint, FitJob } from '../model.ts';
import { RateBatches } from './batches.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { factsOf, rankFactsOf } from './facts.ts';
import { makeFusedRateStepper } from './fused.ts';
import { constantsOf, type RateValues, sizesOf, startingWeights } from './setup.ts';
import { type HeldOut, heldOutLikelihood, rateTrainee } from './trainee.ts';

export interface Trained {
  readonly checkpoint: Checkpoint;
  readonly device: string;
  readonly deviceName: string;
  readonly notes: readonly string[];
  readonly diagnostics: Readonly<Record<string, number>>;
  /** Of the weights that are kept. */
  readonly heldOut: HeldOut;
}

/** Rate networks run on the fused engine alone. */
export function requireFused(device: string): void {
  if (device !== 'auto' && device !== 'fused')
    throw new Failure(
      'unknown-device',
      `A rate network cannot be fitted on ${device}.`,
      'Leave the choice of a device away (--device): it runs on the fused engine.',
    );
}

/** Forced training is judged by free runs, which may come late. */
export const ratePlan = (values: RateValues): Plan =>
  planOf({ ...values, patience: values.forcing === 'none' ? values.patience : values.steps });

/** `rank` 0 for full weights. */
export async function trainRank(dataset: Dataset, values: RateValues, rank: number, job: FitJob): Promise<Trained> {
  const earlier = job.resume && factsOf(job.resume);
  const sizes = earlier?.sizes ?? sizesOf(dataset, values, rank);
  const seed = earlier?.seed ?? job.seed;
  const constants = constantsOf(sizes, values, dataset.binMs, seed);
  const view = earlier?.view ?? viewOf(dataset, values.likelihood);
  const stepper = await makeFusedRateStepper(constants, job.threads);
  try {
    const { device, deviceName, build } = stepper;
    stepper.setWeights(startingWeights(dataset, sizes, values, view, seed));
    const batches = new RateBatches(dataset, constants, view, values.teacherSdMs);
    const facts = { sizes, view, seed, binMs: dataset.binMs, device, build, ...(earlier && rankFactsOf(earlier)) };
    const trainee = rateTrainee(stepper, dataset, batches, constants, values, earlier?.forcing, facts);
    const checkpoint = await train(trainee, ratePlan(values), job);
    stepper.setWeights(bestWeights(checkpoint));
    const breathe = async () => job.signal.throwIfAborted();
    const heldOut = await heldOutLikelihood(stepper, dataset, batches, constants, breathe);
    const diagnostics = await diagnosticsOf(checkpoint, stepper, dataset, batches, constants, breathe);
    const until = job.resume && job.moreSteps ? job.resume.step + job.moreSteps : values.steps;
    const notes = [
      ...(checkpoint.step < until ? [`Stopped at step ${checkpoint.step}: validation had not improved for ${values.patience} steps.`] : []),
      ...(earlier && earlier.build !== build
        ? [`Went on with ${build} what ${earlier.build} had begun: the last bits differ from an uninterrupted fit.`]
        : []),
    ];
    return { checkpoint, device, deviceName, notes, diagnostics, heldOut };
  } finally {
    await stepper.close();
  }
}

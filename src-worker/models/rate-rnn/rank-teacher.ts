// Counts (or continuous values) as a fitted network would make them: its free runs from the states of the recording's own trials, with the noise of its
// readout or of the recording's own. For the control of a chosen rank, and for tests of recovery.

import type { Job } from '../../contract/job.ts';
import type { Dataset } from '../../dataset/index.ts';
import { key, normal, uniform } from '../../engine/random.ts';
import { inBatches } from '../lfads/training/trainee.ts';
import { viewOf } from '../../training/units.ts';
import { RateBatches } from './batches.ts';
import { makeFusedRateStepper } from './fused.ts';
import { constantsOf, type RateValues, sizesOf } from './setup.ts';

const STREAM = 137;

/** The dataset with every observed value drawn anew; `rank` 0 for a network of full weights, `sds` of noise in continuous values by unit of the dataset. */
export async function taughtBy(
  dataset: Dataset,
  values: RateValues,
  rank: number,
  weights: Readonly<Record<string, Float32Array>>,
  job: Job,
  sds?: Float64Array,
): Promise<Dataset> {
  const { bins, units, observed } = dataset;
  const sizes = sizesOf(dataset, values, rank);
  const constants = { ...constantsOf(sizes, values, dataset.binMs, job.seed), forcing: 'none' as const };
  const view = viewOf(dataset, values.likelihood);
  const stepper = await makeFusedRateStepper(constants, job.threads);
  const counts = new Float32Array(dataset.counts.length);
  const k = key(job.seed, STREAM, rank);
  const logVariances = weights['readout.b'].subarray(units);
  try {
    stepper.setWeights(weights);
    const batches = new RateBatches(dataset, constants, view, values.teacherSdMs);
    const trials = Int32Array.from({ length: dataset.trials }, (_, trial) => trial);
    for (const some of inBatches(trials, constants.batch)) {
      job.signal.throwIfAborted();
      const { rates } = await stepper.forward(batches.of(some));
      for (const [b, trial] of some.entries())
        for (let t = 0; t < bins; t++) {
          if (observed?.[trial * bins + t] === 0) continue;
          for (const [n, unit] of view.order.entries()) {
            const at = (trial * bins + t) * units + unit;
            const own = rates[(b * bins + t) * units + n];
            counts[at] =
              sizes.outputsPerUnit === 1
                ? poisson(own, k, at)
                : own * view.scale[n] + view.offset[n] + (sds ? sds[unit] : Math.exp(logVariances[n] / 2) * view.scale[n]) * normal(k, at);
          }
        }
    }
  } finally {
    await stepper.close();
  }
  return { ...dataset, counts };
}

/** Above this a Poisson count is as good as normal. */
const MANY = 100;

/** A Poisson count of that mean: by inversion of one uniform number. */
function poisson(mean: number, k: number, at: number): number {
  if (mean > MANY) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(k, at)));
  let [chance, left, count] = [Math.exp(-mean), uniform(k, at), 0];
  for (; left > chance && count < 10 * MANY; count++) {
    left -= chance;
    chance *= mean / (count + 1);
  }
  return count;
}

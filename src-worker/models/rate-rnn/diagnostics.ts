// Numbers that a rate network alone knows of its fit: how it runs on where nothing of a trial is seen, beside the condition's mean and beside
// one-step predictions of the forced network; and what its weights are made of.

import { type Dataset, ofTrials, TRAINING, trialsIn, VALIDATION } from '../../dataset/index.ts';
import { structureOf, summaryOf } from '../../numerics/connectivity.ts';
import { smoothBins } from '../../numerics/smoothing.ts';
import { Judge } from '../lfads/training/judge.ts';
import type { Checkpoint } from '../model.ts';
import type { RateBatches } from './batches.ts';
import { firstJudged } from './architecture.ts';
import { factsOf } from './facts.ts';
import { networkOf } from './flow.ts';
import type { RateConstants, RateStepper } from './stepper.ts';
import { judgeRuns } from './trainee.ts';

const MEAN_SD_MS = 40;
const MOST_POPULATIONS = 6;

/**
 * On validation trials, in bits per spike over all units: `freeRunBitsPerSpike` in bins that the encoder did not see, where there are any;
 * `conditionMeanBitsPerSpike` of the mean of the trial's condition over training trials, in the same bins; `forcedBitsPerSpike` of one-step
 * predictions, each from a state forced to the bins before. Of continuous values `freeRunR2`, about the units' means over training trials.
 */
export async function diagnosticsOf(
  checkpoint: Checkpoint,
  stepper: RateStepper,
  dataset: Dataset,
  batches: RateBatches,
  constants: RateConstants,
  breathe: () => Promise<void>,
): Promise<Readonly<Record<string, number>>> {
  const { sizes: s, seed, forcing } = constants;
  const { view, forcing: state } = factsOf(checkpoint);
  const validation = trialsIn(dataset, VALIDATION);
  const found: Record<string, number | undefined> = {};
  if (s.outputsPerUnit === 1 && validation.length > 0) {
    const fromBin = firstJudged(s);
    const bits = async (strength: number): Promise<number | undefined> => {
      const judge = new Judge(s.units, false);
      await judgeRuns(stepper, batches, constants, validation, 'all', undefined, () => judge, breathe, { strength, fromBin });
      return judge.bitsPerSpike(0, s.units);
    };
    if (s.encodedBins < s.bins) found.freeRunBitsPerSpike = await bits(0);
    if (forcing !== 'none') found.forcedBitsPerSpike = await bits(forcing === 'generalised' ? Math.max(0.01, state.strength) : 1);
    found.conditionMeanBitsPerSpike = conditionMeans(dataset, view.order, validation, fromBin);
  }
  if (s.outputsPerUnit === 2 && validation.length > 0) {
    const fromBin = firstJudged(s);
    // Standardised values: units' means over training are 0.
    let [errors, squares] = [0, 0];
    const judge = {
      take(_: number, value: number, mean: number) {
        errors += (value - mean) ** 2;
        squares += value ** 2;
      },
    };
    await judgeRuns(stepper, batches, constants, validation, 'all', undefined, () => judge, breathe, { fromBin });
    found.freeRunR2 = 1 - errors / squares;
  }
  if (forcing === 'generalised') found.forcingStrength = state.strength;
  const { states, W, V } = networkOf(checkpoint);
  const { re, im, loadings } = structureOf(W, V, states, MOST_POPULATIONS, seed);
  if (re.length > 0) found.spectralRadius = Math.hypot(re[0], im[0]);
  const numbers = Object.entries({ ...found, ...(loadings ? summaryOf(loadings) : {}) });
  return Object.fromEntries(numbers.filter((entry): entry is [string, number] => entry[1] !== undefined && Number.isFinite(entry[1])));
}

/** Bits per spike of repeating the smoothed mean of each trial's condition; a trial's worth of each unit's mean rate is added to it. */
function conditionMeans(dataset: Dataset, order: readonly number[], trials: Int32Array, fromBin: number): number | undefined {
  const { conditions, bins, units, counts, observed } = dataset;
  if (!conditions) return undefined;
  const training = trialsIn(dataset, TRAINING);
  const size = bins * units;
  const sums = new Float64Array(conditions.names.length * size);
  const weights = new Float64Array(conditions.names.length * bins).fill(1);
  const means = new Float64Array(units);
  const smoothed = smoothBins(ofTrials(counts, training, size), training.length, bins, units, MEAN_SD_MS / dataset.binMs, {
    observed: observed && ofTrials(observed, training, bins),
  });
  let rows = 0;
  for (const [row, trial] of training.entries())
    for (let t = 0; t < bins; t++) {
      if (observed?.[trial * bins + t] === 0) continue;
      rows++;
      const condition = conditions.of[trial];
      for (let u = 0; u < units; u++) {
        const value = smoothed[row * size + t * units + u];
        means[u] += value;
        if (condition >= 0) sums[condition * size + t * units + u] += value;
      }
      if (condition >= 0) weights[condition * bins + t]++;
    }
  const judge = new Judge(units, false);
  for (const trial of trials) {
    const condition = conditions.of[trial];
    if (condition < 0) continue;
    for (let t = fromBin; t < bins; t++) {
      if (observed?.[trial * bins + t] === 0) continue;
      for (const [n, u] of order.entries())
        judge.take(
          n,
          counts[trial * size + t * units + u],
          (sums[condition * size + t * units + u] + means[u] / Math.max(1, rows)) / weights[condition * bins + t],
        );
    }
  }
  return judge.bitsPerSpike(0, units);
}

// How well inferred inputs tell trials in which something happened (a push, say) from those in which it did not.
//
// Inputs are standardised bin by bin by the mean and s.d. of trials without the event. A trial's score is the largest norm of its
// standardised input within 100 ms of the event, and is compared with the scores of trials without it at the same bins.

import type { Dataset } from '../dataset/dataset.ts';
import { areaUnderCurve } from './auc.ts';

const WITHIN_MS = 100;
/** An event counts as one of some trials only where at least this share has it, and at least this share has not. */
const LEAST_SHARE = 0.05;

export interface InputsAroundEvents {
  /** trials × bins × dimensions. */
  readonly inputs: Float32Array | Float64Array;
  readonly bins: number;
  readonly dimensions: number;
  /** Centre of each bin, ms. */
  readonly timeMs: Float64Array;
  /** Time of the event in each trial, ms; NaN in trials without it. */
  readonly eventMs: Float64Array;
}

/** Area under the ROC curve, 0.5 where inputs tell nothing; NaN where no event lies within the bins or no trial is without. */
export function eventAuc({ inputs, bins, dimensions, timeMs, eventMs }: InputsAroundEvents): number {
  const without = Array.from(eventMs.keys()).filter((trial) => Number.isNaN(eventMs[trial]));
  const norms = standardisedNorms(inputs, bins, dimensions, without, eventMs.length);
  let [sum, judged] = [0, 0];
  for (const [trial, event] of eventMs.entries()) {
    const near = Array.from(timeMs.keys()).filter((bin) => Math.abs(timeMs[bin] - event) <= WITHIN_MS);
    if (near.length === 0 || without.length < 2) continue;
    const largest = (of: number): number => near.reduce((most, bin) => Math.max(most, norms[of * bins + bin]), 0);
    sum += areaUnderCurve(Float64Array.of(largest(trial)), Float64Array.from(without, largest));
    judged++;
  }
  return judged > 0 ? sum / judged : Number.NaN;
}

/** Norm over dimensions of inputs standardised by the trials `without` the event, trials × bins. */
function standardisedNorms(
  inputs: Float32Array | Float64Array,
  bins: number,
  dimensions: number,
  without: readonly number[],
  trials: number,
): Float64Array {
  const norms = new Float64Array(trials * bins);
  for (let k = 0; k < bins * dimensions; k++) {
    const at = (trial: number): number => inputs[trial * bins * dimensions + k];
    const mean = without.reduce((sum, trial) => sum + at(trial), 0) / without.length;
    const sd = Math.sqrt(without.reduce((sum, trial) => sum + (at(trial) - mean) ** 2, 0) / without.length);
    if (!(sd > 0)) continue;
    for (let trial = 0; trial < trials; trial++) norms[trial * bins + Math.floor(k / dimensions)] += ((at(trial) - mean) / sd) ** 2;
  }
  return norms.map(Math.sqrt);
}

/**
 * For every event that happens in some trials and not in others, how well the inferred inputs (trials × bins × dimensions, all trials)
 * tell them: `perturbation_time` gives `perturbationAuc`.
 */
export function tellsEvents(
  { bins, edgesMs, events }: Pick<Dataset, 'bins' | 'edgesMs' | 'events'>,
  inputs: Float32Array | Float64Array,
  dimensions: number,
): Readonly<Record<string, number>> {
  const timeMs = Float64Array.from({ length: bins }, (_, bin) => (edgesMs[bin] + edgesMs[bin + 1]) / 2);
  const found: Record<string, number> = {};
  for (const { name, timeMs: eventMs } of events) {
    const share = eventMs.filter((time) => !Number.isNaN(time)).length / eventMs.length;
    if (share < LEAST_SHARE || share > 1 - LEAST_SHARE) continue;
    const auc = eventAuc({ inputs, bins, dimensions, timeMs, eventMs });
    if (!Number.isNaN(auc)) found[`${camelCase(name.replace(/_time$/, ''))}Auc`] = auc;
  }
  return found;
}

const camelCase = (name: string): string => name.replace(/[_\W]+(\w)/g, (_, letter: string) => letter.toUpperCase());

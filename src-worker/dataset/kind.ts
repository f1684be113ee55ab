// What the values of a dataset are: counts, or rates in Hz.

import type { Dataset } from './dataset.ts';

/** Whether the values are rates in Hz, as an array of condition averages holds them, and noise is Gaussian. */
export const holdsRates = ({ recipe }: Pick<Dataset, 'recipe'>): boolean => recipe.settings.rates !== undefined;

/** Places of the trials in that part of the split. */
export const trialsIn = ({ split }: Pick<Dataset, 'split'>, part: number): Int32Array =>
  Int32Array.from(split.keys()).filter((trial) => split[trial] === part);

/** Places of held-in (or held-out) units. */
export const unitsWhere = ({ heldOut }: Pick<Dataset, 'heldOut'>, isHeldOut: boolean): Int32Array =>
  Int32Array.from(heldOut.keys()).filter((unit) => (heldOut[unit] === 1) === isHeldOut);

/** The given trials of an array of trials × `size` values. */
export function ofTrials<A extends Float32Array | Uint8Array>(values: A, trials: Int32Array, size: number): A {
  const picked =
    values.slice(0, 0).constructor === Uint8Array ? new Uint8Array(trials.length * size) : new Float32Array(trials.length * size);
  trials.forEach((trial, i) => {
    picked.set(values.subarray(trial * size, (trial + 1) * size), i * size);
  });
  return picked as A;
}

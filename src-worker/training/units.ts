// How a model that is trained by gradients sees units: held-in ones first, continuous values standardised, readouts that begin at the mean.

import { type Dataset, TRAINING, trialsIn, unitsWhere } from '../dataset/index.ts';

/** How the model sees units: held-in ones first, each with what is taken off and divided by (0 and 1 for counts). Plain data. */
export interface UnitView {
  /** Place in the dataset of each of the model's units. */
  readonly order: readonly number[];
  readonly offset: readonly number[];
  readonly scale: readonly number[];
}

/** Units in the model's order; continuous values are standardised by the training trials' mean and s.d. */
export function viewOf(dataset: Dataset, likelihood: 'poisson' | 'gaussian'): UnitView {
  const order = [...unitsWhere(dataset, false), ...unitsWhere(dataset, true)];
  if (likelihood === 'poisson') return { order, offset: order.map(() => 0), scale: order.map(() => 1) };
  const moments = order.map((unit) => momentsOf(dataset, unit));
  return { order, offset: moments.map(({ mean }) => mean), scale: moments.map(({ sd }) => (sd > 0 ? sd : 1)) };
}

/** Mean and s.d. of a unit's values over observed bins of training trials. */
function momentsOf(dataset: Dataset, unit: number): { readonly mean: number; readonly sd: number } {
  let [n, sum, squares] = [0, 0, 0];
  for (const trial of trialsIn(dataset, TRAINING))
    for (let t = 0; t < dataset.bins; t++) {
      const row = trial * dataset.bins + t;
      if (dataset.observed?.[row] === 0) continue;
      const x = dataset.counts[row * dataset.units + unit]!;
      [n, sum, squares] = [n + 1, sum + x, squares + x * x];
    }
  const mean = sum / Math.max(1, n);
  return { mean, sd: Math.sqrt(Math.max(0, squares / Math.max(1, n) - mean * mean)) };
}

/** Readout biases at each unit's log mean count; of two outputs a unit (standardised), at mean 0 and log variance 0. */
export function startingBias(dataset: Dataset, view: UnitView, outputsPerUnit: number): Float64Array {
  const bias = new Float64Array(view.order.length * outputsPerUnit);
  // A unit without a spike starts at half a spike in all training trials.
  const least = 0.5 / (Math.max(1, trialsIn(dataset, TRAINING).length) * dataset.bins);
  if (outputsPerUnit === 1)
    for (const [i, unit] of view.order.entries()) bias[i] = Math.log(Math.max(least, momentsOf(dataset, unit).mean));
  return bias;
}

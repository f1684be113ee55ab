// The noise that the data themselves show, for tests of recovery: by second differences of continuous activity, or of counts as a Poisson
// process has it.

import { type Dataset, holdsRates, TRAINING, trialsIn } from '../../dataset/index.ts';
import { key, normal } from '../../engine/random.ts';
import type { Activity, Prepared } from './activity.ts';
import { smoothBins } from '../../numerics/smoothing.ts';

const STREAM = 131;

/** s² = ⟨(a_{t+1} − 2 a_t + a_{t−1})²⟩ / 6 of each unit over trials: right for white noise, an upper bound for fast signals. */
export function secondDifferenceSd(values: ArrayLike<number>, rows: number, bins: number, units: number): Float64Array {
  const sums = new Float64Array(units);
  for (let row = 0; row < rows; row++)
    for (let t = 1; t + 1 < bins; t++)
      for (let i = 0; i < units; i++) {
        const at = (row * bins + t) * units + i;
        sums[i] += (values[at + units] - 2 * values[at] + values[at - units]) ** 2;
      }
  return sums.map((sum) => Math.sqrt(sum / 6 / Math.max(1, rows * (bins - 2))));
}

/**
 * Activity as it would be measured: noise of the data's own size is added to simulated activity (network units) before the smoothing that the
 * data went through. A row averages `averaged` trials.
 */
export function asMeasured(
  dataset: Dataset,
  { places, transform }: Pick<Prepared, 'places' | 'transform'>,
  { rows, bins, units, averaged }: Activity,
  simulated: Float64Array,
  sdMs: number,
  seed: number,
): Float64Array {
  const k = key(seed, STREAM);
  const seconds = dataset.binMs / 1000;
  const continuous = holdsRates(dataset) ? continuousSd(dataset, places) : undefined;
  const noisy = new Float64Array(simulated.length);
  for (let at = 0; at < noisy.length; at++) {
    const [row, i] = [Math.floor(at / units / bins), at % units];
    const hz = simulated[at] * transform.scale[i] + transform.offset[i];
    // Of counts the variance is the mean: rate / (bin · trials) in Hz².
    const sd = (continuous ? continuous[i] : Math.sqrt(Math.max(0, hz) / seconds)) / Math.sqrt(averaged[row]);
    noisy[at] = hz + sd * normal(k, at);
  }
  const smooth = sdMs > 0 ? smoothBins(noisy, rows, bins, units, sdMs / dataset.binMs) : noisy;
  return smooth.map((hz, at) => (hz - transform.offset[at % units]) / transform.scale[at % units]);
}

/** Of continuous activity over training, by second differences. */
export function continuousSd(dataset: Dataset, places: Int32Array): Float64Array {
  const training = trialsIn(dataset, TRAINING);
  const size = dataset.bins * dataset.units;
  const all = new Float64Array(training.length * size);
  for (const [row, trial] of training.entries()) all.set(dataset.counts.subarray(trial * size, (trial + 1) * size), row * size);
  const sds = secondDifferenceSd(all, training.length, dataset.bins, dataset.units);
  return Float64Array.from(places, (unit) => sds[unit]);
}

// What a data-constrained network gives for trials: each runs by itself from its first bin, as nothing of the later ones is known to it.

import type { Job } from '../../contract/job.ts';
import type { NamedArray } from '../../contract/result.ts';
import { type Dataset, holdsRates } from '../../dataset/index.ts';
import type { Sink } from '../model.ts';
import type { Readouts } from '../readout.ts';
import { activityRows } from './activity.ts';
import { type FittedNetwork, freeRun } from './network.ts';

const TRIALS_AT_ONCE = 32;
/** Rates of spikes do not fall below this share of the unit's mean: a lone spike where the network is silent would otherwise cost everything. */
const LEAST_SHARE = 0.05;

/** Rates of recorded units in Hz, those outside the network at their mean; without the least rate that single trials are given. */
export function readoutsOf({ network: { form, phi, units: n }, places, transform, means }: FittedNetwork): Readouts {
  const matrix = new Float64Array(means.length * n);
  const bias = means.slice();
  for (let i = 0; i < n; i++) {
    matrix[places[i] * n + i] = transform.scale[i];
    bias[places[i]] = transform.offset[i];
  }
  const through = form === 'currents' ? { phi } : {};
  return { rates: { of: 'rates', unit: 'Hz', dimensions: means.length, states: n, matrix, bias, ...through } };
}

/**
 * Free runs of the given trials into `sink`: `rates` (Hz; those of spikes are cut below; units outside the network keep their mean) and
 * `generator`, the network's states.
 */
export async function inferFreely(
  fitted: FittedNetwork,
  dataset: Dataset,
  sdMs: number,
  trials: Int32Array,
  sink: Sink,
  job: Job,
): Promise<void> {
  const { network, places, transform, means } = fitted;
  const { bins, units } = dataset;
  const n = network.units;
  const least = means.map((mean) => (holdsRates(dataset) ? -Infinity : LEAST_SHARE * mean));
  for (let from = 0; from < trials.length; from += TRIALS_AT_ONCE) {
    const batch = trials.slice(from, from + TRIALS_AT_ONCE);
    const groups = Array.from(batch, (trial) => Int32Array.of(trial));
    const rows = activityRows(dataset, fitted, groups, sdMs, 0);
    const { states, values } = freeRun(network, rows);
    const rates = new Float32Array(batch.length * bins * units);
    for (let row = 0; row < batch.length * bins; row++) {
      for (let u = 0; u < units; u++) rates[row * units + u] = Math.max(least[u], means[u]);
      for (let i = 0; i < n; i++)
        rates[row * units + places[i]] = Math.max(least[places[i]], values[row * n + i] * transform.scale[i] + transform.offset[i]);
    }
    const array = (numbers: Float32Array, unit: string, axis: string): NamedArray => ({
      values: numbers,
      unit,
      shape: [batch.length, bins, numbers.length / batch.length / bins],
      axes: ['trial', 'bin', axis],
    });
    await sink(batch, { rates: array(rates, 'Hz', 'unit'), generator: array(Float32Array.from(states), '', 'state') });
    await job.progress(Math.min(1, (from + batch.length) / trials.length), 'Running the network');
  }
}

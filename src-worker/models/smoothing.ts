// Smoothing with a Gaussian kernel: the first thing anyone does to spikes, and what a model with known truth has to beat.

import { type Dataset, holdsRates, ofTrials, TRAINING, trialsIn, unitsWhere } from '../dataset/index.ts';
import { type Activity, meanCounts } from '../numerics/co-smoothing.ts';
import { rSquared } from '../numerics/ridge.ts';
import { smoothBins } from '../numerics/smoothing.ts';
import { activityOf, CHOICE_BINS, candidates, fitted, hzPerValue, inBatches, listed, thinned, widthParam } from './baseline.ts';
import { defineModel } from './model.ts';

/** Widths that are tried on training trials, ms. */
export const SMOOTHING_SDS_MS = [20, 30, 40, 50, 60, 80, 100, 120, 160, 200, 300];
/** Units by which the width is chosen where the truth is not known. */
const CHOICE_UNITS = 100;
/** Share of a unit's mean below which a prediction from other bins is not taken: a lone spike would otherwise cost everything. */
const LEAST_SHARE = 0.05;

/**
 * The width that is best on training trials, ms: by R² to the truth where it is known, else by how well each bin is predicted from the
 * other bins of its own unit and trial. `tick` is awaited between widths with the share done, and may throw to cancel.
 */
export async function chooseSmoothing(dataset: Dataset, sdsMs: readonly number[], tick: (done: number) => Promise<void>): Promise<number> {
  const trials = thinned(trialsIn(dataset, TRAINING), CHOICE_BINS / dataset.bins);
  const activity = activityOf(dataset, trials);
  const judged = thinned(unitsWhere(dataset, false), CHOICE_UNITS);
  const truth = dataset.truth && ofTrials(dataset.truth, trials, dataset.bins * dataset.units);
  const score = (sdMs: number): number =>
    truth
      ? rSquared(truth, smoothed(activity, sdMs / dataset.binMs), dataset.units)
      : foretold(activity, sdMs / dataset.binMs, judged, holdsRates(dataset));
  const usable = sdsMs.filter((sdMs) => sdMs >= dataset.binMs / 2);
  let best: { readonly sdMs: number; readonly value: number } | undefined;
  for (const [k, sdMs] of (usable.length > 0 ? usable : sdsMs).entries()) {
    await tick(k / sdsMs.length);
    const value = score(sdMs);
    if (!best || value > best.value) best = { sdMs, value };
  }
  return best?.sdMs ?? dataset.binMs;
}

const smoothed = ({ counts, trials, bins, units, observed }: Activity, sdBins: number): Float64Array =>
  smoothBins(counts, trials, bins, units, sdBins, { observed });

/** Likelihood (for rates: minus squared error) of every bin under the others. */
function foretold({ counts, trials, bins, units, observed }: Activity, sdBins: number, judged: Int32Array, areRates: boolean): number {
  const others = smoothBins(counts, trials, bins, units, sdBins, { observed, own: false });
  const means = meanCounts({ counts, trials, bins, units, observed });
  let sum = 0;
  for (let row = 0; row < trials * bins; row++) {
    if (observed && !observed[row]) continue;
    for (const u of judged) {
      const count = counts[row * units + u];
      if (areRates) sum -= (count - others[row * units + u]) ** 2;
      else {
        const rate = Math.max(LEAST_SHARE * means[u], others[row * units + u]);
        sum += count * Math.log(rate) - rate;
      }
    }
  }
  return sum;
}

/** Smoothed counts of the given trials, trials × bins × units; held-out units are smoothed too unless hidden, then they get `means`. */
export function smoothedCounts(dataset: Dataset, activity: Activity, sdMs: number, means?: Float64Array): Float32Array {
  const rates = Float32Array.from(smoothed(activity, sdMs / dataset.binMs));
  if (means) for (const u of unitsWhere(dataset, true)) for (let i = u; i < rates.length; i += dataset.units) rates[i] = means[u];
  return rates;
}

export const smoothing = defineModel({
  id: 'smoothing',
  version: 1,
  title: 'Smoothing',
  about: 'Spikes smoothed with a Gaussian kernel, its ends reflected; held-out units get their mean rate',
  params: {
    sdMs: widthParam(SMOOTHING_SDS_MS),
  },
  resolve: (_dataset, settings) => listed(settings, { sdMs: SMOOTHING_SDS_MS }),
  async fit(dataset, resolved, job) {
    const sdMs = await chooseSmoothing(dataset, candidates(resolved, 'sdMs'), (done) => job.progress(done, 'Choosing the width'));
    const means = meanCounts(activityOf(dataset, trialsIn(dataset, TRAINING)));
    await job.progress(1);
    const meanArray = { values: means, shape: [means.length], axes: ['unit'], unit: 'per bin', about: 'Mean of training trials' };
    return fitted({ means: meanArray }, { sdMs }, [`Kernel of s.d. ${sdMs} ms, chosen on training trials.`]);
  },
  async infer(checkpoint, dataset, _resolved, trials, sink, job) {
    const sdMs = Number(checkpoint.state.sdMs);
    const means = Float64Array.from(checkpoint.arrays.means.values);
    const scale = hzPerValue(dataset);
    await inBatches(dataset, trials, sink, job, (activity) => ({
      rates: { values: smoothedCounts(dataset, activity, sdMs, means).map((count) => count * scale), unit: 'Hz', axis: 'unit' },
    }));
  },
});

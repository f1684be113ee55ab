// Scores of rates on the trials that judge them, scores of the baselines on the same trials, and who is ahead.

import type { Job } from '../contract/job.ts';
import type { Scores, UnitScore } from '../contract/run.ts';
import { type Dataset, holdsRates, ofTrials, TEST, trialsIn, VALIDATION } from '../dataset/index.ts';
import { activityOf } from '../models/baseline.ts';
import { fitGlm, GLM_GRID } from '../models/glm.ts';
import { chooseSmoothing, SMOOTHING_SDS_MS, smoothedCounts } from '../models/smoothing.ts';
import { coSmooth } from '../numerics/co-smoothing.ts';
import { rSquared } from '../numerics/ridge.ts';
import { decodingR2, joined } from './decoding.ts';
import { bitsPerSpike } from './likelihood.ts';

/** Trials that judge a fit: those of test where there are any, which never chose anything; else those of validation. */
export const judgingTrials = (dataset: Dataset): Int32Array => trialsIn(dataset, dataset.split.includes(TEST) ? TEST : VALIDATION);

/**
 * Scores of `ratesPerBin` (counts per bin, the given trials × bins × units). Numbers that do not exist are left out: co-bps without
 * held-out units, R² without truth or behaviour, likelihoods of rates.
 */
export function scoreRates(
  dataset: Dataset,
  trials: Int32Array,
  ratesPerBin: Float32Array,
): Scores & { readonly perUnit: readonly UnitScore[] } {
  const { bins, units, heldOut } = dataset;
  const observed = dataset.observed && ofTrials(dataset.observed, trials, bins);
  const scores: { -readonly [Name in keyof Scores]: number } = {};
  let perUnit: readonly UnitScore[] = [];
  if (!holdsRates(dataset)) {
    const counts = ofTrials(dataset.counts, trials, bins * units);
    const heldIn = bitsPerSpike(ratesPerBin, counts, units, { observed, included: heldOut.map((is) => 1 - is) });
    scores.bitsPerSpike = heldIn.pooled;
    if (heldOut.includes(1)) scores.coBitsPerSpike = bitsPerSpike(ratesPerBin, counts, units, { observed, included: heldOut }).pooled;
    perUnit = Array.from(heldIn.perUnit, (value, u) => ({ unit: dataset.unitRows[u], heldOut: heldOut[u] === 1, bitsPerSpike: value }));
  }
  const truth = truthR2(dataset, trials, ratesPerBin, observed);
  if (truth !== undefined) scores.r2Truth = truth;
  if (dataset.behaviors.length > 0) {
    const behavior = ofTrials(joined(dataset.behaviors, dataset.trials * bins), trials, joinedWidth(dataset) * bins);
    const r2 = decodingR2({ rates: ratesPerBin, behavior, trials: trials.length, bins, binMs: dataset.binMs, observed });
    if (!Number.isNaN(r2)) scores.r2Behavior = r2;
  }
  return { ...finite(scores), perUnit };
}

const joinedWidth = ({ behaviors, trials, bins }: Dataset): number =>
  behaviors.reduce((sum, { values }) => sum + values.length / trials / bins, 0);

/** Scores without those that are no number: units without spikes, truth that does not vary. */
const finite = (scores: Scores): Scores => Object.fromEntries(Object.entries(scores).filter(([, value]) => Number.isFinite(value)));

/** R² to known rates, pooled over trials, bins and units about each unit's mean. */
function truthR2(
  { truth, bins, units }: Dataset,
  trials: Int32Array,
  rates: Float32Array,
  observed: Uint8Array | undefined,
): number | undefined {
  if (!truth) return undefined;
  const own = ofTrials(truth, trials, bins * units);
  const seen = (values: Float32Array): Float32Array => (observed ? values.filter((_, i) => observed[Math.floor(i / units)] === 1) : values);
  return rSquared(seen(own), seen(rates), units);
}

/**
 * Smoothing and Poisson GLM on the trials that judge, width and penalty chosen on training trials. Smoothing sees every unit's own
 * spikes, also those of held-out units: it has no co-bps, and is an opponent only where the truth is known.
 */
export async function scoreBaselines(dataset: Dataset, job: Job): Promise<{ readonly smoothing: Scores; readonly glm: Scores }> {
  const trials = judgingTrials(dataset);
  const activity = activityOf(dataset, trials);
  await job.progress(0, 'Scoring smoothing');
  const sdMs = chooseSmoothing(dataset, SMOOTHING_SDS_MS);
  const { perUnit: _smoothed, coBitsPerSpike: _seen, ...smoothing } = scoreRates(dataset, trials, smoothedCounts(dataset, activity, sdMs));
  if (holdsRates(dataset)) return { smoothing, glm: {} };
  const model = await fitGlm(dataset, GLM_GRID, (done) => job.progress(0.1 + 0.9 * done, 'Scoring the Poisson GLM'));
  const { perUnit: _predicted, ...glm } = scoreRates(dataset, trials, coSmooth(activity, model));
  await job.progress(1);
  return { smoothing, glm };
}

/**
 * Whether a fit beats its baseline: with held-out units, co-bps above the GLM; with known truth, R² to the truth above smoothing; with both,
 * both; with neither, bits per spike above the GLM.
 */
export function beats(
  { heldOut, truth }: Pick<Dataset, 'heldOut' | 'truth'>,
  scores: Scores,
  { smoothing, glm }: { readonly smoothing: Scores; readonly glm: Scores },
): boolean {
  const above = (name: keyof Scores, baseline: Scores): boolean => (scores[name] ?? -Infinity) > (baseline[name] ?? Infinity);
  const contests = [...(heldOut.includes(1) ? [above('coBitsPerSpike', glm)] : []), ...(truth ? [above('r2Truth', smoothing)] : [])];
  return contests.length > 0 ? contests.every(Boolean) : above('bitsPerSpike', glm);
}

// Scores of rates on the trials that judge them, scores of the baselines on the same trials, and who is ahead.

import type { Job } from '../contract/job.ts';
import type { BaselineScores, Scores, UnitScore } from '../contract/run.ts';
import { type Dataset, holdsRates, ofTrials, TEST, TRAINING, trialsIn, VALIDATION } from '../dataset/index.ts';
import { activityOf } from '../models/baseline.ts';
import { fitGlm, foretellGlm, GLM_GRID } from '../models/glm/fit.ts';
import { chooseSmoothing, SMOOTHING_SDS_MS, smoothedCounts } from '../models/smoothing.ts';
import { coSmooth } from '../numerics/co-smoothing.ts';
import { rSquared } from '../numerics/ridge.ts';
import { secondsOf } from '../training/rehearsal.ts';
import { decodingR2, joined } from './decoding.ts';
import { bitsPerSpike } from './likelihood.ts';

/** Trials that judge a fit: those of test where there are any, which never chose anything; else those of validation. */
export const judgingTrials = (dataset: Dataset): Int32Array => trialsIn(dataset, dataset.split.includes(TEST) ? TEST : VALIDATION);

/** Trials whose rates `scoreRates` makes use of: those that judge, and where behaviour is decoded those that a decoder learns from. */
export function scoringTrials(dataset: Dataset): Int32Array {
  const judging = judgingTrials(dataset);
  return dataset.behaviors.length === 0 ? judging : Int32Array.from([...judging, ...trialsIn(dataset, TRAINING)]).sort();
}

/**
 * Scores of `ratesPerBin` (counts per bin, the given trials × bins × units) on those of the trials that judge a fit, or on all of them where
 * none does. The others teach the decoder of behaviour. Numbers that do not exist are left out: co-bps without held-out units, R² without
 * truth or behaviour, likelihoods of rates.
 */
export function scoreRates(
  dataset: Dataset,
  trials: Int32Array,
  ratesPerBin: Float32Array,
): Scores & { readonly perUnit: readonly UnitScore[] } {
  const judging = new Set(judgingTrials(dataset));
  const judges = Uint8Array.from(trials, (trial) => (judging.has(trial) ? 1 : 0));
  const places = Int32Array.from(trials.keys()).filter((place) => judges[place] === 1 || !judges.includes(1));
  const size = dataset.bins * dataset.units;
  const judged = places.map((place) => trials[place]);
  const { perUnit, ...scores } = scoreLikelihood(dataset, judged, ofTrials(ratesPerBin, places, size));
  const behavior = behaviorR2(dataset, trials, ratesPerBin, judges);
  return { ...finite({ ...scores, ...(behavior !== undefined && { r2Behavior: behavior }) }), perUnit };
}

function scoreLikelihood(dataset: Dataset, trials: Int32Array, rates: Float32Array): Scores & { readonly perUnit: readonly UnitScore[] } {
  const { bins, units, heldOut } = dataset;
  const observed = dataset.observed && ofTrials(dataset.observed, trials, bins);
  const truth = truthR2(dataset, trials, rates, observed);
  const r2 = truth === undefined ? {} : { r2Truth: truth };
  if (holdsRates(dataset)) return { ...r2, perUnit: [] };
  const counts = ofTrials(dataset.counts, trials, bins * units);
  const heldIn = bitsPerSpike(rates, counts, units, { observed, included: heldOut.map((is) => 1 - is) });
  const hidden = heldOut.includes(1) ? { coBitsPerSpike: bitsPerSpike(rates, counts, units, { observed, included: heldOut }).pooled } : {};
  const everyUnit = Array.from(heldIn.perUnit, (value, u) => ({
    unit: dataset.unitRows[u],
    heldOut: heldOut[u] === 1,
    bitsPerSpike: value,
  }));
  // A unit without a spike in these trials has no score.
  const perUnit = everyUnit.filter(({ bitsPerSpike }) => Number.isFinite(bitsPerSpike));
  return { bitsPerSpike: heldIn.pooled, ...hidden, ...r2, perUnit };
}

function behaviorR2(dataset: Dataset, trials: Int32Array, rates: Float32Array, judges: Uint8Array): number | undefined {
  const { behaviors, bins, binMs } = dataset;
  if (behaviors.length === 0) return undefined;
  const all = joined(behaviors, dataset.trials * bins);
  return decodingR2({
    rates,
    behavior: ofTrials(all, trials, all.length / dataset.trials),
    trials: trials.length,
    bins,
    binMs,
    observed: dataset.observed && ofTrials(dataset.observed, trials, bins),
    judges,
  });
}

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

/** Of rates alone, without truth or behaviour, there is nothing to score. */
const hasScores = (dataset: Dataset): boolean => !holdsRates(dataset) || dataset.truth !== undefined || dataset.behaviors.length > 0;

/**
 * Smoothing and Poisson GLM on the trials that judge, width and penalty chosen on training trials. Smoothing sees every unit's own
 * spikes, also those of held-out units: it has no co-bps, and is an opponent only where the truth is known.
 */
export async function scoreBaselines(
  dataset: Dataset,
  job: Job,
): Promise<{ readonly smoothing: BaselineScores; readonly glm: BaselineScores }> {
  if (!hasScores(dataset)) return { smoothing: {}, glm: {} };
  const trials = scoringTrials(dataset);
  const activity = activityOf(dataset, trials);
  const sdMs = await chooseSmoothing(dataset, SMOOTHING_SDS_MS, (done) => job.progress(0.1 * done, 'Scoring smoothing'));
  const { coBitsPerSpike: _seen, ...smoothing } = scoreRates(dataset, trials, smoothedCounts(dataset, activity, sdMs));
  if (holdsRates(dataset)) return { smoothing, glm: {} };
  const model = await fitGlm(dataset, GLM_GRID, (done) => job.progress(0.1 + 0.9 * done, 'Scoring the Poisson GLM'));
  const glm = scoreRates(dataset, trials, coSmooth(activity, model));
  await job.progress(1);
  return { smoothing, glm };
}

/** Seconds of `scoreBaselines` on this machine. */
export async function foretellBaselines(dataset: Dataset): Promise<number> {
  if (!hasScores(dataset)) return 0;
  const sdMs = SMOOTHING_SDS_MS[Math.floor(SMOOTHING_SDS_MS.length / 2)];
  const aWidth = await secondsOf(() => chooseSmoothing(dataset, [sdMs], async () => {}));
  return SMOOTHING_SDS_MS.length * aWidth + (holdsRates(dataset) ? 0 : await foretellGlm(dataset, GLM_GRID));
}

/** The true rates on the trials that judge: what the best of models could reach there. */
export function scoreTruth(dataset: Dataset): BaselineScores | undefined {
  if (!dataset.truth || holdsRates(dataset)) return undefined;
  const trials = scoringTrials(dataset);
  return scoreRates(dataset, trials, ofTrials(dataset.truth, trials, dataset.bins * dataset.units));
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
  const above = (name: keyof Scores, baseline: Scores): boolean => (scores[name] ?? -Infinity) > Math.max(0, baseline[name] ?? Infinity);
  const contests = [...(heldOut.includes(1) ? [above('coBitsPerSpike', glm)] : []), ...(truth ? [above('r2Truth', smoothing)] : [])];
  return contests.length > 0 ? contests.every(Boolean) : above('bitsPerSpike', glm);
}

// How well the latents of two fits agree. A latent space is known up to an invertible map, so each fit's latents are predicted from the
// other's by the best linear map (ridge), learned on training trials and judged on trials that neither fit learned from.

import type { Numbers } from '../contract/result.ts';
import type { Agreement } from '../contract/run.ts';
import { type Dataset, TRAINING, trialsIn } from '../dataset/index.ts';
import { thinned } from '../models/baseline.ts';
import { momentsOf, predict, ridgeOfMoments, rSquared } from '../numerics/ridge.ts';
import { judgingTrials } from './report.ts';

/** Penalties relative to the mean of the diagonal of XᵀX. */
const PENALTIES = [1e-8, 1e-6, 1e-4, 1e-2, 1];
/** One in so many trials that teach chooses the penalty; where no trial judges, one in so many training trials does. */
const FOLDS = 5;
/** Bins of trials that teach a map, and as many that judge it, at the most: more change the third decimal and cost minutes. */
const MOST_ROWS = 8000;

/** Latents of one fit at the bins that teach maps, choose their penalty and judge them: rows × dimensions, the same rows for every fit. */
export interface Sampled {
  readonly dimensions: number;
  readonly learning: Float64Array;
  readonly choosing: Float64Array;
  readonly judging: Float64Array;
}

/** The part of `values` (trials × bins × dimensions, all trials of the dataset) by which maps are made and judged. */
export function sampled(dataset: Dataset, values: Numbers, dimensions: number): Sampled {
  const { bins, observed } = dataset;
  const rows = (trials: readonly number[], most: number): Float64Array => {
    const seen = (trials.length > 0 ? [...thinned(Int32Array.from(trials), most / bins)] : [])
      .flatMap((trial) => Array.from({ length: bins }, (_, bin) => trial * bins + bin))
      .filter((row) => !observed || observed[row] === 1);
    const out = new Float64Array(seen.length * dimensions);
    for (const [k, row] of seen.entries()) out.set(values.subarray(row * dimensions, (row + 1) * dimensions), k * dimensions);
    return out;
  };
  const { teaching, judging } = parts(dataset);
  return {
    dimensions,
    learning: rows(teaching.filter(isNotLast), MOST_ROWS),
    choosing: rows(teaching.filter(isLast), MOST_ROWS / FOLDS),
    judging: rows(judging, MOST_ROWS),
  };
}

const isLast = (_: number, k: number): boolean => k % FOLDS === FOLDS - 1;
const isNotLast = (trial: number, k: number): boolean => !isLast(trial, k);

/** Trials that teach and trials that judge: those of the dataset's split, or fifths of all there are where it has but one part. */
function parts(dataset: Dataset): { readonly teaching: readonly number[]; readonly judging: readonly number[] } {
  const [training, judging] = [[...trialsIn(dataset, TRAINING)], [...judgingTrials(dataset)]];
  if (training.length > 0 && judging.length > 0) return { teaching: training, judging };
  const all = [...training, ...judging];
  return { teaching: all.filter(isNotLast), judging: all.filter(isLast) };
}

/** `values` (trials × bins × dimensions) less the average of each trial's condition at each bin: what differs between trials of a kind. */
export function withinConditions({ trials, bins, conditions }: Dataset, values: Numbers, dimensions: number): Float32Array {
  const size = bins * dimensions;
  const groups = Map.groupBy(
    Array.from({ length: trials }, (_, trial) => trial),
    (trial) => conditions?.of[trial] ?? -1,
  );
  const deviations = new Float32Array(trials * size);
  for (const members of groups.values())
    for (let i = 0; i < size; i++) {
      const average = members.reduce((sum, trial) => sum + values[trial * size + i], 0) / members.length;
      for (const trial of members) deviations[trial * size + i] = values[trial * size + i] - average;
    }
  return deviations;
}

/** R² of one fit's latents as a linear map of another's, over bins that judge; NaN where there is nothing to predict. */
export function linearR2(from: Sampled, to: Sampled): number {
  const { dimensions: inputs } = from;
  const { dimensions: outputs } = to;
  if (to.judging.length < 2 * outputs || from.learning.length === 0) return Number.NaN;
  const fitted = (x: Float64Array, y: Float64Array) => {
    const moments = momentsOf(x, inputs, y, outputs);
    const scale = Array.from({ length: inputs }, (_, i) => moments.xx[i * inputs + i]).reduce((sum, xx) => sum + xx, 0) / inputs;
    return (penalty: number) => ridgeOfMoments(moments, penalty * scale);
  };
  const first = fitted(from.learning, to.learning);
  const scores = PENALTIES.map((penalty) => rSquared(to.choosing, predict(from.choosing, first(penalty)), outputs));
  const best = scores.reduce((top, r2, k) => (r2 > scores[top] ? k : top), 0);
  const whole = fitted(joined(from.learning, from.choosing), joined(to.learning, to.choosing));
  return rSquared(to.judging, predict(from.judging, whole(PENALTIES[best])), outputs);
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** R² of one fit's values as they are in another: for rates, which need no map. */
export const directR2 = (from: Sampled, to: Sampled): number => rSquared(to.judging, from.judging, to.dimensions);

/** Agreement over every ordered pair of fits; undefined where nothing varies. */
export function agreementOf(fits: readonly Sampled[], compare: (from: Sampled, to: Sampled) => number = linearR2): Agreement | undefined {
  const pairs = fits.flatMap((from) => fits.filter((to) => to !== from).map((to) => [from, to] as const));
  const all = pairs.map(([from, to]) => compare(from, to)).filter((r2) => !Number.isNaN(r2));
  if (all.length === 0) return undefined;
  return { mean: all.reduce((sum, r2) => sum + r2, 0) / all.length, least: Math.min(...all), pairs: all.length };
}

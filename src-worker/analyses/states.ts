// States made ready: chosen trials, condition averages, soft normalisation (Churchland et al. 2012), principal components.
// The same steps serve analyses and pictures, so that both say the same of the same data.

import { Failure } from '../contract/failure.ts';
import type { Arrays, Numbers, StateName, States } from '../contract/result.ts';
import { type Dataset, TEST, VALIDATION } from '../dataset/dataset.ts';
import { averageByCondition, softNormalise } from '../numerics/averages.ts';
import { principalComponents, project, type PrincipalComponents } from '../numerics/pca.ts';
import { smoothBins } from '../numerics/smoothing.ts';
import { totalVariance } from '../numerics/statistics.ts';

/** Added to every unit's range before dividing by it, Hz: quiet units are not blown up. */
export const SOFTENING_HZ = 5;

/** Values of one state, trials × bins × dimensions, as they lie in memory. */
export interface Source {
  readonly state: StateName;
  readonly values: Numbers;
  readonly dimensions: number;
  readonly unit: string;
}

export const binCentres = ({ edgesMs, bins }: Dataset): Float64Array =>
  Float64Array.from({ length: bins }, (_, k) => (edgesMs[k] + edgesMs[k + 1]) / 2);

/** A state of a run, or the counts in Hz. Throws where the model has no such state. */
export function sourceOf(dataset: Dataset, state: StateName, outputs: Arrays | undefined): Source {
  if (state === 'counts')
    return { state, values: dataset.counts.map((count) => (1000 * count) / dataset.binMs), dimensions: dataset.units, unit: 'Hz' };
  const array = outputs?.[state];
  const dimensions = array?.shape[2];
  if (array === undefined || dimensions === undefined || array.shape[0] !== dataset.trials || array.shape[1] !== dataset.bins) {
    const known = Object.keys(outputs ?? {}).filter((name) => outputs?.[name]?.shape.length === 3);
    throw new Failure(
      'no-such-state',
      `There are no ${state} of ${dataset.trials} trials × ${dataset.bins} bins here.`,
      known.length > 0 ? `There are: ${known.sort().join(', ')}.` : 'Fit a model first.',
    );
  }
  return { state, values: array.values, dimensions, unit: array.unit };
}

/** Single trials of a state as float64, NaN where a bin was not observed; `trials` are places in the dataset, all unless given. */
export function statesOf(dataset: Dataset, state: StateName, outputs: Arrays | undefined, trials = allTrials(dataset)): States {
  const { values, dimensions, unit } = sourceOf(dataset, state, outputs);
  const size = dataset.bins * dimensions;
  const chosen = new Float64Array(trials.length * size);
  for (const [row, trial] of trials.entries()) {
    chosen.set(values.subarray(trial * size, (trial + 1) * size), row * size);
    if (!dataset.observed) continue;
    for (let bin = 0; bin < dataset.bins; bin++)
      if (!dataset.observed[trial * dataset.bins + bin])
        chosen.fill(Number.NaN, row * size + bin * dimensions, row * size + (bin + 1) * dimensions);
  }
  return {
    state,
    values: chosen,
    rows: trials.length,
    bins: dataset.bins,
    dimensions,
    binMs: dataset.binMs,
    timeMs: binCentres(dataset),
    unit,
    of: 'trials',
    rowIds: Int32Array.from(trials, (trial) => dataset.trialRows[trial]),
    conditions: Int32Array.from(trials, (trial) => dataset.conditions?.of[trial] ?? -1),
    conditionNames: dataset.conditions?.names ?? [],
    recipe: `${state}, ${countOf(trials.length, 'trial')}`,
  };
}

export const allTrials = ({ trials }: Dataset): Int32Array => Int32Array.from({ length: trials }, (_, i) => i);

/** The part of the split that judges: test where any of these trials is one, which chose nothing; else validation. */
export const judgingPart = (split: readonly number[]): { readonly part: number; readonly noun: string } =>
  split.includes(TEST) ? { part: TEST, noun: 'test trial' } : { part: VALIDATION, noun: 'validation trial' };

export const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** 1 for every row and bin whose first value is a number. */
export function finiteBins(values: Numbers, dimensions: number): Uint8Array {
  const finite = new Uint8Array(values.length / dimensions);
  for (let i = 0; i < finite.length; i++) finite[i] = Number.isFinite(values[i * dimensions]) ? 1 : 0;
  return finite;
}

/** Averages over trials of each condition, or of all trials where there are no conditions; NaN where no trial was observed. */
export function conditionAverages(states: States): States & { readonly trialsOf: Int32Array } {
  const { values, bins, dimensions, conditions } = states;
  const none = !conditions.some((condition) => condition >= 0);
  const of = none ? new Int32Array(states.rows) : conditions;
  const averaged = averageByCondition(values, bins, dimensions, of, finiteBins(values, dimensions));
  const rows = averaged.conditions.length;
  const what = none
    ? `average of ${countOf(states.rows, 'trial')}`
    : `${countOf(rows, 'condition average')} of ${countOf(sum(averaged.trials), 'trial')}`;
  return {
    ...states,
    values: averaged.values,
    rows,
    of: 'conditions',
    rowIds: averaged.conditions,
    conditions: none ? new Int32Array(rows).fill(-1) : averaged.conditions,
    trialsOf: averaged.trials,
    recipe: `${states.state ?? 'states'}, ${what}`,
  };
}

const sum = (values: Int32Array): number => values.reduce((total, value) => total + value, 0);

/** Whether soft normalisation means anything: for rates, not for factors and generator states. */
export const isRate = ({ unit }: { readonly unit: string }): boolean => unit === 'Hz';

/** Principal components of states in their own unit: soft normalisation is folded into means and loadings. */
export interface Basis extends PrincipalComponents {
  readonly normalised: boolean;
  /** Of the scores: the state's own unit, or 'soft-normalised'. */
  readonly unit: string;
  /** 'soft-normalised, first 8 principal components (92 %)'. */
  readonly recipe: string;
}

/**
 * Fits principal components to states (condition averages where there are conditions; conventions.md). Rows that were not
 * observed are passed over. Throws where nothing is left.
 */
export function basisOf(fitted: States, count: number, normalise: boolean): Basis {
  const { dimensions } = fitted;
  const finite = finiteRows(fitted);
  if (finite.length < 2 * dimensions)
    throw new Failure(
      'too-few-states',
      `There are fewer than two states to take principal components of.`,
      'Choose more trials or a longer window.',
    );
  const normalised = normalise && isRate(fitted);
  const { values, divisors } = normalised ? softNormalise(finite, dimensions, SOFTENING_HZ) : { values: finite, divisors: undefined };
  const found = principalComponents(values, dimensions, Math.min(count, dimensions));
  const share = Math.round(100 * found.shares.reduce((total, part) => total + part, 0));
  const kept = found.count === 1 ? 'first principal component' : `first ${found.count} principal components`;
  return {
    ...found,
    mean: divisors ? found.mean.map((value, d) => value * divisors[d]) : found.mean,
    components: divisors ? found.components.map((value, i) => value / divisors[i % dimensions]) : found.components,
    normalised,
    unit: normalised ? 'soft-normalised' : fitted.unit,
    recipe: `${normalised ? 'soft-normalised, ' : ''}${kept} (${share} % of the variance)`,
  };
}

function finiteRows({ values, dimensions }: States): Float64Array {
  const kept = finiteBins(values, dimensions);
  const out = new Float64Array(dimensions * kept.reduce((total, one) => total + one, 0));
  let to = 0;
  for (let i = 0; i < kept.length; i++) {
    if (!kept[i]) continue;
    out.set(values.subarray(i * dimensions, (i + 1) * dimensions), to);
    to += dimensions;
  }
  return out;
}

/** The states' scores along a basis. */
export const scoresOf = (states: States, basis: Basis): States => ({
  ...states,
  values: project(states.values, basis),
  dimensions: basis.count,
  unit: basis.unit,
  recipe: `${states.recipe}, ${basis.recipe}`,
});

export interface Preparation {
  readonly of: 'averages' | 'trials';
  readonly normalise: boolean;
  /** 0 keeps the state's own dimensions. */
  readonly components: number;
}

/** States for an analysis: averages or trials, in principal components fitted to the averages (to all trials without conditions). */
export function prepared(trials: States, { of, normalise, components }: Preparation): States {
  const averages = conditionAverages(trials);
  const chosen = of === 'averages' ? averages : trials;
  if (components === 0) {
    if (!normalise || !isRate(trials)) return chosen;
    const { divisors } = softNormalise(finiteRows(averages), trials.dimensions, SOFTENING_HZ);
    const values = chosen.values.map((value, i) => value / divisors[i % trials.dimensions]);
    return { ...chosen, values, unit: 'soft-normalised', recipe: `${chosen.recipe}, soft-normalised` };
  }
  const hasConditions = trials.conditions.some((condition) => condition >= 0);
  return scoresOf(chosen, basisOf(hasConditions ? averages : trials, components, normalise));
}

/** States smoothed over time by a Gaussian of the given width; bins that were not observed stay unknown. */
export function smoothed(states: States, sdMs: number): States {
  if (sdMs <= 0) return states;
  const { values, rows, bins, dimensions, binMs } = states;
  const observed = finiteBins(values, dimensions);
  const known = values.map((value) => (Number.isFinite(value) ? value : 0));
  const out = smoothBins(known, rows, bins, dimensions, sdMs / binMs, { observed });
  return { ...states, values: out.map((value, i) => (observed[Math.floor(i / dimensions)] ? value : Number.NaN)) };
}

/** Population variance of the states that were observed, summed over dimensions. */
export const spreadOf = (states: States): number => totalVariance({ values: finiteRows(states), dimensions: states.dimensions });

/** Variance below this share of the mean square is that of rounding in single precision. */
const ROUNDING = 1e-12;

/**
 * Spread of what was made of `given` states. Throws a Failure where there is none, or none in the states themselves but for rounding, as in
 * rates that a model leaves at their means.
 */
export function spreadOfMoving(given: States, made: States, what: string): number {
  const rows = finiteRows(given);
  const square = rows.reduce((sum, value) => sum + value * value, 0) / Math.max(1, rows.length);
  const spread = spreadOf(made);
  if (spread > 0 && spreadOf(given) > ROUNDING * given.dimensions * square) return spread;
  throw new Failure(
    'constant-states',
    `${what} needs states that move, and ${made.recipe} are constant.`,
    'Choose another with --state, such as generator.',
  );
}

/** A number for every row and bin of states, with what says which row and bin it is: arrays q, rows, conditions and time. */
export const overTime = (states: States, q: Float64Array, unit: string, about: string): Arrays => ({
  q: {
    values: q,
    shape: [states.rows, states.bins],
    axes: [states.of === 'trials' ? 'trial' : 'condition', 'bin'],
    unit,
    about,
  },
  rows: {
    values: states.rowIds,
    shape: [states.rows],
    axes: ['row'],
    unit: '',
    about: 'Trial (row of the file’s table) or condition of each row of q',
  },
  conditions: { values: states.conditions, shape: [states.rows], axes: ['row'], unit: '', about: 'Condition of each row, −1 for none' },
  time: { values: states.timeMs, shape: [states.bins], axes: ['bin'], unit: 'ms' },
});

// Numbers of a result's summary: what readings say in sentences.

import { median, quantile } from '../../numerics/statistics.ts';
import { correlations, type Measures } from './compute.ts';
import type { Shifted } from './shifted.ts';

export function shuffleNumbers({ shares }: Measures, control: Float64Array, R: number, draws: number): Record<string, number> {
  const places = R * R;
  const outside = shares.filter((share, at) => share < control[at] || share > control[2 * places + at]).length;
  return { 'shuffled.outside': outside, 'shuffled.pairs': places, 'shuffled.draws': draws };
}

/** Agreement of every pair of seeds in the currents of every pair of regions. */
export function currentAgreement(currents: readonly (readonly Float64Array[])[]): Record<string, number> {
  if (currents.length < 2) return {};
  const own = currents.flatMap((one, a) => currents.slice(a + 1).flatMap((other) => [...correlations(one, other)]));
  return { 'ensemble.currentsLeast': Math.min(...own), 'ensemble.currentsMost': Math.max(...own) };
}

/** Of every repeat correlations, target × source: the mean over repeats of the least and the most of pairs. */
export function currentRecovery(repeats: readonly Float64Array[]): Record<string, number> {
  const means = repeats[0].map((_, pair) => repeats.reduce((sum, of) => sum + of[pair], 0) / repeats.length);
  return { 'recovery.currentsLeast': Math.min(...means), 'recovery.currentsMost': Math.max(...means) };
}

/** Of the pairs between regions: how large their currents stay where the source was shifted in time before the fit. */
export function shiftedNumbers({ sizes, truth, shifts }: Shifted): Record<string, number> {
  const own = sizes.filter((value) => Number.isFinite(value));
  if (own.length === 0) return {};
  return {
    'shifted.median': median(own),
    'shifted.least': Math.min(...own),
    'shifted.most': Math.max(...own),
    'shifted.regions': shifts.length,
    ...(truth && { 'shifted.truth': median(truth.filter((value) => Number.isFinite(value))) }),
  };
}

/**
 * Median over the pairs between regions of the correlation with true currents, its mean over seeds beside the 95 % quantile of that median under
 * shuffled labels, and the pairs within regions apart. `perMember` and `draws`: target × source.
 */
export function truthNumbers(perMember: readonly Float64Array[], draws: readonly Float64Array[], R: number): Record<string, number> {
  const places = Array.from({ length: R * R }, (_, at) => at);
  const [between, within] = [places.filter((at) => at % (R + 1) !== 0), places.filter((at) => at % (R + 1) === 0)];
  const medianOf = (list: readonly number[], from: Float64Array): number => median(Float64Array.from(list, (at) => from[at]));
  const mean = Float64Array.from(places, (at) => perMember.reduce((sum, of) => sum + of[at], 0) / perMember.length);
  const own = between.map((at) => mean[at]);
  const q95 = (list: readonly number[]): number => quantile(Float64Array.from(list), 0.95);
  const control = q95(draws.map((draw) => medianOf(between, draw)));
  return {
    'truth.median': medianOf(between, mean),
    'truth.least': Math.min(...own),
    'truth.most': Math.max(...own),
    'truth.control95': control,
    'truth.pairControl95': median(Float64Array.from(between, (at) => q95(draws.map((draw) => draw[at])))),
    'truth.members': perMember.length,
    'truth.membersAbove': perMember.filter((of) => medianOf(between, of) > control).length,
    'truth.within': medianOf(within, mean),
  };
}

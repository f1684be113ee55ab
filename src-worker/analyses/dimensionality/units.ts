// Dimensionality over the number of units, with which it grows: of random subsets of them, each beside its shuffles.

import type { Job } from '../../contract/job.ts';
import type { NamedArray } from '../../contract/result.ts';
import { key, permutation } from '../../engine/random.ts';
import { participationRatio } from '../../numerics/participation.ts';
import { crossValidated, type Trials, withUnits } from './spectrum.ts';

const SUBSETS = 125;
const SIZES = 7;
const DRAWS_A_SIZE = 4;
/** Multiplications that all spectra together may cost, about a minute; with more units there are fewer of them. */
const MOST_WORK = 6e10;

/** The part of `count` spectra that can be paid for, 0 to 1. */
export function affordable(rows: number, units: number, count: number): number {
  const size = Math.min(rows, units);
  return Math.min(1, MOST_WORK / (count * (rows * units * size + 10 * size ** 3)));
}

/** Participation ratios, raw and cross-validated, of random subsets of units: they grow with their number. */
export async function unitCurve(trials: Trials, job: Job): Promise<Record<string, NamedArray>> {
  const { units, groups, bins } = trials;
  const least = Math.min(4, units);
  const sizes = [...new Set(Array.from({ length: SIZES }, (_, k) => Math.round(least * (units / least) ** (k / (SIZES - 1)))))];
  const shuffles = ['none', 'within', 'across'] as const;
  const [means, spreads] = [0, 1].map(() => shuffles.map(() => new Float64Array(sizes.length)));
  const rows = groups.length * bins;
  for (const [k, size] of sizes.entries()) {
    await job.progress(0.7 + (0.3 * k) / sizes.length);
    job.signal.throwIfAborted();
    const draws = affordable(rows, size, 400) < 1 ? 1 : DRAWS_A_SIZE;
    const subsets = Array.from({ length: draws }, (_, draw) => {
      const chosen = Array.from(permutation(key(job.seed, SUBSETS, k, draw), units).subarray(0, size)).sort((a, b) => a - b);
      return withUnits(trials, chosen);
    });
    for (const [at, shuffle] of shuffles.entries()) {
      const found = subsets
        .map((subset, draw) => participationRatio(crossValidated(subset, shuffle, job.seed, draw)))
        .filter(Number.isFinite);
      const mean = found.reduce((sum, value) => sum + value / found.length, 0);
      means[at][k] = found.length > 0 ? mean : Number.NaN;
      spreads[at][k] = found.length > 1 ? Math.sqrt(found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (found.length - 1)) : 0;
    }
  }
  const named = (values: Float64Array, about: string): NamedArray => ({ values, shape: [values.length], axes: ['size'], unit: '', about });
  return {
    unitCounts: named(Float64Array.from(sizes), 'Units in random subsets'),
    unitParticipation: named(means[0], 'Cross-validated participation ratio of subsets, mean over draws'),
    unitParticipationSd: named(spreads[0], 'Its standard deviation over draws'),
    unitWithin: named(means[1], 'The same with trials shuffled within conditions, unit by unit'),
    unitWithinSd: named(spreads[1], 'Its standard deviation over draws'),
    unitAcross: named(means[2], 'The same with trials shuffled across conditions: of the course over time that conditions share'),
    unitAcrossSd: named(spreads[2], 'Its standard deviation over draws'),
  };
}

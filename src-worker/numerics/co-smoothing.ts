// Predicts each unit from the smoothed activity of the others: square roots of counts, smoothed; their principal components; and a
// Poisson regression of each unit on them. What a model of the population has to beat (Neural Latents Benchmark, Pei et al. 2021).

import { type PrincipalComponents, principalComponents, project } from './pca.ts';
import { logRates, poissonRegression } from './poisson.ts';
import { smoothBins } from './smoothing.ts';

export interface Activity {
  /** trials × bins × units. */
  readonly counts: Float32Array;
  readonly trials: number;
  readonly bins: number;
  readonly units: number;
  readonly observed?: Uint8Array | undefined;
}

export interface CoSmoother {
  readonly sdBins: number;
  readonly alpha: number;
  /** Units whose activity is seen. */
  readonly seen: Int32Array;
  readonly pca: PrincipalComponents;
  /** Units that are predicted, and for each of them `pca.count` weights and an intercept. */
  readonly predicted: Int32Array;
  readonly weights: Float64Array;
}

/** Square roots of the seen units' counts, smoothed: trials × bins × seen units. */
export function smoothedRoots({ counts, trials, bins, units, observed }: Activity, seen: Int32Array, sdBins: number): Float64Array {
  const rows = trials * bins;
  const roots = new Float64Array(rows * seen.length);
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < seen.length; k++) roots[row * seen.length + k] = Math.sqrt(counts[row * units + seen[k]]);
  return smoothBins(roots, trials, bins, seen.length, sdBins, { observed });
}

/** Rows of a row-major array for which `observed` holds; the array itself where all do. */
export function observedRows(values: Float64Array, width: number, observed: Uint8Array | undefined): Float64Array {
  if (!observed) return values;
  const kept = observed.reduce((sum, is) => sum + is, 0);
  const picked = new Float64Array(kept * width);
  for (let row = 0, to = 0; row < observed.length; row++)
    if (observed[row]) picked.set(values.subarray(row * width, (row + 1) * width), to++ * width);
  return picked;
}

/** Principal components of at most `rows` evenly spread rows: the covariance of many units is dear and needs no more. */
export function componentsOf(roots: Float64Array, width: number, count: number, rows: number): PrincipalComponents {
  const all = roots.length / width;
  if (all <= rows) return principalComponents(roots, width, count);
  const sample = new Float64Array(rows * width);
  for (let k = 0; k < rows; k++) {
    const row = Math.floor((k * all) / rows);
    sample.set(roots.subarray(row * width, (row + 1) * width), k * width);
  }
  return principalComponents(sample, width, count);
}

/**
 * What a unit is predicted from: rows × count of scores on the first `count` components. The unit's own part is taken out where it is
 * one of those seen, so that no unit sees its own spikes.
 */
export function scoresWithout(
  scores: Float64Array,
  roots: Float64Array,
  { dimensions, mean, components, count: all }: PrincipalComponents,
  place: number,
  count: number,
): Float64Array {
  const rows = scores.length / all;
  const own = new Float64Array(rows * count);
  for (let row = 0; row < rows; row++) {
    const value = place < 0 ? 0 : roots[row * dimensions + place] - mean[place];
    for (let k = 0; k < count; k++)
      own[row * count + k] = scores[row * all + k] - (place < 0 ? 0 : value * components[k * dimensions + place]);
  }
  return own;
}

/** Observed counts of one unit. */
export function countsOf({ counts, trials, bins, units, observed }: Activity, unit: number): Float64Array {
  const own = Float64Array.from({ length: trials * bins }, (_, row) => counts[row * units + unit]);
  return observedRows(own, 1, observed);
}

/** Mean rate that stands for a unit whose training bins are all empty. */
const LEAST_COUNTS = 0.1;

export interface Choice {
  readonly sdBins: number;
  readonly components: number;
  readonly alpha: number;
}

/** Fits the regressions; `tick` is awaited with the share done after smoothing, after components and after each regression, and may throw to cancel. */
export async function fitCoSmoother(
  activity: Activity,
  seen: Int32Array,
  predicted: Int32Array,
  { sdBins, components, alpha }: Choice,
  tick: (done: number) => Promise<void>,
  pcaRows = Infinity,
): Promise<CoSmoother> {
  const roots = observedRows(smoothedRoots(activity, seen, sdBins), seen.length, activity.observed);
  await tick(0);
  const pca = componentsOf(roots, seen.length, Math.min(components, seen.length), pcaRows);
  const scores = project(roots, pca);
  await tick(0);
  const width = pca.count + 1;
  const weights = new Float64Array(predicted.length * width);
  for (let p = 0; p < predicted.length; p++) {
    const x = scoresWithout(scores, roots, pca, seen.indexOf(predicted[p]), pca.count);
    weights.set(poissonRegression(x, pca.count, countsOf(activity, predicted[p]), alpha, { tolerance: 1e-6 }).weights, p * width);
    await tick((p + 1) / predicted.length);
  }
  return { sdBins, alpha, seen, pca, predicted, weights };
}

/** Expected counts per bin, trials × bins × predicted units. */
export function coSmooth(activity: Activity, { sdBins, seen, pca, predicted, weights }: CoSmoother): Float32Array {
  const roots = smoothedRoots(activity, seen, sdBins);
  const scores = project(roots, pca);
  const rows = activity.trials * activity.bins;
  const rates = new Float32Array(rows * predicted.length);
  const width = pca.count + 1;
  for (let p = 0; p < predicted.length; p++) {
    const x = scoresWithout(scores, roots, pca, seen.indexOf(predicted[p]), pca.count);
    const eta = logRates(x, pca.count, weights.subarray(p * width, (p + 1) * width));
    for (let row = 0; row < rows; row++) rates[row * predicted.length + p] = Math.exp(eta[row]);
  }
  return rates;
}

/**
 * The choice whose predictions are likeliest on `judged` after a fit to `fitted`; ties go to the earlier. `predicted` are the units
 * it is judged by: a sample of them does where there are many. Of each width `tick` is awaited as in `fitCoSmoother`.
 */
export async function chooseCoSmoother(
  fitted: Activity,
  judged: Activity,
  seen: Int32Array,
  predicted: Int32Array,
  grid: { readonly sdBins: readonly number[]; readonly components: readonly number[]; readonly alpha: readonly number[] },
  tick: (done: number) => Promise<void>,
  pcaRows = Infinity,
): Promise<Choice & { readonly logLikelihood: number }> {
  const sizes = [...new Set(grid.components.map((n) => Math.min(n, seen.length)))];
  const alphas = [...grid.alpha].sort((a, b) => b - a);
  let best: (Choice & { readonly logLikelihood: number }) | undefined;
  for (const [s, sdBins] of grid.sdBins.entries()) {
    const roots = observedRows(smoothedRoots(fitted, seen, sdBins), seen.length, fitted.observed);
    const others = observedRows(smoothedRoots(judged, seen, sdBins), seen.length, judged.observed);
    await tick(s / grid.sdBins.length);
    const pca = componentsOf(roots, seen.length, Math.max(...sizes), pcaRows);
    const [scores, otherScores] = [project(roots, pca), project(others, pca)];
    await tick(s / grid.sdBins.length);
    const likelihood = new Map<string, number>();
    for (const [p, unit] of predicted.entries()) {
      const [y, yOther] = [countsOf(fitted, unit), countsOf(judged, unit)];
      const place = seen.indexOf(unit);
      for (const components of sizes) {
        const x = scoresWithout(scores, roots, pca, place, components);
        const xOther = scoresWithout(otherScores, others, pca, place, components);
        let start: Float64Array | undefined;
        for (const alpha of alphas) {
          // Strong penalties first: each solution is a good start for the next weaker one.
          start = poissonRegression(x, components, y, alpha, { tolerance: 1e-6, ...(start && { start }) }).weights;
          const eta = logRates(xOther, components, start);
          let sum = 0;
          for (let row = 0; row < eta.length; row++) sum += yOther[row] * eta[row] - Math.exp(eta[row]);
          const name = `${components} ${alpha}`;
          likelihood.set(name, (likelihood.get(name) ?? 0) + sum);
        }
      }
      await tick((s + (p + 1) / predicted.length) / grid.sdBins.length);
    }
    for (const components of sizes)
      for (const alpha of grid.alpha) {
        const logLikelihood = likelihood.get(`${components} ${alpha}`) ?? -Infinity;
        if (!best || logLikelihood > best.logLikelihood) best = { sdBins, components, alpha, logLikelihood };
      }
  }
  if (!best) throw new RangeError('The grid is empty.');
  return best;
}

/** Mean observed counts per bin of every unit, never quite zero. */
export function meanCounts({ counts, trials, bins, units, observed }: Activity): Float64Array {
  const sums = new Float64Array(units);
  let seen = 0;
  for (let row = 0; row < trials * bins; row++) {
    if (observed && !observed[row]) continue;
    seen++;
    for (let u = 0; u < units; u++) sums[u] += counts[row * units + u];
  }
  return sums.map((sum) => Math.max(sum, LEAST_COUNTS) / seen);
}

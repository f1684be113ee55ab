// What the search for a rank found, in sentences: ranks beside each other, beside seeds, beside networks of known rank, beside the activity itself.

import { minus } from '../../contract/minus.ts';
import { type Dataset, ofTrials, TRAINING, trialsIn } from '../../dataset/index.ts';
import { principalComponents } from '../../numerics/pca.ts';
import { smoothBins } from '../../numerics/smoothing.ts';
import type { RankControl, TriedRank } from './facts.ts';

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x / values.length, 0);

export function said(tried: readonly TriedRank[], rank: number): string {
  if (tried[0].nlls.length === 0) return `Rank ${rank}: without validation trials nothing tells ranks apart.`;
  const all = tried.map((one) => `${one.rank}: ${minus(mean(one.nlls).toFixed(5))}`).join(', ');
  return `Rank ${rank}, the smallest that does as well as the best, by nats an unseen element of validation trials (${all}).`;
}

export function seedsSaid(bySeed: readonly number[]): readonly string[] {
  if (bySeed.length < 2) return [];
  const same = bySeed.every((rank) => rank === bySeed[0]);
  return [
    same
      ? `Each of ${bySeed.length} seeds by itself chooses rank ${bySeed[0]}.`
      : `Seeds by themselves choose ranks ${bySeed.join(', ')}: the rank is known to no better than that.`,
  ];
}

export function controlSaid(rank: number, controls: readonly RankControl[]): readonly string[] {
  return controls.map(({ taught, found }) => {
    const made = `In counts made by a network of ${taught === 0 ? 'full rank' : `rank ${taught}`} that was fitted to these trials the same search finds`;
    const more = `${made} more than rank ${rank}`;
    const same = `${made} no more than rank ${rank}`;
    if (taught === 0)
      return found <= rank
        ? `${same}: full weights would look no different here, so that rank ${rank} says little of connectivity.`
        : `${more}: the recording asks for fewer dimensions than full weights do.`;
    return found <= rank ? `${same}: a larger rank would look no different here.` : `${more}: a larger rank would be seen here.`;
  });
}

const SMOOTHED_MS = 40;
const SHARE = 0.9;
const MOST_ROWS = 4000;

const known = new WeakMap<Dataset, number>();

/** Directions that hold 90 % of the variance of smoothed activity over training: of averages of conditions where there are any. */
export function visitedDimensions(dataset: Dataset): number {
  const dimensions = known.get(dataset) ?? dimensionsOf(dataset);
  known.set(dataset, dimensions);
  return dimensions;
}

function dimensionsOf(dataset: Dataset): number {
  const { bins, units, counts, conditions, observed } = dataset;
  const training = trialsIn(dataset, TRAINING);
  const size = bins * units;
  const smooth = smoothBins(ofTrials(counts, training, size), training.length, bins, units, SMOOTHED_MS / dataset.binMs, {
    observed: observed && ofTrials(observed, training, bins),
  });
  const groups = conditions ? conditions.names.length : training.length;
  const rows = new Float64Array(groups * size);
  const trials = new Int32Array(groups);
  for (const [k, trial] of training.entries()) {
    const group = conditions ? conditions.of[trial] : k;
    if (group < 0) continue;
    trials[group]++;
    for (let at = 0; at < size; at++) rows[group * size + at] += smooth[k * size + at];
  }
  const every = Math.max(1, Math.ceil((groups * bins) / MOST_ROWS));
  const kept: number[] = [];
  for (let row = 0; row < groups * bins; row += every) if (trials[Math.floor(row / bins)] > 0) kept.push(row);
  const values = new Float64Array(kept.length * units);
  for (const [to, row] of kept.entries())
    for (let u = 0; u < units; u++) values[to * units + u] = rows[row * units + u] / trials[Math.floor(row / bins)];
  let [held, dimensions] = [0, 0];
  for (const share of principalComponents(values, units).shares) {
    if (held >= SHARE) break;
    held += share;
    dimensions++;
  }
  return dimensions;
}

/** A rank that is that of the activity itself says little of connectivity. */
export function bounded(dimensions: number, rank: number): readonly string[] {
  if (dimensions === 0 || rank < dimensions) return [];
  return [
    `${dimensions} ${dimensions === 1 ? 'component holds' : 'components hold'} ${100 * SHARE} % of the activity’s variance: a rank of ${rank} may be that of what was visited, rather than of connectivity.`,
  ];
}

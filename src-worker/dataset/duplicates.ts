// Units that were sorted twice: their counts go together far more than those of two neurons do.

import type { Dataset } from './dataset.ts';

const SAMPLED_BINS = 2400;
const FEWEST_SPIKES = 20;
const ALIKE = 0.8;
/** Counts of the two differ at most so many times. */
const WITHIN = 1.6;

export interface Pair {
  readonly a: number;
  readonly b: number;
  readonly correlation: number;
}

/** Pairs of units whose counts in a sample of bins correlate above .8, strongest first. */
export function duplicateUnits({ counts, trials, bins, units }: Pick<Dataset, 'counts' | 'trials' | 'bins' | 'units'>): readonly Pair[] {
  const rows = trials * bins;
  const sampled = Math.min(rows, SAMPLED_BINS);
  const columns = Array.from({ length: units }, () => new Float32Array(sampled));
  const sums = new Float64Array(units);
  for (let k = 0; k < sampled; k++) {
    const row = Math.floor((k * rows) / sampled);
    for (let u = 0; u < units; u++) {
      const count = counts[row * units + u];
      columns[u][k] = count;
      sums[u] += count;
    }
  }
  for (let u = 0; u < units; u++) {
    const centre = sums[u] / sampled;
    let size = 0;
    for (let k = 0; k < sampled; k++) {
      columns[u][k] -= centre;
      size += columns[u][k] ** 2;
    }
    const scale = size > 0 ? 1 / Math.sqrt(size) : 0;
    for (let k = 0; k < sampled; k++) columns[u][k] *= scale;
  }
  const order = Array.from(sums, (_, u) => u)
    .filter((u) => sums[u] >= FEWEST_SPIKES)
    .sort((a, b) => sums[a] - sums[b] || a - b);
  const pairs: Pair[] = [];
  for (let i = 0; i < order.length; i++)
    for (let j = i + 1; j < order.length && sums[order[j]] <= WITHIN * sums[order[i]]; j++) {
      let correlation = 0;
      const [x, y] = [columns[order[i]], columns[order[j]]];
      for (let k = 0; k < sampled; k++) correlation += x[k] * y[k];
      if (correlation > ALIKE) pairs.push({ a: Math.min(order[i], order[j]), b: Math.max(order[i], order[j]), correlation });
    }
  return pairs.sort((p, q) => q.correlation - p.correlation || p.a - q.a);
}

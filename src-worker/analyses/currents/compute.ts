// Currents of one network, of all seeds, and with labels shuffled.

import type { Job } from '../../contract/job.ts';
import { key, permutation } from '../../engine/random.ts';
import { correlation, quantile } from '../../numerics/statistics.ts';
import { type CurrentMaker, type Flowing, type Members, rmsByBin, sharesOf } from './terms.ts';
import { modulated } from '../belief/rows.ts';

const STREAM = 132;

export interface Shape {
  readonly rows: number;
  readonly bins: number;
}

/** What is said of each pair of regions, target × source. */
export interface Measures {
  /** target × source × bin. */
  readonly size: Float64Array;
  readonly shares: Float64Array;
  readonly signed: Float64Array;
  readonly perSourceUnit: Float64Array;
  /** By target. */
  readonly cancellation: Float64Array;
}

/** Modulated currents into each target from each source, targets × samples each; indexed target · regions + source. */
export function modulatedCurrents(maker: CurrentMaker, flowing: Flowing, targets: Members, sources: Members): readonly Float64Array[] {
  const still = { ...flowing, activity: modulated(flowing.activity, flowing.samples) };
  return targets.flatMap((into) => sources.map((from) => maker.from(still, into, from)));
}

export function measure(currents: readonly Float64Array[], targets: Members, sources: Members, { rows, bins }: Shape): Measures {
  const R = sources.length;
  const [size, shares, signed, perSourceUnit] = [
    new Float64Array(targets.length * R * bins),
    new Float64Array(targets.length * R),
    new Float64Array(targets.length * R),
    new Float64Array(targets.length * R),
  ];
  const cancellation = new Float64Array(targets.length);
  for (const [i, into] of targets.entries()) {
    const own = currents.slice(i * R, (i + 1) * R);
    const found = sharesOf(own);
    cancellation[i] = found.cancellation;
    for (const [j, from] of sources.entries()) {
      const at = i * R + j;
      size.set(rmsByBin(own[j], into.length, rows, bins), at * bins);
      shares[at] = found.shares[j];
      signed[at] = found.signed[j];
      perSourceUnit[at] = found.shares[j] / from.length;
    }
  }
  return { size, shares, signed, perSourceUnit, cancellation };
}

/**
 * Labels of source units shuffled, regions as large as they are; targets stay. Quantiles 5, 50 and 95 % over draws, and what `each` says of every
 * draw.
 */
export async function shuffledControls(
  maker: CurrentMaker,
  flowing: Flowing,
  regions: Members,
  shape: Shape,
  draws: number,
  job: Job,
  each?: (currents: readonly Float64Array[]) => Float64Array,
): Promise<{ readonly size: Float64Array; readonly shares: Float64Array; readonly each?: readonly Float64Array[] }> {
  const found: { readonly size: Float64Array; readonly shares: Float64Array; readonly each: Float64Array }[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const order = permutation(key(job.seed, STREAM, draw), flowing.units);
    const sources: Int32Array[] = [];
    let from = 0;
    for (const region of regions) {
      sources.push(order.slice(from, from + region.length).sort());
      from += region.length;
    }
    const currents = modulatedCurrents(maker, flowing, regions, sources);
    const { size, shares } = measure(currents, regions, sources, shape);
    found.push({ size, shares, each: each?.(currents) ?? new Float64Array(0) });
    await job.progress((draw + 1) / draws, 'Shuffling region labels');
  }
  const over = (name: 'size' | 'shares'): Float64Array => quantilesOf(found.map((one) => one[name]));
  return { size: over('size'), shares: over('shares'), ...(each && { each: found.map((one) => one.each) }) };
}

export const QUANTILES = [0.05, 0.5, 0.95];

/** The quantiles of each place over lists: quantile × place. */
export function quantilesOf(lists: readonly Float64Array[]): Float64Array {
  const places = lists[0]?.length ?? 0;
  const out = new Float64Array(QUANTILES.length * places);
  const column = new Float64Array(lists.length);
  for (let at = 0; at < places; at++) {
    for (let k = 0; k < lists.length; k++) column[k] = lists[k][at];
    for (const [q, p] of QUANTILES.entries()) out[q * places + at] = quantile(column, p);
  }
  return out;
}

/** Correlation of each current with the one that it is held against. */
export const correlations = (found: readonly Float64Array[], against: readonly Float64Array[]): Float64Array =>
  Float64Array.from(found, (current, pair) => correlation(current, against[pair]));

export function joined(lists: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    out.set(list, at);
    at += list.length;
  }
  return out;
}

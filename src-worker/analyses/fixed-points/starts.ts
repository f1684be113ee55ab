// Where the search starts: states that were visited, those with noise, and states beyond them; and how near to visited states a point lies.

import type { NamedArray, States } from '../../contract/result.ts';
import { key, normal, permutation, uniform } from '../../engine/random.ts';
import { length } from '../../numerics/lu.ts';
import type { Field } from './field.ts';

const STREAM = { visited: 21, noisy: 22, uniform: 23 } as const;
/** Of the starts that are made here: those from visited states, and those with noise added. */
const SHARE = { visited: 0.5, noisy: 0.25 } as const;
/** Enough visited states for the usual distance between neighbours. */
const SAMPLED = 300;
/** And for the distances themselves; more are thinned out evenly. */
const MOST_VISITED = 20_000;

/** Points further than this, in usual distances, were not visited. */
export const FAR = 3;

/** Rows of states without NaN, evenly thinned. */
export function visitedRows({ values, dimensions, rows, bins }: States): Float64Array[] {
  const all = rows * bins;
  const every = Math.max(1, Math.ceil(all / MOST_VISITED));
  const kept: Float64Array[] = [];
  for (let row = 0; row < all; row += every) {
    const state = values.subarray(row * dimensions, (row + 1) * dimensions);
    if (state.every(Number.isFinite)) kept.push(Float64Array.from(state));
  }
  return kept;
}

export const rowsOf = ({ values, shape }: NamedArray): Float64Array[] => {
  const width = shape[shape.length - 1];
  return Array.from({ length: values.length / width }, (_, row) => Float64Array.from(values.subarray(row * width, (row + 1) * width)));
};

/** `count` states in all: `brought` first, then of visited ones, visited ones plus `noiseSds` standard deviations of noise, and uniform ones. */
export function startsFor(
  states: number,
  { brought, visited }: { readonly brought: readonly Float64Array[]; readonly visited: readonly Float64Array[] },
  { count, noiseSds, seed }: { readonly count: number; readonly noiseSds: number; readonly seed: number },
): Float64Array[] {
  const starts = brought.slice(0, count);
  const left = count - starts.length;
  const own = Math.min(visited.length, Math.floor(SHARE.visited * left));
  const order = permutation(key(seed, STREAM.visited), visited.length);
  for (let k = 0; k < own; k++) starts.push(visited[order[k]]);
  const spread = spreadOf(visited, states);
  const noisy = visited.length === 0 ? 0 : Math.floor(SHARE.noisy * left);
  for (let k = 0; k < noisy; k++) {
    const from = visited[order[(own + k) % visited.length]];
    starts.push(from.map((value, i) => value + noiseSds * spread.sd[i] * normal(key(seed, STREAM.noisy, k), i)));
  }
  for (let k = 0; starts.length < count; k++) {
    const random = key(seed, STREAM.uniform, k);
    starts.push(Float64Array.from({ length: states }, (_, i) => spread.low[i] + (spread.high[i] - spread.low[i]) * uniform(random, i)));
  }
  return starts;
}

/** Standard deviation of each dimension, and a box that holds (−1, 1) and what was visited. */
function spreadOf(visited: readonly Float64Array[], states: number) {
  const low = new Float64Array(states).fill(-1);
  const high = new Float64Array(states).fill(1);
  const sd = new Float64Array(states);
  for (let i = 0; i < states; i++) {
    let [sum, squares] = [0, 0];
    for (const x of visited) {
      low[i] = Math.min(low[i], x[i]);
      high[i] = Math.max(high[i], x[i]);
      sum += x[i];
      squares += x[i] * x[i];
    }
    const mean = sum / visited.length;
    sd[i] = visited.length === 0 ? 0 : Math.sqrt(Math.max(0, squares / visited.length - mean * mean));
  }
  return { low, high, sd };
}

const nearest = (x: Float64Array, others: readonly Float64Array[], except = -1): number => {
  let least = Infinity;
  for (const [k, y] of others.entries()) {
    if (k === except) continue;
    let sum = 0;
    for (let i = 0; i < x.length && sum < least; i++) sum += (x[i] - y[i]) ** 2;
    if (sum < least) least = sum;
  }
  return Math.sqrt(least);
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Median distance of a visited state to its nearest neighbour; NaN without two. */
export function usualDistance(visited: readonly Float64Array[]): number {
  const every = Math.max(1, Math.floor(visited.length / SAMPLED));
  const sampled = Array.from(visited.keys()).filter((k) => k % every === 0);
  return visited.length < 2 ? Number.NaN : median(sampled.map((k) => nearest(visited[k], visited, k)));
}

/** Distance to the nearest visited state in units of `usual`. */
export const distanceFrom = (x: Float64Array, visited: readonly Float64Array[], usual: number): number =>
  visited.length === 0 || !(usual > 0) ? Number.NaN : nearest(x, visited) / usual;

/** Median length of a step of the trajectories, of which a bin may hold several; where there are none, median ‖G‖ at the states given. */
export function usualSpeed(field: Field, { values, rows, bins, dimensions, binMs }: States, states: readonly Float64Array[]): number {
  const steps: number[] = [];
  const perBin = Math.max(1, Math.round(binMs / field.stepMs) || 1);
  if (field.kind === 'map')
    for (let row = 0; row < rows; row++)
      for (let bin = 1; bin < bins; bin++) {
        const at = (row * bins + bin) * dimensions;
        let sum = 0;
        for (let i = 0; i < dimensions; i++) sum += (values[at + i] - values[at + i - dimensions]) ** 2;
        if (Number.isFinite(sum)) steps.push(Math.sqrt(sum));
      }
  if (steps.length > 0) return median(steps) / perBin;
  const every = Math.max(1, Math.floor(states.length / SAMPLED));
  return median(states.filter((_, k) => k % every === 0).map((x) => length(field.residual(x))));
}

// How many points the starts may have missed: Chao's lower bound from points reached once and twice (Chao 1984), and Good's coverage.

import type { Field } from './field.ts';

export interface Missed {
  /** Points estimated to be missing, beyond those found, for this distribution of starts. */
  readonly points: number;
  /** Share of the basins' probability that the points found account for. */
  readonly coverage: number;
}

/**
 * `reached`: how many starts ended at each class of points. Undefined where nothing can be told: no start ended at a point, or each at one of its
 * own, as a single start does.
 */
export function chao({ reached, starts }: { readonly reached: readonly number[]; readonly starts: number }): Missed | undefined {
  const once = reached.filter((count) => count === 1).length;
  if (once === starts) return undefined;
  const twice = reached.filter((count) => count === 2).length;
  const points = once < 2 ? 0 : (((starts - 1) / starts) * once * (once - 1)) / (2 * (twice + 1));
  return { points, coverage: 1 - once / starts };
}

const CERTAIN = 0.95;

/** The smallest share of starts that a point's basin must have for `starts` of them to reach it at least once with 95 %: about 3 / starts. */
export const leastShare = (starts: number): number => 1 - (1 - CERTAIN) ** (1 / starts);

/** Whether F(−x) = −F(x) at the given states: then points come in pairs, and the two of a pair are found together. */
export function isOdd({ residual, states: n }: Field, samples: readonly Float64Array[]): boolean {
  return (
    samples.length > 0 &&
    samples.every((x) => {
      const [plus, minus] = [residual(x), residual(x.map((value) => -value))];
      for (let i = 0; i < n; i++) if (Math.abs(plus[i] + minus[i]) > 1e-12 * Math.max(1, Math.abs(plus[i]), Math.abs(x[i]))) return false;
      return true;
    })
  );
}

/** Class of each point, where x and −x count as one. */
export function mirrored(points: readonly Float64Array[], near: (a: Float64Array, b: Float64Array) => boolean): number[] {
  const classes: number[] = [];
  for (const [k, x] of points.entries()) {
    const opposite = x.map((value) => -value);
    const other = points.findIndex((y, place) => place < k && near(opposite, y));
    classes.push(other >= 0 ? classes[other] : k);
  }
  return classes;
}

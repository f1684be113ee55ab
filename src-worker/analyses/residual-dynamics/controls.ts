// What the fit gives for draws of its trials, for trials shuffled at every bin, and for data that it would make itself. Each function gives the numbers
// of a draw (draws/): moduli of all bins together and then of each, (1 + bins) × d, first of all.

import { quantile } from '../../numerics/statistics.ts';
import type { ShortDraws } from '../draws/kinds.ts';
import { moduliOf } from './estimate.ts';
import { strengths } from './fit.ts';
import { foldedMoments, laggedProducts } from './lagged.ts';
import { copiesOf, type Residuals, shuffled } from './residuals.ts';
import { type Simulation, simulatedFrom } from './simulate.ts';

export interface Fit {
  readonly residuals: Residuals;
  readonly lags: number;
  readonly alpha: number;
  readonly seed: number;
}

/** Moduli of as many trials drawn with replacement. */
export const bootstrapped =
  ({ residuals, lags, alpha, seed }: Fit): ShortDraws =>
  (draw) =>
    moduliOf(foldedMoments(laggedProducts(residuals, lags, copiesOf(residuals.trials, seed, draw)), lags), alpha);

/**
 * Trials in another order at every bin. Moduli are those of what instruments as strong as the data's tell of another trial's next residual: where
 * instruments are shuffled too, A is nothing over nothing and takes any size, and all that tells is F, which follows: of all bins, and of each.
 */
export function withShuffledTrials({ residuals, lags, alpha, seed }: Fit): ShortDraws {
  const own = laggedProducts(residuals, lags);
  return (draw) => {
    const other = shuffled(residuals, seed, draw);
    const moduli = moduliOf(foldedMoments({ ...own, later: laggedProducts({ ...residuals, now: other.values }, lags).folds }, lags), alpha);
    const { pooled, each } = strengths(foldedMoments(laggedProducts(other, lags), lags), residuals.trials - (residuals.means ?? 0));
    return Float64Array.of(...moduli, pooled, ...each);
  };
}

export interface Refit extends Fit {
  readonly noise: Simulation;
  /** A of each bin from `from` on. */
  readonly maps: Float64Array;
  readonly from: number;
  /** Bootstrap draws of each refit. */
  readonly draws: number;
}

/** Moduli of data simulated from the fit; and the 5 and 95 % of the slowest over a bootstrap of theirs, of all bins and of each: 2 × (1 + bins). */
export const refitted =
  ({ residuals, lags, alpha, seed, noise, maps, from, draws }: Refit): ShortDraws =>
  (draw) => {
    const again = simulatedFrom(residuals, noise, { maps, from }, seed, draw);
    const moduli = moduliOf(foldedMoments(laggedProducts(again, lags), lags), alpha);
    const boots = Array.from({ length: draws }, (_, boot) =>
      moduliOf(foldedMoments(laggedProducts(again, lags, copiesOf(again.trials, seed, draw, boot)), lags), alpha),
    );
    const d = residuals.dimensions;
    const slowest = (p: number): number[] =>
      Array.from({ length: moduli.length / d }, (_, place) =>
        quantile(
          Float64Array.from(boots, (boot) => boot[place * d]),
          p,
        ),
      );
    return Float64Array.of(...moduli, ...slowest(0.05), ...slowest(0.95));
  };

/** Share of refits, over some places, whose own interval holds what was put in. */
export function coverageOf(put: Float64Array, low: readonly Float64Array[], high: readonly Float64Array[]): number {
  let held = 0;
  for (const [refit, least] of low.entries())
    for (let k = 0; k < put.length; k++) if (put[k] >= least[k] && put[k] <= high[refit][k]) held++;
  return held / (put.length * low.length);
}

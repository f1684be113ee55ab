// How many dimensions and lags, and how smooth: by predicting trials that are held out.

import type { Job } from '../../contract/job.ts';
import type { NamedArray } from '../../contract/result.ts';
import { heldOutErrors } from './fit.ts';
import { foldedMoments, laggedProducts } from './lagged.ts';
import { FOLDS, type Residuals } from './residuals.ts';

const LAGS = [1, 2, 3, 5] as const;
export const MOST_DIMENSIONS = 8;
/** Times the number of trials. */
const PENALTIES = Array.from({ length: 9 }, (_, k) => 10 ** (k - 2));

export interface Choice {
  readonly dimensions: number;
  readonly lags: number;
  readonly smoothness: number;
  readonly errors?: NamedArray;
}

/** The smallest model whose error on trials held out is within a standard error of the best one's. Progress goes from 0 to 1. */
export async function choose(
  whole: Residuals,
  {
    dimensions,
    lags,
    smoothness,
  }: { readonly dimensions: number | undefined; readonly lags: number | undefined; readonly smoothness: number | undefined },
  job: Job,
): Promise<Choice> {
  const { bins, trials } = whole;
  const fitting = LAGS.filter((lag) => lag <= bins - 3);
  const lagChoices = lags === undefined ? fitting : [lags];
  const most = Math.min(whole.dimensions, dimensions ?? MOST_DIMENSIONS);
  const dimensionChoices = dimensions === undefined ? Array.from({ length: most }, (_, k) => k + 1) : [most];
  const from = Math.max(...lagChoices);
  const products = laggedProducts(whole, from);
  const scored: { readonly dimensions: number; readonly lags: number; readonly mean: number; readonly error: number }[] = [];
  const score = (errors: Float64Array) => {
    const mean = errors.reduce((sum, value) => sum + value / FOLDS, 0);
    return { mean, error: Math.sqrt(errors.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (FOLDS - 1) / FOLDS) };
  };
  const all = dimensionChoices.length * lagChoices.length;
  for (const d of dimensionChoices)
    for (const lag of lagChoices) {
      await job.progress((0.7 * scored.length) / all);
      job.signal.throwIfAborted();
      scored.push({ dimensions: d, lags: lag, ...score(heldOutErrors(foldedMoments(products, lag, d), products.sizes, trials, from)) });
    }
  const within = <C extends { readonly mean: number; readonly error: number }>(choices: readonly C[]): C => {
    const best = choices.reduce((least, one) => (one.mean < least.mean ? one : least));
    return choices.find((one) => one.mean <= best.mean + best.error) ?? best;
  };
  const model = within(scored);
  const penalties = smoothness === undefined ? PENALTIES.toReversed() : [smoothness];
  const moments = foldedMoments(products, model.lags, model.dimensions);
  const smooth = [];
  for (const penalty of penalties) {
    await job.progress(0.7 + (0.3 * smooth.length) / penalties.length);
    job.signal.throwIfAborted();
    smooth.push({ penalty, ...score(heldOutErrors(moments, products.sizes, penalty * trials, from)) });
  }
  const values = Float64Array.from(scored, ({ mean }) => mean);
  return {
    dimensions: model.dimensions,
    lags: model.lags,
    smoothness: within(smooth).penalty,
    ...(all > 1
      ? {
          errors: {
            values,
            shape: [dimensionChoices.length, lagChoices.length],
            axes: ['dimensions', 'lags'],
            unit: '',
            about: `Mean squared error of the next residual on trials held out; dimensions ${dimensionChoices.join(', ')} × lags ${lagChoices.join(', ')}`,
          },
        }
      : {}),
  };
}

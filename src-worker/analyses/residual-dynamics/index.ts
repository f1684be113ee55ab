// Residual dynamics: how single trials return to their condition's mean (Galgali, Sahani, Mante 2023), by instruments, from counts alone; with
// the strength of the instruments, bootstrap intervals, trials shuffled at every bin as a control, and refits of what the fit itself would make, each
// with a bootstrap of its own.

import { Failure } from '../../contract/failure.ts';
import { defineParams } from '../../contract/params.ts';
import type { Result } from '../../contract/result.ts';
import { defineAnalysis } from '../analysis.ts';
import { drawsOf } from '../draws/draws.ts';
import { countOf } from '../states.ts';
import { alongDynamics } from './basis.ts';
import { choose, MOST_DIMENSIONS } from './choose.ts';
import { estimate } from './estimate.ts';
import { strengths } from './fit.ts';
import { foldedMoments, laggedProducts } from './lagged.ts';
import { firstDimensions, FOLDS, foldsOf, type Residuals, residualsOf, widened } from './residuals.ts';
import { resultOf } from './result.ts';
import { noiseOf } from './simulate.ts';

const FEWEST_TRIALS = 10;
const SHUFFLES = 100;
/** Multiplications that the bootstraps of all refits may cost together; larger data get fewer draws, but some. */
const COVERAGE_WORK = 1e10;
const FEWEST_DRAWS = 40;

const params = defineParams({
  transform: {
    kind: 'choice',
    label: 'Transform',
    help: 'Square roots of counts, whose noise does not grow with the rate, or counts themselves.',
    choices: ['square-root', 'none'],
    default: 'square-root',
    tier: 'occasional',
  },
  dimensions: {
    kind: 'number',
    label: 'Dimensions',
    help: 'Dimensions of the dynamics, 1 to 8; chosen by predicting trials that are held out unless set.',
    min: 1,
    max: MOST_DIMENSIONS,
    integer: true,
    tier: 'common',
  },
  lags: {
    kind: 'number',
    label: 'Lags',
    help: 'Past bins that serve as instruments; chosen with the dimensions unless set.',
    min: 1,
    max: 20,
    integer: true,
    tier: 'common',
  },
  smoothness: {
    kind: 'number',
    label: 'Smoothness',
    help: 'Penalty on changes of the dynamics from bin to bin, per trial; chosen by predicting trials that are held out unless set.',
    min: 0,
    tier: 'occasional',
  },
  draws: {
    kind: 'number',
    label: 'Bootstrap draws',
    help: 'Draws of trials with replacement, for 90 % intervals.',
    default: 200,
    min: 2,
    max: 5000,
    integer: true,
    tier: 'occasional',
  },
  refits: {
    kind: 'number',
    label: 'Refits',
    help: 'How often data are simulated from what was fitted, with as many trials and as much noise, and fitted again, with a bootstrap each.',
    default: 40,
    min: 2,
    max: 1000,
    integer: true,
    tier: 'occasional',
  },
});

export const residualDynamics = defineAnalysis({
  id: 'residual-dynamics',
  version: 3,
  title: 'Residual dynamics',
  about: 'How fast single trials return to the mean of their condition, from counts, with instruments against noise of observation.',
  cites: [
    'Galgali A. R., Sahani M., Mante V. Residual dynamics resolves recurrent contributions to neural computation. Nature Neuroscience 26, 326–338 (2023).',
  ],
  needs: 'states',
  state: 'counts',
  params,
  async run({ states: given }, asked, job): Promise<Result> {
    if (given.state !== undefined && given.state !== 'counts')
      throw new Failure(
        'smoothed-states',
        `Residual dynamics need counts, whose noise differs from bin to bin; ${given.state} of a model are smoothed over time.`,
        'Ask for --state counts.',
      );
    const states = widened(given);
    const { bins, binMs, dimensions: units } = states;
    const least = 3 + (asked.lags ?? 1);
    if (bins < least)
      throw new Failure(
        'too-few-bins',
        `Residual dynamics with ${countOf(asked.lags ?? 1, 'lag')} need ${least} bins of ${binMs} ms, and trials have ${bins}.`,
        'Choose a longer window.',
      );
    const { values, trials, means } = residualsOf(
      asked.transform === 'square-root' ? { ...states, values: states.values.map(Math.sqrt) } : states,
    );
    if (trials < FEWEST_TRIALS)
      throw new Failure(
        'too-few-trials',
        `Residual dynamics need ${FEWEST_TRIALS} trials that were observed throughout and share a condition with others; there are ${trials}.`,
        'Let more trials in; hundreds are better.',
      );
    if (!values.some((value) => value !== 0))
      throw new Failure(
        'constant-states',
        'Counts are the same in every trial of a condition: there are no residuals.',
        'Choose other units.',
      );
    const along = alongDynamics(values, bins, units, Math.min(MOST_DIMENSIONS, units));
    const whole: Residuals = { values: along.values, trials, bins, dimensions: along.dimensions, folds: foldsOf(trials, job.seed), means };
    const within = (from: number, to: number) => ({ ...job, progress: (done: number) => job.progress(from + (to - from) * done) });
    const chosen = await choose(whole, asked, within(0, 0.1));
    const residuals = firstDimensions(whole, chosen.dimensions);
    const { lags, dimensions: d } = chosen;
    const alpha = chosen.smoothness * trials;
    const moments = foldedMoments(laggedProducts(residuals, lags), lags);
    const found = estimate(moments, alpha, binMs);
    const fit = { residuals, lags, alpha, seed: job.seed };
    const work = trials * bins * (lags + 2) * d ** 2 + 6 * FOLDS * found.count * (d * lags) ** 3;
    const boots = await drawsOf('residual bootstrap', fit, { count: asked.draws, work }, within(0.1, 0.25));
    const shuffles = Math.min(SHUFFLES, asked.draws);
    const control = await drawsOf('residual shuffles', fit, { count: shuffles, work: 3 * work }, within(0.25, 0.35));
    const affordable = Math.floor(COVERAGE_WORK / (work * asked.refits));
    const draws = Math.min(asked.draws, Math.max(FEWEST_DRAWS, affordable));
    const { maps, from } = found;
    const refit = { ...fit, noise: noiseOf(residuals, moments), maps, from, draws };
    const refits = await drawsOf('residual refits', refit, { count: asked.refits, work: draws * work }, within(0.35, 1));
    return resultOf({
      found,
      chosen,
      strength: strengths(moments, trials - means),
      boots,
      control,
      refits,
      refitDraws: draws,
      basis: along.basis.slice(0, d * units),
      units,
      states,
      given,
      trials,
      isRoot: asked.transform === 'square-root',
    });
  },
});

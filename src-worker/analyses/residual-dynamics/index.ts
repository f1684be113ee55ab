// Residual dynamics: how single trials return to their condition's mean (Galgali, Sahani, Mante 2023), by instruments, from counts alone; with
// the strength of the instruments, bootstrap intervals, trials shuffled at every bin as a control, and refits of what the fit itself would make.

import { Failure } from '../../contract/failure.ts';
import { defineParams } from '../../contract/params.ts';
import type { NamedArray, Result } from '../../contract/result.ts';
import { quantile } from '../../numerics/statistics.ts';
import { defineAnalysis } from '../analysis.ts';
import { countOf } from '../states.ts';
import { choose, MOST_DIMENSIONS } from './choose.ts';
import { coverageOf, estimate, timeConstant } from './estimate.ts';
import { firstDimensions, type Residuals, strengths } from './fit.ts';
import { alongDynamics, foldsOf, resampled, residualsOf, shuffled, widened } from './residuals.ts';
import { noiseOf, simulatedFrom } from './simulate.ts';

/** Below this F of the first stage an instrument is too weak for any number (Stock and Yogo 2005). */
const WEAK = 10;
const FEWEST_TRIALS = 10;
const SHUFFLES = 20;
/** Intervals of 90 % that hold less often are not to be believed. */
const UNBELIEVED = 0.75;

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
    help: 'How often data are simulated from what was fitted, with as many trials and as much noise, and fitted again.',
    default: 40,
    min: 2,
    max: 1000,
    integer: true,
    tier: 'occasional',
  },
});

export const residualDynamics = defineAnalysis({
  id: 'residual-dynamics',
  version: 2,
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
    const chosen = await choose(whole, asked, job);
    const r = firstDimensions(whole, chosen.dimensions);
    const { lags, dimensions: d } = chosen;
    const alpha = chosen.smoothness * trials;
    const found = estimate(r, lags, alpha, binMs);
    const strength = strengths(r, lags);
    const boots: ReturnType<typeof estimate>[] = [];
    for (let draw = 0; draw < asked.draws; draw++) {
      await job.progress(0.4 + (0.35 * draw) / asked.draws);
      job.signal.throwIfAborted();
      boots.push(estimate(resampled(r, job.seed, draw), lags, alpha, binMs));
    }
    const control: ReturnType<typeof strengths>[] = [];
    const count = Math.min(SHUFFLES, asked.draws);
    for (let draw = 0; draw < count; draw++) {
      await job.progress(0.75 + (0.05 * draw) / count);
      job.signal.throwIfAborted();
      control.push(strengths(shuffled(r, job.seed, draw), lags));
    }
    const controlStrength = quantile(
      Float64Array.from(control, ({ pooled }) => pooled),
      0.95,
    );
    const refits: ReturnType<typeof estimate>[] = [];
    const noise = noiseOf(r, lags);
    for (let draw = 0; draw < asked.refits; draw++) {
      await job.progress(0.8 + (0.2 * draw) / asked.refits);
      job.signal.throwIfAborted();
      refits.push(estimate(simulatedFrom(r, noise, found, job.seed, draw), lags, alpha, binMs));
    }
    const chain = found.count;
    const between = (of: readonly Float64Array[], p: number) =>
      Float64Array.from(of[0], (_, i) =>
        quantile(
          Float64Array.from(of, (one) => one[i]),
          p,
        ),
      );
    const isStrong = strength.each.map((f) => (f >= WEAK ? 1 : 0));
    const times = (moduli: Float64Array, strong: (k: number) => boolean) =>
      moduli.map((modulus, k) => (strong(k) ? timeConstant(modulus, binMs) : Number.NaN));
    const array = (array: Float64Array, axes: readonly string[], shape: readonly number[], unit: string, about: string): NamedArray => ({
      values: array,
      axes,
      shape,
      unit,
      about,
    });
    const perBin = (values: Float64Array, unit: string, about: string) => array(values, ['bin', 'mode'], [chain, d], unit, about);
    const perMode = (values: Float64Array, unit: string, about: string) => array(values, ['mode'], [d], unit, about);
    const strongPool = strength.pooled >= WEAK;
    const [low, high] = [0.05, 0.95].map((p) =>
      between(
        boots.map(({ pooled }) => pooled.moduli),
        p,
      ),
    );
    const [modulusLow, modulusHigh] = [0.05, 0.95].map((p) =>
      between(
        boots.map(({ moduli }) => moduli),
        p,
      ),
    );
    const refitted = [0.05, 0.5, 0.95].map((p) =>
      between(
        refits.map(({ moduli }) => moduli),
        p,
      ),
    );
    const refittedPool = [0.05, 0.5, 0.95].map((p) =>
      quantile(
        Float64Array.from(refits, ({ pooled }) => pooled.moduli[0]),
        p,
      ),
    );
    // Of the slowest mode: how often what was put in lies in an interval about a refit that is as wide as the bootstrap's.
    const covered = coverageOf(
      found.moduli,
      modulusLow,
      modulusHigh,
      refits.map(({ moduli }) => moduli),
      d,
    );
    const coveredPool = coverageOf(
      found.pooled.moduli,
      low,
      high,
      refits.map(({ pooled }) => pooled.moduli),
      d,
    );
    const tau = strongPool ? timeConstant(found.pooled.moduli[0], binMs) : Number.NaN;
    const frequency = found.pooled.hz[0];
    const strongBins = isStrong.reduce((sum, is) => sum + is, 0);
    return {
      arrays: {
        moduli: perBin(found.moduli, '', '|λ| of A at each bin, largest first'),
        moduliLow: perBin(modulusLow, '', 'Its 5 % over bootstrap draws'),
        moduliHigh: perBin(modulusHigh, '', 'Its 95 % over bootstrap draws'),
        refittedLow: perBin(refitted[0], '', '|λ| of refits of data simulated from these A, 5 %'),
        refittedMedian: perBin(refitted[1], '', 'The same, median'),
        refittedHigh: perBin(refitted[2], '', 'The same, 95 %'),
        timeConstants: perBin(
          times(found.moduli, (k) => isStrong[Math.floor(k / d)] === 1),
          'ms',
          'Time constants; NaN where instruments are too weak or nothing decays',
        ),
        frequencies: perBin(found.hz, 'Hz', 'Frequencies of rotation'),
        singular: perBin(found.singular, '', 'Singular values of A at each bin'),
        strength: array(
          strength.each,
          ['bin'],
          [chain],
          '',
          'F of the first stage at each bin, of the dimension told least of; below 10 too weak',
        ),
        controlHigh: array(
          between(
            control.map(({ each }) => each),
            0.95,
          ),
          ['bin'],
          [chain],
          '',
          'F of the first stage with trials shuffled at every bin, 95 %',
        ),
        maps: array(found.maps, ['bin', 'dimension', 'dimension'], [chain, d, d], '', 'A at each bin: r(t+1) = A r(t)'),
        time: array(
          states.timeMs.slice(found.from, found.from + chain),
          ['bin'],
          [chain],
          'ms',
          'Time of each A, from this bin to the next',
        ),
        pooledMap: array(found.pooled.map, ['dimension', 'dimension'], [d, d], '', 'One A for all bins'),
        pooledModuli: perMode(found.pooled.moduli, '', '|λ| of the A of all bins'),
        pooledLow: perMode(low, '', 'Its 5 % over bootstrap draws'),
        pooledHigh: perMode(high, '', 'Its 95 % over bootstrap draws'),
        basis: array(
          along.basis.slice(0, d * units),
          ['dimension', 'unit'],
          [d, units],
          '',
          'Directions of the units along which residuals are taken',
        ),
        ...(chosen.errors ? { heldOutErrors: chosen.errors } : {}),
      },
      summary: {
        modulus: found.pooled.moduli[0],
        modulusLow: low[0],
        modulusHigh: high[0],
        ...(Number.isFinite(tau) ? { timeConstantMs: tau } : {}),
        ...(Number.isFinite(tau) && timeConstant(low[0], binMs) > 0 ? { timeConstantLowMs: timeConstant(low[0], binMs) } : {}),
        ...(Number.isFinite(tau) && timeConstant(high[0], binMs) > 0 ? { timeConstantHighMs: timeConstant(high[0], binMs) } : {}),
        frequencyHz: frequency,
        leastSquaresModulus: found.pooled.leastSquares,
        strength: strength.pooled,
        strongBins,
        bins: chain,
        dimensions: d,
        lags,
        smoothness: chosen.smoothness,
        trials,
        draws: asked.draws,
        controlStrength,
        controlDraws: count,
        refitted: refittedPool[1],
        refittedLow: refittedPool[0],
        refittedHigh: refittedPool[2],
        coverage: coveredPool,
        coverageOfBins: covered,
        refits: asked.refits,
      },
      recipe: `Residual dynamics of ${asked.transform === 'square-root' ? 'square roots of ' : ''}counts in ${binMs} ms bins, ${countOf(trials, 'trial')} about the means of their conditions, ${countOf(d, 'dimension')} of the lagged covariances, ${countOf(lags, 'lag')} as instruments, fitted on other folds, smoothness ${chosen.smoothness} per trial; intervals: 5 to 95 % of ${asked.draws} bootstrap draws; control: ${count} shuffles of trials at every bin, and ${asked.refits} refits of data simulated from the fit.`,
      notes: [
        ...(strongPool
          ? [
              `Over all bins the slowest residual is multiplied by ${found.pooled.moduli[0].toFixed(2)} (${low[0].toFixed(2)} to ${high[0].toFixed(2)}) a bin; least squares, which takes noise for decay, gives ${found.pooled.leastSquares.toFixed(2)}. F of the instruments is ${strength.pooled.toFixed(0)}, and ${controlStrength.toFixed(1)} or less in 95 % of shuffles.`,
            ]
          : [
              `The instruments are too weak (F ${strength.pooled.toFixed(1)} over all bins, below ${WEAK}): there is no time constant to tell. More trials or units may help.`,
            ]),
        ...(strongPool && strongBins < chain
          ? [
              `At ${chain - strongBins} of ${chain} bins the instruments are too weak (F below ${WEAK}) for a number of their own: look at all bins together.`,
            ]
          : []),
        ...(strongPool
          ? [
              `Refits of data simulated from this fit, with as many trials and as much noise, give ${refittedPool[1].toFixed(2)} (${refittedPool[0].toFixed(2)} to ${refittedPool[2].toFixed(2)}) over all bins; intervals that should hold what was put in in 90 % of them do in ${Math.round(100 * coveredPool)} %, and in ${Math.round(100 * covered)} % at single bins.${covered < UNBELIEVED ? ' Do not believe single bins.' : ''}`,
            ]
          : []),
        ...(strongPool && !Number.isFinite(tau) ? ['The slowest residual does not decay: it has no time constant.'] : []),
        ...(given.conditions.some((condition) => condition >= 0)
          ? []
          : ['Trials have no conditions: what differs between them, such as the movement made, counts as a residual and looks slow.']),
        ...(states === given ? [] : [`Bins of ${given.binMs} ms were merged to ${binMs} ms.`]),
        ...(trials < given.rows
          ? [
              `${countOf(given.rows - trials, 'trial')} not observed throughout, without a condition or alone in it, ${given.rows - trials === 1 ? 'was' : 'were'} left out.`,
            ]
          : []),
        ...(trials < 500 ? ['With a few hundred trials fast residuals cannot be told at single bins: believe the intervals.'] : []),
      ],
    };
  },
});

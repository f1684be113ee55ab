// What residual dynamics tell, as arrays, numbers and sentences, each beside its control.

import { minus } from '../../contract/minus.ts';
import type { NamedArray, Result, States } from '../../contract/result.ts';
import { quantile } from '../../numerics/statistics.ts';
import { countOf } from '../states.ts';
import { MOST_UNITS } from './basis.ts';
import type { Choice } from './choose.ts';
import { coverageOf } from './controls.ts';
import { type Estimate, timeConstant } from './estimate.ts';

/** Below this F of the first stage an instrument is too weak for any number (Stock and Yogo 2005). */
const WEAK = 10;
/** Intervals of 90 % that hold less often are not to be believed. */
const UNBELIEVED = 0.75;
/** With fewer trials fast residuals are not told at single bins. */
const FEW_TRIALS = 500;

export interface Found {
  readonly found: Estimate;
  readonly chosen: Choice;
  readonly strength: { readonly each: Float64Array; readonly pooled: number };
  /** Numbers of each draw, as controls.ts has them. */
  readonly boots: readonly Float64Array[];
  readonly control: readonly Float64Array[];
  readonly refits: readonly Float64Array[];
  /** Bootstrap draws of each refit. */
  readonly refitDraws: number;
  /** dimensions × units. */
  readonly basis: Float64Array;
  readonly units: number;
  /** In the bins that were used, and as they were given. */
  readonly states: States;
  readonly given: States;
  readonly trials: number;
  readonly isRoot: boolean;
}

/** The part of every draw's numbers from `from` on, `length` of them. */
const partOf = (draws: readonly Float64Array[], from: number, length: number): readonly Float64Array[] =>
  draws.map((draw) => draw.subarray(from, from + length));

/** A quantile over draws, of each number. */
const between = (draws: readonly Float64Array[], p: number): Float64Array =>
  Float64Array.from(draws[0], (_, i) =>
    quantile(
      Float64Array.from(draws, (one) => one[i]),
      p,
    ),
  );

export function resultOf(given: Found): Result {
  const { found, chosen, strength, boots, control, refits, states } = given;
  const { count: bins } = found;
  const { dimensions: d, lags } = chosen;
  const { binMs } = states;
  const all = (1 + bins) * d;
  const levels = (draws: readonly Float64Array[]) => [0.05, 0.5, 0.95].map((p) => between(partOf(draws, 0, all), p));
  const pooled = (values: Float64Array) => values.subarray(0, d);
  const single = (values: Float64Array) => values.subarray(d);
  const [low, , high] = levels(boots);
  const [shuffledLow, shuffledMedian, shuffledHigh] = levels(control);
  const [refittedLow, refittedMedian, refittedHigh] = levels(refits);
  const controlF = between(partOf(control, all, 1 + bins), 0.95);
  // Of the slowest mode, of all bins together and of each.
  const put = Float64Array.from({ length: 1 + bins }, (_, place) => (place === 0 ? found.pooled.moduli[0] : found.moduli[(place - 1) * d]));
  const [refitLow, refitHigh] = [0, 1].map((side) => partOf(refits, all + side * (1 + bins), 1 + bins));
  const covered = (from: number, to: number) =>
    coverageOf(
      put.subarray(from, to),
      refitLow.map((one) => one.subarray(from, to)),
      refitHigh.map((one) => one.subarray(from, to)),
    );
  const [coverage, coverageOfBins] = [covered(0, 1), covered(1, 1 + bins)];
  const isStrong = strength.pooled >= WEAK;
  const strongBins = strength.each.filter((f) => f >= WEAK).length;
  const tau = isStrong ? timeConstant(found.pooled.moduli[0], binMs) : Number.NaN;
  const taus = isStrong && Number.isFinite(tau) ? [low[0], high[0]].map((modulus) => timeConstant(modulus, binMs)) : [];
  const array = (values: Float64Array, axes: readonly string[], shape: readonly number[], unit: string, about: string): NamedArray => ({
    values,
    axes,
    shape,
    unit,
    about,
  });
  const perBin = (values: Float64Array, unit: string, about: string) => array(values, ['bin', 'mode'], [bins, d], unit, about);
  const perMode = (values: Float64Array, unit: string, about: string) => array(values, ['mode'], [d], unit, about);
  const square = (values: Float64Array, about: string) => array(values, ['dimension', 'dimension'], [d, d], '', about);
  const summary = {
    modulus: found.pooled.moduli[0],
    modulusLow: low[0],
    modulusHigh: high[0],
    ...(Number.isFinite(tau) ? { timeConstantMs: tau } : {}),
    ...(taus[0] > 0 ? { timeConstantLowMs: taus[0] } : {}),
    ...(taus[1] > 0 ? { timeConstantHighMs: taus[1] } : {}),
    frequencyHz: found.pooled.hz[0],
    leastSquaresModulus: found.pooled.leastSquares,
    strength: strength.pooled,
    strongBins,
    bins,
    dimensions: d,
    lags,
    smoothness: chosen.smoothness,
    trials: given.trials,
    draws: boots.length,
    controlModulus: shuffledMedian[0],
    controlModulusHigh: shuffledHigh[0],
    controlStrength: controlF[0],
    controlDraws: control.length,
    refitted: refittedMedian[0],
    refittedLow: refittedLow[0],
    refittedHigh: refittedHigh[0],
    coverage,
    coverageOfBins,
    refits: refits.length,
    refitDraws: given.refitDraws,
  };
  return {
    arrays: {
      moduli: perBin(found.moduli, '', '|λ| of A at each bin, largest first'),
      moduliLow: perBin(single(low), '', 'Its 5 % over bootstrap draws'),
      moduliHigh: perBin(single(high), '', 'Its 95 % over bootstrap draws'),
      controlModuliLow: perBin(single(shuffledLow), '', '|λ| with the next residuals of other trials, shuffled at every bin, 5 %'),
      controlModuliMedian: perBin(single(shuffledMedian), '', 'The same, median'),
      controlModuliHigh: perBin(single(shuffledHigh), '', 'The same, 95 %'),
      refittedLow: perBin(single(refittedLow), '', '|λ| of refits of data simulated from these A, 5 %'),
      refittedMedian: perBin(single(refittedMedian), '', 'The same, median'),
      refittedHigh: perBin(single(refittedHigh), '', 'The same, 95 %'),
      timeConstants: perBin(
        found.moduli.map((modulus, at) => (strength.each[Math.floor(at / d)] >= WEAK ? timeConstant(modulus, binMs) : Number.NaN)),
        'ms',
        'Time constants; NaN where instruments are too weak or nothing decays',
      ),
      frequencies: perBin(found.hz, 'Hz', 'Frequencies of rotation'),
      singular: perBin(found.singular, '', 'Singular values of A at each bin'),
      strength: array(
        strength.each,
        ['bin'],
        [bins],
        '',
        'F of the first stage at each bin, of the dimension told least of; below 10 too weak',
      ),
      controlHigh: array(controlF.subarray(1), ['bin'], [bins], '', 'F of the first stage with trials shuffled at every bin, 95 %'),
      maps: array(found.maps, ['bin', 'dimension', 'dimension'], [bins, d, d], '', 'A at each bin: r(t+1) = A r(t)'),
      time: array(states.timeMs.slice(found.from, found.from + bins), ['bin'], [bins], 'ms', 'Time of each A, from this bin to the next'),
      pooledMap: square(found.pooled.map, 'One A for all bins'),
      pooledModuli: perMode(found.pooled.moduli, '', '|λ| of the A of all bins'),
      pooledLow: perMode(pooled(low), '', 'Its 5 % over bootstrap draws'),
      pooledHigh: perMode(pooled(high), '', 'Its 95 % over bootstrap draws'),
      basis: array(given.basis, ['dimension', 'unit'], [d, given.units], '', 'Directions of the units along which residuals are taken'),
      ...(chosen.errors ? { heldOutErrors: chosen.errors } : {}),
    },
    summary,
    recipe: `Residual dynamics of ${given.isRoot ? 'square roots of ' : ''}counts in ${binMs} ms bins, ${countOf(given.trials, 'trial')} about the means of their conditions, ${countOf(d, 'dimension')} of the covariances of past and future, ${countOf(lags, 'lag')} as instruments, fitted on other folds, smoothness ${chosen.smoothness} per trial; intervals: 5 to 95 % of ${boots.length} bootstrap draws; control: ${control.length} shuffles of trials at every bin, and ${refits.length} refits of data simulated from the fit, each with ${given.refitDraws} bootstrap draws of its own.`,
    notes: notesOf(given, summary),
  };
}

type Summary = Record<
  | 'modulus'
  | 'modulusLow'
  | 'modulusHigh'
  | 'leastSquaresModulus'
  | 'strength'
  | 'strongBins'
  | 'bins'
  | 'controlModulus'
  | 'controlModulusHigh'
  | 'controlStrength'
  | 'refitted'
  | 'refittedLow'
  | 'refittedHigh'
  | 'coverage'
  | 'coverageOfBins',
  number
> & { readonly timeConstantMs?: number };

function notesOf({ states, given, trials, units }: Found, of: Summary): string[] {
  const [short, percent] = [(value: number) => minus(value.toFixed(2)), (share: number) => `${Math.round(100 * share)} %`];
  const strength = (f: number, digits: number): string => minus(f.toFixed(digits));
  const said: string[] = [];
  if (of.strength >= WEAK) {
    said.push(
      `Over all bins the slowest residual is multiplied by ${short(of.modulus)} (${short(of.modulusLow)} to ${short(of.modulusHigh)}) a bin; least squares, which takes noise for decay, gives ${short(of.leastSquaresModulus)}. With the next residuals of other trials it is ${short(of.controlModulus)}, ${short(of.controlModulusHigh)} or less in 95 % of shuffles.${of.modulus > of.controlModulusHigh ? '' : ' That is no less: there are no dynamics to tell.'} F of the instruments is ${strength(of.strength, 0)}, and ${strength(of.controlStrength, 1)} or less in 95 % of shuffles.`,
    );
    if (of.strongBins < of.bins)
      said.push(
        `At ${of.bins - of.strongBins} of ${of.bins} bins the instruments are too weak (F below ${WEAK}) for a number of their own: look at all bins together.`,
      );
    said.push(
      `Refits of data simulated from this fit, with as many trials and as much noise, give ${short(of.refitted)} (${short(of.refittedLow)} to ${short(of.refittedHigh)}) over all bins; their own 90 % intervals hold what was put in in ${percent(of.coverage)} of them, and in ${percent(of.coverageOfBins)} at single bins.${of.coverage < UNBELIEVED ? ' Do not believe the interval of all bins.' : ''}${of.coverageOfBins < UNBELIEVED ? ' Do not believe single bins.' : ''}`,
    );
    if (of.timeConstantMs === undefined) said.push('The slowest residual does not decay: it has no time constant.');
  } else
    said.push(
      `The instruments are too weak (F ${strength(of.strength, 1)} over all bins, below ${WEAK}): there is no time constant to tell. More trials or units may help.`,
    );
  if (!given.conditions.some((condition) => condition >= 0))
    said.push('Trials have no conditions: what differs between them, such as the movement made, counts as a residual and looks slow.');
  if (states !== given) said.push(`Bins of ${given.binMs} ms were merged to ${states.binMs} ms.`);
  if (units > MOST_UNITS) said.push(`The ${units} units were first taken together in ${MOST_UNITS} principal components.`);
  const left = given.rows - trials;
  if (left > 0)
    said.push(
      `${countOf(left, 'trial')} not observed throughout, without a condition or alone in it, ${left === 1 ? 'was' : 'were'} left out.`,
    );
  if (trials < FEW_TRIALS) said.push('With a few hundred trials fast residuals cannot be told at single bins: believe the intervals.');
  return said;
}

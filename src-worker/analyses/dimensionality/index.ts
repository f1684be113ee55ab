// Dimensionality of activity: the participation ratio (Gao et al. 2017), raw, corrected for few samples, and of the variance that two
// halves of the trials share (spectrum.ts); beside shuffles of trials within and across conditions, and over the number of units.

import { Failure } from '../../contract/failure.ts';
import type { Job } from '../../contract/job.ts';
import { defineParams } from '../../contract/params.ts';
import type { NamedArray, States } from '../../contract/result.ts';
import { participationRatio, unbiasedParticipationRatio } from '../../numerics/participation.ts';
import { principalComponents } from '../../numerics/pca.ts';
import { median, quantile } from '../../numerics/statistics.ts';
import { defineAnalysis } from '../analysis.ts';
import { conditionAverages, countOf, smoothed } from '../states.ts';
import { notesOf } from './notes.ts';
import { crossValidated, integratedTime, type Shuffle, type Trials } from './spectrum.ts';
import { keptRows, knownValues, normalised, trialsOf, wordsOf } from './trials.ts';
import { affordable, unitCurve } from './units.ts';

const FEWEST = 4;

const params = defineParams({
  normalise: {
    kind: 'choice',
    label: 'Normalise',
    help: 'Soft: each unit’s rate over its range plus 5 Hz; square root: evens out Poisson noise; none: busy units weigh most.',
    choices: ['soft', 'square-root', 'none'],
    default: 'soft',
    tier: 'common',
  },
  smoothMs: {
    kind: 'number',
    label: 'Smoothing',
    help: 'Standard deviation of a Gaussian over time within each trial.',
    default: 0,
    min: 0,
    unit: 'ms',
    tier: 'occasional',
  },
  splits: {
    kind: 'number',
    label: 'Splits',
    help: 'How often trials are split into halves at random; the median is reported.',
    default: 20,
    min: 1,
    max: 1000,
    integer: true,
    tier: 'occasional',
  },
  draws: {
    kind: 'number',
    label: 'Shuffles',
    help: 'Draws of either shuffle, as a control.',
    default: 20,
    min: 1,
    max: 1000,
    integer: true,
    tier: 'occasional',
  },
});

export const dimensionality = defineAnalysis({
  id: 'dimensionality',
  version: 2,
  title: 'Dimensionality',
  about: 'How many dimensions condition averages fill, cross-validated over trials, beside shuffles and over the number of units.',
  needs: 'states',
  state: 'counts',
  params,
  async run({ states: given }, asked, job) {
    const states = smoothed(normalised(given, asked.normalise), asked.smoothMs);
    const { trials, left } = trialsOf(states);
    const averages = conditionAverages(keptRows(states, trials.groups.flat()));
    const raw = rawSpectrum(averages);
    if (!(raw.total > 0))
      throw new Failure(
        'constant-states',
        `Dimensionality needs activity that varies, and ${states.recipe} is constant.`,
        'Choose another state.',
      );
    const rows = averages.rows * averages.bins;
    const share = affordable(rows, states.dimensions, asked.splits + 2 * asked.draws);
    const splits = Math.max(Math.min(FEWEST, asked.splits), Math.floor(share * asked.splits));
    const draws = Math.max(Math.min(FEWEST, asked.draws), Math.floor(share * asked.draws));
    const spectra = (shuffle: Shuffle, count: number, from: number, to: number) => many(trials, shuffle, count, job, from, to);
    const own = await spectra('none', splits, 0, 0.3);
    const within = await spectra('within', draws, 0.3, 0.5);
    const across = await spectra('across', draws, 0.5, 0.7);
    const cv = middleOf(own, (values) => median(values));
    const signal = cv.reduce((sum, value) => sum + value, 0);
    const overUnits = await unitCurve(trials, job);
    const time = integratedTime(knownValues(averages), averages.bins, averages.dimensions);
    const samples = rows / time;
    const floor = middleOf(across, (values) => median(values));
    const curve = (spectrum: Float64Array, total: number) => {
      let sum = 0;
      return spectrum.map((value) => {
        sum += value;
        return sum / total;
      });
    };
    const [rawCurve, cvCurve] = [curve(raw.values, raw.total), curve(cv, signal)];
    const curvesOf = (all: readonly Float64Array[]) => all.map((spectrum) => curve(spectrum, signal));
    const [withinCurves, acrossCurves] = [curvesOf(within), curvesOf(across)];
    const level = (curves: readonly Float64Array[], p: number) => middleOf(curves, (values) => quantile(values, p));
    const perDimension = (values: Float64Array, about: string, unit = ''): NamedArray => ({
      values,
      shape: [values.length],
      axes: ['dimension'],
      unit,
      about,
    });
    const tells = signal > 0;
    return {
      arrays: {
        raw: perDimension(raw.values, 'Variance of condition averages along each principal component', `${states.unit}²`),
        cv: perDimension(cv, 'Variance along each dimension that two halves of the trials share, median over splits', `${states.unit}²`),
        rawCurve: perDimension(rawCurve, 'Share of the variance in so many dimensions'),
        cvCurve: perDimension(cvCurve, 'Share of the cross-validated variance in so many dimensions'),
        cvCurveLow: perDimension(
          level(
            own.map((one) => curve(one, sumOf(one))),
            0.05,
          ),
          'The same of single splits, 5 %',
        ),
        cvCurveHigh: perDimension(
          level(
            own.map((one) => curve(one, sumOf(one))),
            0.95,
          ),
          'The same of single splits, 95 %',
        ),
        withinCurve: perDimension(level(withinCurves, 0.5), 'The same with trials shuffled within conditions, over the signal variance'),
        acrossCurve: perDimension(level(acrossCurves, 0.5), 'The same with trials shuffled across conditions, over the signal variance'),
        acrossLow: perDimension(level(acrossCurves, 0.05), 'Trials shuffled across conditions, 5 %'),
        acrossHigh: perDimension(level(acrossCurves, 0.95), 'Trials shuffled across conditions, 95 %'),
        within: perDimension(
          middleOf(within, median),
          'Shared variance with trials shuffled within conditions, median over draws',
          `${states.unit}²`,
        ),
        across: perDimension(floor, 'Shared variance with trials shuffled across conditions, median over draws', `${states.unit}²`),
        acrossMost: perDimension(
          middleOf(across, (values) => quantile(values, 0.95)),
          'The same, 95 %',
          `${states.unit}²`,
        ),
        ...overUnits,
      },
      summary: known({
        participation: tells ? participationRatio(cv) : Number.NaN,
        participationRaw: participationRatio(raw.values),
        participationUnbiased: unbiasedParticipationRatio(raw.values, samples - 1),
        participationWithinShuffle: participationRatio(middleOf(within, (values) => median(values))),
        dimensions90: tells ? 1 + cvCurve.findIndex((reached) => reached >= 0.9) : Number.NaN,
        dimensions90Raw: 1 + rawCurve.findIndex((reached) => reached >= 0.9 - 1e-12),
        signalVariance: signal,
        rawVariance: raw.total,
        sharedByAcrossShuffle: sumOf(floor) / signal,
        effectiveSamples: samples,
        units: states.dimensions,
        conditions: trials.groups.length,
        trials: trials.groups.flat().length,
        splits,
        controlDraws: draws,
      }),
      recipe: `Dimensionality of ${averages.recipe}${wordsOf(given, asked)}; ${countOf(splits, 'random split')} of trials into halves; control: ${draws} shuffles of trials within and across conditions, unit by unit.`,
      notes: notesOf(given, { left, conditions: trials.groups.length, splits, wanted: asked.splits, signal, total: raw.total }),
    };
  },
});

function rawSpectrum(averages: States): { readonly values: Float64Array; readonly total: number } {
  const known = knownValues(averages);
  const rows = known.length / averages.dimensions;
  const { variances } = principalComponents(known, averages.dimensions, Math.min(averages.dimensions, rows - 1));
  const values = variances.map((variance) => (variance * rows) / (rows - 1));
  return { values, total: sumOf(values) };
}

async function many(trials: Trials, shuffle: Shuffle, count: number, job: Job, from: number, to: number): Promise<readonly Float64Array[]> {
  const spectra: Float64Array[] = [];
  for (let draw = 0; draw < count; draw++) {
    await job.progress(from + ((to - from) * draw) / count);
    job.signal.throwIfAborted();
    spectra.push(crossValidated(trials, shuffle, job.seed, draw));
  }
  return spectra;
}

/** Something of every dimension over spectra, as long as the shortest. */
function middleOf(spectra: readonly Float64Array[], of: (values: Float64Array) => number): Float64Array {
  const length = Math.min(...spectra.map((one) => one.length));
  return Float64Array.from({ length }, (_, k) => of(Float64Array.from(spectra, (one) => one[k])));
}

/** Without numbers that cannot be told. */
const known = (numbers: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(numbers).filter(([, value]) => Number.isFinite(value)));

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

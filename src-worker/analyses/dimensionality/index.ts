// Dimensionality of activity: the participation ratio (Gao et al. 2017), raw, corrected for few samples, and of the variance that two
// halves of the trials share (spectrum.ts); beside shuffles of trials within and across conditions, and over the number of units.

import { Failure } from '../../contract/failure.ts';
import type { Job } from '../../contract/job.ts';
import { defineParams } from '../../contract/params.ts';
import type { NamedArray, States } from '../../contract/result.ts';
import { key, permutation } from '../../engine/random.ts';
import { softNormalise } from '../../numerics/averages.ts';
import { participationRatio, unbiasedParticipationRatio } from '../../numerics/participation.ts';
import { principalComponents } from '../../numerics/pca.ts';
import { median, quantile } from '../../numerics/statistics.ts';
import { defineAnalysis } from '../analysis.ts';
import { conditionAverages, countOf, finiteBins, isRate, SOFTENING_HZ, smoothed } from '../states.ts';
import { crossValidated, integratedTime, type Shuffle, type Trials, withUnits } from './spectrum.ts';

const SUBSETS = 125;
const SIZES = 7;
const DRAWS_A_SIZE = 4;
/** Multiplications that all spectra together may cost, about a minute; with more units there are fewer of them. */
const MOST_WORK = 6e10;
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

function normalised(states: States, how: 'soft' | 'square-root' | 'none'): States {
  if (how === 'none' || !isRate(states)) return states;
  if (how === 'square-root') return { ...states, values: states.values.map(Math.sqrt), unit: '√Hz' };
  const averages = conditionAverages(states);
  if (averages.values.length === 0) return states;
  const { divisors } = softNormalise(averages.values, states.dimensions, SOFTENING_HZ);
  return { ...states, values: states.values.map((value, i) => value / divisors[i % states.dimensions]), unit: 'soft-normalised' };
}

const wordsOf = (given: States, { normalise, smoothMs }: { readonly normalise: string; readonly smoothMs: number }): string => {
  const how =
    !isRate(given) || normalise === 'none' ? 'not normalised' : normalise === 'soft' ? 'soft-normalised' : 'square roots of rates';
  return `, ${how}${smoothMs > 0 ? `, smoothed (s.d. ${smoothMs} ms)` : ''}`;
};

/** Trials by condition, of conditions with two trials or more; all in one where there are no conditions. Throws where nothing can be split. */
function trialsOf({ values, rows, bins, dimensions, conditions }: States): { readonly trials: Trials; readonly left: number } {
  const none = !conditions.some((condition) => condition >= 0);
  const finite = finiteBins(values, dimensions);
  const seen = Array.from({ length: rows }, (_, row) => row).filter((row) => finite.subarray(row * bins, (row + 1) * bins).includes(1));
  const all = Map.groupBy(seen, (row) => (none ? 0 : conditions[row]));
  const kept = [...all].filter(([condition, group]) => condition >= 0 && group.length > 1).sort(([a], [b]) => a - b);
  if (kept.length === 0)
    throw new Failure(
      'too-few-trials',
      `Dimensionality needs two trials of a condition, and ${rows === 0 ? 'there are none' : 'no condition has so many'}.`,
      'Let more trials in, or choose a column with fewer values as condition.',
    );
  if (kept.length * bins < 3)
    throw new Failure(
      'too-few-bins',
      `Dimensionality needs 3 bins over all conditions, and there are ${kept.length * bins}.`,
      'Choose a longer window, shorter bins or more conditions.',
    );
  const groups = kept.map(([, group]) => group);
  return { trials: { values, bins, units: dimensions, groups }, left: rows - groups.flat().length };
}

function keptRows(states: States, rows: readonly number[]): States {
  if (rows.length === states.rows) return states;
  const size = states.bins * states.dimensions;
  const values = new Float64Array(rows.length * size);
  for (const [to, row] of rows.entries()) values.set(states.values.subarray(row * size, (row + 1) * size), to * size);
  const pick = (of: Int32Array) => Int32Array.from(rows, (row) => of[row]);
  return { ...states, values, rows: rows.length, rowIds: pick(states.rowIds), conditions: pick(states.conditions) };
}

const knownValues = ({ values, dimensions }: States): Float64Array => {
  const finite = finiteBins(values, dimensions);
  return values.filter((_, i) => finite[Math.floor(i / dimensions)] === 1);
};

function rawSpectrum(averages: States): { readonly values: Float64Array; readonly total: number } {
  const known = knownValues(averages);
  const rows = known.length / averages.dimensions;
  const { variances } = principalComponents(known, averages.dimensions, Math.min(averages.dimensions, rows - 1));
  const values = variances.map((variance) => (variance * rows) / (rows - 1));
  return { values, total: sumOf(values) };
}

/** The part of `count` spectra that can be paid for, 0 to 1. */
function affordable(rows: number, units: number, count: number): number {
  const size = Math.min(rows, units);
  return Math.min(1, MOST_WORK / (count * (rows * units * size + 10 * size ** 3)));
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

/** Participation ratios, raw and cross-validated, of random subsets of units: they grow with their number. */
async function unitCurve(trials: Trials, job: Job): Promise<Record<string, NamedArray>> {
  const { units, groups, bins } = trials;
  const least = Math.min(4, units);
  const sizes = [...new Set(Array.from({ length: SIZES }, (_, k) => Math.round(least * (units / least) ** (k / (SIZES - 1)))))];
  const shuffles = ['none', 'within', 'across'] as const;
  const [means, spreads] = [0, 1].map(() => shuffles.map(() => new Float64Array(sizes.length)));
  const rows = groups.length * bins;
  for (const [k, size] of sizes.entries()) {
    await job.progress(0.7 + (0.3 * k) / sizes.length);
    job.signal.throwIfAborted();
    const draws = affordable(rows, size, 400) < 1 ? 1 : DRAWS_A_SIZE;
    const subsets = Array.from({ length: draws }, (_, draw) => {
      const chosen = Array.from(permutation(key(job.seed, SUBSETS, k, draw), units).subarray(0, size)).sort((a, b) => a - b);
      return withUnits(trials, chosen);
    });
    for (const [at, shuffle] of shuffles.entries()) {
      const found = subsets
        .map((subset, draw) => participationRatio(crossValidated(subset, shuffle, job.seed, draw)))
        .filter(Number.isFinite);
      const mean = found.reduce((sum, value) => sum + value / found.length, 0);
      means[at][k] = found.length > 0 ? mean : Number.NaN;
      spreads[at][k] = found.length > 1 ? Math.sqrt(found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (found.length - 1)) : 0;
    }
  }
  const named = (values: Float64Array, about: string): NamedArray => ({ values, shape: [values.length], axes: ['size'], unit: '', about });
  return {
    unitCounts: named(Float64Array.from(sizes), 'Units in random subsets'),
    unitParticipation: named(means[0], 'Cross-validated participation ratio of subsets, mean over draws'),
    unitParticipationSd: named(spreads[0], 'Its standard deviation over draws'),
    unitWithin: named(means[1], 'The same with trials shuffled within conditions, unit by unit'),
    unitWithinSd: named(spreads[1], 'Its standard deviation over draws'),
    unitAcross: named(means[2], 'The same with trials shuffled across conditions: of the course over time that conditions share'),
    unitAcrossSd: named(spreads[2], 'Its standard deviation over draws'),
  };
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

interface Facts {
  readonly left: number;
  readonly conditions: number;
  readonly splits: number;
  readonly wanted: number;
  readonly signal: number;
  readonly total: number;
}

function notesOf(given: States, { left, conditions, splits, wanted, signal, total }: Facts): string[] {
  const said: string[] = [];
  if (!(signal > 0)) said.push('Halves of the trials share no variance: these averages are noise, and have no number of dimensions.');
  else
    said.push(
      `${Math.round((100 * signal) / total)} % of the variance of the averages is shared by halves of the trials; the rest is noise.`,
    );
  if (given.state !== 'counts')
    said.push(
      `Trials of ${given.state ?? 'these states'} went through one model: what it adds to all of them alike counts as signal here, and only counts have noise that differs.`,
    );
  const rank = logRank(given);
  if (rank !== undefined)
    said.push(
      `The logarithms of these rates fill ${countOf(rank, 'dimension')} by construction, the model’s factors: no more can be found.`,
    );
  if (conditions === 1) said.push('There is one condition: only its course over time has dimensions, and both shuffles keep it.');
  if (left > 0) said.push(`${countOf(left, 'trial')} without a condition, or alone in it, ${left === 1 ? 'was' : 'were'} left out.`);
  if (splits < wanted) said.push(`${splits} splits instead of ${wanted}: there are many units.`);
  return said;
}

/** Dimensions of the logarithms of rates where these are fewer than units: exponentials of factors. */
function logRank({ values, dimensions, state }: States): number | undefined {
  if (state !== 'rates' || values.some((value) => !(value > 0))) return undefined;
  const every = Math.max(1, Math.ceil(values.length / dimensions / 1500));
  const rows = values.filter((_, i) => Math.floor(i / dimensions) % every === 0).map(Math.log);
  if (rows.length / dimensions <= dimensions) return undefined;
  const { variances } = principalComponents(rows, dimensions);
  const rank = variances.filter((variance) => variance > 1e-9 * variances[0]).length;
  return rank < dimensions ? rank : undefined;
}

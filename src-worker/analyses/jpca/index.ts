// jPCA: do condition averages rotate? Churchland et al. 2012, Nature 487:51, solved exactly (fit.ts), beside surrogates that are as smooth
// and as alike across conditions (Elsayed and Cunningham 2017), for smoothness alone makes rotations, and beside averages whose units have
// their conditions shuffled, each on its own.

import { Failure } from '../../contract/failure.ts';
import { minus } from '../../contract/minus.ts';
import { defineParams } from '../../contract/params.ts';
import type { NamedArray, Result, States } from '../../contract/result.ts';
import { median, quantile, totalVariance } from '../../numerics/statistics.ts';
import { defineAnalysis } from '../analysis.ts';
import { drawsOf } from '../draws/draws.ts';
import { prepared, smoothed } from '../states.ts';
import { surrogateModel } from '../surrogates.ts';
import { type Fitted, fitted } from './controls.ts';
import { type Plane, planesOf, turned } from './fit.ts';
import { fewerDimensions, observedPart, withoutMean } from './tensor.ts';

const FEWEST_CONDITIONS = 4;
/** The method is for one epoch; rotations of a longer window are rarely one flow. */
const LONG_MS = 400;
const FINE_MS = 10;
/** Multiplications that all shuffles together may cost; larger averages get fewer of them. */
const SHUFFLE_WORK = 3e10;
const FEWEST_SHUFFLES = 20;

const params = defineParams({
  components: {
    kind: 'number',
    label: 'Components',
    help: 'Principal components of the condition averages in which rotations are looked for; two make a plane.',
    default: 6,
    min: 2,
    max: 40,
    integer: true,
    tier: 'common',
  },
  partMs: {
    kind: 'range',
    label: 'Part',
    help: 'Part of the window to use, about the event; the method is meant for some 200 to 300 ms of one epoch.',
    unit: 'ms',
    tier: 'common',
  },
  subtractMean: {
    kind: 'switch',
    label: 'Subtract mean',
    help: 'Subtracts at each time the mean over conditions, which all share and which does not tell of rotations.',
    default: true,
    tier: 'occasional',
  },
  softNormalise: {
    kind: 'switch',
    label: 'Soft-normalise',
    help: 'Divides each unit’s rate by its range plus 5 Hz, so that busy units do not outweigh the rest.',
    default: true,
    tier: 'occasional',
  },
  smoothMs: {
    kind: 'number',
    label: 'Smoothing',
    help: 'Standard deviation of a Gaussian over time beforehand; 0 for inferred states and 25 ms for counts unless given.',
    min: 0,
    unit: 'ms',
    tier: 'occasional',
  },
  draws: {
    kind: 'number',
    label: 'Surrogates',
    help: 'Draws of random data with the same covariances, and shuffles of conditions unit by unit, through the same steps, as controls.',
    default: 200,
    min: 1,
    max: 5000,
    integer: true,
    tier: 'occasional',
  },
});

export const jpca = defineAnalysis({
  id: 'jpca',
  version: 3,
  title: 'jPCA',
  about: 'Planes in which condition averages rotate, their frequencies, and how well a rotation describes them, beside surrogates.',
  cites: ['Churchland M. M. et al. Neural population dynamics during reaching. Nature 487, 51–56 (2012).'],
  needs: 'states',
  state: 'rates',
  params,
  async run({ states: given }, asked, job): Promise<Result> {
    requireConditions(given);
    const sdMs = asked.smoothMs ?? (given.state === 'counts' ? 25 : 0);
    const whole = smoothed(prepared(given, { of: 'averages', normalise: asked.softNormalise, components: 0 }), sdMs);
    const part = observedPart(whole, asked.partMs);
    const states = asked.subtractMean ? withoutMean(part) : part;
    const total = totalVariance(states);
    if (!(total > 1e-12 * (1 + totalVariance(part))))
      throw new Failure(
        'constant-states',
        `jPCA needs averages that differ, and ${states.recipe} are ${asked.subtractMean ? 'the same in every condition' : 'constant'}.`,
        'Choose another state, other conditions or another part of the window.',
      );
    const small = fewerDimensions(states);
    const count = Math.min(asked.components, small.dimensions);
    if (count < 2)
      throw new Failure(
        'too-few-dimensions',
        `A plane needs two dimensions, and ${states.recipe} have ${count}.`,
        'Let more units in, or choose another state.',
      );
    const own = fitted(small, count);
    const atStart = firstBin(own.scores, small, count);
    const planes = planesOf(own.rotation, small.binMs).map((plane) => turned(plane, atStart));
    const { back, ...plain } = small;
    const model = surrogateModel(small.values, small.rows, small.bins, small.dimensions);
    if (model === undefined) throw new Failure('constant-states', 'jPCA needs averages that differ.', 'Choose another state.');
    const within = (from: number, to: number) => ({ ...job, progress: (done: number) => job.progress(from + (to - from) * done) });
    const work = workOf(small);
    const surrogates = { model, states: { ...plain, values: NONE }, count, subtractMean: asked.subtractMean, seed: job.seed };
    const drawnR2 = await drawsOf('surrogate rotations', surrogates, { count: asked.draws, work }, within(0.1, 0.5));
    const control = {
      r2: Float64Array.from(drawnR2, ([skew]) => skew),
      ratio: Float64Array.from(drawnR2, ([skew, free]) => skew / free),
    };
    const shuffleWork = workOf(states);
    const kept = Math.min(asked.draws, Math.max(FEWEST_SHUFFLES, Math.floor(SHUFFLE_WORK / shuffleWork)));
    const shuffled = { states, count, seed: job.seed };
    const shuffles = Float64Array.from(
      await drawsOf('shuffled rotations', shuffled, { count: kept, work: shuffleWork }, within(0.5, 1)),
      ([skew]) => skew,
    );
    const { rotation } = own;
    const ratio = rotation.r2Skew / rotation.r2Free;
    const scores = planeScores(planes, own.scores, count);
    const spread = captured(scores, planes.length, total);
    const atLeast = (draws: Float64Array, value: number) => (1 + draws.filter((draw) => draw >= value).length) / (1 + draws.length);
    const share = own.basis.shares.reduce((sum, one) => sum + one, 0);
    const fastest = planes[0];
    const loadings = loadingsOf(planes, own.basis, back, states.dimensions);
    return {
      arrays: {
        scores: {
          values: scores,
          shape: [states.rows, states.bins, 2 * planes.length],
          axes: ['condition', 'bin', 'jPC'],
          unit: states.unit,
          about: 'Condition averages along the axes of the planes, two a plane, the fastest plane first; rotation is anticlockwise',
        },
        axes: {
          values: loadings,
          shape: [2 * planes.length, states.dimensions],
          axes: ['jPC', 'dimension'],
          unit: '',
          about: 'Axes of the planes in the dimensions of the prepared averages, orthonormal',
        },
        frequencies: perPlane(planes, 'Hz', 'Frequency of each plane', ({ frequencyHz }) => frequencyHz),
        shares: perPlane(planes, '', 'Share of the averages’ variance in each plane', (_, k) => spread[k]),
        skew: matrix(rotation.skew, count, 'Skew-symmetric M: rows of scores along the components move as x M'),
        free: matrix(rotation.free, count, 'M fitted without constraint'),
        surrogateR2: drawn(control.r2, 'R² of the skew-symmetric fit of each surrogate'),
        surrogateRatio: drawn(control.ratio, 'R² of the skew-symmetric over that of the unconstrained fit of each surrogate'),
        shuffledR2: drawn(shuffles, 'R² of the skew-symmetric fit of averages with conditions shuffled for each unit'),
        conditions: {
          values: states.conditions,
          shape: [states.rows],
          axes: ['condition'],
          unit: '',
          about: 'Condition of each row',
        },
        time: { values: states.timeMs, shape: [states.bins], axes: ['bin'], unit: 'ms' },
      },
      summary: {
        r2Skew: rotation.r2Skew,
        r2Unconstrained: rotation.r2Free,
        ratio,
        ...(fastest ? { frequencyHz: fastest.frequencyHz, planeShare: spread[0] } : {}),
        varianceKept: share,
        conditions: states.rows,
        components: count,
        planes: planes.length,
        controlDraws: asked.draws,
        controlMedian: median(control.r2),
        control5: quantile(control.r2, 0.05),
        control95: quantile(control.r2, 0.95),
        p: atLeast(control.r2, rotation.r2Skew),
        shuffleMedian: median(shuffles),
        shuffle5: quantile(shuffles, 0.05),
        shuffle95: quantile(shuffles, 0.95),
        shuffleP: atLeast(shuffles, rotation.r2Skew),
        shuffleDraws: shuffles.length,
        ratioControl95: quantile(control.ratio, 0.95),
        ratioP: atLeast(control.ratio, ratio),
      },
      recipe: `jPCA of ${states.recipe}${sdMs > 0 ? `, smoothed (s.d. ${sdMs} ms)` : ''}${asked.subtractMean ? ', mean over conditions subtracted' : ''}, first ${count} principal components (${Math.round(100 * share)} % of the variance); control: ${asked.draws} tensor maximum entropy surrogates; weaker control: ${shuffles.length} shuffles of conditions unit by unit.`,
      notes: notesOf(states, given.bins - part.bins, rotation.r2Skew, control.r2, atLeast(control.r2, rotation.r2Skew), shuffles),
    };
  },
});

function requireConditions(given: States): void {
  if (given.rows === 0) throw new Failure('no-trials', 'There are no trials to average.', 'Choose another window, or let more trials in.');
  const known = new Set(given.conditions);
  known.delete(-1);
  if (known.size < FEWEST_CONDITIONS)
    throw new Failure(
      'too-few-conditions',
      `jPCA needs ${FEWEST_CONDITIONS} conditions or more, and these trials have ${known.size === 0 ? 'none' : known.size}.`,
      'Fit with --condition and a column of more values, or let trials of more conditions in.',
    );
}

/** Multiplications of one fit, roughly: products of rows or of dimensions, whichever are fewer, and their leading eigenvectors. */
const workOf = ({ rows, bins, dimensions }: States): number => rows * bins * dimensions * Math.min(rows * bins, dimensions);

const NONE = new Float64Array(0);

/** Scores of every row in its first bin, rows × count. */
function firstBin(scores: Float64Array, { rows, bins }: States, count: number): Float64Array {
  const out = new Float64Array(rows * count);
  for (let row = 0; row < rows; row++) out.set(scores.subarray(row * bins * count, row * bins * count + count), row * count);
  return out;
}

/** Scores along the axes of all planes, rows × bins × (2 × planes). */
function planeScores(planes: readonly Plane[], scores: Float64Array, count: number): Float64Array {
  const width = 2 * planes.length;
  const out = new Float64Array((scores.length / count) * width);
  for (let at = 0; at < scores.length / count; at++)
    for (const [place, { axes }] of planes.entries())
      for (let i = 0; i < count; i++) {
        out[at * width + 2 * place] += scores[at * count + i] * axes[i];
        out[at * width + 2 * place + 1] += scores[at * count + i] * axes[count + i];
      }
  return out;
}

/** Share of the total variance in each plane. */
function captured(scores: Float64Array, planes: number, total: number): number[] {
  const width = 2 * planes;
  return Array.from({ length: planes }, (_, plane) => {
    const own = scores.filter((_score, at) => Math.floor((at % width) / 2) === plane);
    return totalVariance({ values: own, dimensions: 2 }) / total;
  });
}

/** Axes in the dimensions of the prepared averages: out of the components, and out of those that stand for the states. */
function loadingsOf(planes: readonly Plane[], basis: Fitted['basis'], back: (row: Float64Array) => Float64Array, dimensions: number) {
  const out = new Float64Array(2 * planes.length * dimensions);
  for (const [place, { axes }] of planes.entries())
    for (const which of [0, 1]) {
      const row = new Float64Array(basis.dimensions);
      for (let i = 0; i < basis.count; i++)
        for (let d = 0; d < basis.dimensions; d++) row[d] += axes[which * basis.count + i] * basis.components[i * basis.dimensions + d];
      out.set(back(row), (2 * place + which) * dimensions);
    }
  return out;
}

const perPlane = (planes: readonly Plane[], unit: string, about: string, of: (plane: Plane, k: number) => number): NamedArray => ({
  values: Float64Array.from(planes, of),
  shape: [planes.length],
  axes: ['plane'],
  unit,
  about,
});

const matrix = (values: Float64Array, size: number, about: string): NamedArray => ({
  values,
  shape: [size, size],
  axes: ['component', 'component'],
  unit: '1/s',
  about,
});

const drawn = (values: Float64Array, about: string): NamedArray => ({ values, shape: [values.length], axes: ['draw'], unit: '', about });

function notesOf({ bins, binMs }: States, dropped: number, r2: number, control: Float64Array, p: number, shuffles: Float64Array): string[] {
  const two = (value: number): string => minus(value.toFixed(2));
  const beside = `R² of ${two(r2)} beside the surrogates’ median of ${two(median(control))} and 95 % of ${two(quantile(control, 0.95))} (p = ${p.toPrecision(2)})`;
  const said = [
    p <= 0.05
      ? `${beside}: these averages rotate more than their smoothness and covariances make them.`
      : `${beside}: smoothness and covariances alone give rotations as good.`,
    `With conditions shuffled unit by unit, which keeps each unit’s course but not what units do together, 95 % stay below ${two(quantile(shuffles, 0.95))}.`,
  ];
  if (dropped > 0) said.push(`${bins} bins of ${bins + dropped} were used.`);
  if (bins * binMs > LONG_MS)
    said.push(
      `The part used is ${bins * binMs} ms long; jPCA is meant for some 200 to 300 ms of one epoch: choose such a part (--part-ms).`,
    );
  if (binMs > FINE_MS) said.push(`Bins are ${binMs} ms wide; jPCA is usually done with ${FINE_MS} ms or less.`);
  return said;
}

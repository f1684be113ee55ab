// Decoding: how well a linear readout of the states gives the behaviour of trials that it never saw, at which lag.
// Ridge regression, as the Neural Latents Benchmark does (Pei et al. 2021); lag and penalty are chosen by folds of training trials.

import { Failure } from '../contract/failure.ts';
import type { Job } from '../contract/job.ts';
import { minus } from '../contract/minus.ts';
import { defineParams } from '../contract/params.ts';
import type { States } from '../contract/result.ts';
import { TRAINING, type Binned, type Dataset } from '../dataset/dataset.ts';
import { momentsOf, predict, ridgeOfMoments, rSquared, type Linear, type Moments } from '../numerics/ridge.ts';
import { smoothBins } from '../numerics/smoothing.ts';
import { defineAnalysis } from './analysis.ts';
import { countOf, judgingPart, finiteBins, statesOf } from './states.ts';

/** Times the mean of the diagonal of XᵀX. */
const PENALTIES = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1];
const FOLDS = 5;
/** Smoothing of the counts that are decoded beside the states, ms. */
const BESIDE_MS = 50;

const params = defineParams({
  behavior: { kind: 'text', label: 'Behaviour', help: 'Which of the dataset’s behaviours; the first unless given.', tier: 'common' },
  lagMs: {
    kind: 'number',
    label: 'Lag',
    help: 'By how much behaviour follows the states; found on training trials unless given.',
    unit: 'ms',
    tier: 'common',
  },
  searchMs: {
    kind: 'range',
    label: 'Lags tried',
    help: 'Where the lag is looked for, in steps of a bin or 20 ms.',
    default: [-100, 200],
    unit: 'ms',
    tier: 'occasional',
  },
  compare: {
    kind: 'switch',
    label: 'Beside smoothing',
    help: 'Decodes smoothed spikes of the same trials the same way.',
    default: true,
    tier: 'occasional',
  },
});

/** Rows to regress with: which trial each belongs to, states and the behaviour a lag later. */
interface Rows {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly of: Int32Array;
}

interface Fitted {
  readonly lagBins: number;
  readonly penalty: number;
  readonly r2: number;
}

export const decoding = defineAnalysis({
  id: 'decoding',
  version: 2,
  title: 'Decoding',
  about: 'How well a linear readout of the states gives behaviour, in trials that it never saw.',
  needs: 'states',
  state: 'rates',
  params,
  async run({ states, dataset }, { behavior, lagMs, searchMs, compare }, job) {
    const target = behaviorOf(dataset, behavior);
    const places = placesOf(states, dataset);
    const lags = lagsOf(states, lagMs, searchMs);
    const found = await decode(states, target, places, dataset, lags, job, [0, compare ? 0.5 : 1]);
    const beside =
      compare && states.state !== 'counts'
        ? await decode(smoothedCounts(dataset, places), target, places, dataset, lags, job, [0.5, 1])
        : undefined;
    const lag = found.best.lagBins * states.binMs;
    const tested = found.testTrials === undefined;
    const judged = tested
      ? `${FOLDS}-fold cross-validation over ${countOf(states.rows, 'trial')}`
      : `${countOf(found.testTrials ?? 0, found.noun)}, trained on ${countOf(found.trainingTrials, 'training trial')}`;
    return {
      arrays: {
        decoded: {
          values: found.decoded,
          shape: [states.rows, states.bins, target.channels.length],
          axes: ['trial', 'bin', 'channel'],
          unit: target.unit,
          about: `Decoded ${target.name}, NaN where the lag leaves the trial`,
        },
        r2: { values: found.perChannel, shape: [target.channels.length], axes: ['channel'], unit: '', about: 'R² of each channel' },
        trials: { values: states.rowIds, shape: [states.rows], axes: ['trial'], unit: '', about: 'Row of the file’s table of each trial' },
      },
      summary: {
        r2: found.r2,
        r2CrossValidated: found.best.r2,
        lagMs: lag,
        penalty: found.best.penalty,
        ...(beside ? { r2Smoothing: beside.r2 } : {}),
      },
      recipe: `${target.name} decoded from ${states.recipe} by ridge regression, behaviour ${Math.abs(lag)} ms ${lag < 0 ? 'before' : 'after'} the states${lagMs === undefined ? ' (lag found on training trials)' : ''}; R² on ${judged}.`,
      notes: [
        ...(beside ? [`Smoothed spikes (s.d. ${BESIDE_MS} ms) decoded the same way: R² ${minus(beside.r2.toFixed(3))}.`] : []),
        ...(tested
          ? ['There are no validation trials among these, so R² is that of cross-validation, whose folds also chose lag and penalty.']
          : []),
      ],
    };
  },
});

function behaviorOf({ behaviors }: Dataset, name: string | undefined): Binned {
  const names = behaviors.map((one) => one.name).join(', ');
  if (behaviors.length === 0)
    throw new Failure('no-behavior', 'The dataset has no behaviour to decode.', 'Name one with --behavior when fitting.');
  const found = name === undefined ? behaviors[0] : behaviors.find((one) => one.name === name);
  if (found === undefined) throw new Failure('unknown-behavior', `There is no behaviour “${name}” in the dataset.`, `There are: ${names}.`);
  return found;
}

function placesOf({ rowIds, rows, of }: States, { trialRows }: Dataset): Int32Array {
  if (rows < 2 || of !== 'trials')
    throw new Failure(
      'too-few-trials',
      `Decoding needs two trials, and there ${rows === 1 ? 'is 1' : `are ${rows}`}.`,
      'Let more trials in.',
    );
  const places = new Map(Array.from(trialRows, (row, place) => [row, place]));
  return Int32Array.from(rowIds, (row) => places.get(row) ?? -1);
}

/** Lags to try, in bins; positive where behaviour follows. */
function lagsOf({ bins, binMs }: States, lagMs: number | undefined, [from, to]: readonly [number, number]): readonly number[] {
  const most = Math.floor(bins / 2);
  const inside = (lag: number) => Math.abs(lag) <= most;
  if (lagMs !== undefined) {
    const lag = Math.round(lagMs / binMs);
    if (!inside(lag))
      throw new Failure('lag-too-long', `A lag of ${lagMs} ms leaves less than half of a trial.`, `Choose at most ${most * binMs} ms.`);
    return [lag];
  }
  const step = Math.max(1, Math.round(20 / binMs));
  const first = Math.ceil(from / binMs / step);
  return Array.from({ length: Math.max(1, Math.floor(to / binMs / step) - first + 1) }, (_, i) => (first + i) * step).filter(inside);
}

const smoothedCounts = (dataset: Dataset, places: Int32Array): States => {
  const counts = statesOf(dataset, 'counts', undefined, places);
  const { values, rows, bins, dimensions, binMs } = counts;
  const observed = finiteBins(values, dimensions);
  const known = values.map((value) => (Number.isFinite(value) ? value : 0));
  const smooth = smoothBins(known, rows, bins, dimensions, BESIDE_MS / binMs, { observed });
  return { ...counts, values: smooth.map((value, i) => (observed[Math.floor(i / dimensions)] ? value : Number.NaN)) };
};

/** Chooses lag and penalty on training trials, fits on all of them, and decodes every trial. */
async function decode(
  states: States,
  target: Binned,
  places: Int32Array,
  dataset: Dataset,
  lags: readonly number[],
  job: Job,
  [from, to]: readonly [number, number],
) {
  const channels = target.channels.length;
  const split = Array.from(places, (place) => dataset.split[place]);
  const training = [...split.keys()].filter((row) => split[row] === TRAINING);
  const { part, noun } = judgingPart(split);
  const test = [...split.keys()].filter((row) => split[row] === part);
  const useTest = test.length > 0 && training.length >= 2;
  const fitting = useTest ? training : [...split.keys()];
  let best: Fitted | undefined;
  for (const [i, lagBins] of lags.entries()) {
    await job.progress(from + ((to - from) * i) / lags.length);
    job.signal.throwIfAborted();
    const found = crossValidated(rowsAt(states, target, places, dataset, fitting, lagBins), states.dimensions, channels, fitting.length);
    if (best === undefined || found.r2 > best.r2) best = { ...found, lagBins };
  }
  if (best === undefined || !Number.isFinite(best.r2))
    throw new Failure(
      'nothing-to-decode',
      `${target.name} does not vary in these trials, or is missing.`,
      'Choose another behaviour or other trials.',
    );
  const all = rowsAt(states, target, places, dataset, fitting, best.lagBins);
  const moments = momentsOf(all.x, states.dimensions, all.y, channels);
  const model = ridgeOfMoments(moments, penaltyOf(moments, best.penalty));
  const judged = useTest ? rowsAt(states, target, places, dataset, test, best.lagBins) : undefined;
  const estimate = judged && predict(judged.x, model);
  const r2 = judged && estimate && judged.y.length > 0 ? rSquared(judged.y, estimate, channels) : best.r2;
  const column = (values: Float64Array, k: number) => values.filter((_, i) => i % channels === k);
  const perChannel = Float64Array.from({ length: channels }, (_, k) =>
    judged && estimate && judged.y.length > 0
      ? rSquared(column(judged.y, k), column(estimate, k), 1)
      : rSquared(column(all.y, k), column(predict(all.x, model), k), 1),
  );
  return {
    best,
    r2,
    perChannel,
    decoded: decodedTrials(states, model, best.lagBins),
    trainingTrials: training.length,
    testTrials: useTest ? test.length : undefined,
    noun,
  };
}

const penaltyOf = ({ xx, inputs }: Moments, penalty: number): number => {
  let trace = 0;
  for (let i = 0; i < inputs; i++) trace += xx[i * inputs + i];
  return (penalty * trace) / inputs;
};

/** States at bin t beside behaviour at t + lag, of the given rows, where both are known. */
function rowsAt(
  { values, bins, dimensions }: States,
  target: Binned,
  places: Int32Array,
  dataset: Dataset,
  rows: readonly number[],
  lagBins: number,
): Rows {
  const channels = target.channels.length;
  const pairs: (readonly [number, number, number])[] = [];
  for (const [index, row] of rows.entries())
    for (let bin = Math.max(0, -lagBins); bin < Math.min(bins, bins - lagBins); bin++) {
      const later = places[row] * dataset.bins + bin + lagBins;
      const at = row * bins + bin;
      if (places[row] < 0 || !Number.isFinite(values[at * dimensions]) || !Number.isFinite(target.values[later * channels])) continue;
      if (dataset.observed && !dataset.observed[later]) continue;
      pairs.push([index, at, later]);
    }
  const x = new Float64Array(pairs.length * dimensions);
  const y = new Float64Array(pairs.length * channels);
  for (const [i, [, at, later]] of pairs.entries()) {
    x.set(values.subarray(at * dimensions, (at + 1) * dimensions), i * dimensions);
    y.set(target.values.subarray(later * channels, (later + 1) * channels), i * channels);
  }
  return { x, y, of: Int32Array.from(pairs, ([index]) => index) };
}

/** Those rows of a row-major array that are kept. */
function chosenRows(values: Float64Array, width: number, keep: (row: number) => boolean): Float64Array {
  const out = new Float64Array(values.length);
  let to = 0;
  for (let row = 0; row < values.length / width; row++) {
    if (!keep(row)) continue;
    out.set(values.subarray(row * width, (row + 1) * width), to);
    to += width;
  }
  return out.subarray(0, to);
}

/** The best penalty by R² over folds of whole trials. */
function crossValidated({ x, y, of }: Rows, inputs: number, channels: number, trials: number): Omit<Fitted, 'lagBins'> {
  const folds = Math.min(FOLDS, trials);
  const estimates = PENALTIES.map(() => new Float64Array(y.length));
  for (let fold = 0; fold < folds; fold++) {
    const inside = (row: number) => of[row] % folds === fold;
    const outside = (row: number) => of[row] % folds !== fold;
    const moments = momentsOf(chosenRows(x, inputs, outside), inputs, chosenRows(y, channels, outside), channels);
    const held = chosenRows(x, inputs, inside);
    for (const [p, penalty] of PENALTIES.entries()) {
      const predicted = predict(held, ridgeOfMoments(moments, penaltyOf(moments, penalty)));
      let from = 0;
      for (let row = 0; row < of.length; row++)
        if (of[row] % folds === fold) for (let k = 0; k < channels; k++) estimates[p][row * channels + k] = predicted[from++];
    }
  }
  const scores = estimates.map((estimate) => (y.length > 0 ? rSquared(y, estimate, channels) : Number.NaN));
  const best = scores.reduce((top, score, p) => (score > scores[top] ? p : top), 0);
  return { penalty: PENALTIES[best], r2: scores[best] };
}

/** The model's behaviour at every bin that the lag reaches, rows × bins × channels. */
function decodedTrials({ values, rows, bins, dimensions }: States, model: Linear, lagBins: number): Float64Array {
  const channels = model.outputs;
  const all = predict(values, model);
  const out = new Float64Array(rows * bins * channels).fill(Number.NaN);
  for (let row = 0; row < rows; row++)
    for (let bin = 0; bin < bins; bin++) {
      const to = bin + lagBins;
      if (to < 0 || to >= bins || !Number.isFinite(values[(row * bins + bin) * dimensions])) continue;
      for (let k = 0; k < channels; k++) out[(row * bins + to) * channels + k] = all[(row * bins + bin) * channels + k];
    }
  return out;
}

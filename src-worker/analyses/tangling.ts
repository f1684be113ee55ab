// Tangling: do states that are alike move in different directions? Russo et al. 2018, Neuron 97:953.
//
//   Q(t) = max over t' of |v(t) − v(t')|² / (|x(t) − x(t')|² + ε)
//
// A smooth flow without unseen inputs keeps Q low; a trajectory that crosses itself in another direction makes it high. Q grows
// with the square of speed, so it compares only at equal bins, and noise of single trials inflates it. Smoothness alone lowers
// it, so surrogates with the same covariances stand beside (surrogates.ts).

import { Failure } from '../contract/failure.ts';
import type { Job } from '../contract/job.ts';
import { defineParams } from '../contract/params.ts';
import type { States } from '../contract/result.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { smoothBins } from '../numerics/smoothing.ts';
import { median, quantile, squaredDistance, totalVariance } from '../numerics/statistics.ts';
import { defineAnalysis } from './analysis.ts';
import { conditionAverages, finiteBins, prepared } from './states.ts';
import { drawSurrogate, surrogateModel } from './surrogates.ts';

/** Pairs of states between two looks at the abort signal: about 20 ms of work. */
const PAIRS_A_BLOCK = 2 ** 20;
/** Pairs that all surrogates together may cost; more states get fewer draws. */
const CONTROL_PAIRS = 5e8;
const FEWEST_DRAWS = 5;
/** Largest number of rows whose surrogates are fitted. */
const CONTROL_ROWS = 400;

const params = defineParams({
  of: {
    kind: 'choice',
    label: 'Of',
    help: 'Condition averages, or single trials, whose noise raises tangling.',
    choices: ['averages', 'trials'],
    default: 'averages',
    tier: 'common',
  },
  components: {
    kind: 'number',
    label: 'Components',
    help: 'Principal components of the averages to keep; 0 keeps the state’s own dimensions.',
    default: 8,
    min: 0,
    max: 200,
    integer: true,
    tier: 'common',
  },
  softNormalise: {
    kind: 'switch',
    label: 'Soft-normalise',
    help: 'Divides each unit’s rate by its range plus 5 Hz, so that busy units do not outweigh the rest.',
    default: true,
    tier: 'occasional',
  },
  softening: {
    kind: 'number',
    label: 'Softening',
    help: 'ε as a share of the total variance; it keeps Q finite where a trajectory meets itself.',
    default: 0.1,
    min: 0,
    tier: 'rare',
  },
  smoothMs: {
    kind: 'number',
    label: 'Smoothing',
    help: 'Standard deviation of a Gaussian over time before the derivative; 0 for inferred states and 40 ms for counts unless given.',
    min: 0,
    unit: 'ms',
    tier: 'occasional',
  },
  draws: {
    kind: 'number',
    label: 'Surrogates',
    help: 'Draws of random states with the same covariances, as a control; 0 for none.',
    default: 60,
    min: 0,
    max: 2000,
    integer: true,
    tier: 'occasional',
  },
});

export const tangling = defineAnalysis({
  id: 'tangling',
  version: 1,
  title: 'Tangling',
  about: 'Whether states that are alike move in different directions, over time and beside surrogates.',
  needs: 'states',
  state: 'rates',
  params,
  async run({ states: given, dataset }, { of, components, softNormalise, softening, smoothMs, draws }, job) {
    if (given.rows === 0)
      throw new Failure('no-trials', 'There are no trials to take the tangling of.', 'Choose another window, or let more trials in.');
    if (given.bins < 3)
      throw new Failure(
        'too-few-bins',
        `Tangling needs 3 bins a trial, and these have ${given.bins}.`,
        'Choose a longer window or shorter bins.',
      );
    const sdMs = smoothMs ?? (given.state === 'counts' ? 40 : 0);
    const states = smoothed(prepared(given, { of, normalise: softNormalise, components }), sdMs);
    const spread = totalVariance(finiteOnly(states));
    if (!(spread > 0))
      throw new Failure('constant-states', `Tangling needs states that move, and ${states.recipe} are constant.`, 'Choose another state.');
    const wanted = draws > 0 ? 0.3 : 1;
    const q = await tangle(states, velocity(states), softening * spread, job, 0, wanted);
    const control = await controlOf(states, softening, draws, job, wanted);
    const behaviour = await behaviourTangling(given, dataset, of, sdMs, softening, job);
    const finite = q.filter(Number.isFinite);
    const middle = median(finite);
    const derivative =
      sdMs > 0
        ? `derivative by central differences after Gaussian smoothing (s.d. ${sdMs} ms)`
        : 'derivative by central differences, not smoothed';
    return {
      arrays: {
        q: {
          values: q,
          shape: [states.rows, states.bins],
          axes: [states.of === 'trials' ? 'trial' : 'condition', 'bin'],
          unit: 's⁻²',
          about: 'Tangling',
        },
        rows: {
          values: states.rowIds,
          shape: [states.rows],
          axes: ['row'],
          unit: '',
          about: 'Trial (row of the file’s table) or condition of each row of q',
        },
        conditions: {
          values: states.conditions,
          shape: [states.rows],
          axes: ['row'],
          unit: '',
          about: 'Condition of each row, −1 for none',
        },
        time: { values: states.timeMs, shape: [states.bins], axes: ['bin'], unit: 'ms' },
        ...control.arrays,
      },
      summary: {
        median: middle,
        p90: quantile(finite, 0.9),
        rows: states.rows,
        dimensions: states.dimensions,
        ...control.summary(finite, q),
        ...(behaviour ? { behaviourMedian: behaviour.median, behaviourRatio: behaviour.median / middle } : {}),
      },
      recipe: `Tangling of ${states.recipe}; ${derivative}; ε = ${softening} × total variance${control.recipe}.`,
      notes: [
        ...control.notes,
        ...(behaviour
          ? [`Tangling of ${behaviour.name}, taken the same way, has a median of ${behaviour.median.toPrecision(3)} s⁻².`]
          : []),
        ...(of === 'averages' && !given.conditions.some((condition) => condition >= 0)
          ? ['Without conditions the average of all trials is one row.']
          : []),
      ],
    };
  },
});

/** Q of every state against every other, in s⁻²: rows × bins. `v` has the shape of the states, `epsilon` their unit squared. NaN stays NaN. */
export async function tangle(
  { values: x, dimensions }: States,
  v: Float64Array,
  epsilon: number,
  job: Job,
  from = 0,
  to = 1,
): Promise<Float64Array> {
  const count = x.length / dimensions;
  const finite = finiteBins(v, dimensions);
  const q = Float64Array.from(finite, (known) => (known ? 0 : Number.NaN));
  const rowsABlock = Math.max(1, Math.floor(PAIRS_A_BLOCK / count));
  for (let i = 0; i < count; i++) {
    if (i % rowsABlock === 0) {
      await job.progress(from + (to - from) * (i / count) ** 2);
      job.signal.throwIfAborted();
    }
    if (!finite[i]) continue;
    let highest = q[i];
    for (let j = 0; j < i; j++) {
      if (!finite[j]) continue;
      const velocities = squaredDistance(v, i, j, dimensions);
      // The denominator is at least ε, so a pair this slow raises neither of its states.
      if (velocities <= epsilon * highest && velocities <= epsilon * q[j]) continue;
      const pair = velocities / (squaredDistance(x, i, j, dimensions) + epsilon);
      // The ratio is symmetric, so each pair serves both of its states. 0 / 0 is no pair.
      if (pair > highest) highest = pair;
      if (pair > q[j]) q[j] = pair;
    }
    q[i] = highest;
  }
  return q;
}

/** Central differences inside a row, one-sided at its ends and beside bins that were not observed, in the states' unit per second. */
export function velocity({ values, rows, bins, dimensions, binMs }: States): Float64Array {
  const v = new Float64Array(values.length).fill(Number.NaN);
  const finite = finiteBins(values, dimensions);
  for (let row = 0; row < rows; row++)
    for (let bin = 0; bin < bins; bin++) {
      const known = (k: number) => k >= 0 && k < bins && finite[row * bins + k] === 1;
      if (!known(bin)) continue;
      const [before, after] = [known(bin - 1) ? bin - 1 : bin, known(bin + 1) ? bin + 1 : bin];
      if (before === after) continue;
      const seconds = ((after - before) * binMs) / 1000;
      for (let d = 0; d < dimensions; d++) {
        const at = (k: number) => values[(row * bins + k) * dimensions + d];
        v[(row * bins + bin) * dimensions + d] = (at(after) - at(before)) / seconds;
      }
    }
  return v;
}

function smoothed(states: States, sdMs: number): States {
  if (sdMs <= 0) return states;
  const { values, rows, bins, dimensions, binMs } = states;
  const observed = finiteBins(values, dimensions);
  const known = values.map((value) => (Number.isFinite(value) ? value : 0));
  const out = smoothBins(known, rows, bins, dimensions, sdMs / binMs, { observed });
  return { ...states, values: out.map((value, i) => (observed[Math.floor(i / dimensions)] ? value : Number.NaN)) };
}

const finiteOnly = ({ values, dimensions }: States): { readonly values: Float64Array; readonly dimensions: number } => {
  const finite = finiteBins(values, dimensions);
  return { values: values.filter((_, i) => finite[Math.floor(i / dimensions)] === 1), dimensions };
};

interface Control {
  readonly arrays: Record<
    string,
    {
      readonly values: Float64Array;
      readonly shape: readonly number[];
      readonly axes: readonly string[];
      readonly unit: string;
      readonly about: string;
    }
  >;
  summary(finite: Float64Array, q: Float64Array): Readonly<Record<string, number>>;
  readonly recipe: string;
  readonly notes: readonly string[];
}

const NO_CONTROL: Control = { arrays: {}, summary: () => ({}), recipe: '', notes: [] };

/** Tangling of surrogates: its median and 5 to 95 % in every bin, over rows and draws. */
async function controlOf(states: States, softening: number, wanted: number, job: Job, from: number): Promise<Control> {
  const { values, rows, bins, dimensions } = states;
  if (wanted === 0) return NO_CONTROL;
  const without = (why: string): Control => ({ ...NO_CONTROL, notes: [`No surrogates: ${why}.`] });
  if (values.some((value) => !Number.isFinite(value))) return without('some bins were not observed');
  if (rows > CONTROL_ROWS) return without(`${rows} rows are more than ${CONTROL_ROWS}`);
  const draws = Math.min(wanted, Math.floor(CONTROL_PAIRS / ((rows * bins) ** 2 / 2)));
  if (draws < Math.min(wanted, FEWEST_DRAWS)) return without(`${rows} × ${bins} states are too many`);
  const model = surrogateModel(values, rows, bins, dimensions);
  if (model === undefined) return without('the states do not vary');
  const all = new Float64Array(draws * rows * bins);
  const medians = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) {
    const surrogate = { ...states, values: drawSurrogate(model, job.seed, draw) };
    const [start, end] = [draw, draw + 1].map((k) => from + ((1 - from) * k) / draws);
    const q = await tangle(surrogate, velocity(surrogate), softening * totalVariance(surrogate), job, start, end);
    all.set(q, draw * rows * bins);
    medians[draw] = median(q);
  }
  const level = (p: number) =>
    Float64Array.from({ length: bins }, (_, bin) =>
      quantile(
        all.filter((_value, i) => i % bins === bin),
        p,
      ),
    );
  const [low, middle, high] = [level(0.05), level(0.5), level(0.95)];
  const named = (array: Float64Array, about: string) => ({ values: array, shape: [bins], axes: ['bin'], unit: 's⁻²', about });
  return {
    arrays: {
      controlLow: named(low, 'Tangling of surrogates, 5 %'),
      controlMedian: named(middle, 'Tangling of surrogates, median'),
      controlHigh: named(high, 'Tangling of surrogates, 95 %'),
    },
    summary: (finite, q) => ({
      controlMedian: median(all),
      control5: quantile(all, 0.05),
      control95: quantile(all, 0.95),
      controlDraws: draws,
      shareAboveControl95: q.filter((value, i) => value > high[i % bins]).length / finite.length,
      shareBelowControl5: q.filter((value, i) => value < low[i % bins]).length / finite.length,
      // Of tangling as low as this in data that are only smooth.
      pLow: (1 + medians.filter((value) => value <= median(finite)).length) / (1 + draws),
    }),
    recipe: `; control: ${draws} tensor maximum entropy surrogates`,
    notes: draws < wanted ? [`${draws} surrogates instead of ${wanted}: there are many states.`] : [],
  };
}

/** Median tangling of the first behaviour of the same trials, taken the same way in its own dimensions. */
async function behaviourTangling(given: States, dataset: Dataset, of: 'averages' | 'trials', sdMs: number, softening: number, job: Job) {
  const behaviour = dataset.behaviors[0];
  if (behaviour === undefined || given.of !== 'trials') return undefined;
  const channels = behaviour.channels.length;
  const size = dataset.bins * channels;
  const places = new Map(Array.from(dataset.trialRows, (row, place) => [row, place]));
  const values = new Float64Array(given.rows * size);
  for (const [row, id] of given.rowIds.entries()) {
    const place = places.get(id);
    if (place === undefined || given.bins !== dataset.bins) return undefined;
    values.set(behaviour.values.subarray(place * size, (place + 1) * size), row * size);
  }
  const trials: States = { ...given, values, dimensions: channels, unit: behaviour.unit };
  const states = smoothed(of === 'averages' ? conditionAverages(trials) : trials, sdMs);
  const spread = totalVariance(finiteOnly(states));
  if (!(spread > 0)) return undefined;
  const q = (await tangle(states, velocity(states), softening * spread, job, 1, 1)).filter(Number.isFinite);
  return q.length > 0 ? { name: behaviour.name, median: median(q) } : undefined;
}

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
import { median, quantile } from '../numerics/statistics.ts';
import { defineAnalysis } from './analysis.ts';
import { controlOf } from './control.ts';
import { largestRatios } from './pairs.ts';
import { conditionAverages, finiteBins, overTime, prepared, smoothed, spreadOf, spreadOfMoving } from './states.ts';

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
  cites: ['Russo A. A. et al. Motor cortex embeds muscle-like commands in an untangled population response. Neuron 97, 953–966 (2018).'],
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
    const spread = spreadOfMoving(given, states, 'Tangling');
    const wanted = draws > 0 ? 0.3 : 1;
    const q = await largestRatios(states, velocity(states), softening * spread, job, 0, wanted);
    const control = await controlOf(states, { of: 'Tangling', unit: 's⁻²', against: velocity, softening, draws }, job, wanted);
    const behaviour = await behaviourTangling(given, dataset, of, sdMs, softening, job);
    const finite = q.filter(Number.isFinite);
    const middle = median(finite);
    const derivative =
      sdMs > 0
        ? `derivative by central differences after Gaussian smoothing (s.d. ${sdMs} ms)`
        : 'derivative by central differences, not smoothed';
    return {
      arrays: {
        ...overTime(states, q, 's⁻²', 'Tangling'),
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
  const spread = spreadOf(states);
  if (!(spread > 0)) return undefined;
  const q = (await largestRatios(states, velocity(states), softening * spread, job, 1, 1)).filter(Number.isFinite);
  return q.length > 0 ? { name: behaviour.name, median: median(q) } : undefined;
}

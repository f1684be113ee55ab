// Some trials of a dataset as a dataset of its own, and the same trials of a run's outputs: for figures and exports of chosen trials.

import { Failure } from '../contract/failure.ts';
import type { Arrays, NamedArray } from '../contract/result.ts';
import { matching, restrict } from './columns.ts';
import type { Binned, Dataset } from './dataset.ts';
import { ofTrials } from './kind.ts';

/** Throws for the weights of a network, which came without trials. */
export function requireTrials({ network }: Dataset): void {
  if (network)
    throw new Failure(
      'no-trials',
      'This run is a network from elsewhere, which has weights and no trials.',
      'Look at its dynamics instead: fixed-points, linearize, lyapunov, or figure phase-portrait.',
    );
}

/** Places of the trials that a filter keeps, such as `success=true,direction=3`; all of them without one. Throws where none is kept. */
export function chosenTrials(dataset: Dataset, filter = ''): Int32Array {
  requireTrials(dataset);
  const expressions = filter.split(',').filter((text) => text.trim() !== '');
  const matches = matching(dataset.columns, expressions, dataset.trials, 'trial');
  const trials = Int32Array.from({ length: dataset.trials }, (_, trial) => trial).filter((trial) => matches[trial]);
  if (trials.length > 0) return trials;
  if (expressions.length === 0) throw new Failure('no-trials', 'There are no trials.', 'Choose another window, or let more trials in.');
  throw new Failure('no-trials', `No trial matches ${filter}.`, 'Widen --trials.');
}

/** The trials at `places`, in that order; identities, split and conditions stay theirs. */
export function datasetOfTrials(dataset: Dataset, places: Int32Array): Dataset {
  const { bins, units, observed, conditions, external, truth, segments, spikesMs } = dataset;
  const binned = (of: Binned): Binned => ({ ...of, values: ofTrials(of.values, places, bins * of.channels.length) });
  return {
    ...dataset,
    trials: places.length,
    counts: ofTrials(dataset.counts, places, bins * units),
    ...(spikesMs && { spikesMs: (unit: number, trial: number) => spikesMs(unit, places[trial]) }),
    ...(observed && { observed: ofTrials(observed, places, bins) }),
    trialRows: Int32Array.from(places, (trial) => dataset.trialRows[trial]),
    trialIds: Float64Array.from(places, (trial) => dataset.trialIds[trial]),
    split: ofTrials(dataset.split, places, 1),
    ...(conditions && { conditions: { ...conditions, of: Int32Array.from(places, (trial) => conditions.of[trial]) } }),
    ...(external && { external: binned(external) }),
    behaviors: dataset.behaviors.map(binned),
    ...(truth && { truth: ofTrials(truth, places, bins * units) }),
    events: dataset.events.map(({ name, timeMs, lengthMs }) => ({
      name,
      timeMs: Float64Array.from(places, (trial) => timeMs[trial]),
      ...(lengthMs && { lengthMs: Float64Array.from(places, (trial) => lengthMs[trial]) }),
    })),
    columns: dataset.columns.map((column) => restrict(column, places)),
    ...(segments && {
      segments: {
        ...segments,
        startBin: Int32Array.from(places, (trial) => segments.startBin[trial]),
        startSeconds: Float64Array.from(places, (trial) => segments.startSeconds[trial]),
      },
    }),
  };
}

/** The same trials of arrays whose first axis is the trial; others stay whole. */
export const arraysOfTrials = (arrays: Arrays, places: Int32Array): Arrays =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [name, array.axes[0] === 'trial' ? arrayOfTrials(array, places) : array]),
  );

function arrayOfTrials(array: NamedArray, places: Int32Array): NamedArray {
  const size = array.values.length / array.shape[0];
  const values = array.values.slice(0, places.length * size);
  for (const [row, trial] of places.entries()) values.set(array.values.subarray(trial * size, (trial + 1) * size), row * size);
  return { ...array, values, shape: [places.length, ...array.shape.slice(1)] };
}

// What the simple models share: activity of some trials, batches into a sink, and the record of a fit that takes no steps.

import type { Job } from '../contract/job.ts';
import type { NamedArray } from '../contract/result.ts';
import type { Chosen } from '../contract/run.ts';
import { type Dataset, holdsRates, ofTrials } from '../dataset/index.ts';
import type { Activity } from '../numerics/co-smoothing.ts';
import type { Checkpoint, FitOutcome, Sink } from './model.ts';

const TRIALS_AT_ONCE = 64;

/** Bins of all trials that are enough to choose a width or penalty by; more trials are thinned out evenly. */
export const CHOICE_BINS = 8000;

/** At most so many of the list (and at least one), evenly spread. */
export function thinned(list: Int32Array, most: number): Int32Array {
  const kept = Math.max(1, Math.min(list.length, Math.floor(most)));
  return Int32Array.from({ length: kept }, (_, k) => list[Math.floor((k * list.length) / kept)]);
}

/** Counts of the given trials. */
export const activityOf = ({ counts, bins, units, observed }: Dataset, trials: Int32Array): Activity => ({
  counts: ofTrials(counts, trials, bins * units),
  trials: trials.length,
  bins,
  units,
  observed: observed && ofTrials(observed, trials, bins),
});

/** From values of the dataset (counts per bin, or Hz) to Hz. */
export const hzPerValue = (dataset: Dataset): number => (holdsRates(dataset) ? 1 : 1000 / dataset.binMs);

/** Hands the outputs of a model to the sink batch by batch. `outputs` gives arrays of trials × bins × width for some trials. */
export async function inBatches(
  dataset: Dataset,
  trials: Int32Array,
  sink: Sink,
  job: Job,
  outputs: (
    activity: Activity,
  ) => Readonly<Record<string, { readonly values: Float32Array; readonly unit: string; readonly axis: string }>>,
): Promise<void> {
  for (let from = 0; from < trials.length; from += TRIALS_AT_ONCE) {
    const batch = trials.slice(from, from + TRIALS_AT_ONCE);
    const named = Object.entries(outputs(activityOf(dataset, batch))).map(([name, { values, unit, axis }]): [string, NamedArray] => [
      name,
      { values, unit, shape: [batch.length, dataset.bins, values.length / batch.length / dataset.bins], axes: ['trial', 'bin', axis] },
    ]);
    await sink(batch, Object.fromEntries(named));
    await job.progress(Math.min(1, (from + batch.length) / trials.length), 'Making rates');
  }
}

/** A fit without steps has one checkpoint, and what was chosen in it as a note. */
export const fitted = (arrays: Checkpoint['arrays'], state: Checkpoint['state'], notes: readonly string[]): FitOutcome => ({
  checkpoint: { step: 0, bestStep: 0, arrays, state },
  device: 'cpu',
  deviceName: 'CPU',
  notes,
});

/** Widths of the smoothing kernel to choose from. */
export const widthParam = (usual: readonly number[]) =>
  ({
    kind: 'list',
    of: 'number',
    label: 'Width (s.d.)',
    help: 'Standard deviation of the smoothing kernel in ms; of several the one that is best on training trials is used',
    default: usual,
    tier: 'common',
  }) as const;

/** A list of candidates out of resolved values. */
export const candidates = (resolved: Readonly<Record<string, Chosen>>, name: string): readonly number[] =>
  resolved[name].value as readonly number[];

/** Every list of candidates as the user set it, or as `usual` has it. */
export function listed<Name extends string>(
  settings: Readonly<Partial<Record<Name, unknown>>>,
  usual: Readonly<Record<Name, readonly number[]>>,
): Record<Name, Chosen> {
  const chosen = (name: Name): Chosen => {
    const set = settings[name] as readonly number[] | undefined;
    return set && set.length > 0
      ? { value: set, reason: 'Set by you' }
      : { value: usual[name], reason: 'the best on training trials is used' };
  };
  return Object.fromEntries((Object.keys(usual) as Name[]).map((name) => [name, chosen(name)])) as Record<Name, Chosen>;
}

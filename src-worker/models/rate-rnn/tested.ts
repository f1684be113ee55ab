// Rate networks as those see them who ask how far to believe them: free runs of single trials from their initial states, and fits from other first
// weights to counts that these make. Where each network unit is a recorded one, x_i gives the (log) rate C_i x_i + d_i, so that weights act on
// rates as C_i J_ij / C_j does, whatever size states have in a fit.

import type { Job } from '../../contract/job.ts';
import type { Dataset } from '../../dataset/index.ts';
import { bestWeights } from '../../training/loop.ts';
import { activityRows, groupsOf, transformFor } from '../constrained/activity.ts';
import { continuousSd } from '../constrained/noise.ts';
import { activityChoices, resolveActivity } from '../constrained/params.ts';
import { AREA } from '../constrained/regions.ts';
import { shiftedValues } from '../constrained/shifted.ts';
import { SHAPES } from '../network/rnn.ts';
import type { Checkpoint } from '../model.ts';
import type { Between, Followed, RowsAsked, Tested, TestedNetwork } from '../tested.ts';
import { factsOf } from './facts.ts';
import { networkOf } from './flow.ts';
import { inferFitted } from './infer.ts';
import { taughtBy } from './rank-teacher.ts';
import { type RateValues, valuesIn } from './setup.ts';
import { trainRank } from './train.ts';

/** Runs over the same trials are asked for again and again, and each starts threads. */
const KEPT = 3;

interface ToDataset {
  readonly dataset: Dataset;
  readonly rank: number;
}

export const testedRate: Tested = {
  id: 'rate-rnn',
  oneThread: false,
  isLong: true,
  // Each takes as long as the training by back-propagation.
  usual: { recoveries: 1, shifted: false },
  open(checkpoint, resolved, dataset) {
    const values = valuesIn(resolved);
    const { sizes, view, binMs } = factsOf(checkpoint);
    const { W } = networkOf(checkpoint);
    const places = Int32Array.from(view.order);
    const { choices, transform, fittedTo } = preparedFor(dataset, places, values, view);
    const groupsFor = (trials: Int32Array, perAverage: number): readonly Int32Array[] =>
      groupsOf(dataset, trials, perAverage).filter((group) => group.every((trial) => lengthOf(dataset, trial) >= 2));
    const rowsOf = (groups: readonly Int32Array[], sdMs: number) => activityRows(dataset, { places, transform }, groups, sdMs);
    const recorded = (trials: Int32Array, { perAverage = choices.trialsPerAverage, sdMs = choices.sdMs }: RowsAsked = {}) =>
      rowsOf(groupsFor(trials, perAverage), sdMs);
    const kept = new Map<string, Followed>();
    const run = async (
      trials: Int32Array,
      { perAverage = choices.trialsPerAverage, sdMs = choices.sdMs }: RowsAsked,
      job: Job,
    ): Promise<Followed> => {
      const groups = groupsFor(trials, perAverage);
      const rows = rowsOf(groups, sdMs);
      const { bins } = rows;
      const [H, N] = [sizes.hidden, rows.units];
      const [found, flowing] = [new Float64Array(rows.values.length), new Float64Array(rows.rows * bins * H)];
      const rowOf = new Map(groups.flatMap((group, row) => Array.from(group, (trial) => [trial, row] as const)));
      const phi = SHAPES[values.nonlinearity].value;
      const all = Int32Array.from(rowOf.keys()).sort();
      await inferFitted(
        checkpoint,
        dataset,
        resolved,
        all,
        (batch, { rates, generator }) => {
          for (const [b, trial] of batch.entries()) {
            const row = rowOf.get(trial)!;
            const share = 1 / groups[row].length;
            for (let t = 0; t < bins; t++) {
              const [from, to] = [b * bins + t, row * bins + t];
              for (let i = 0; i < N; i++)
                found[to * N + i] += (share * (rates.values[from * N + places[i]] - transform.offset[i])) / transform.scale[i];
              for (let j = 0; j < H; j++) flowing[to * H + j] += share * phi(generator.values[from * H + j]);
            }
          }
        },
        job,
      );
      return { rows, found, flowing };
    };
    return {
      units: sizes.hidden,
      J: W,
      alpha: binMs / sizes.substeps / values.tauMs,
      stepMs: binMs / sizes.substeps,
      choices,
      start: values.initial === 'recorded' ? 'first bin' : values.initial === 'encoded' ? 'encoded' : 'condition',
      outputs: { places, transform, unit: 'Hz' },
      ...(fittedTo !== undefined && { fittedTo }),
      ...(values.readout === 'units' && { between: betweenOf(checkpoint, places, W) }),
      recorded,
      async follow(trials, asked, job) {
        const name = JSON.stringify([asked.perAverage, asked.sdMs, Array.from(trials)]);
        const known = kept.get(name) ?? (await run(trials, asked, job));
        kept.set(name, known);
        for (const oldest of kept.keys()) if (kept.size > KEPT) kept.delete(oldest);
        return known;
      },
      async again(to, job) {
        const own = { ...job, seed: to.seed };
        const sds =
          sizes.outputsPerUnit === 2
            ? continuousSd(
                dataset,
                Int32Array.from({ length: dataset.units }, (_, unit) => unit),
              )
            : undefined;
        const other =
          to.of === 'itself'
            ? await taughtBy(dataset, values, sizes.rank, bestWeights(checkpoint), own, sds)
            : {
                ...dataset,
                counts: shiftedCounts(
                  dataset,
                  to.units.map((unit) => places[unit]),
                  to.bins,
                ),
              };
        const plain: ToDataset = { dataset: other, rank: sizes.rank };
        return { seed: to.seed, work: Number.POSITIVE_INFINITY, plain };
      },
    };
  },
  async refit({ plain }, resolved, job) {
    const { dataset, rank } = plain as ToDataset;
    return (await trainRank(dataset, valuesIn(resolved), rank, { ...job, device: 'auto', metric: () => {}, save: async () => {} }))
      .checkpoint;
  },
};

/** Bins from the first on that were observed. */
function lengthOf({ bins, observed }: Dataset, trial: number): number {
  const stop = observed ? observed.subarray(trial * bins, (trial + 1) * bins).indexOf(0) : -1;
  return stop < 0 ? bins : stop;
}

const shiftedCounts = (dataset: Dataset, members: Int32Array, by: number): Dataset['counts'] =>
  shiftedValues(
    {
      bins: dataset.bins,
      units: dataset.units,
      lengths: Int32Array.from({ length: dataset.trials }, (_, trial) => lengthOf(dataset, trial)),
      values: dataset.counts,
    },
    members,
    by,
  );

/** Continuous values are standardised before the fit; counts are fitted as they are, and smoothed where averages are drawn and judged. */
function preparedFor(
  dataset: Dataset,
  places: Int32Array,
  { likelihood }: Pick<RateValues, 'likelihood'>,
  { scale, offset }: { readonly scale: ArrayLike<number>; readonly offset: ArrayLike<number> },
): Pick<TestedNetwork, 'choices' | 'fittedTo'> & { readonly transform: TestedNetwork['outputs']['transform'] } {
  if (likelihood === 'gaussian')
    return {
      choices: { sdMs: 0, trialsPerAverage: 1, scale: 'standard', centre: true, regions: AREA },
      transform: { scale: Float64Array.from(scale), offset: Float64Array.from(offset) },
    };
  const choices = activityChoices(resolveActivity(dataset, {}));
  return {
    choices,
    transform: transformFor(dataset, places, choices),
    fittedTo: `counts are fitted as they are, and stand here smoothed by a Gaussian of ${choices.sdMs} ms (s.d.)`,
  };
}

/** Weights between recorded units by their readout C: what flows from j makes a log rate (or a rate) of i. */
function betweenOf(checkpoint: Checkpoint, places: Int32Array, W: Float64Array): Between {
  const { sizes, view } = factsOf(checkpoint);
  const readout = bestWeights(checkpoint)['readout.W'];
  const n = sizes.hidden;
  const C = Float64Array.from({ length: n }, (_, i) => readout[i * n + i]);
  const isLog = sizes.outputsPerUnit === 1;
  return {
    places,
    weights: W.map((weight, at) => (C[Math.floor(at / n)] * weight) / C[at % n]),
    onto: isLog ? new Float64Array(n).fill(1) : Float64Array.from(view.scale),
    from: C,
    unit: isLog ? 'log rate' : 'Hz',
    fromData: false,
    hasTruth: false,
  };
}

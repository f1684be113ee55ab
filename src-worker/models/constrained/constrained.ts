// The family of data-constrained networks: what its members share of a model, and what each adds, which is how it fits weights to activity.

import type { Params, Values } from '../../contract/params.ts';
import type { Chosen } from '../../contract/run.ts';
import { type Dataset, TRAINING, trialsIn } from '../../dataset/index.ts';
import { judgingTrials } from '../../metrics/report.ts';
import { correlation } from '../../numerics/statistics.ts';
import type { Checkpoint, Model } from '../model.ts';
import { SHAPES, type Nonlinearity } from '../network/rnn.ts';
import { type Activity, activityRows, groupsOf, type Prepared, prepare, requireRange, requireSamples } from './activity.ts';
import { conditionMeans } from './averages.ts';
import { type FitTo, givenOf, type Learned } from './given.ts';
import { explained, type FittedNetwork, flowOf, freeRun, fromCheckpoint, toArrays, toState } from './network.ts';
import { inferFreely, readoutsOf } from './outputs.ts';
import { type ActivityChoices, activityChoices, activityParams, resolveActivity } from './params.ts';
import type { Resolved } from './resolved.ts';
import { testedBy } from './tested.ts';

interface Member<P extends Params> {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly about: string;
  readonly cites?: readonly string[];
  /** Its own parameters, listed before those of the activity. */
  readonly params: P;
  resolve(
    dataset: Dataset,
    settings: Partial<Values<P>>,
    activity: Readonly<Record<string, Chosen>>,
  ): Readonly<Record<keyof P & string, Chosen>>;
  readonly fitTo: FitTo;
  /** Seconds of a fit on this machine. */
  foretell?(activity: Activity, resolved: Resolved): Promise<number>;
}

const rowsOf = (
  dataset: Dataset,
  fitted: Pick<Prepared, 'places' | 'transform'>,
  { sdMs }: ActivityChoices,
  trials: Int32Array,
  perAverage: number,
) => activityRows(dataset, fitted, groupsOf(dataset, trials, perAverage), sdMs);

/** Correlation of fitted weights with the true ones, both in the recording's units, without those of units onto themselves. */
export function weightCorrelation({ trueWeights, units }: Dataset, { network, places, transform }: FittedNetwork): number | undefined {
  if (!trueWeights) return undefined;
  const n = network.units;
  const [found, truth]: [number[], number[]] = [[], []];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      found.push((network.J[i * n + j] * transform.scale[i]) / transform.scale[j]);
      truth.push(trueWeights[places[i] * units + places[j]]);
    }
  const r = correlation(Float64Array.from(found), Float64Array.from(truth));
  return Number.isFinite(r) ? r : undefined;
}

/** How well the network, run by itself, gives the trials that judge it (or those that trained it where none do), beside their condition's mean. */
function freeRunScores(dataset: Dataset, fitted: FittedNetwork, choices: ActivityChoices): Record<string, number> {
  const training = trialsIn(dataset, TRAINING);
  const judging = judgingTrials(dataset);
  const judged = judging.length > 0 ? judging : training;
  const rows = rowsOf(dataset, fitted, choices, judged, choices.trialsPerAverage);
  const { pVar } = explained(rows, freeRun(fitted.network, rows).values);
  const known = rowsOf(dataset, fitted, choices, training, choices.trialsPerAverage);
  const means = conditionMeans(known, rows);
  const mean = judging.length > 0 ? explained(rows, means).pVar : Number.NaN;
  const finite = Object.entries({ freeRunPVar: pVar, conditionMeanPVar: mean }).filter(([, value]) => Number.isFinite(value));
  return Object.fromEntries(finite);
}

/** Activity that a network can be fitted to. Throws a Failure for units, samples or a range that it cannot be. */
function requireFit(dataset: Dataset, resolved: Resolved) {
  const choices = activityChoices(resolved);
  const prepared = prepare(dataset, choices);
  const activity = rowsOf(dataset, prepared, choices, trialsIn(dataset, TRAINING), choices.trialsPerAverage);
  requireSamples(activity, choices.trialsPerAverage);
  const phi = String(resolved.nonlinearity?.value ?? 'tanh');
  requireRange(activity, SHAPES[phi as Nonlinearity].range, phi, choices.scale, resolved.nonlinearity !== undefined);
  return { choices, prepared, activity, range: SHAPES[phi as Nonlinearity].range };
}

/** A model out of what a member of the family adds. */
export function defineConstrained<const P extends Params>(member: Member<P>): Model {
  const { fitTo, resolve, foretell, params: own, ...described } = member;
  const params = { ...own, ...activityParams };
  return {
    ...described,
    params,
    reports: ['activity', 'belief', 'currents', 'weights'],
    takesOnePiece: true,
    oneThread: true,
    resolve(dataset, settings) {
      const activity = resolveActivity(dataset, settings);
      const resolved = { ...resolve(dataset, settings as Partial<Values<P>>, activity), ...activity };
      // What cannot be fitted is said before anything is written.
      requireFit(dataset, resolved);
      return resolved;
    },
    prepares(dataset, resolved) {
      const { choices, prepared, range } = requireFit(dataset, resolved);
      return { ...choices, ...prepared, range };
    },
    ...(foretell && {
      foretell: async (dataset, resolved) => ({ seconds: await foretell(requireFit(dataset, resolved).activity, resolved) }),
    }),
    async fit(dataset, resolved, job) {
      const { choices, prepared, activity } = requireFit(dataset, resolved);
      const checkpointOf = ({ network, step, arrays, state }: Learned): Checkpoint => {
        const fitted = { network, ...prepared };
        return { step, bestStep: step, arrays: { ...toArrays(fitted), ...arrays }, state: { ...toState(fitted), ...state } };
      };
      const learned = await fitTo(activity, resolved, givenOf(dataset, prepared.places), {
        ...job,
        keep: (so) => job.save(checkpointOf(so)),
      });
      const checkpoint = checkpointOf(learned);
      const fitted = fromCheckpoint(checkpoint);
      const r = weightCorrelation(dataset, fitted);
      return {
        checkpoint,
        device: 'cpu',
        deviceName: 'CPU',
        notes: [...prepared.notes, ...(learned.notes ?? [])],
        diagnostics: { ...learned.diagnostics, ...freeRunScores(dataset, fitted, choices) },
        ...(learned.chosen && { chosen: learned.chosen }),
        ...(r === undefined ? {} : { weightCorrelation: r }),
      };
    },
    infer: (checkpoint, dataset, resolved, trials, sink, job) =>
      inferFreely(fromCheckpoint(checkpoint), dataset, activityChoices(resolved).sdMs, trials, sink, job),
    flow: (checkpoint) => flowOf(fromCheckpoint(checkpoint).network),
    statesAtStart: true,
    readouts: (checkpoint) => readoutsOf(fromCheckpoint(checkpoint)),
    recordedUnits: (checkpoint) => fromCheckpoint(checkpoint).places,
    tested: testedBy(member.id, fitTo),
  };
}

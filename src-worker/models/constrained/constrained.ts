// The family of data-constrained networks: what its members share of a model, and what each adds, which is how it fits weights to activity.

import type { Job } from '../../contract/job.ts';
import type { Params, Values } from '../../contract/params.ts';
import type { Arrays } from '../../contract/result.ts';
import type { Chosen } from '../../contract/run.ts';
import { columnOf } from '../../dataset/columns.ts';
import { type Dataset, TRAINING, trialsIn } from '../../dataset/index.ts';
import { judgingTrials } from '../../metrics/report.ts';
import { correlation } from '../../numerics/statistics.ts';
import type { Checkpoint, FitJob, Model } from '../model.ts';
import { SHAPES, type Nonlinearity } from '../network/rnn.ts';
import { type Activity, activityRows, groupsOf, type Prepared, prepare, requireRange, requireSamples } from './activity.ts';
import { conditionMeans } from './averages.ts';
import { type DrivenNetwork, explained, type FittedNetwork, flowOf, freeRun, fromCheckpoint, toArrays, toState } from './network.ts';
import { inferFreely, readoutsOf } from './outputs.ts';
import { type ActivityChoices, activityChoices, activityParams, resolveActivity } from './params.ts';
import type { Resolved } from './resolved.ts';

/** What a member's fit gives. */
export interface Learned {
  readonly network: DrivenNetwork;
  readonly step: number;
  /** What it needs to go on, beside the weights. */
  readonly arrays?: Arrays;
  readonly state?: Checkpoint['state'];
  readonly diagnostics?: Readonly<Record<string, number>>;
  /** What was left to the data, as the fit chose it. */
  readonly chosen?: Resolved;
  readonly notes?: readonly string[];
}

/** What a fit knows beside activity. */
export interface Given {
  /** units × units of the network: 0 where there is no connection. */
  readonly connectome?: Float64Array;
  /** A value of a column of units for each unit of the network. Throws a Failure where there is no such column. */
  column(name: string): readonly string[];
}

/** A fit's job; what was learned so far is kept as a checkpoint. */
export interface LearnJob extends Omit<FitJob, 'save' | 'device'> {
  /** A test fits again, to activity that it made: the whole of it is wanted, whatever the seed. */
  readonly again?: boolean;
  keep(learned: Learned): Promise<void>;
}

export type FitTo = (activity: Activity, resolved: Resolved, given: Given, job: LearnJob) => Promise<Learned>;

/** The same as plain data, for other threads. */
export interface PlainGiven {
  readonly connectome?: Float64Array;
  readonly columns: Readonly<Record<string, readonly string[]>>;
}

/** What analyses of currents ask of a model. */
export interface Constrained {
  /** The model's id. */
  readonly id: string;
  network(checkpoint: Checkpoint): FittedNetwork;
  choices(resolved: Resolved): ActivityChoices;
  /** Trials that the network was fitted to. */
  trainingTrials(dataset: Dataset): Int32Array;
  /** Activity of the dataset's trials as the network was fitted to them, in groups of `perAverage` trials of a condition. */
  activity(dataset: Dataset, fitted: FittedNetwork, resolved: Resolved, trials: Int32Array, perAverage?: number): Activity;
  given(dataset: Dataset, fitted: Pick<FittedNetwork, 'places'>): PlainGiven;
  /** The same fit to other activity of the same units, as tests of it need. */
  refit(given: PlainGiven, activity: Activity, resolved: Resolved, job: Job): Promise<DrivenNetwork>;
}

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
}

const rowsOf = (
  dataset: Dataset,
  fitted: Pick<Prepared, 'places' | 'transform'>,
  { sdMs }: ActivityChoices,
  trials: Int32Array,
  perAverage: number,
) => activityRows(dataset, fitted, groupsOf(dataset, trials, perAverage), sdMs);

function connectomeOf({ connectome, units }: Dataset, places: Int32Array): Pick<Given, 'connectome'> {
  if (!connectome) return {};
  const n = places.length;
  return { connectome: Float64Array.from({ length: n * n }, (_, i) => connectome[places[Math.floor(i / n)] * units + places[i % n]]) };
}

const givenOf = (dataset: Dataset, places: Int32Array): Given => ({
  ...connectomeOf(dataset, places),
  column(name) {
    const { values } = columnOf(dataset.unitColumns ?? [], name, 'unit');
    return Array.from(places, (unit) => String(values[unit]));
  },
});

const plainGivenOf = (dataset: Dataset, places: Int32Array): PlainGiven => ({
  ...connectomeOf(dataset, places),
  columns: Object.fromEntries(
    (dataset.unitColumns ?? []).map(({ name, values }) => [name, Array.from(places, (unit) => String(values[unit]))]),
  ),
});

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
  const { fitTo, resolve, params: own, ...described } = member;
  const params = { ...own, ...activityParams };
  return {
    ...described,
    params,
    reports: ['activity', 'currents', 'weights'],
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
    constrained: {
      id: member.id,
      network: fromCheckpoint,
      choices: activityChoices,
      trainingTrials: (dataset) => trialsIn(dataset, TRAINING),
      activity: (dataset, fitted, resolved, trials, perAverage) => {
        const choices = activityChoices(resolved);
        return rowsOf(dataset, fitted, choices, trials, perAverage ?? choices.trialsPerAverage);
      },
      given: (dataset, { places }) => plainGivenOf(dataset, places),
      async refit({ connectome, columns }, activity, resolved, job) {
        const quiet = { ...job, metric: () => {}, keep: async () => {}, again: true };
        const given: Given = { ...(connectome && { connectome }), column: (name) => columns[name] };
        return (await fitTo(activity, resolved, given, quiet)).network;
      },
    },
  };
}

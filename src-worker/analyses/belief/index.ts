// How far a network that was fitted to a recording can be believed: fits to its own activity, measured as noisily as the data; rank and condition
// of what its weights are regressed on; other seeds; and the network left alone on trials that it was not fitted to.

import type { Belief } from '../../contract/belief.ts';
import { Failure } from '../../contract/failure.ts';
import type { Job } from '../../contract/job.ts';
import type { Result } from '../../contract/result.ts';
import { type Dataset, TRAINING, trialsIn } from '../../dataset/index.ts';
import { explained } from '../../models/constrained/network.ts';
import type { Followed, TestedNetwork } from '../../models/tested.ts';
import { activityAnalysis } from '../activity.ts';
import { defineAnalysis, partOf, resultOf, type TestedRun } from '../analysis.ts';
import { beliefArrays } from './arrays.ts';
import { agreementNumbers, recoveryNumbers } from './numbers.ts';
import { diagnosticsOf } from './readings.ts';
import { refitAll } from './refits.ts';
import { spectrumOf } from './regressors.ts';
import { sharedBins, shownTrials, unitMajor } from './rows.ts';

/** Seeds of tests are far from those of fits. */
const APART = 1000;
const START = ['first bin', 'condition', 'encoded'] as const;

/** Networks that were fitted to the network's own activity, with what they do where it was judged. */
export interface Recovered {
  readonly networks: readonly TestedNetwork[];
  readonly runs: readonly Followed[];
  /** What flows through them in averages of training trials, where that is not the data's own. */
  readonly flowing?: readonly Float64Array[];
}

export const belief = defineAnalysis({
  id: 'belief',
  version: 1,
  title: 'How far to believe it',
  about:
    'Fits to the network’s own noisy activity, what its weights rest on, other seeds, and free runs of trials that it was not fitted to.',
  needs: 'tested',
  state: 'rates',
  params: {
    recoveries: {
      kind: 'number',
      label: 'Tests of recovery',
      help: 'How often the network’s own activity, with noise as large as the data’s, is fitted again; each takes as long as the fit. Two, or one of networks that are trained by back-propagation.',
      min: 0,
      max: 100,
      integer: true,
      tier: 'occasional',
    },
  },
  readings: diagnosticsOf,
  details: ({ summary }): Belief => ({ diagnostics: diagnosticsOf(summary) }),
  async run(inputs, { recoveries }, job): Promise<Result> {
    const { tested, dataset } = inputs;
    if (!tested)
      throw new Failure(
        'not-tested',
        'How far to believe it is asked of a network that is fitted to a recording, and this is none.',
        'Choose a run of a network that is fitted to the recording.',
      );
    const { model, members, of, title } = tested;
    const [{ network }] = members;
    const activity = await resultOf(activityAnalysis, inputs, {}, partOf(job, 0, 0.05));
    const judging = shownTrials(dataset, 'judging');
    const follow = (one: TestedNetwork, part: Job): Promise<Followed> => one.follow(judging.trials, judging, part);
    const seeds: Followed[] = [];
    for (const [k, member] of members.entries()) {
      await job.progress(0.05 + (0.1 * k) / members.length, 'Running the networks of all seeds');
      seeds.push(await follow(member.network, partOf(job, 0.05 + (0.1 * k) / members.length, 0.05 + (0.1 * (k + 1)) / members.length)));
    }
    const count = recoveries ?? model.usual.recoveries;
    const recovered = count > 0 ? await recover(tested, dataset, count, follow, partOf(job, 0.15, 0.95)) : undefined;
    await job.progress(0.95, 'Judging the network');
    const regressors = await regressorsOf(network, dataset, partOf(job, 0.95, 1));
    const scores = seeds.map(({ rows, found }) => explained(rows, found).pVar);
    const { freeRunPVar, conditionMeanPVar, judging: isJudged } = activity.summary;
    const summary = {
      ...(recovered && recoveryNumbers(network, seeds[0], recovered)),
      'regressors.units': network.units,
      'regressors.dimensions95': regressors.dimensions95,
      'regressors.rank': regressors.rank,
      'regressors.condition': regressors.condition,
      'regressors.recorded': network.between ? 1 : 0,
      ...agreementNumbers(
        members.map((member) => member.network),
        seeds,
        scores,
      ),
      'freeRun.pVar': freeRunPVar,
      'freeRun.conditionMean': conditionMeanPVar ?? Number.NaN,
      'freeRun.judging': isJudged,
      'freeRun.start': START.indexOf(network.start),
    };
    const others = members.length > 1 ? `, ${members.length} seeds` : '';
    return {
      arrays: beliefArrays({
        dataset,
        network,
        members: members.map((member) => member.network),
        seeds,
        scores,
        activity,
        ...(recovered && { recovered }),
      }),
      summary: Object.fromEntries(Object.entries(summary).filter(([, value]) => Number.isFinite(value))),
      recipe: `${of}${others}, ${count === 0 ? 'not fitted again' : count === 1 ? 'fitted once more to its own activity' : `fitted ${count} times more to its own activity`} with noise as large as the data’s.`,
      notes: network.between
        ? []
        : [
            `Units of ${title} are its own and its fixed weights are drawn by chance: outputs and spectra are compared from fit to fit, weights are not.`,
          ],
    };
  },
});

async function recover(
  { model, members, resolved, seed }: TestedRun,
  dataset: Dataset,
  count: number,
  follow: (network: TestedNetwork, job: Job) => Promise<Followed>,
  job: Job,
): Promise<Recovered> {
  const [{ network }] = members;
  const tasks = [];
  for (let k = 0; k < count; k++) tasks.push(await network.again({ of: 'itself', seed: seed + APART * (k + 1) }, partOf(job, 0, 0)));
  const checkpoints = await refitAll(model, resolved, tasks, partOf(job, 0.02, 0.95));
  const networks = checkpoints.map((checkpoint) => model.open(checkpoint, resolved, dataset));
  const runs: Followed[] = [];
  const flowing: Float64Array[] = [];
  const shown = shownTrials(dataset, 'training');
  for (const one of networks) {
    runs.push(await follow(one, partOf(job, 0.95, 1)));
    if (one.between && !one.between.fromData) flowing.push((await one.follow(shown.trials, shown, partOf(job, 0.95, 1))).flowing);
  }
  return { networks, runs, ...(flowing.length > 0 && { flowing }) };
}

/** Spectrum of what weights are learned from: the data's own activity where that flows through them, else the network's over training. */
async function regressorsOf(network: TestedNetwork, dataset: Dataset, job: Job) {
  const training = trialsIn(dataset, TRAINING);
  const isData = network.between?.fromData === true;
  const followed = isData ? undefined : await network.follow(training, {}, job);
  const rows = followed?.rows ?? network.recorded(training);
  const bins = sharedBins(rows);
  const shape = { rows: rows.rows, bins: rows.bins, units: network.units };
  return spectrumOf(unitMajor(shape, followed?.flowing ?? rows.values, bins), network.units, rows.rows * bins);
}

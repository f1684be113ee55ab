// Currents between regions of a data-constrained network (Perich et al. 2021), and how far they can be believed.

import type { Currents } from '../../contract/currents.ts';
import { Failure } from '../../contract/failure.ts';
import type { Job } from '../../contract/job.ts';
import type { Result } from '../../contract/result.ts';
import type { Dataset } from '../../dataset/index.ts';
import { type DrivenNetwork, type FittedNetwork, freeRun } from '../../models/constrained/network.ts';
import { regionsHint, regionsOf } from '../../models/constrained/regions.ts';
import { eigenvaluesOf } from '../../numerics/eigenvalues.ts';
import { defineAnalysis } from '../analysis.ts';
import { countOf } from '../states.ts';
import { fittedAgain } from './again.ts';
import { type Computed, flowsOf, meanByBin, pairArrays } from './arrays.ts';
import { correlations, joined, measure, modulatedCurrents, shuffledControls } from './compute.ts';
import { judgedRuns, recorded } from './judged.ts';
import { ensembleNumbers, recoveryNumbers, shiftedNumbers, shuffleNumbers, truthNumbers } from './numbers.ts';
import { currentDiagnostics } from './readings.ts';
import { type Spectrum, spectrumOf } from './regressors.ts';
import { currentsOf } from './result.ts';
import { sharedBins, shownTrials, unitMajor } from './rows.ts';
import { CurrentMaker, type Flowing, type Members } from './terms.ts';
import { unitArrays } from './unit-arrays.ts';

export const currents = defineAnalysis({
  id: 'currents',
  version: 3,
  title: 'Currents',
  about: 'Currents from every region into every region of a network of recorded units, and how far to believe them.',
  cites: [
    'Perich M. G. et al. Inferring brain-wide interactions using data-constrained recurrent neural network models. bioRxiv 2020.12.18.423348 (2021).',
  ],
  needs: 'constrained',
  state: 'rates',
  params: {
    regions: {
      kind: 'text',
      label: 'Regions',
      help: 'Column of units that says which region each belongs to; the one that the fit used unless set.',
      offer: 'region-columns',
      tier: 'common',
    },
    flowing: {
      kind: 'choice',
      label: 'Activity',
      help: 'Whose activity flows through the weights: that of the data, or that of the network started at the first bin and left alone.',
      choices: ['data', 'free-run'],
      default: 'data',
      tier: 'occasional',
    },
    split: {
      kind: 'choice',
      label: 'Split',
      help: 'What excites and what inhibits: by the sign of the weight, or of the current; auto is by weight where activity is nowhere negative.',
      choices: ['auto', 'weight', 'current'],
      default: 'auto',
      tier: 'occasional',
    },
    draws: {
      kind: 'number',
      label: 'Shuffles',
      help: 'How often region labels are shuffled over source units.',
      default: 100,
      min: 1,
      max: 10_000,
      integer: true,
      tier: 'occasional',
    },
    recoveries: {
      kind: 'number',
      label: 'Tests of recovery',
      help: 'How often the network’s own activity, with noise as large as the data’s, is fitted again; each takes as long as the fit.',
      default: 2,
      min: 0,
      max: 100,
      integer: true,
      tier: 'occasional',
    },
    shifted: {
      kind: 'switch',
      label: 'Shifted sources',
      help: 'Fits again with the activity of one region after another shifted in time: what it then seems to send is no pathway; each takes as long as the fit.',
      default: true,
      tier: 'occasional',
    },
    components: {
      kind: 'number',
      label: 'Components',
      help: 'Principal components of each current over its target units.',
      default: 3,
      min: 1,
      max: 20,
      integer: true,
      tier: 'rare',
    },
  },
  readings: currentDiagnostics,
  details: (result): Currents => ({ ...currentsOf(result), diagnostics: currentDiagnostics(result.summary) }),
  async run({ dataset, constrained }, params, job): Promise<Result> {
    if (!constrained)
      throw new Failure(
        'not-constrained',
        'Currents flow between recorded units, and this has no network of them.',
        'Choose a run of CURBD, CORNN, FORCE or full-FORCE.',
      );
    const { fitted, model, resolved, members } = constrained;
    const { network, transform, places } = fitted;
    const n = network.units;
    const column = params.regions ?? model.choices(resolved).regions;
    const { names, units: regions, order } = regionMembers(dataset, places, column);
    if (names.length < 2)
      throw new Failure(
        'one-region',
        `All units of the network belong to one region (${names[0]}), and currents flow between regions.`,
        `${regionsHint(dataset)}, or take other units into the fit.`,
      );
    const within = (from: number, to: number): Job => ({
      ...job,
      progress: (done, doing) => job.progress(from + (to - from) * done, doing),
    });
    await job.progress(0.02, 'Making currents');
    const training = shownTrials(dataset, 'training');
    const rows = model.activity(dataset, fitted, resolved, training.trials, training.perAverage);
    const bins = sharedBins(rows);
    const values = params.flowing === 'free-run' ? freeRun(network, rows).values : rows.values;
    const samples = rows.rows * bins;
    const maker = new CurrentMaker(n, samples);
    const activity = unitMajor(rows, values, bins);
    const flowingOf = ({ J }: DrivenNetwork): Flowing => ({
      units: n,
      samples,
      weights: J.map((weight, at) => weight * transform.scale[Math.floor(at / n)]),
      activity,
    });
    const own = flowingOf(network);
    const modulatedOwn = modulatedCurrents(maker, own, regions, regions);
    const shape = { rows: rows.rows, bins };
    const perMember = members.map(({ network: other }) => {
      const flowing = other === network ? own : flowingOf(other);
      const of = other === network ? modulatedOwn : modulatedCurrents(maker, flowing, regions, regions);
      const mean = joined(regions.flatMap((into) => regions.map((from) => meanByBin(maker.from(flowing, into, from), bins))));
      return { of, measures: measure(of, regions, regions, shape), mean };
    });
    await job.progress(0.1, 'Making currents');

    const truth = truthOf(maker, dataset, fitted, own, regions);
    const each = truth && ((of: readonly Float64Array[]) => correlations(of, truth));
    const control = await shuffledControls(maker, own, regions, shape, params.draws, within(0.1, 0.2), each);
    const bench = { maker, regions, flowingOf, own: modulatedOwn, ...(truth && { truth }) };
    const again = await fittedAgain(constrained, dataset, params, bench, within(0.2, 0.95));
    await job.progress(0.95, 'Judging the network');

    const judged = judgedRuns(constrained, dataset);
    const fittedTo = model.activity(dataset, fitted, resolved, model.trainingTrials(dataset));
    const commonBins = sharedBins(fittedTo);
    const regressors = spectrumOf(unitMajor(fittedTo, fittedTo.values, commonBins), n, fittedTo.rows * commonBins);
    const computed: Computed = {
      ...{ dataset, constrained, names, regions, order, rows, bins, maker, own, modulatedOwn, perMember, control, judged, ...again },
      ...(truth && { truth }),
      split: params.split === 'auto' ? (values.every((value) => value >= 0) ? 'weight' : 'current') : params.split,
      components: params.components,
      spectrum: eigenvaluesOf(network.J, n),
      raw: recorded(dataset, constrained, training, bins),
    };
    const flows = flowsOf(computed);
    const arrays = { ...pairArrays(computed, flows), ...unitArrays(computed, flows) };
    const averages =
      training.perAverage === 0 ? countOf(rows.rows, 'condition average') : countOf(rows.rows, dataset.segments ? 'segment' : 'trial');
    const seeds = members.length > 1 ? `, ${members.length} seeds` : '';
    return {
      arrays,
      summary: summaryOf(computed, regressors, params.draws),
      recipe: `Currents of ${constrained.of}${seeds} through the activity of ${params.flowing === 'data' ? 'the data' : 'its free run'}, ${averages} of training, ${bins} bins; regions by ${column}; ${params.draws} shuffles.`,
      notes: [
        'Currents are J times activity in Hz of the target: decay, noise and inputs are not in them.',
        ...(arrays.byUnit ? [] : ['Currents by unit are too many to be kept.']),
      ],
    };
  },
});

/** The numbers that there are of a run; what is not finite is left out. */
function summaryOf(
  { constrained: { members }, names: { length: R }, perMember, control, recovered, shifted, truth, judged, own: { units } }: Computed,
  regressors: Spectrum,
  draws: number,
): Record<string, number> {
  const [first] = perMember;
  const currentsOfMembers = perMember.map(({ of }) => of);
  const summary = {
    ...shuffleNumbers(first.measures, control.shares, R, draws),
    ...ensembleNumbers(
      members.map(({ network: { J } }) => J),
      currentsOfMembers,
      units,
    ),
    ...(recovered && recoveryNumbers(recovered)),
    ...(shifted && shiftedNumbers(shifted)),
    'regressors.units': units,
    'regressors.dimensions95': regressors.dimensions95,
    'regressors.rank': regressors.rank,
    'regressors.condition': regressors.condition,
    'freeRun.pVar': judged.pVar,
    'freeRun.conditionMean': judged.conditionMean ?? Number.NaN,
    'freeRun.judging': judged.judging ? 1 : 0,
    'cancellation.most': first.measures.cancellation.reduce((most, one) => Math.max(most, one), 0),
    ...(truth &&
      control.each &&
      truthNumbers(
        currentsOfMembers.map((of) => correlations(of, truth)),
        control.each,
        R,
      )),
  };
  return Object.fromEntries(Object.entries(summary).filter(([, value]) => Number.isFinite(value)));
}

function regionMembers(dataset: Dataset, places: Int32Array, column: string) {
  const all = regionsOf(dataset, column);
  const own = Array.from(places, (unit) => all[unit]);
  const names = [...new Set(own)].sort();
  const units = names.map((name) => Int32Array.from(own.keys()).filter((unit) => own[unit] === name));
  return { names, units, order: Int32Array.from(units.flatMap((of) => [...of])) };
}

/** True currents, modulated, where true weights are known: in the target's unit, through the same activity. */
function truthOf(
  maker: CurrentMaker,
  { trueWeights, units }: Dataset,
  { places, transform }: FittedNetwork,
  own: Flowing,
  regions: Members,
): readonly Float64Array[] | undefined {
  if (!trueWeights) return undefined;
  const n = own.units;
  const weights = Float64Array.from(
    { length: n * n },
    (_, at) => trueWeights[places[Math.floor(at / n)] * units + places[at % n]] * transform.scale[at % n],
  );
  return modulatedCurrents(maker, { ...own, weights }, regions, regions);
}

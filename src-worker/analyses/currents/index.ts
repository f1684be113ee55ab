// Currents between regions of a data-constrained network (Perich et al. 2021), and how far they can be believed.

import type { Currents } from '../../contract/currents.ts';
import { Failure } from '../../contract/failure.ts';
import type { Arrays, Result } from '../../contract/result.ts';
import type { Dataset } from '../../dataset/index.ts';
import { regionsHint, regionsOf } from '../../models/constrained/regions.ts';
import type { Between, TestedNetwork } from '../../models/tested.ts';
import { activityAnalysis } from '../activity.ts';
import { defineAnalysis, partOf, resultOf } from '../analysis.ts';
import { belief } from '../belief/index.ts';
import { diagnosticsOf } from '../belief/readings.ts';
import { sharedBins, shownTrials, unitMajor } from '../belief/rows.ts';
import { countOf } from '../states.ts';
import { type Computed, flowsOf, meanByBin, pairArrays } from './arrays.ts';
import { correlations, joined, measure, modulatedCurrents, shuffledControls } from './compute.ts';
import { currentAgreement, currentRecovery, shiftedNumbers, shuffleNumbers, truthNumbers } from './numbers.ts';
import { currentsOf } from './result.ts';
import { shiftedSources } from './shifted.ts';
import { pairsTable } from './table.ts';
import { CurrentMaker, type Flowing, type Members } from './terms.ts';
import { unitArrays } from './unit-arrays.ts';

export const currents = defineAnalysis({
  id: 'currents',
  version: 4,
  title: 'Currents',
  about: 'Currents from every region into every region of a network of recorded units, and how far to believe them.',
  cites: [
    'Perich M. G. et al. Inferring brain-wide interactions using data-constrained recurrent neural network models. bioRxiv 2020.12.18.423348 (2021).',
  ],
  needs: 'tested',
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
      help: 'Whose activity flows through the weights: that of the data where it is known what flows there, or that of the network left alone.',
      choices: ['data', 'free-run'],
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
    recoveries: belief.params.recoveries,
    shifted: {
      kind: 'choice',
      label: 'Shifted sources',
      help: 'Fits again with the activity of one region after another shifted in time: what it then seems to send is no pathway. Each takes as long as the fit; auto leaves it out for networks that are trained by back-propagation.',
      choices: ['auto', 'on', 'off'],
      default: 'auto',
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
  // What is said of the network itself stands with its own analysis.
  readings: (summary) => diagnosticsOf(summary).filter(({ id }) => id !== 'regressors' && id !== 'freeRun'),
  details: (result): Currents => ({ ...currentsOf(result), diagnostics: diagnosticsOf(result.summary) }),
  table: pairsTable,
  async run(inputs, params, job): Promise<Result> {
    const { dataset, tested } = inputs;
    const between = tested?.members[0].network.between;
    if (!tested || !between)
      throw new Failure(
        'not-constrained',
        tested
          ? `Currents flow between recorded units, and the units of ${tested.title} are its own: none of them lies in a region.`
          : 'Currents flow between recorded units, and this has no network of them.',
        'Choose a run of CURBD or CORNN, or of a rate RNN that reads out units (--readout units); orrery analyze belief says how far to believe the others.',
      );
    const { members, model } = tested;
    const [{ network }] = members;
    const n = network.units;
    const column = params.regions ?? network.choices.regions;
    const { names, units: regions, order } = regionMembers(dataset, between.places, column);
    if (names.length < 2)
      throw new Failure(
        'one-region',
        `All units of the network belong to one region (${names[0]}), and currents flow between regions.`,
        `${regionsHint(dataset)}, or take other units into the fit; orrery analyze belief says how far to believe the network itself.`,
      );
    const isData = params.flowing === undefined ? between.fromData : params.flowing === 'data';
    if (isData && !between.fromData)
      throw new Failure(
        'no-states-of-data',
        `What flows through the weights of ${tested.title} is not known of the data.`,
        'Leave --flowing away: then it is that of the network left alone.',
      );
    const settings = params.recoveries === undefined ? {} : { recoveries: params.recoveries };
    const believed = await resultOf(belief, inputs, settings, partOf(job, 0, 0.5));
    const activity = await resultOf(activityAnalysis, inputs, {}, partOf(job, 0.5, 0.5));
    await job.progress(0.5, 'Making currents');
    const training = shownTrials(dataset, 'training');
    const flow = (one: TestedNetwork) => one.follow(training.trials, training, partOf(job, 0.5, 0.5));
    const followed = isData ? undefined : await flow(network);
    const rows = followed?.rows ?? network.recorded(training.trials, training);
    const values = followed?.flowing ?? rows.values;
    const bins = sharedBins(rows);
    const samples = rows.rows * bins;
    const maker = new CurrentMaker(n, samples);
    const shaped = (of: Float64Array) => unitMajor({ rows: rows.rows, bins: rows.bins, units: n }, of, bins);
    const flowingThrough = (weights: Float64Array, of: Float64Array): Flowing => ({ units: n, samples, weights, activity: shaped(of) });
    const own = flowingThrough(weightsOf(between), values);
    // Of a network that has activity of its own it is that which flows through its weights.
    const flowingOf = async (other: TestedNetwork): Promise<Flowing> =>
      isData ? { ...own, weights: weightsOf(other.between!) } : flowingThrough(weightsOf(other.between!), (await flow(other)).flowing);
    const modulatedOf = (flowing: Flowing) => modulatedCurrents(maker, flowing, regions, regions);
    const modulatedOwn = modulatedOf(own);
    const shape = { rows: rows.rows, bins };
    const perMember = [];
    for (const { network: other } of members) {
      const flowing = other === network ? own : await flowingOf(other);
      const of = other === network ? modulatedOwn : modulatedOf(flowing);
      const mean = joined(regions.flatMap((into) => regions.map((from) => meanByBin(maker.from(flowing, into, from), bins))));
      perMember.push({ of, measures: measure(of, regions, regions, shape), mean });
    }
    const truth = truthOf(maker, dataset, network, own, regions);
    const each = truth && ((of: readonly Float64Array[]) => correlations(of, truth));
    const control = await shuffledControls(maker, own, regions, shape, params.draws, partOf(job, 0.52, 0.6), each);
    const recovered = recoveredFlows(believed.arrays, own, isData, shaped).map((flowing) =>
      correlations(modulatedOf(flowing), modulatedOwn),
    );
    const isShifted = params.shifted === 'auto' ? model.usual.shifted : params.shifted === 'on';
    const bench = {
      regions,
      currentsOf: async (other: TestedNetwork) => modulatedOf(await flowingOf(other)),
      own: modulatedOwn,
      ...(truth && { truth }),
    };
    const shifted = isShifted ? await shiftedSources(tested, dataset, bench, partOf(job, 0.6, 0.97)) : undefined;
    await job.progress(0.97, 'Making currents');
    const computed: Computed = {
      ...{
        dataset,
        unit: between.unit,
        places: between.places,
        names,
        regions,
        order,
        rows,
        bins,
        maker,
        own,
        modulatedOwn,
        perMember,
        control,
      },
      ...(recovered.length > 0 && { recovered }),
      ...(shifted && { shifted }),
      ...(truth && { truth }),
      split: params.split === 'auto' ? (values.every((value) => value >= 0) ? 'weight' : 'current') : params.split,
      components: params.components,
      activity: activity.arrays,
    };
    const flows = flowsOf(computed);
    const arrays = { ...pairArrays(computed, flows), ...unitArrays(computed, flows) };
    const averages =
      training.perAverage === 0 ? countOf(rows.rows, 'condition average') : countOf(rows.rows, dataset.segments ? 'segment' : 'trial');
    const seeds = members.length > 1 ? `, ${members.length} seeds` : '';
    return {
      arrays,
      summary: { ...believed.summary, ...summaryOf(computed, params.draws) },
      recipe: `Currents of ${tested.of}${seeds} through the activity of ${isData ? 'the data' : 'its free run'}, ${averages} of training, ${bins} bins; regions by ${column}; ${params.draws} shuffles.`,
      notes: [
        between.unit === 'Hz'
          ? 'Currents are J times activity in Hz of the target: decay, noise and inputs are not in them.'
          : `Currents are J times activity in ${between.unit} of the target, so that a current of 0.1 is 10 % of its rate: decay, noise and inputs are not in them.`,
        ...(arrays.byUnit ? [] : ['Currents by unit are too many to be kept.']),
      ],
    };
  },
});

/** units × units: what an activity of 1 of the source gives the target, in the target's unit. */
const weightsOf = ({ weights, onto, from }: Pick<Between, 'weights' | 'onto' | 'from'>): Float64Array =>
  weights.map((weight, at) => onto[Math.floor(at / onto.length)] * weight * from[at % onto.length]);

/** What flows in networks that were fitted to this one's own activity. */
function recoveredFlows(
  { recoveredJ, recoveredOnto, recoveredFrom, recoveredFlowing }: Arrays,
  own: Flowing,
  isData: boolean,
  shaped: (of: Float64Array) => Float64Array,
): readonly Flowing[] {
  if (!recoveredJ) return [];
  const part = ({ values }: Arrays[string], k: number): Float64Array => {
    const length = values.length / recoveredJ.shape[0];
    return Float64Array.from(values.subarray(k * length, (k + 1) * length));
  };
  return Array.from({ length: recoveredJ.shape[0] }, (_, k) => ({
    ...own,
    weights: weightsOf({ weights: part(recoveredJ, k), onto: part(recoveredOnto, k), from: part(recoveredFrom, k) }),
    ...(!isData && recoveredFlowing && { activity: shaped(part(recoveredFlowing, k)) }),
  }));
}

/** The numbers that there are of currents; what is not finite is left out. */
function summaryOf(
  { names: { length: R }, perMember, control, recovered, shifted, truth }: Computed,
  draws: number,
): Record<string, number> {
  const [first] = perMember;
  const currentsOfMembers = perMember.map(({ of }) => of);
  const summary = {
    ...shuffleNumbers(first.measures, control.shares, R, draws),
    ...currentAgreement(currentsOfMembers),
    ...(recovered && currentRecovery(recovered)),
    ...(shifted && shiftedNumbers(shifted)),
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
  { between, outputs: { transform } }: TestedNetwork,
  own: Flowing,
  regions: Members,
): readonly Float64Array[] | undefined {
  if (!trueWeights || !between?.hasTruth) return undefined;
  const { places } = between;
  const n = own.units;
  const weights = Float64Array.from(
    { length: n * n },
    (_, at) => trueWeights[places[Math.floor(at / n)] * units + places[at % n]] * transform.scale[at % n],
  );
  return modulatedCurrents(maker, { ...own, weights }, regions, regions);
}

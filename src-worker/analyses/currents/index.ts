// Currents between regions of a data-constrained network (Perich et al. 2021), and how far they can be believed.

import type { Currents } from '../../contract/currents.ts';
import { Failure } from '../../contract/failure.ts';
import type { Job } from '../../contract/job.ts';
import type { Arrays, NamedArray, Result } from '../../contract/result.ts';
import type { Dataset } from '../../dataset/index.ts';
import { conditionMeans } from '../../models/constrained/averages.ts';
import { type DrivenNetwork, explained, type FittedNetwork, freeRun } from '../../models/constrained/network.ts';
import { regionsOf } from '../../models/constrained/regions.ts';
import { modesOf } from '../../numerics/eigen.ts';
import { correlation, median } from '../../numerics/statistics.ts';
import { type ConstrainedRun, defineAnalysis } from '../analysis.ts';
import { measure, type Measures, modulatedCurrents, shuffledControls } from './compute.ts';
import { componentsOf } from './components.ts';
import { asMeasured } from './noise.ts';
import { spectrumOf } from './regressors.ts';
import { currentsOf } from './result.ts';
import { currentDiagnostics } from './readings.ts';
import { inHz, sharedBins, shownTrials, unitMajor } from './rows.ts';
import { CurrentMaker, type Flowing, type Members, splitParts } from './terms.ts';

/** Eigenvalues of larger networks are not computed: they take minutes. */
const MOST_FOR_SPECTRUM = 400;
/** Currents by unit are kept up to so many numbers. */
const MOST_BY_UNIT = 8e6;

export const currents = defineAnalysis({
  id: 'currents',
  version: 1,
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
      offer: 'unit-columns',
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
        'Name a column of units that tells regions apart with --regions, or take other units into the fit.',
      );
    await job.progress(0.02, 'Making currents');
    const training = shownTrials(dataset, 'training');
    const rows = model.activity(dataset, fitted, resolved, training.trials, training.perAverage);
    const bins = sharedBins(rows);
    const values = params.flowing === 'free-run' ? freeRun(network, rows).values : rows.values;
    const activity = unitMajor(rows, values, bins);
    const shape = { rows: rows.rows, bins };
    const samples = rows.rows * bins;
    const maker = new CurrentMaker(n, samples);
    const flowingOf = ({ J }: DrivenNetwork): Flowing => ({
      units: n,
      samples,
      weights: J.map((weight, at) => weight * transform.scale[Math.floor(at / n)]),
      activity,
    });
    const own = flowingOf(network);
    const split = params.split === 'auto' ? (values.every((value) => value >= 0) ? 'weight' : 'current') : params.split;

    const modulatedOwn = modulatedCurrents(maker, own, regions, regions);
    const perMember = members.map(({ network: other }) => {
      const of = other === network ? modulatedOwn : modulatedCurrents(maker, flowingOf(other), regions, regions);
      return { of, measures: measure(of, regions, regions, shape) };
    });
    await job.progress(0.15, 'Making currents');

    const truth = truthOf(maker, dataset, fitted, own, regions);
    const control = await shuffledControls(maker, own, regions, shape, params.draws, job, truth && ((of) => correlations(of, truth)));
    const recovered = await recovery(constrained, dataset, rows, modulatedOwn, regions, maker, flowingOf, params.recoveries, job);
    await job.progress(0.95, 'Judging the network');

    const R = names.length;
    const pairAxes = ['target', 'source'] as const;
    const stacked = (name: 'shares' | 'signed' | 'perSourceUnit'): NamedArray => ({
      values: joined(perMember.map(({ measures }) => measures[name])),
      shape: [members.length, R, R],
      axes: ['member', ...pairAxes],
      unit: '',
    });
    const flows = regions.flatMap((into) =>
      regions.map((from) => ({ into, from, whole: maker.from(own, into, from), ...splitParts(maker, own, into, from, split) })),
    );
    const means = (name: 'whole' | 'excitatory' | 'inhibitory', about: string): NamedArray => ({
      values: Float32Array.from(joined(flows.map((flow) => meanOverTargets(flow[name], flow.into.length, samples)))),
      shape: [R, R, rows.rows, bins],
      axes: [...pairAxes, 'row', 'bin'],
      unit: 'Hz',
      about,
    });
    const parts = modulatedOwn.map((current, pair) =>
      componentsOf(current, regions[Math.floor(pair / R)].length, samples, params.components),
    );
    const judged = judgedRuns(constrained, dataset);
    const fittedTo = model.activity(dataset, fitted, resolved, model.trainingTrials(dataset));
    const commonBins = sharedBins(fittedTo);
    const spectrum = spectrumOf(unitMajor(fittedTo, fittedTo.values, commonBins), n, fittedTo.rows * commonBins);
    const weights = reordered(network.J, order, n);
    const sd = members.length > 1 ? spreadOver(members.map(({ network: { J } }) => reordered(J, order, n))) : undefined;
    const modes = n <= MOST_FOR_SPECTRUM ? modesOf(network.J, n, (re) => re) : undefined;
    const byUnit = n * R * samples <= MOST_BY_UNIT ? currentsByUnit(flows, regions, R, samples) : undefined;
    const inOrder = (of: ArrayLike<number>): Float64Array => Float64Array.from(order, (unit) => of[unit]);
    const perUnit = (numbers: Float64Array, unit: string, about: string): NamedArray => ({
      values: numbers,
      shape: [n],
      axes: ['unit'],
      unit,
      about,
    });
    const rowsByUnit = (numbers: Float64Array, count: number, length: number, unit: string, about: string): NamedArray => ({
      values: Float32Array.from(numbers, (_, at) => numbers[Math.floor(at / n) * n + order[at % n]]),
      shape: [count, length, n],
      axes: ['row', 'bin', 'unit'],
      unit,
      about,
    });
    const regionOf = new Int32Array(n);
    for (const [k, members] of regions.entries()) for (const unit of members) regionOf[unit] = k;
    const rowOf = (numbers: Int32Array): NamedArray => ({ values: numbers, shape: [numbers.length], axes: ['row'], unit: '' });
    const arrays: Arrays = {
      regions: {
        values: Int32Array.from(regions, (of) => of.length),
        shape: [R],
        axes: ['region'],
        unit: 'units',
        about: 'Units of each region',
        labels: names,
      },
      unitRegions: {
        values: Int32Array.from(order, (unit) => regionOf[unit]),
        shape: [n],
        axes: ['unit'],
        unit: '',
        about: 'Region of each unit',
      },
      unitRows: {
        values: Int32Array.from(order, (unit) => dataset.unitRows[places[unit]]),
        shape: [n],
        axes: ['unit'],
        unit: '',
        about: 'Row of the file’s table of each unit',
      },
      splitBy: {
        values: Int32Array.of(split === 'weight' ? 0 : 1),
        shape: [1],
        axes: ['value'],
        unit: '',
        about: '0 by weight, 1 by current',
      },
      rowConditions: rowOf(rows.conditions),
      rowTrials: rowOf(rows.averaged),
      timeMs: {
        values: Float64Array.from({ length: bins }, (_, t) => (dataset.edgesMs[t] + dataset.edgesMs[t + 1]) / 2),
        shape: [bins],
        axes: ['bin'],
        unit: 'ms',
      },
      size: {
        values: joined(perMember.map(({ measures }) => measures.size)),
        shape: [members.length, R, R, bins],
        axes: ['member', ...pairAxes, 'bin'],
        unit: 'Hz',
        about: 'Rms over target units and rows, time mean of each unit taken away',
      },
      sizeControl: {
        values: control.size,
        shape: [3, R, R, bins],
        axes: ['quantile', ...pairAxes, 'bin'],
        unit: 'Hz',
        about: '5, 50 and 95 % of sizes with labels of source units shuffled',
      },
      mean: means('whole', 'Mean over target units, signed'),
      excitatory: means('excitatory', 'Its part that excites'),
      inhibitory: means('inhibitory', 'Its part that inhibits'),
      components: {
        values: Float32Array.from(joined(parts.map(({ scores }) => scores))),
        shape: [R, R, params.components, rows.rows, bins],
        axes: [...pairAxes, 'component', 'row', 'bin'],
        unit: 'Hz',
        about: 'Principal components over target units, time mean taken away',
      },
      componentShares: {
        values: joined(parts.map(({ shares }) => shares)),
        shape: [R, R, params.components],
        axes: [...pairAxes, 'component'],
        unit: '',
        about: 'Share of the current’s variance',
      },
      shares: stacked('shares'),
      signedShares: stacked('signed'),
      perSourceUnit: stacked('perSourceUnit'),
      shareControl: { values: control.shares, shape: [3, R, R], axes: ['quantile', ...pairAxes], unit: '' },
      ...(byUnit && {
        byUnit: {
          values: Float32Array.from(byUnit, (_, at) => byUnit[order[Math.floor(at / (R * samples))] * R * samples + (at % (R * samples))]),
          shape: [n, R, rows.rows, bins],
          axes: ['unit', 'source', 'row', 'bin'],
          unit: 'Hz',
          about: 'Current into each unit from each region, signed',
        },
      }),
      weights: {
        values: weights,
        shape: [n, n],
        axes: ['target unit', 'source unit'],
        unit: '',
        about: 'J in the network’s units of activity',
      },
      ...(sd && { weightSd: { values: sd, shape: [n, n], axes: ['target unit', 'source unit'], unit: '', about: 'Its s.d. over seeds' } }),
      ...(modes && {
        eigenvaluesRe: { values: modes.re, shape: [n], axes: ['mode'], unit: '', about: 'Eigenvalues of J' },
        eigenvaluesIm: { values: modes.im, shape: [n], axes: ['mode'], unit: '' },
      }),
      scale: perUnit(inOrder(transform.scale), 'Hz', 'Activity is (Hz − offset) / scale'),
      offset: perUnit(inOrder(transform.offset), 'Hz', 'Offset of each unit'),
      raw: rowsByUnit(
        recorded(dataset, constrained, training, bins),
        rows.rows,
        bins,
        'Hz',
        'Averages as they were recorded, without smoothing',
      ),
      activity: rowsByUnit(turned(rows, bins), rows.rows, bins, '', 'What the network was fitted to, in its units'),
      judged: rowsByUnit(judged.data, judged.rows, judged.bins, 'Hz', 'Averages of trials that judge the network'),
      freeRun: rowsByUnit(judged.found, judged.rows, judged.bins, 'Hz', 'The network started at their first bin and left alone'),
      judgedConditions: rowOf(judged.conditions),
      freeRunPVar: perUnit(inOrder(judged.perUnit), '', 'Share of each unit’s variance that the free run explains'),
      ...(judged.meanPerUnit && {
        conditionMeanPVar: perUnit(inOrder(judged.meanPerUnit), '', 'Share that the means of conditions over training explain'),
      }),
      ...(recovered && {
        recoveredWeights: { values: recovered.weights, shape: [recovered.weights.length], axes: ['repeat'], unit: '' },
        recoveredCurrents: { values: recovered.currents, shape: [recovered.weights.length, R, R], axes: ['repeat', ...pairAxes], unit: '' },
      }),
      ...(truth &&
        control.each && {
          truth: {
            values: joined(perMember.map(({ of }) => correlations(of, truth))),
            shape: [members.length, R, R],
            axes: ['member', ...pairAxes],
            unit: '',
            about: 'Correlation with true currents, time mean of each unit taken away',
          },
          truthControl: { values: control.each, shape: [3, R, R], axes: ['quantile', ...pairAxes], unit: '' },
        }),
    };
    const summary = {
      ...shuffleNumbers(perMember[0].measures, control.shares, R, params.draws),
      ...ensembleNumbers(
        members.map(({ network: { J } }) => J),
        perMember.map(({ of }) => of),
        n,
      ),
      ...(recovered && recoveryNumbers(recovered)),
      'regressors.units': n,
      'regressors.dimensions95': spectrum.dimensions95,
      'regressors.rank': spectrum.rank,
      'regressors.condition': spectrum.condition,
      'freeRun.pVar': judged.pVar,
      ...(judged.conditionMean === undefined ? {} : { 'freeRun.conditionMean': judged.conditionMean }),
      'freeRun.judging': judged.judging ? 1 : 0,
      'cancellation.most': perMember[0].measures.cancellation.reduce((most, one) => Math.max(most, one), 0),
      ...(truth &&
        control.each &&
        truthNumbers(
          perMember.map(({ of }) => correlations(of, truth)),
          control.each,
          R,
        )),
    };
    const averages =
      training.perAverage === 0 ? `${rows.rows} condition averages` : `${rows.rows} ${dataset.segments ? 'segments' : 'trials'}`;
    const seeds = members.length > 1 ? `, ${members.length} seeds` : '';
    return {
      arrays,
      summary: Object.fromEntries(Object.entries(summary).filter(([, value]) => Number.isFinite(value))),
      recipe: `Currents of ${constrained.of}${seeds} through the activity of ${params.flowing === 'data' ? 'the data' : 'its free run'}, ${averages} of training, ${bins} bins; regions by ${column}; ${params.draws} shuffles.`,
      notes: [
        'Currents are J times activity in Hz of the target: decay, noise and inputs are not in them.',
        ...(byUnit ? [] : ['Currents by unit are too many to be kept.']),
        ...(modes ? [] : [`Eigenvalues of more than ${MOST_FOR_SPECTRUM} units are not computed.`]),
      ],
    };
  },
});

function regionMembers(dataset: Dataset, places: Int32Array, column: string) {
  const all = regionsOf(dataset, column);
  const own = Array.from(places, (unit) => all[unit]);
  const names = [...new Set(own)].sort();
  const units = names.map((name) => Int32Array.from(own.keys()).filter((unit) => own[unit] === name));
  return { names, units, order: Int32Array.from(units.flatMap((of) => [...of])) };
}

function joined(lists: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    out.set(list, at);
    at += list.length;
  }
  return out;
}

function meanOverTargets(values: Float64Array, targets: number, samples: number): Float64Array {
  const out = new Float64Array(samples);
  for (let at = 0; at < values.length; at++) out[at % samples] += values[at] / targets;
  return out;
}

/** Rows and columns in order of region. */
const reordered = (J: Float64Array, order: Int32Array, n: number): Float64Array =>
  Float64Array.from(J, (_, at) => J[order[Math.floor(at / n)] * n + order[at % n]]);

function spreadOver(lists: readonly Float64Array[]): Float64Array {
  const count = lists.length;
  return Float64Array.from(lists[0], (_, at) => {
    const mean = lists.reduce((sum, list) => sum + list[at], 0) / count;
    return Math.sqrt(lists.reduce((sum, list) => sum + (list[at] - mean) ** 2, 0) / (count - 1));
  });
}

/** unit × source × sample. */
function currentsByUnit(
  flows: readonly { readonly into: Int32Array; readonly whole: Float64Array }[],
  regions: Members,
  R: number,
  samples: number,
): Float64Array {
  const out = new Float64Array(regions.reduce((sum, { length }) => sum + length, 0) * R * samples);
  for (const [pair, { into, whole }] of flows.entries())
    for (const [i, unit] of into.entries()) out.set(whole.subarray(i * samples, (i + 1) * samples), (unit * R + (pair % R)) * samples);
  return out;
}

const correlations = (found: readonly Float64Array[], truth: readonly Float64Array[]): Float64Array =>
  Float64Array.from(found, (current, pair) => correlation(current, truth[pair]));

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

interface Recovered {
  readonly weights: Float64Array;
  /** repeat × target × source. */
  readonly currents: Float64Array;
}

/** The network's own activity, measured as noisily as the data, fitted again. */
async function recovery(
  { fitted, model, resolved, seed }: ConstrainedRun,
  dataset: Dataset,
  shown: ReturnType<ConstrainedRun['model']['activity']>,
  own: readonly Float64Array[],
  regions: Members,
  maker: CurrentMaker,
  flowingOf: (network: DrivenNetwork) => Flowing,
  repeats: number,
  job: Job,
): Promise<Recovered | undefined> {
  if (repeats === 0 || shown.rows === 0) return undefined;
  const choices = model.choices(resolved);
  const rows = model.activity(dataset, fitted, resolved, model.trainingTrials(dataset));
  const simulated = freeRun(fitted.network, rows).values;
  const [weights, currents]: [number[], Float64Array[]] = [[], []];
  for (let k = 0; k < repeats; k++) {
    const measured = asMeasured(dataset, fitted, rows, simulated, choices.sdMs, seed + 1000 * (k + 1));
    const inside = fitted.network.phi === 'tanh' ? measured.map((value) => Math.min(0.999, Math.max(-0.999, value))) : measured;
    const again = await model.refit(dataset, fitted, { ...rows, values: inside }, resolved, {
      ...job,
      seed: seed + 1000 * (k + 1),
      progress: (done) => job.progress(0.5 + (0.45 * (k + Math.min(1, done))) / repeats, 'Fitting its own activity again'),
    });
    weights.push(offDiagonal(fitted.network.J, again.J, again.units));
    currents.push(correlations(modulatedCurrents(maker, flowingOf(again), regions, regions), own));
  }
  return { weights: Float64Array.from(weights), currents: joined(currents) };
}

function offDiagonal(a: Float64Array, b: Float64Array, n: number): number {
  const off = (list: Float64Array): Float64Array => list.filter((_, at) => at % (n + 1) !== 0);
  return correlation(off(a), off(b));
}

/** Condition averages of judging trials beside free runs from their first bin. */
function judgedRuns({ fitted, model, resolved }: ConstrainedRun, dataset: Dataset) {
  const { trials, perAverage } = shownTrials(dataset, 'judging');
  const rows = model.activity(dataset, fitted, resolved, trials, perAverage);
  const bins = sharedBins(rows);
  const found = freeRun(fitted.network, rows).values;
  const training = model.trainingTrials(dataset);
  const judging = !trials.every((trial) => training.includes(trial));
  const scored = explained(rows, found);
  const means = judging ? explained(rows, conditionMeans(model.activity(dataset, fitted, resolved, training), rows)) : undefined;
  return {
    rows: rows.rows,
    bins,
    judging,
    conditions: rows.conditions,
    data: inHz(rows, rows.values, bins, fitted.transform),
    found: inHz(rows, found, bins, fitted.transform),
    pVar: scored.pVar,
    perUnit: scored.perUnit,
    conditionMean: means?.pVar,
    meanPerUnit: means?.perUnit,
  };
}

/** Averages before smoothing, rows × bins × units, Hz. */
function recorded(
  dataset: Dataset,
  { fitted, model, resolved }: ConstrainedRun,
  training: ReturnType<typeof shownTrials>,
  bins: number,
): Float64Array {
  const plain = { ...resolved, sdMs: { value: 0, reason: 'as recorded' } };
  const rows = model.activity(dataset, fitted, plain, training.trials, training.perAverage);
  return inHz(rows, rows.values, bins, fitted.transform);
}

const turned = (rows: ReturnType<ConstrainedRun['model']['activity']>, bins: number): Float64Array => {
  const one = { scale: new Float64Array(rows.units).fill(1), offset: new Float64Array(rows.units) };
  return inHz(rows, rows.values, bins, one);
};

function shuffleNumbers({ shares }: Measures, control: Float64Array, R: number, draws: number): Record<string, number> {
  const places = R * R;
  const outside = shares.filter((share, at) => share < control[at] || share > control[2 * places + at]).length;
  return { 'shuffled.outside': outside, 'shuffled.pairs': places, 'shuffled.draws': draws };
}

/** Agreement of every pair of seeds: weights off the diagonal, and currents of every pair of regions. */
function ensembleNumbers(
  weights: readonly Float64Array[],
  currents: readonly (readonly Float64Array[])[],
  n: number,
): Record<string, number> {
  if (weights.length < 2) return { 'ensemble.members': weights.length };
  const [J, I]: [number[], number[]] = [[], []];
  for (let a = 0; a < weights.length; a++)
    for (let b = a + 1; b < weights.length; b++) {
      J.push(offDiagonal(weights[a], weights[b], n));
      I.push(...correlations(currents[a], currents[b]));
    }
  return {
    'ensemble.members': weights.length,
    'ensemble.weights': J.reduce((sum, r) => sum + r, 0) / J.length,
    'ensemble.currentsLeast': Math.min(...I),
    'ensemble.currentsMost': Math.max(...I),
  };
}

function recoveryNumbers({ weights, currents }: Recovered): Record<string, number> {
  const repeats = weights.length;
  const pairs = currents.length / repeats;
  const mean = Float64Array.from({ length: pairs }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < repeats; k++) sum += currents[k * pairs + at];
    return sum / repeats;
  });
  return {
    'recovery.repeats': repeats,
    'recovery.weights': weights.reduce((sum, r) => sum + r, 0) / repeats,
    'recovery.currentsLeast': Math.min(...mean),
    'recovery.currentsMost': Math.max(...mean),
  };
}

/** Of the pairs between regions: median over pairs and seeds, its control, and those within regions apart. */
function truthNumbers(perMember: readonly Float64Array[], control: Float64Array, R: number): Record<string, number> {
  const places = Array.from({ length: R * R }, (_, at) => at);
  const between = places.filter((at) => at % (R + 1) !== 0);
  const mean = Float64Array.from(places, (at) => perMember.reduce((sum, of) => sum + of[at], 0) / perMember.length);
  const of = (list: readonly number[], from: Float64Array): Float64Array => Float64Array.from(list, (at) => from[at]);
  const own = of(between, mean);
  return {
    'truth.median': median(own),
    'truth.least': Math.min(...own),
    'truth.most': Math.max(...own),
    'truth.control95': median(of(between, control.subarray(2 * R * R))),
    'truth.within': median(
      of(
        places.filter((at) => at % (R + 1) === 0),
        mean,
      ),
    ),
  };
}

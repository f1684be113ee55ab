// The recurrent weights of a network: ordered by region, with their spectrum; of low rank as loadings, overlaps and populations.

import { Failure } from '../contract/failure.ts';
import { minus } from '../contract/minus.ts';
import type { Arrays, NamedArray, Result } from '../contract/result.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { PlainFlow } from '../models/flows.ts';
import type { Weights } from '../models/network/rnn.ts';
import { spreadOver, weightAgreement } from './agreement.ts';
import { defineAnalysis, type Dynamics } from './analysis.ts';
import { type Loadings, structureOf, summaryOf } from '../numerics/connectivity.ts';

export const weightsAnalysis = defineAnalysis({
  id: 'weights',
  version: 2,
  title: 'Weights',
  about:
    'Recurrent weights with their spectrum; of low rank their loadings, overlaps with each other and with inputs, and populations of units.',
  needs: 'flow',
  comparesSeeds: true,
  state: 'generator',
  params: {
    populations: {
      kind: 'number',
      label: 'Most populations',
      help: 'Largest number of populations that a Gaussian mixture of low-rank loadings is tried with; the Bayesian criterion chooses among them.',
      integer: true,
      min: 1,
      max: 12,
      default: 6,
      tier: 'occasional',
    },
  },
  async run({ dynamics, dataset }, { populations }, job): Promise<Result> {
    const { of, network } = networkOf(dynamics);
    const { states: N, inputs, W, V } = network;
    await job.progress(0, 'Looking at weights');
    const { re, im, loadings } = structureOf(W, V, N, populations, job.seed);
    job.signal.throwIfAborted();
    const array = (values: NamedArray['values'], shape: readonly number[], axes: readonly string[], about: string): NamedArray => ({
      values,
      shape,
      axes,
      unit: '',
      about,
    });
    const order = orderOf(dynamics, dataset, N);
    const seeds = [W, ...othersOf(dynamics, N)];
    const agreement = seeds.length > 1 ? weightAgreement(seeds, N) : undefined;
    const arrays: Arrays = {
      weights: array(W, [N, N], ['target', 'source'], 'Recurrent weights, row i those onto unit i, in the order of the network’s states'),
      ...(agreement ? { weightSd: array(spreadOver(seeds), [N, N], ['target', 'source'], 'S.d. of each weight over seeds') } : {}),
      inputWeights: array(V, [N, inputs], ['target', 'input'], 'Weights of inputs'),
      order: array(order, [N], ['place'], 'Units ordered by region, then as in the file'),
      ...(dynamics?.recorded ? { recorded: array(dynamics.recorded, [N], ['unit'], 'Place in the dataset of each unit') } : {}),
      eigenvaluesRe: array(re, [re.length], ['eigenvalue'], 'Real parts, by modulus from the largest down'),
      eigenvaluesIm: array(im, [im.length], ['eigenvalue'], 'Imaginary parts'),
      ...(loadings ? loadingArrays(loadings, inputs, array) : {}),
    };
    return {
      arrays,
      summary: {
        units: N,
        ...(re.length > 0 ? { spectralRadius: Math.hypot(re[0], im[0]), largestRealPart: re.reduce((a, b) => Math.max(a, b)) } : {}),
        ...(loadings ? summaryOf(loadings) : {}),
        ...agreement,
      },
      recipe: `Weights of ${of}, ${N} units${loadings ? `, of rank ${loadings.rank}: m and n orthogonal, with equal lengths in each dimension` : ''}.`,
      notes: [...notesOf(loadings, re.length, N), ...seedNotes(dynamics, agreement)],
    };
  },
});

/** The network's weights, per unit of time constant. Throws a Failure where dynamics are not those of a rate network. */
function networkOf(dynamics: Dynamics | undefined): { readonly of: string; readonly network: Weights } {
  const plain: PlainFlow | undefined = dynamics?.flow.plain;
  if (dynamics === undefined || plain === undefined || plain.of === 'gru' || plain.of === 'generator')
    throw new Failure(
      'no-weights',
      'These dynamics have no one matrix of weights between units.',
      'Choose a run of a rate network: Rate RNN, CORNN, CURBD, or a plain network from elsewhere.',
    );
  const { of } = dynamics;
  if (plain.of !== 'piecewise-linear') return { of, network: plain.weights };
  // A leaky rectified network: x' = (1 − a) x + a (…).
  const leak = 1 - plain.A[0];
  const isLeaky = leak > 0 && leak < 1 && plain.A.every((value) => Math.abs(value - plain.A[0]) < 1e-12);
  if (!isLeaky) return { of, network: plain.weights };
  const { weights } = plain;
  return { of, network: { ...weights, W: weights.W.map((w) => w / leak), V: weights.V.map((w) => w / leak) } };
}

/** Correlation of weights from which seeds are said to agree. */
const AGREES = 0.8;

/** Weights of other seeds, where states are the same recorded units in each. */
const othersOf = (dynamics: Dynamics | undefined, N: number): readonly Float64Array[] =>
  dynamics?.recorded
    ? (dynamics.seeds ?? [])
        .filter(({ flow }) => flow.states === N)
        .map(({ flow }) => Float64Array.from(networkOf({ ...dynamics, flow }).network.W))
    : [];

function seedNotes(dynamics: Dynamics | undefined, agreement: Readonly<Record<string, number>> | undefined): readonly string[] {
  if (!dynamics?.recorded && (dynamics?.seeds ?? []).length > 0)
    return ['Units of this network are not recorded ones, and those of other seeds stand for others: their weights are not compared.'];
  if (!agreement)
    return dynamics?.recorded ? ['One seed says nothing of how far its weights are determined: fit several (--seeds 5).'] : [];
  const share = Math.round((100 * agreement['ensemble.weightSd']) / agreement['ensemble.weightRms']);
  const r = agreement['ensemble.weights'];
  const read = r < AGREES ? 'Activity like this one does not determine them.' : 'That seeds agree does not show that they are right.';
  return [
    `Weights of ${agreement['ensemble.members']} seeds agree by r = ${minus(r.toFixed(2))}; their s.d. is ${share} % of their size. ${read}`,
  ];
}

/** Units of one region stand together, regions by name. */
function orderOf(dynamics: Dynamics | undefined, { areas }: Pick<Dataset, 'areas'>, N: number): Int32Array {
  const places = dynamics?.recorded;
  const order = Int32Array.from({ length: N }, (_, i) => i);
  if (!places) return order;
  const area = (i: number): string => areas[places[i]] ?? '';
  return order.sort((a, b) => (area(a) === area(b) ? places[a] - places[b] : area(a) < area(b) ? -1 : 1));
}

type MakeArray = (values: NamedArray['values'], shape: readonly number[], axes: readonly string[], about: string) => NamedArray;

function loadingArrays({ rank: R, units: N, mixture, ...low }: Loadings, inputs: number, array: MakeArray): Arrays {
  const K = mixture?.components ?? 1;
  const D = 2 * R + inputs;
  return {
    outputLoadings: array(low.m, [N, R], ['unit', 'dimension'], 'm: where each dimension drives the units'),
    selectionLoadings: array(low.n, [N, R], ['unit', 'dimension'], 'n: how each dimension is read from their activity'),
    singularValues: array(low.singular, [R], ['dimension'], 'Singular values of the weights'),
    overlaps: array(low.overlaps, [R, R], ['dimension', 'other dimension'], 'nᵀ m / N'),
    inputOverlaps: array(low.inputOverlaps, [R, inputs], ['dimension', 'input'], 'nᵀ V / N'),
    angles: array(low.angles, [R], ['dimension'], 'Principal angles between the spans of m and n, degrees'),
    population: array(low.populations, [N], ['unit'], 'Most likely population of each unit'),
    populationOverlaps: array(
      low.populationOverlaps,
      [K, R, R],
      ['population', 'dimension', 'other dimension'],
      'Each population’s part of nᵀ m / N',
    ),
    bic: array(Float64Array.from(low.bics), [low.bics.length], ['populations'], 'Bayesian information criterion of 1, 2 … populations'),
    ...(mixture
      ? {
          populationShares: array(mixture.shares, [K], ['population'], 'Share of the units'),
          populationMeans: array(mixture.means, [K, D], ['population', 'loading'], 'Means of m, n and weights of inputs'),
          populationCovariances: array(mixture.covariances, [K, D, D], ['population', 'loading', 'other loading'], 'Their covariances'),
        }
      : {}),
  };
}

function notesOf(loadings: Loadings | undefined, eigenvalues: number, N: number): string[] {
  if (!loadings) return eigenvalues > 0 ? [] : [`The spectrum of weights between ${N} units was left out: it would take minutes.`];
  const { mixture, bics } = loadings;
  const gauge = 'Entries of m and n mean something in this gauge alone; overlaps’ eigenvalues, singular values and angles do in any.';
  if (!mixture) return [gauge, 'There are too few units to look for populations.'];
  const words =
    mixture.components === 1
      ? 'One population describes the loadings best: units differ by degrees and not in kind.'
      : `${mixture.components} populations describe the loadings best, by ${Math.round(bics[0] - mixture.bic)} below one in the Bayesian criterion.`;
  return [gauge, words];
}

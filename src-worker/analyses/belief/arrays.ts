// The arrays that say how far a network is to be believed (contract/belief.ts lists them).

import type { Arrays, NamedArray, Result } from '../../contract/result.ts';
import type { Dataset } from '../../dataset/index.ts';
import { regionsOf } from '../../models/constrained/regions.ts';
import type { Followed, TestedNetwork } from '../../models/tested.ts';
import { eigenvaluesOf } from '../../numerics/eigenvalues.ts';
import { offDiagonal, spreadOver } from '../agreement.ts';
import type { Recovered } from './index.ts';
import { likeness } from './numbers.ts';
import { inUnit, sharedBins } from './rows.ts';

interface Made {
  readonly dataset: Dataset;
  readonly network: TestedNetwork;
  readonly members: readonly TestedNetwork[];
  /** Over trials that judge, by member. */
  readonly seeds: readonly Followed[];
  readonly scores: readonly number[];
  readonly activity: Result;
  readonly recovered?: Recovered;
}

const array = (values: NamedArray['values'], shape: readonly number[], axes: readonly string[], unit = '', about?: string): NamedArray => ({
  values,
  shape,
  axes,
  unit,
  ...(about === undefined ? {} : { about }),
});

export function beliefArrays(made: Made): Arrays {
  const { network, seeds, scores, activity, recovered } = made;
  const { rows } = seeds[0];
  const bins = sharedBins(rows);
  const { unit } = network.outputs;
  const runOf = ({ rows: own, found }: Followed, { outputs }: TestedNetwork): Float64Array => inUnit(own, found, bins, outputs.transform);
  const shaped = (values: Float64Array, about: string): NamedArray =>
    array(Float32Array.from(values), [rows.rows, bins, rows.units], ['row', 'bin', 'output'], unit, about);
  const runs = seeds.map((run, k) => runOf(run, made.members[k]));
  return {
    outputs: shaped(runs[0], 'The network left alone over averages of trials that judge it'),
    outputRows: { ...activity.arrays.unitRows, axes: ['output'] },
    rowConditions: array(rows.conditions, [rows.rows], ['row']),
    scores: array(Float64Array.from(scores), [scores.length], ['member'], '', 'Share of their variance that each seed explains'),
    ...(runs.length > 1 && { outputSd: shaped(spreadOver(runs), 'Its s.d. over seeds') }),
    ...(recovered && {
      recoveredOutputs: shaped(
        runOf(recovered.runs[0], recovered.networks[0]),
        'The same of the network that was fitted again, of the first repeat',
      ),
      recoveredOutputR: array(
        Float64Array.from(recovered.runs, (run) => likeness(seeds[0], run)),
        [recovered.runs.length],
        ['repeat'],
      ),
    }),
    ...(network.between ? weightArrays(made, network.between) : spectra(made)),
  };
}

function weightArrays({ dataset, network, members, recovered }: Made, between: NonNullable<TestedNetwork['between']>): Arrays {
  const n = network.units;
  const { places } = between;
  const every = regionsOf(dataset, network.choices.regions);
  const names = [...new Set(Array.from(places, (place) => every[place]))].sort();
  const all = members.map((member) => member.between!.weights);
  const square = (values: Float64Array, about: string): NamedArray => array(values, [n, n], ['target unit', 'source unit'], '', about);
  return {
    unitRegions: {
      ...array(
        Int32Array.from(places, (place) => names.indexOf(every[place])),
        [n],
        ['unit'],
        '',
        'Region of each unit',
      ),
      labels: names,
    },
    unitRows: array(
      Int32Array.from(places, (place) => dataset.unitRows[place]),
      [n],
      ['unit'],
      '',
      'Row of the file’s table of each unit',
    ),
    weights: square(between.weights, 'Weights in units that are the same in every fit'),
    ...(all.length > 1 && { weightSd: square(spreadOver(all), 'Their s.d. over seeds') }),
    ...(recovered && recoveredArrays(between, recovered, n)),
  };
}

function recoveredArrays({ weights }: NonNullable<TestedNetwork['between']>, { networks, flowing }: Recovered, n: number): Arrays {
  const K = networks.length;
  const of = networks.map(({ between }) => between!);
  const stacked = (lists: readonly Float64Array[]): Float64Array => {
    const out = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0));
    let at = 0;
    for (const list of lists) {
      out.set(list, at);
      at += list.length;
    }
    return out;
  };
  return {
    recoveredJ: array(
      stacked(of.map((one) => one.weights)),
      [K, n, n],
      ['repeat', 'target unit', 'source unit'],
      '',
      'Weights fitted again to the network’s own noisy activity',
    ),
    recoveredOnto: array(
      stacked(of.map(({ onto }) => onto)),
      [K, n],
      ['repeat', 'unit'],
      '',
      'Factors of targets that make currents of them',
    ),
    recoveredFrom: array(stacked(of.map(({ from }) => from)), [K, n], ['repeat', 'unit'], '', 'Factors of sources'),
    recoveredWeights: array(
      Float64Array.from(of, (one) => offDiagonal(weights, one.weights, n)),
      [K],
      ['repeat'],
      '',
      'Correlation with the weights of the network',
    ),
    ...(flowing && {
      recoveredFlowing: array(
        Float32Array.from(stacked(flowing)),
        [K, flowing[0].length / n, n],
        ['repeat', 'row and bin', 'unit'],
        '',
        'What flows through them in averages of training trials',
      ),
    }),
  };
}

/** Eigenvalues of J: what can be compared where units of one network are not those of another. */
function spectra({ network, recovered }: Made): Arrays {
  const list = (values: Float64Array): NamedArray => array(values, [values.length], ['mode']);
  const own = eigenvaluesOf(network.J, network.units);
  const again = recovered && eigenvaluesOf(recovered.networks[0].J, recovered.networks[0].units);
  return {
    eigenvaluesRe: list(own.re),
    eigenvaluesIm: list(own.im),
    ...(again && { recoveredRe: list(again.re), recoveredIm: list(again.im) }),
  };
}

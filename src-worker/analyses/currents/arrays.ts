// The arrays of a result of currents (contract/currents.ts lists them) that tell of regions and their pairs.

import type { Arrays, NamedArray } from '../../contract/result.ts';
import type { Dataset } from '../../dataset/index.ts';
import type { Activity } from '../../models/constrained/activity.ts';
import { componentsOf, projected } from './components.ts';
import { correlations, joined, type Measures, quantilesOf } from './compute.ts';
import type { Shifted } from './shifted.ts';
import { type CurrentMaker, type Flowing, type Members, rmsByBin, splitParts } from './terms.ts';
import { modulated } from '../belief/rows.ts';

/** Of the network of one seed. */
export interface MemberCurrents {
  /** Modulated currents, target · regions + source. */
  readonly of: readonly Float64Array[];
  readonly measures: Measures;
  /** target × source × bin: mean over target units and rows, signed. */
  readonly mean: Float64Array;
}

/** What was computed of a run. */
export interface Computed {
  readonly dataset: Dataset;
  /** Of currents. */
  readonly unit: string;
  /** Place in the dataset of each unit of the network. */
  readonly places: Int32Array;
  readonly names: readonly string[];
  readonly regions: Members;
  /** Units in order of region. */
  readonly order: Int32Array;
  readonly rows: Activity;
  /** The bins that every row has. */
  readonly bins: number;
  readonly maker: CurrentMaker;
  readonly own: Flowing;
  readonly modulatedOwn: readonly Float64Array[];
  readonly perMember: readonly MemberCurrents[];
  readonly control: { readonly size: Float64Array; readonly shares: Float64Array; readonly each?: readonly Float64Array[] };
  readonly truth?: readonly Float64Array[];
  /** Of every refit to the network's own activity, target × source: correlation with its currents. */
  readonly recovered?: readonly Float64Array[];
  readonly shifted?: Shifted;
  readonly split: 'weight' | 'current';
  readonly components: number;
  /** How each unit is foretold by free runs. */
  readonly activity: Arrays;
}

/** A current from one region into another. */
export interface FlowBetween {
  readonly into: Int32Array;
  readonly whole: Float64Array;
  readonly excitatory: Float64Array;
  readonly inhibitory: Float64Array;
}

export const array = (
  values: NamedArray['values'],
  shape: readonly number[],
  axes: readonly string[],
  unit = '',
  about?: string,
): NamedArray => ({
  values,
  shape,
  axes,
  unit,
  ...(about === undefined ? {} : { about }),
});

/** Currents with their parts of every pair, target · regions + source. */
export const flowsOf = ({ maker, own, regions, split }: Computed): readonly FlowBetween[] =>
  regions.flatMap((into) =>
    regions.map((from) => ({ into, whole: maker.from(own, into, from), ...splitParts(maker, own, into, from, split) })),
  );

const PAIR = ['target', 'source'] as const;

export function pairArrays(computed: Computed, flows: readonly FlowBetween[]): Arrays {
  const { dataset, unit, names, regions, rows, bins, own, modulatedOwn, perMember, control, split, components } = computed;
  const R = names.length;
  const M = perMember.length;
  const stacked = (name: 'shares' | 'signed' | 'perSourceUnit'): NamedArray =>
    array(joined(perMember.map(({ measures }) => measures[name])), [M, R, R], ['member', ...PAIR]);
  const means = (name: 'whole' | 'excitatory' | 'inhibitory', about: string): NamedArray =>
    array(
      Float32Array.from(joined(flows.map((flow) => meanOverTargets(flow[name], flow.into.length, own.samples)))),
      [R, R, rows.rows, bins],
      [...PAIR, 'row', 'bin'],
      unit,
      about,
    );
  const parts = modulatedOwn.map((current, pair) => componentsOf(current, regions[Math.floor(pair / R)].length, own.samples, components));
  // One after another: all parts of all currents at once would be large.
  const sides = (['excitatory', 'inhibitory'] as const).flatMap((name) =>
    flows.map((flow, pair) => {
      const part = modulated(flow[name], own.samples);
      const { length } = flow.into;
      return { size: rmsByBin(part, length, rows.rows, bins), scores: projected(parts[pair].loadings, part, length, own.samples) };
    }),
  );
  const sizes = Int32Array.from(regions, (of) => of.length);
  const centres = Float64Array.from({ length: bins }, (_, t) => (dataset.edgesMs[t] + dataset.edgesMs[t + 1]) / 2);
  return {
    regions: { ...array(sizes, [R], ['region'], 'units', 'Units of each region'), labels: names },
    splitBy: array(Int32Array.of(split === 'weight' ? 0 : 1), [1], ['value'], '', '0 by weight, 1 by current'),
    rowConditions: array(rows.conditions, [rows.rows], ['row']),
    rowTrials: array(rows.averaged, [rows.rows], ['row']),
    timeMs: array(centres, [bins], ['bin'], 'ms'),
    size: array(
      joined(perMember.map(({ measures }) => measures.size)),
      [M, R, R, bins],
      ['member', ...PAIR, 'bin'],
      unit,
      'Rms over target units and rows, time mean of each unit taken away',
    ),
    sizeControl: array(
      control.size,
      [3, R, R, bins],
      ['quantile', ...PAIR, 'bin'],
      unit,
      '5, 50 and 95 % of sizes with labels of source units shuffled',
    ),
    sizeParts: array(
      joined(sides.map(({ size }) => size)),
      [2, R, R, bins],
      ['part', ...PAIR, 'bin'],
      unit,
      'Size of what excites and of what inhibits, time mean of each unit taken away',
    ),
    meanBySeed: array(
      joined(perMember.map(({ mean }) => mean)),
      [M, R, R, bins],
      ['member', ...PAIR, 'bin'],
      unit,
      'Mean over target units and rows, signed',
    ),
    mean: means('whole', 'Mean over target units, signed'),
    excitatory: means('excitatory', 'Its part that excites'),
    inhibitory: means('inhibitory', 'Its part that inhibits'),
    components: array(
      Float32Array.from(joined(parts.map(({ scores }) => scores))),
      [R, R, components, rows.rows, bins],
      [...PAIR, 'component', 'row', 'bin'],
      unit,
      'Principal components over target units, time mean taken away',
    ),
    componentShares: array(
      joined(parts.map(({ shares }) => shares)),
      [R, R, components],
      [...PAIR, 'component'],
      '',
      'Share of the current’s variance',
    ),
    componentParts: array(
      Float32Array.from(joined(sides.map(({ scores }) => scores))),
      [2, R, R, components, rows.rows, bins],
      ['part', ...PAIR, 'component', 'row', 'bin'],
      unit,
      'What excites and what inhibits along the same components; they add up to those',
    ),
    shares: stacked('shares'),
    signedShares: stacked('signed'),
    perSourceUnit: stacked('perSourceUnit'),
    shareControl: array(control.shares, [3, R, R], ['quantile', ...PAIR]),
    ...testArrays(computed),
  };
}

/** What fitting again and true weights tell of every pair. */
function testArrays({ names: { length: R }, perMember, control, recovered, shifted, truth }: Computed): Arrays {
  return {
    ...(recovered && {
      recoveredCurrents: array(joined(recovered), [recovered.length, R, R], ['repeat', ...PAIR]),
    }),
    ...(shifted && {
      shiftedSizes: array(
        shifted.sizes,
        [R, R],
        PAIR,
        '',
        'Size of the current with the source’s activity shifted in time in the fit, over its size',
      ),
      shiftedBins: array(shifted.shifts, [R], ['source'], 'bins', 'By so much'),
      ...(shifted.truth && { shiftedTruth: array(shifted.truth, [R, R], PAIR, '', 'Correlation of these currents with the true ones') }),
    }),
    ...(truth &&
      control.each && {
        truth: array(
          joined(perMember.map(({ of }) => correlations(of, truth))),
          [perMember.length, R, R],
          ['member', ...PAIR],
          '',
          'Correlation with true currents, time mean of each unit taken away',
        ),
        truthControl: array(quantilesOf(control.each), [3, R, R], ['quantile', ...PAIR]),
      }),
  };
}

/** Mean over targets and rows at each bin, of targets × rows × bins. */
export function meanByBin(values: Float64Array, bins: number): Float64Array {
  const out = new Float64Array(bins);
  for (let at = 0; at < values.length; at++) out[at % bins] += values[at];
  return out.map((sum) => (sum * bins) / values.length);
}

function meanOverTargets(values: Float64Array, targets: number, samples: number): Float64Array {
  const out = new Float64Array(samples);
  for (let at = 0; at < values.length; at++) out[at % samples] += values[at] / targets;
  return out;
}

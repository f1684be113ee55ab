// Currents of one pair of regions over time: their size over target units beside shuffled regions, their first component by condition, their
// signed mean; each whole, with 5 to 95 % of seeds, or split into what excites and what inhibits. Perich et al. 2020.

import { allTrials, countOf } from '../analyses/states.ts';
import type { Arrays, NamedArray, Result } from '../contract/result.ts';
import { quantile } from '../numerics/statistics.ts';
import type { Line, Mark, Scene } from '../scene/scene.ts';
import { conditionKey, conditionRole, eventRules, sourceText, timeAxis } from './shared.ts';
import type { Shown } from './view.ts';

/** What is drawn of one pair of regions. */
export interface Pair {
  readonly into: string;
  readonly from: string;
  /** Place of the pair among target × source. */
  readonly place: number;
  readonly regions: number;
  readonly timeMs: Float64Array;
  /** Drawn as what excites and what inhibits. */
  readonly inParts: boolean;
}

/** The two parts, in the order of arrays. */
const PARTS = ['excitatory', 'inhibitory'] as const;
const SEEDS = [0.05, 0.5, 0.95] as const;

/** The bins of a pair in one slice (member, quantile, part) of an array slice × target × source × bin. */
function slice({ values }: NamedArray, { place, regions, timeMs }: Pair, at: number): Float64Array {
  const bins = timeMs.length;
  const begin = (at * regions * regions + place) * bins;
  return Float64Array.from(values.subarray(begin, begin + bins));
}

const percent = (share: number): string => (Number.isFinite(share) ? `${Math.round(100 * share)} %` : 'an unknown share');

/** Around zero or from it: a domain that every pair has alike, so that they can be compared from panel to panel. */
const most = (...lists: readonly ArrayLike<number>[]): number => {
  let size = 0;
  for (const values of lists)
    for (let at = 0; at < values.length; at++) if (Number.isFinite(values[at])) size = Math.max(size, Math.abs(values[at]));
  return 1.06 * (size || 1);
};

function frame({ dataset }: Shown, { timeMs }: Pair): Pick<Scene, 'x'> & { readonly rules: readonly Mark[] } {
  const half = timeMs.length > 1 ? (timeMs[1] - timeMs[0]) / 2 : 0;
  const domain = [timeMs[0] - half, timeMs[timeMs.length - 1] + half] as const;
  return { x: { ...timeAxis(dataset), domain }, rules: eventRules(dataset, allTrials(dataset)) };
}

/** Quantiles over seeds as a band with its median; one seed is a line. */
function overSeeds(array: NamedArray, pair: Pair, key: string): readonly Mark[] {
  const [members] = array.shape;
  const x = pair.timeMs;
  const common = { kind: 'line', key, datum: {}, colour: 'ink', weight: 'thick', x, timeMs: x } as const;
  const all = Array.from({ length: members }, (_, member) => slice(array, pair, member));
  if (members < 2) return [{ ...common, y: all[0], legend: 'this network' }];
  const seeds = countOf(members, 'seed');
  const column = new Float64Array(members);
  const [low, median, high] = SEEDS.map((q) => Float64Array.from(x, (_, t) => quantile(fill(column, all, t), q)));
  return [
    { kind: 'band', key: 'seeds', datum: {}, colour: 'ink', x, low, high, legend: `5 to 95 % of ${seeds}` },
    { ...common, y: median, legend: `median of ${seeds}` },
  ];
}

function fill(column: Float64Array, lists: readonly Float64Array[], t: number): Float64Array {
  for (let k = 0; k < lists.length; k++) column[k] = lists[k][t];
  return column;
}

const seedWords = (members: number): string =>
  members > 1 ? `dark band and line, 5 to 95 % and median of ${countOf(members, 'seed')}` : 'thick, this network';

export function sizeScene(shown: Shown, { arrays, recipe, notes }: Result, pair: Pair): Scene {
  const { size, sizeControl } = arrays;
  const { x, rules } = frame(shown, pair);
  const time = pair.timeMs;
  const { share, control } = shareOf(arrays, pair);
  const [low, median, high] = [0, 1, 2].map((at) => slice(sizeControl, pair, at));
  const parts = pair.inParts ? arrays.sizeParts : undefined;
  const marks: readonly Mark[] = parts
    ? [
        ...PARTS.map((name, at) => partLine(name, slice(parts, pair, at), time)),
        {
          kind: 'line',
          key: 'size',
          datum: {},
          colour: 'ink',
          weight: 'thick',
          x: time,
          y: slice(size, pair, 0),
          timeMs: time,
          label: 'whole',
        },
      ]
    : [
        { kind: 'band', key: 'control band', datum: {}, colour: 'band', x: time, low, high, legend: 'regions shuffled, 5 to 95 %' },
        {
          kind: 'line',
          key: 'control',
          datum: {},
          colour: 'control',
          weight: 'line',
          dashed: true,
          x: time,
          y: median,
          legend: 'their median',
        },
        ...overSeeds(size, pair, 'size'),
      ];
  return {
    title: `${pair.from} into ${pair.into}`,
    subtitle: parts
      ? `size, rms over units, of what excites and inhibits ${byWhat(arrays)}`
      : `size, rms over units; ${percent(share)} of what comes in, ${percent(control[0])} to ${percent(control[2])} with regions shuffled`,
    x,
    y: {
      label: 'Current',
      unit: size.unit,
      scale: 'linear',
      domain: [0, parts ? most(size.values, parts.values) : most(size.values, sizeControl.values)],
    },
    marks: [...marks, ...rules],
    text: `Size of the current from ${pair.from} into ${pair.into} over time: ${percent(share)} of the sizes of all currents into ${pair.into}.`,
    caption: parts
      ? `${sourceText(shown)}. ${recipe} ${pair.from} into ${pair.into}: sizes of the whole current of this network and of what excites and what inhibits in it, told apart ${byWhat(arrays)}; parts that cancel are larger than their sum. ${notes.join(' ')}`.trim()
      : `${sourceText(shown)}. ${recipe} Size of the current from ${pair.from} into ${pair.into}: ${seedWords(size.shape[0])}; pale band, 5 to 95 % with labels of source units shuffled; dashed, their median. ${notes.join(' ')}`.trim(),
  };
}

/** Several pairs in one picture, a colour each: median over seeds with their 5 to 95 %, of sizes or of signed means. */
export function comparedScene(shown: Shown, { arrays, recipe, notes }: Result, pairs: readonly Pair[], what: 'size' | 'mean'): Scene {
  const array = what === 'size' ? arrays.size : arrays.meanBySeed;
  const [members] = array.shape;
  const { x, rules } = frame(shown, pairs[0]);
  const time = pairs[0].timeMs;
  const column = new Float64Array(members);
  const marks = pairs.flatMap((pair, k): readonly Mark[] => {
    const all = Array.from({ length: members }, (_, member) => slice(array, pair, member));
    const [low, median, high] = SEEDS.map((q) => Float64Array.from(time, (_, t) => quantile(fill(column, all, t), q)));
    const common = { datum: { pair: [pair.into, pair.from] as const }, colour: { series: k }, x: time };
    const name = nameOfPair(pair);
    return [
      ...(members > 1 ? [{ ...common, kind: 'band', key: `seeds ${name}`, low, high } as const] : []),
      { ...common, kind: 'line', key: name, weight: 'thick', y: median, timeMs: time, legend: name },
    ];
  });
  const names = pairs.map(nameOfPair).join(', ');
  const of = what === 'size' ? 'size, rms over units' : 'signed mean';
  const about = `${of}${members > 1 ? `; median, 5 to 95 % of ${countOf(members, 'seed')}` : ''}`;
  return {
    title: countOf(pairs.length, 'pair'),
    subtitle: about,
    x,
    y: { label: 'Current', unit: array.unit, scale: 'linear', ...(what === 'size' ? { domain: [0, most(array.values)] as const } : {}) },
    marks: [
      ...(what === 'mean' ? [{ kind: 'rule', key: 'zero', datum: {}, colour: 'guide', y: 0, label: '' } as const] : []),
      ...marks,
      ...rules,
    ],
    text: `${what === 'size' ? 'Sizes' : 'Signed means'} of the currents ${names} over time.`,
    caption: `${sourceText(shown)}. ${recipe} ${names}: ${about}. ${notes.join(' ')}`.trim(),
  };
}

/** 'M1 from PMd'. */
export const nameOfPair = ({ into, from }: Pick<Pair, 'into' | 'from'>): string => `${into} from ${from}`;

const byWhat = ({ splitBy }: Arrays): string => `by the sign of the ${splitBy.values[0] === 0 ? 'weight' : 'current'}`;

const partLine = (name: (typeof PARTS)[number], y: Float64Array, x: Float64Array): Line => ({
  kind: 'line',
  key: name,
  datum: {},
  colour: { series: PARTS.indexOf(name) },
  weight: 'line',
  x,
  y,
  timeMs: x,
  label: name,
});

/** The share of all that comes in, the median over seeds, and 5, 50 and 95 % of shuffled regions. */
function shareOf({ shares, shareControl }: Arrays, { place, regions }: Pair) {
  const pairs = regions * regions;
  const bySeed = Float64Array.from({ length: shares.shape[0] }, (_, member) => shares.values[member * pairs + place]);
  return { share: quantile(bySeed, 0.5), control: [0, 1, 2].map((at) => shareControl.values[at * pairs + place]) };
}

/** Rows (conditions or trials) × bins of a pair, of an array whose last axes are row and bin. */
function rowsOf({ values }: NamedArray, begin: number, rows: number, bins: number): readonly Float64Array[] {
  return Array.from({ length: rows }, (_, row) => Float64Array.from(values.subarray(begin + row * bins, begin + (row + 1) * bins)));
}

export function componentScene(shown: Shown, { arrays, recipe, notes }: Result, pair: Pair): Scene {
  const { components, componentShares, rowConditions } = arrays;
  const [, , count, rows, bins] = components.shape;
  const { x, rules } = frame(shown, pair);
  const share = componentShares.values[pair.place * count];
  const parts = pair.inParts ? arrays.componentParts : undefined;
  const size = parts ? most(components.values, parts.values) : most(components.values);
  const key = conditionKey(shown.dataset, allTrials(shown.dataset));
  const begin = pair.place * count * rows * bins;
  const lines = (array: NamedArray, from: number, name: string, more: Pick<Line, 'dashed' | 'legend'> = {}): readonly Mark[] =>
    rowsOf(array, from, rows, bins).map((y, row): Mark => {
      const condition = rowConditions.values[row];
      return {
        kind: 'line',
        key: `${name} ${row}`,
        datum: condition >= 0 ? { condition } : {},
        colour: conditionRole(condition),
        weight: rows > 20 ? 'thin' : 'line',
        x: pair.timeMs,
        y,
        timeMs: pair.timeMs,
        ...more,
      };
    });
  return {
    title: `${pair.from} into ${pair.into}`,
    subtitle: parts ? `first component: solid what excites, dashed what inhibits` : `first component, ${percent(share)} of its variance`,
    x,
    y: { label: 'First component', unit: components.unit, scale: 'linear', domain: [-size, size] },
    marks: [
      ...(parts
        ? [
            ...lines(parts, begin, 'excitatory', { legend: 'excitatory' }),
            ...lines(parts, components.values.length + begin, 'inhibitory', { dashed: true, legend: 'inhibitory' }),
          ]
        : lines(components, begin, 'row')),
      ...rules,
    ],
    ...(key ? { conditions: key } : {}),
    text: `First component of the current from ${pair.from} into ${pair.into} in ${countOf(rows, 'average')}, ${percent(share)} of its variance.`,
    caption:
      `${sourceText(shown)}. ${recipe} Current from ${pair.from} into ${pair.into}: first principal component over target units, time mean of each unit taken away, ${percent(share)} of the current’s variance${parts ? `; solid, what excites along it, dashed, what inhibits, told apart ${byWhat(arrays)}` : ''}. ${notes.join(' ')}`.trim(),
  };
}

export function meanScene(shown: Shown, { arrays, recipe, notes }: Result, pair: Pair): Scene {
  const { mean, meanBySeed } = arrays;
  const [, , rows, bins] = mean.shape;
  const { x, rules } = frame(shown, pair);
  const averaged = (array: NamedArray): Float64Array => {
    const of = rowsOf(array, pair.place * rows * bins, rows, bins);
    return Float64Array.from({ length: bins }, (_, t) => of.reduce((sum, row) => sum + row[t] / rows, 0));
  };
  const marks: readonly Mark[] = pair.inParts
    ? [
        ...PARTS.map((name) => partLine(name, averaged(arrays[name]), pair.timeMs)),
        {
          kind: 'line',
          key: 'mean',
          datum: {},
          colour: 'ink',
          weight: 'thick',
          x: pair.timeMs,
          y: averaged(mean),
          timeMs: pair.timeMs,
          label: 'sum',
        },
      ]
    : overSeeds(meanBySeed, pair, 'mean');
  const about = `mean over units and ${countOf(rows, 'average')}, signed`;
  return {
    title: `${pair.from} into ${pair.into}`,
    subtitle: pair.inParts ? `${about}; parts ${byWhat(arrays)}` : about,
    x,
    y: { label: 'Current', unit: mean.unit, scale: 'linear' },
    marks: [{ kind: 'rule', key: 'zero', datum: {}, colour: 'guide', y: 0, label: '' }, ...marks, ...rules],
    text: `Mean current from ${pair.from} into ${pair.into} over time${pair.inParts ? ' with its excitatory and inhibitory parts' : ''}.`,
    caption:
      `${sourceText(shown)}. ${recipe} Current from ${pair.from} into ${pair.into}: mean over target units, signed${pair.inParts ? `; what excites and what inhibits is told ${byWhat(arrays)}` : `; ${seedWords(meanBySeed.shape[0])}`}. ${notes.join(' ')}`.trim(),
  };
}

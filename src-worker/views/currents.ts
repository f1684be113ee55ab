// Currents from one region into another over time, beside their control; or the shares of all of them as a matrix. Perich et al. 2020.

import { countOf } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import type { Arrays, NamedArray, Result } from '../contract/result.ts';
import type { Mark, Scene } from '../scene/scene.ts';
import { allTrials } from '../analyses/states.ts';
import { conditionKey, conditionRole, eventRules, sourceText, timeAxis } from './shared.ts';
import { rowScene, sharesScene } from './currents-shares.ts';
import { unitsScene } from './currents-units.ts';
import { defineView, type Shown } from './view.ts';

const params = defineParams({
  show: {
    kind: 'choice',
    label: 'Show',
    help: 'Size over target units, the first component by condition, the signed mean with its excitatory and inhibitory part, the current into each unit, the shares of what comes into one region, or all shares.',
    choices: ['size', 'component', 'mean', 'units', 'row', 'shares'],
    default: 'size',
    tier: 'common',
  },
  into: { kind: 'text', label: 'Into', help: 'Region that receives; the first unless named.', tier: 'common' },
  from: { kind: 'text', label: 'From', help: 'Region that sends; the last unless named.', tier: 'common' },
});

/** What is drawn of one pair of regions. */
export interface Pair {
  readonly into: string;
  readonly from: string;
  /** Place of the pair among target × source. */
  readonly place: number;
  readonly regions: number;
  readonly timeMs: Float64Array;
}

export const currents = defineView({
  id: 'currents',
  title: 'Currents',
  version: 1,
  about: 'Current from one region into another over time, beside other seeds and shuffled regions; or all shares.',
  shows: 'currents',
  params,
  scene(shown, { show, into, from }) {
    const { result } = shown;
    const names = result?.arrays.regions?.labels;
    if (!result || !names)
      throw new Failure('no-result', 'There are no currents to show.', 'Run the analysis first: orrery analyze currents.');
    if (show === 'shares') return sharesScene(shown, result, names);
    const target = regionNamed(names, into, 0);
    if (show === 'row') return rowScene(shown, result, names, target);
    const source = regionNamed(names, from, names.length - 1);
    const pair: Pair = {
      into: names[target],
      from: names[source],
      place: target * names.length + source,
      regions: names.length,
      timeMs: Float64Array.from(result.arrays.timeMs.values),
    };
    if (show === 'units') return unitsScene(shown, result, pair, { target, source });
    return show === 'size'
      ? sizeScene(shown, result, pair)
      : show === 'mean'
        ? meanScene(shown, result, pair)
        : componentScene(shown, result, pair);
  },
});

function regionNamed(names: readonly string[], name: string | undefined, otherwise: number): number {
  if (name === undefined || name === '') return otherwise;
  const place = names.indexOf(name);
  if (place >= 0) return place;
  throw new Failure('unknown-region', `There is no region “${name}” in this fit.`, `Known are: ${names.join(', ')}.`);
}

/** The bins of a pair in one slice (member, quantile) of an array slice × target × source × bin. */
function slice({ values }: NamedArray, { place, regions, timeMs }: Pair, at: number): Float64Array {
  const bins = timeMs.length;
  const begin = (at * regions * regions + place) * bins;
  return Float64Array.from(values.subarray(begin, begin + bins));
}

const percent = (share: number): string => (Number.isFinite(share) ? `${Math.round(100 * share)} %` : 'an unknown share');

/** A domain that every pair has alike, so that sizes can be compared from panel to panel. */
const upTo = (values: Iterable<number>): readonly [number, number] => {
  let most = 0;
  for (const value of values) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  return [0, 1.06 * (most || 1)];
};

function frame({ dataset }: Shown, pair: Pair): Pick<Scene, 'x'> & { readonly rules: readonly Mark[] } {
  const half = pair.timeMs.length > 1 ? (pair.timeMs[1] - pair.timeMs[0]) / 2 : 0;
  const axis = timeAxis(dataset);
  const domain = [pair.timeMs[0] - half, pair.timeMs[pair.timeMs.length - 1] + half] as const;
  return { x: { ...axis, domain }, rules: eventRules(dataset, allTrials(dataset)) };
}

function sizeScene(shown: Shown, { arrays, recipe, notes }: Result, pair: Pair): Scene {
  const { size, sizeControl } = arrays;
  const members = size.shape[0];
  const { x, rules } = frame(shown, pair);
  const time = pair.timeMs;
  const all = Array.from({ length: members }, (_, member) => slice(size, pair, member));
  const [low, median, high] = [0, 1, 2].map((quantile) => slice(sizeControl, pair, quantile));
  const spread: readonly Mark[] =
    members > 1
      ? all
          .slice(1)
          .map((y, k) => ({ kind: 'line', key: `seed ${k + 1}`, datum: {}, colour: 'ink', weight: 'thin', x: time, y, timeMs: time }))
      : [];
  const { share, control } = shareOf(arrays, pair);
  return {
    title: `${pair.from} into ${pair.into}`,
    subtitle: `size, rms over units; ${percent(share)} of what comes in, ${percent(control[0])} to ${percent(control[2])} with regions shuffled`,
    x,
    y: { label: 'Current', unit: 'Hz', scale: 'linear', domain: upTo([...size.values, ...sizeControl.values]) },
    marks: [
      { kind: 'band', key: 'control band', datum: {}, colour: 'band', x: time, low, high },
      { kind: 'line', key: 'control', datum: {}, colour: 'control', weight: 'line', dashed: true, x: time, y: median, label: 'shuffled' },
      ...spread,
      { kind: 'line', key: 'size', datum: {}, colour: 'ink', weight: 'thick', x: time, y: all[0], timeMs: time },
      ...rules,
    ],
    text: `Size of the current from ${pair.from} into ${pair.into} over time: ${percent(share)} of the sizes of all currents into ${pair.into}.`,
    caption:
      `${sourceText(shown)}. ${recipe} Thick, this network${members > 1 ? `; thin, ${countOf(members - 1, 'other seed')}` : ''}; band, 5 to 95 % with labels of source units shuffled; dashed, their median. ${notes.join(' ')}`.trim(),
  };
}

function shareOf({ shares, shareControl }: Arrays, { place, regions }: Pair) {
  const pairs = regions * regions;
  return { share: shares.values[place], control: [0, 1, 2].map((quantile) => shareControl.values[quantile * pairs + place]) };
}

/** Rows (conditions or trials) × bins of a pair, of an array whose last axes are row and bin. */
function rowsOf({ values }: NamedArray, begin: number, rows: number, bins: number): readonly Float64Array[] {
  return Array.from({ length: rows }, (_, row) => Float64Array.from(values.subarray(begin + row * bins, begin + (row + 1) * bins)));
}

function componentScene(shown: Shown, { arrays, recipe, notes }: Result, pair: Pair): Scene {
  const { components, componentShares, rowConditions } = arrays;
  const [, , count, rows, bins] = components.shape;
  const { x, rules } = frame(shown, pair);
  const share = componentShares.values[pair.place * count];
  const most = upTo(components.values)[1];
  const key = conditionKey(shown.dataset, allTrials(shown.dataset));
  const lines = rowsOf(components, pair.place * count * rows * bins, rows, bins).map((y, row): Mark => {
    const condition = rowConditions.values[row];
    return {
      kind: 'line',
      key: `row ${row}`,
      datum: condition >= 0 ? { condition } : {},
      colour: conditionRole(condition),
      weight: rows > 20 ? 'thin' : 'line',
      x: pair.timeMs,
      y,
      timeMs: pair.timeMs,
    };
  });
  return {
    title: `${pair.from} into ${pair.into}`,
    subtitle: `first component, ${percent(share)} of its variance`,
    x,
    y: { label: 'First component', unit: 'Hz', scale: 'linear', domain: [-most, most] },
    marks: [...lines, ...rules],
    ...(key ? { conditions: key } : {}),
    text: `First component of the current from ${pair.from} into ${pair.into} in ${countOf(rows, 'average')}, ${percent(share)} of its variance.`,
    caption:
      `${sourceText(shown)}. ${recipe} First principal component over target units, time mean of each unit taken away. ${notes.join(' ')}`.trim(),
  };
}

function meanScene(shown: Shown, { arrays, recipe, notes }: Result, pair: Pair): Scene {
  const { mean, excitatory, inhibitory, splitBy } = arrays;
  const [, , rows, bins] = mean.shape;
  const { x, rules } = frame(shown, pair);
  const averaged = (array: NamedArray): Float64Array => {
    const of = rowsOf(array, pair.place * rows * bins, rows, bins);
    return Float64Array.from({ length: bins }, (_, t) => of.reduce((sum, row) => sum + row[t] / rows, 0));
  };
  const line = (key: string, array: NamedArray, colour: 'ink' | { readonly series: number }, label: string): Mark => ({
    kind: 'line',
    key,
    datum: {},
    colour,
    weight: key === 'mean' ? 'thick' : 'line',
    x: pair.timeMs,
    y: averaged(array),
    timeMs: pair.timeMs,
    label,
  });
  const by = splitBy.values[0] === 0 ? 'weight' : 'current';
  return {
    title: `${pair.from} into ${pair.into}`,
    subtitle: `mean over units and ${countOf(rows, 'average')}, signed; parts by the sign of the ${by}`,
    x,
    y: { label: 'Current', unit: 'Hz', scale: 'linear' },
    marks: [
      { kind: 'rule', key: 'zero', datum: {}, colour: 'guide', y: 0, label: '' },
      line('excitatory', excitatory, { series: 0 }, 'excitatory'),
      line('inhibitory', inhibitory, { series: 1 }, 'inhibitory'),
      line('mean', mean, 'ink', 'sum'),
      ...rules,
    ],
    text: `Mean current from ${pair.from} into ${pair.into} over time with its excitatory and inhibitory parts.`,
    caption:
      `${sourceText(shown)}. ${recipe} Mean over target units; what excites and what inhibits is told by the sign of the ${by}. ${notes.join(' ')}`.trim(),
  };
}

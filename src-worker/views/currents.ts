// Currents from one region into another over time, beside their control; or the shares of all of them as a matrix. Perich et al. 2020.

import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import { largest, rowScene, sharesScene } from './currents-shares.ts';
import { comparedScene, componentScene, meanScene, nameOfPair, type Pair, sizeScene } from './currents-time.ts';
import { unitsScene } from './currents-units.ts';
import { defineView } from './view.ts';

const params = defineParams({
  show: {
    kind: 'choice',
    label: 'Show',
    help: 'Size over target units, the first component by condition, the signed mean, the current into each unit, the shares of what comes into one region, or all shares.',
    choices: ['size', 'component', 'mean', 'units', 'row', 'shares'],
    default: 'size',
    tier: 'common',
  },
  split: {
    kind: 'choice',
    label: 'Split',
    help: 'Currents whole, with their spread over seeds, or in two parts: what excites and what inhibits, as the analysis tells them apart.',
    choices: ['none', 'parts'],
    default: 'none',
    tier: 'common',
  },
  into: { kind: 'text', label: 'Into', help: 'Region that receives; the first unless named.', tier: 'common' },
  from: { kind: 'text', label: 'From', help: 'Region that sends; the last unless named.', tier: 'common' },
  pairs: {
    kind: 'list',
    of: 'text',
    label: 'Pairs',
    help: 'Several pairs in one picture, by size or mean, such as M1 from PMd,PMd from M1.',
    default: [],
    tier: 'occasional',
  },
});

export const currents = defineView({
  id: 'currents',
  title: 'Currents',
  version: 2,
  about: 'Current from one region into another over time, beside other seeds and shuffled regions; or all shares.',
  shows: 'currents',
  params,
  // The matrix, then each pair over time; of many regions the largest currents between them.
  report: {
    first: { show: 'shares' },
    more(shares) {
      const pairs = shares ? largest(shares) : [];
      return (['size', 'component'] as const).flatMap((show) => pairs.map(([into, from]) => ({ show, into, from })));
    },
  },
  scene(shown, { show, split, into, from, pairs }) {
    const { result } = shown;
    const names = result?.arrays.regions?.labels;
    if (!result || !names)
      throw new Failure('no-result', 'There are no currents to show.', 'Run the analysis first: orrery analyze currents.');
    if (show === 'shares') return sharesScene(shown, result, names);
    const target = regionNamed(names, into, 0);
    if (show === 'row') return rowScene(shown, result, names, target);
    const source = regionNamed(names, from, names.length - 1);
    const timeMs = Float64Array.from(result.arrays.timeMs.values);
    const pairAt = (to: number, of: number): Pair => ({
      into: names[to],
      from: names[of],
      place: to * names.length + of,
      regions: names.length,
      timeMs,
      inParts: split === 'parts',
    });
    if (pairs.length > 0) {
      if (show !== 'size' && show !== 'mean')
        throw new Failure('not-compared', 'Several pairs are compared by their size or their mean.', 'Choose --show size or --show mean.');
      const all = names.flatMap((_, to) => names.map((_, of) => pairAt(to, of)));
      return comparedScene(
        shown,
        result,
        pairs.map((name) => pairNamed(all, name)),
        show,
      );
    }
    const pair = pairAt(target, source);
    if (show === 'units') return unitsScene(shown, result, pair, { target, source });
    return show === 'size'
      ? sizeScene(shown, result, pair)
      : show === 'mean'
        ? meanScene(shown, result, pair)
        : componentScene(shown, result, pair);
  },
});

function pairNamed(pairs: readonly Pair[], name: string): Pair {
  const found = pairs.find((pair) => nameOfPair(pair) === name);
  if (found) return found;
  throw new Failure(
    'unknown-pair',
    `There is no pair of regions “${name}” in this fit.`,
    `Known are: ${pairs.map(nameOfPair).join(', ')}.`,
  );
}

function regionNamed(names: readonly string[], name: string | undefined, otherwise: number): number {
  if (name === undefined || name === '') return otherwise;
  const place = names.indexOf(name);
  if (place >= 0) return place;
  throw new Failure('unknown-region', `There is no region “${name}” in this fit.`, `Known are: ${names.join(', ')}.`);
}

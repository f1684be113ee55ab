// Currents from one region into another over time, beside their control; or the shares of all of them as a matrix. Perich et al. 2020.

import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import { largest, rowScene, sharesScene } from './currents-shares.ts';
import { componentScene, meanScene, type Pair, sizeScene } from './currents-time.ts';
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
  scene(shown, { show, split, into, from }) {
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
      inParts: split === 'parts',
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

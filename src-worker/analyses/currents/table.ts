// All pairs of regions as a table for reports: how large each current is, what of it differs between seeds, and what shuffled regions give.

import { minus } from '../../contract/minus.ts';
import type { CurrentPair } from '../../contract/currents.ts';
import type { Result, Table } from '../../contract/result.ts';
import { countOf } from '../states.ts';
import { currentsOf } from './result.ts';

const hz = (value: number): string => minus(String(Number(value.toPrecision(3))));
const percent = (share: number): string => (Number.isFinite(share) ? minus(`${Math.round(100 * share)} %`) : '–');
const fixed = (value: number | undefined): string => (value === undefined || !Number.isFinite(value) ? '–' : minus(value.toFixed(2)));

/** Whether a share lies outside what 90 of 100 shuffles of region labels give. */
const stands = ({ share, shareControl: [low, , high] }: CurrentPair): boolean => share < low || share > high;

interface Column {
  readonly title: string;
  readonly text: (pair: CurrentPair) => string;
  /** Left out where it is false. */
  readonly isThere: boolean;
}

export function pairsTable(result: Result): Table {
  const { pairs, unit } = currentsOf(result);
  const members = result.arrays.shares.shape[0];
  const [isEnsemble, seeds] = [members > 1, countOf(members, 'seed')];
  const some = (name: 'recovery' | 'shifted' | 'truth'): boolean => pairs.some((pair) => pair[name] !== undefined);
  const all: readonly Column[] = [
    { title: 'into', text: ({ into }) => into, isThere: true },
    { title: 'from', text: ({ from }) => from, isThere: true },
    { title: `size, ${unit} (rms)`, text: ({ rms }) => hz(rms), isThere: true },
    { title: `over ${seeds}`, text: ({ rmsRange: [low, high] }) => `${hz(low)} to ${hz(high)}`, isThere: isEnsemble },
    { title: 'share of size', text: (pair) => `${percent(pair.share)}${stands(pair) ? ' *' : ''}`, isThere: true },
    { title: `over ${seeds}`, text: ({ shareRange: [low, high] }) => `${percent(low)} to ${percent(high)}`, isThere: isEnsemble },
    {
      title: 'regions shuffled, 5 to 95 %',
      text: ({ shareControl: [low, , high] }) => `${percent(low)} to ${percent(high)}`,
      isThere: true,
    },
    { title: 'signed share', text: ({ signedShare }) => percent(signedShare), isThere: true },
    { title: `mean, ${unit}`, text: ({ mean }) => hz(mean), isThere: true },
    { title: `what excites, ${unit}`, text: ({ excitatory }) => hz(excitatory), isThere: true },
    { title: `what inhibits, ${unit}`, text: ({ inhibitory }) => hz(inhibitory), isThere: true },
    { title: 'comes back, r', text: ({ recovery }) => fixed(recovery), isThere: some('recovery') },
    { title: 'source shifted, of its size', text: ({ shifted }) => percent(shifted ?? Number.NaN), isThere: some('shifted') },
    { title: 'true current, r', text: ({ truth }) => fixed(truth), isThere: some('truth') },
  ];
  const columns = all.filter(({ isThere }) => isThere);
  return {
    title: 'All pairs of regions',
    about: `Sizes are of currents without each unit’s time mean; shares, of the sizes of all currents into a region; * outside 5 to 95 % of what shuffled labels of source units give${isEnsemble ? '; seeds from the least to the most' : ''}`,
    columns: columns.map(({ title }) => title),
    rows: pairs.map((pair) => columns.map(({ text }) => text(pair))),
  };
}

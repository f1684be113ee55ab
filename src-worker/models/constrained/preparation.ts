// What preprocessing makes of recorded activity before a network of recorded units is fitted to it: shown beside the recording, with what undoes it.

import { type Dataset, TRAINING, trialsIn } from '../../dataset/index.ts';
import { groupsOf, type Prepared } from './activity.ts';

export interface Preparation extends Pick<Prepared, 'places' | 'transform'> {
  readonly sdMs: number;
  readonly trialsPerAverage: number;
  /** `unit` and `global` divide by largest values, `none` by 1, and `standard` by s.d. */
  readonly scale: 'unit' | 'global' | 'none' | 'standard';
  readonly centre: boolean;
  /** Column of units whose values name regions. */
  readonly regions: string;
  /** Of the network's nonlinearity, where activity has to lie in it. */
  readonly range?: readonly [number, number];
}

/** At most so many averages stand for all of them. */
const MOST_ROWS = 24;

/** Some of the averages (or single trials) that a fit is given, the first of each condition; and how many the fit has in all. */
export function someAverages(dataset: Dataset, { trialsPerAverage }: Pick<Preparation, 'trialsPerAverage'>) {
  const groups = groupsOf(dataset, trialsIn(dataset, TRAINING), trialsPerAverage);
  const conditionOf = ([trial]: Int32Array): number => dataset.conditions?.of[trial] ?? -1;
  const most = Math.max(1, Math.floor(MOST_ROWS / new Set(groups.map(conditionOf)).size));
  const seen = new Map<number, number>();
  const kept = groups.filter((group) => {
    const before = seen.get(conditionOf(group)) ?? 0;
    seen.set(conditionOf(group), before + 1);
    return before < most;
  });
  return { groups: kept, averages: groups.length };
}

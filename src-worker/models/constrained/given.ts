// What a fit of a network of recorded units is given beside activity, and what it gives.

import type { Arrays } from '../../contract/result.ts';
import { columnOf } from '../../dataset/columns.ts';
import type { Dataset } from '../../dataset/index.ts';
import type { Checkpoint, FitJob } from '../model.ts';
import type { Activity } from './activity.ts';
import type { DrivenNetwork } from './network.ts';
import type { Resolved } from './resolved.ts';

/** What a member's fit gives. */
export interface Learned {
  readonly network: DrivenNetwork;
  readonly step: number;
  /** What it needs to go on, beside the weights. */
  readonly arrays?: Arrays;
  readonly state?: Checkpoint['state'];
  readonly diagnostics?: Readonly<Record<string, number>>;
  /** What was left to the data, as the fit chose it. */
  readonly chosen?: Resolved;
  readonly notes?: readonly string[];
}

/** What a fit knows beside activity. */
export interface Given {
  /** units × units of the network: 0 where there is no connection. */
  readonly connectome?: Float64Array;
  /** A value of a column of units for each unit of the network. Throws a Failure where there is no such column. */
  column(name: string): readonly string[];
}

/** A fit's job; what was learned so far is kept as a checkpoint. */
export interface LearnJob extends Omit<FitJob, 'save' | 'device'> {
  /** A test fits again, to activity that it made: the whole of it is wanted, whatever the seed. */
  readonly again?: boolean;
  keep(learned: Learned): Promise<void>;
}

export type FitTo = (activity: Activity, resolved: Resolved, given: Given, job: LearnJob) => Promise<Learned>;

/** The same as plain data, for other threads. */
export interface PlainGiven {
  readonly connectome?: Float64Array;
  readonly columns: Readonly<Record<string, readonly string[]>>;
}

function connectomeOf({ connectome, units }: Dataset, places: Int32Array): Pick<Given, 'connectome'> {
  if (!connectome) return {};
  const n = places.length;
  return { connectome: Float64Array.from({ length: n * n }, (_, i) => connectome[places[Math.floor(i / n)] * units + places[i % n]]) };
}

export const givenOf = (dataset: Dataset, places: Int32Array): Given => ({
  ...connectomeOf(dataset, places),
  column(name) {
    const { values } = columnOf(dataset.unitColumns ?? [], name, 'unit');
    return Array.from(places, (unit) => String(values[unit]));
  },
});

export const plainGivenOf = (dataset: Dataset, places: Int32Array): PlainGiven => ({
  ...connectomeOf(dataset, places),
  columns: Object.fromEntries(
    (dataset.unitColumns ?? []).map(({ name, values }) => [name, Array.from(places, (unit) => String(values[unit]))]),
  ),
});

export const givenFrom = ({ connectome, columns }: PlainGiven): Given => ({
  ...(connectome && { connectome }),
  column: (name) => columns[name],
});

// Two tests by fitting again. Recovery: the network's own activity, measured as noisily as the data. Shifted sources: one region's activity moved
// in time against all others, so that whatever then leads from it to them is no pathway.

import type { Job } from '../../contract/job.ts';
import type { Dataset } from '../../dataset/index.ts';
import { correlation } from '../../numerics/statistics.ts';
import { offDiagonal } from '../agreement.ts';
import { key, uniform } from '../../engine/random.ts';
import type { Activity } from '../../models/constrained/activity.ts';
import { type DrivenNetwork, freeRun } from '../../models/constrained/network.ts';
import type { ConstrainedRun } from '../analysis.ts';
import { correlations, joined, modulatedCurrents } from './compute.ts';
import { asMeasured } from './noise.ts';
import { refitAll } from './refits.ts';
import type { RefitTask } from './refit-shares.ts';
import { type CurrentMaker, type Flowing, type Members, norm } from './terms.ts';

const STREAM = 133;
/** Seeds of the tests are far from those of fits. */
const SEEDS = { recovery: 1000, shifted: 500_000 } as const;
/** Each region that is shifted takes a fit: of more than these the largest are. */
const MOST_SHIFTED = 6;
/** What the inverse of tanh takes. */
const INSIDE = 0.999;

export interface Recovered {
  /** By repeat. */
  readonly weights: Float64Array;
  /** repeat × target × source. */
  readonly currents: Float64Array;
  /** J of the first repeat. */
  readonly J: Float64Array;
}

export interface Shifted {
  /** target × source: size of the current with the source's activity shifted in the fit, over its size; NaN within a region, and of small ones among many. */
  readonly sizes: Float64Array;
  /** target × source: correlation with the true current, where that is known. */
  readonly truth?: Float64Array;
  /** By region, bins. */
  readonly shifts: Int32Array;
}

export interface Asked {
  readonly recoveries: number;
  readonly shifted: boolean;
}

/** What currents are measured with. */
export interface Bench {
  readonly maker: CurrentMaker;
  readonly regions: Members;
  flowingOf(network: DrivenNetwork): Flowing;
  /** Modulated currents of the network itself, and the true ones. */
  readonly own: readonly Float64Array[];
  readonly truth?: readonly Float64Array[];
}

export async function fittedAgain(
  run: ConstrainedRun,
  dataset: Dataset,
  { recoveries, shifted }: Asked,
  { maker, regions, flowingOf, own, truth }: Bench,
  job: Job,
): Promise<{ readonly recovered?: Recovered; readonly shifted?: Shifted }> {
  const { fitted, model, resolved, seed } = run;
  const rows = model.activity(dataset, fitted, resolved, model.trainingTrials(dataset));
  const shifts = regions.map((_, region) => shiftOf(rows.bins, seed, region));
  const bySize = Array.from(regions.keys()).sort((a, b) => regions[b].length - regions[a].length || a - b);
  const chosen = shifted ? bySize.slice(0, MOST_SHIFTED) : [];
  const tasks: readonly RefitTask[] = [
    ...recoveryTasks(run, dataset, rows, recoveries),
    ...chosen.map((k) => ({ activity: shiftedRows(rows, regions[k], shifts[k]), seed: seed + SEEDS.shifted + k })),
  ];
  if (tasks.length === 0) return {};
  const networks = await refitAll(run, dataset, tasks, job);
  const again = networks.slice(0, recoveries);
  const moved = networks.slice(recoveries);
  const currentsOf = (network: DrivenNetwork) => modulatedCurrents(maker, flowingOf(network), regions, regions);
  return {
    ...(again.length > 0 && {
      recovered: {
        weights: Float64Array.from(again, ({ J, units }) => offDiagonal(fitted.network.J, J, units)),
        currents: joined(again.map((network) => correlations(currentsOf(network), own))),
        J: again[0].J,
      },
    }),
    ...(moved.length > 0 && {
      shifted: shiftedOf(new Map(moved.map((network, k) => [chosen[k], currentsOf(network)])), own, truth, Int32Array.from(shifts)),
    }),
  };
}

function recoveryTasks({ fitted, model, resolved, seed }: ConstrainedRun, dataset: Dataset, rows: Activity, repeats: number): RefitTask[] {
  if (repeats === 0) return [];
  const { sdMs } = model.choices(resolved);
  const simulated = freeRun(fitted.network, rows).values;
  return Array.from({ length: repeats }, (_, k) => {
    const own = seed + SEEDS.recovery * (k + 1);
    const measured = asMeasured(dataset, fitted, rows, simulated, sdMs, own);
    const values = fitted.network.phi === 'tanh' ? measured.map((value) => Math.min(INSIDE, Math.max(-INSIDE, value))) : measured;
    return { activity: { ...rows, values }, seed: own };
  });
}

/** Between a quarter and three quarters of a row. */
const shiftOf = (bins: number, seed: number, region: number): number =>
  Math.max(1, Math.round(bins * (0.25 + 0.5 * uniform(key(seed, STREAM), region))));

/** Rows in which the members' activity goes round by so many bins (in rows that are shorter, by as large a share of them). */
export function shiftedRows(rows: Activity, members: Int32Array, shift: number): Activity {
  const { bins, units } = rows;
  const values = rows.values.slice();
  for (const [row, length] of rows.lengths.entries()) {
    const by = Math.max(1, Math.round((shift * length) / bins));
    for (let t = 0; t < length; t++) {
      const [to, from] = [(row * bins + ((t + by) % length)) * units, (row * bins + t) * units];
      for (const unit of members) values[to + unit] = rows.values[from + unit];
    }
  }
  return { ...rows, values };
}

/** `moved`: of source regions the currents of the network that was fitted with that region shifted. */
function shiftedOf(
  moved: ReadonlyMap<number, readonly Float64Array[]>,
  own: readonly Float64Array[],
  truth: readonly Float64Array[] | undefined,
  shifts: Int32Array,
): Shifted {
  const R = shifts.length;
  const between = (of: (current: Float64Array, pair: number) => number): Float64Array =>
    Float64Array.from({ length: R * R }, (_, pair) => {
      const currents = pair % (R + 1) === 0 ? undefined : moved.get(pair % R);
      return currents ? of(currents[pair], pair) : Number.NaN;
    });
  return {
    sizes: between((current, pair) => norm(current) / norm(own[pair])),
    ...(truth && { truth: between((current, pair) => correlation(current, truth[pair])) }),
    shifts,
  };
}

// Sources shifted: one region's activity is moved in time against all others before the fit, so that whatever then leads from it to them is no
// pathway.

import type { Job } from '../../contract/job.ts';
import type { Dataset } from '../../dataset/index.ts';
import { key, uniform } from '../../engine/random.ts';
import type { TestedNetwork } from '../../models/tested.ts';
import { correlation } from '../../numerics/statistics.ts';
import { partOf, type TestedRun } from '../analysis.ts';
import { refitAll } from '../belief/refits.ts';
import { type Members, norm } from './terms.ts';

const STREAM = 133;
/** Seeds of the tests are far from those of fits. */
const SEEDS = 500_000;
/** Each region that is shifted takes a fit: of more than these the largest are. */
const MOST_SHIFTED = 6;

export interface Shifted {
  /** target × source: size of the current with the source's activity shifted in the fit, over its size; NaN within a region, and of small ones among many. */
  readonly sizes: Float64Array;
  /** target × source: correlation with the true current, where that is known. */
  readonly truth?: Float64Array;
  /** By region, bins. */
  readonly shifts: Int32Array;
}

/** What currents are measured with. */
export interface Bench {
  readonly regions: Members;
  /** Modulated currents of a network through the activity of the data, or its own. */
  currentsOf(network: TestedNetwork): Promise<readonly Float64Array[]>;
  /** Modulated currents of the network itself, and the true ones. */
  readonly own: readonly Float64Array[];
  readonly truth?: readonly Float64Array[];
}

export async function shiftedSources(
  { model, members, resolved, seed }: TestedRun,
  dataset: Dataset,
  { regions, currentsOf, own, truth }: Bench,
  job: Job,
): Promise<Shifted> {
  const [{ network }] = members;
  const shifts = regions.map((_, region) => shiftOf(dataset.bins, seed, region));
  const bySize = Array.from(regions.keys()).sort((a, b) => regions[b].length - regions[a].length || a - b);
  const chosen = bySize.slice(0, MOST_SHIFTED);
  const tasks = [];
  for (const k of chosen)
    tasks.push(await network.again({ of: 'shifted', units: regions[k], bins: shifts[k], seed: seed + SEEDS + k }, partOf(job, 0, 0)));
  const checkpoints = await refitAll(model, resolved, tasks, partOf(job, 0, 0.95));
  const moved = new Map<number, readonly Float64Array[]>();
  for (const [k, checkpoint] of checkpoints.entries()) moved.set(chosen[k], await currentsOf(model.open(checkpoint, resolved, dataset)));
  const R = regions.length;
  const between = (of: (current: Float64Array, pair: number) => number): Float64Array =>
    Float64Array.from({ length: R * R }, (_, pair) => {
      const currents = pair % (R + 1) === 0 ? undefined : moved.get(pair % R);
      return currents ? of(currents[pair], pair) : Number.NaN;
    });
  return {
    sizes: between((current, pair) => norm(current) / norm(own[pair])),
    ...(truth && { truth: between((current, pair) => correlation(current, truth[pair])) }),
    shifts: Int32Array.from(shifts),
  };
}

/** Between a quarter and three quarters of a trial. */
const shiftOf = (bins: number, seed: number, region: number): number =>
  Math.max(1, Math.round(bins * (0.25 + 0.5 * uniform(key(seed, STREAM), region))));

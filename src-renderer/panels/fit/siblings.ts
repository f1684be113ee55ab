// Fits that differ in nothing but their seed: what an ensemble is made of.

import type { RunRecord } from '../../../src-worker/contract/run.ts';

const recipeOf = ({ model, modelVersion, dataset, settings, parent }: RunRecord): string =>
  JSON.stringify([model, modelVersion, dataset, Object.entries(settings).sort(), parent ?? '']);

/** Finished fits of the recipe of `run`, itself among them, one a seed (the newest), by seed; fewer than two are no ensemble. */
export function siblingsOf(run: RunRecord | undefined, runs: readonly RunRecord[]): readonly RunRecord[] {
  if (!run?.report || run.parent !== undefined) return [];
  const recipe = recipeOf(run);
  const bySeed = new Map(runs.filter((other) => other.report && recipeOf(other) === recipe).map((other) => [other.seed, other]));
  // The one in view stands for its seed, whatever newer one there is.
  bySeed.set(run.seed, run);
  return bySeed.size < 2 ? [] : [...bySeed.values()].sort((a, b) => a.seed - b.seed);
}

// Scores of the baselines on a dataset, kept in the project: every fit of one dataset is held against the same numbers, made once.

import type { Scores } from '../contract/run.ts';
import type { scoreBaselines } from '../metrics/report.ts';
import { loadResult, type Project, type Provenance, saveResult } from '../store/index.ts';

export type Baselines = Awaited<ReturnType<typeof scoreBaselines>>;

/** Raised whenever baselines or metrics give other numbers for the same dataset. */
const VERSION = 1;

const provenance = (dataset: string): Provenance => ({ kind: 'analysis', dataset, recipe: { id: 'baselines', version: VERSION } });

export async function loadBaselines(project: Project, dataset: string): Promise<Baselines | undefined> {
  const kept = await loadResult(project, provenance(dataset));
  if (!kept) return undefined;
  const scoresOf = (name: keyof Baselines): Scores =>
    Object.fromEntries(
      Object.entries(kept.summary).flatMap(([key, value]) => (key.startsWith(`${name}.`) ? [[key.slice(name.length + 1), value]] : [])),
    );
  return { smoothing: scoresOf('smoothing'), glm: scoresOf('glm') };
}

export async function keepBaselines(project: Project, dataset: string, baselines: Baselines): Promise<void> {
  const entries = Object.entries(baselines).flatMap(([name, scores]) =>
    Object.entries(scores).map(([score, value]) => [`${name}.${score}`, value]),
  );
  const recipe = `Baselines of dataset ${dataset} on the trials that judge a fit`;
  await saveResult(project, provenance(dataset), { arrays: {}, summary: Object.fromEntries(entries), recipe, notes: [] });
}

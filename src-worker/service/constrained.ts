// The network of recorded units that a run fitted, with those of other seeds of the same fit.

import type { ConstrainedRun } from '../analyses/analysis.ts';
import { Failure } from '../contract/failure.ts';
import type { RunRecord } from '../contract/run.ts';
import { models } from '../models/index.ts';
import type { Model } from '../models/model.ts';
import { listRuns, loadCheckpoint, type Project } from '../store/index.ts';
import { find } from './find.ts';

/** The run, then the newest finished run of every other seed with the same model, dataset and settings. */
export function seedsOf(project: Project, run: RunRecord): readonly RunRecord[] {
  const same = (of: RunRecord): string => JSON.stringify([of.model, of.modelVersion, of.dataset, of.settings, of.parent]);
  const others = new Map<number, RunRecord>();
  for (const other of listRuns(project))
    if (other.state === 'finished' && other.seed !== run.seed && same(other) === same(run)) others.set(other.seed, other);
  return [run, ...[...others.values()].sort((a, b) => a.seed - b.seed)];
}

/** Throws a Failure where the run's model has no network of recorded units. */
export async function constrainedOf(project: Project, run: RunRecord, members: readonly RunRecord[]): Promise<ConstrainedRun> {
  const { constrained: model, title } = find<Model>('model', models, run.model);
  if (!model)
    throw new Failure(
      'not-constrained',
      `Currents flow between recorded units, and ${title} has no network of them.`,
      `Choose a run of ${(models as readonly Model[])
        .filter(({ constrained }) => constrained)
        .map((one) => one.title)
        .join(', ')}.`,
    );
  const fitted = await Promise.all(
    members.map(async ({ id, seed, state }) => {
      const checkpoint = await loadCheckpoint(project, id);
      if (!checkpoint) throw new Failure('no-checkpoint', `Run ${id} has no weights yet: it is ${state}.`, 'Resume it first.');
      return { run: id, seed, fitted: model.network(checkpoint) };
    }),
  );
  return {
    model,
    resolved: run.resolved,
    fitted: fitted[0].fitted,
    seed: run.seed,
    members: fitted.map(({ run: id, seed, fitted: { network } }) => ({ run: id, seed, network })),
    of: `${title}, run ${run.id}`,
  };
}

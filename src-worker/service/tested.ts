// The network that a run fitted to its recording, with those of other seeds of the same fit.

import type { Analysis, TestedRun } from '../analyses/analysis.ts';
import { Failure } from '../contract/failure.ts';
import type { RunRecord } from '../contract/run.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { models } from '../models/index.ts';
import type { Model } from '../models/model.ts';
import { isSameFit, listRuns, loadCheckpoint, type Project } from '../store/index.ts';
import { find } from './find.ts';

/** The run, then the newest finished run of every other seed with the same model, dataset and settings. */
export function seedsOf(project: Project, run: RunRecord): readonly RunRecord[] {
  const others = new Map<number, RunRecord>();
  for (const other of listRuns(project))
    if (other.state === 'finished' && other.seed !== run.seed && isSameFit(other, run)) others.set(other.seed, other);
  return [run, ...[...others.values()].sort((a, b) => a.seed - b.seed)];
}

/** Throws a Failure where the run's model is no network that could be fitted again to its own activity. */
export async function testedOf(
  project: Project,
  run: RunRecord,
  members: readonly RunRecord[],
  dataset: Dataset,
  { title: asked }: Pick<Analysis, 'title'>,
): Promise<TestedRun> {
  const { tested: model, title } = find<Model>('model', models, run.model);
  if (!model)
    throw new Failure(
      'not-tested',
      `“${asked}” is asked of a network whose weights are learned from the recording as they are, and ${title} is none.`,
      `Choose a run of ${(models as readonly Model[])
        .filter(({ tested }) => tested)
        .map((one) => one.title)
        .join(', ')}.`,
    );
  const opened = await Promise.all(
    members.map(async ({ id, seed, state, resolved }) => {
      const checkpoint = await loadCheckpoint(project, id);
      if (!checkpoint) throw new Failure('no-checkpoint', `Run ${id} has no weights yet: it is ${state}.`, 'Resume it first.');
      return { run: id, seed, network: model.open(checkpoint, resolved, dataset) };
    }),
  );
  return { model, resolved: run.resolved, seed: run.seed, members: opened, of: `${title}, run ${run.id}`, title };
}

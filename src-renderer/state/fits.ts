// What can be done with fits beside starting and stopping the one in view: train longer, cancel one of the queue, go on with another seed.

import type { RunRecord } from '../../src-worker/contract/run.ts';
import { attempt, fit, refreshPreview } from './actions.ts';
import { host } from './connection.ts';
import { get, set } from './store.ts';

export const isGoing = (run: Pick<RunRecord, 'state'> | undefined): boolean => run?.state === 'running' || run?.state === 'queued';

/** Goes on with the finished run in view for more steps: a run of its own, with weights and optimiser taken along. */
export const trainLonger = (steps: number): Promise<void> =>
  attempt(async () => {
    const { project, run } = get();
    if (!project || !run) return;
    const longer = await host.resumeFit({ project: project.path, run: run.id }, { steps });
    const runs = [...project.runs.filter(({ id }) => id !== longer.id), longer];
    set({ run: longer, project: { ...project, runs }, points: [], progress: undefined });
  });

/** Stops a run that waits or runs, whether it is in view or not; what it has is kept. */
export const stopRun = (id: string): Promise<void> =>
  attempt(async () => {
    const { project, run } = get();
    if (!project) return;
    const stopped = await host.stopFit({ project: project.path, run: id });
    const now = get().project ?? project;
    set({ project: { ...now, runs: now.runs.map((other) => (other.id === id ? stopped : other)) } });
    if (run?.id === id) set({ run: stopped });
  });

/** The form as it was for the run in view, to be changed for another fit. */
export function duplicate(changes: Readonly<Record<string, number>> = {}): void {
  const { run, project } = get();
  if (!run) return;
  const dataset = project?.datasets?.find(({ hash }) => hash === run.dataset);
  set({ model: run.model, settings: { ...run.settings, ...changes }, seed: run.seed, ...(dataset ? { data: dataset.settings } : {}) });
  refreshPreview();
}

/** Fits the same with the next seeds, one after the other. */
export async function fitSeeds(count: number): Promise<void> {
  const { seed } = get();
  for (let k = 0; k < count; k++) {
    set({ seed: seed + k });
    await fit();
    if (get().trouble) break;
  }
  set({ seed });
}

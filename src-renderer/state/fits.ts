// What can be done with fits: start, stop, go on, train longer, cancel one of the queue, try another seed, show one.

import type { RunRecord } from '../../src-worker/contract/run.ts';
import { attempt, noteRecord, refreshRun } from './actions.ts';
import { host } from './connection.ts';
import { pinnedDevice, refreshPreview } from './form.ts';
import { get, set } from './store.ts';

export const isGoing = (run: Pick<RunRecord, 'state'> | undefined): boolean => run?.state === 'running' || run?.state === 'queued';

/** Starts a fit of the dataset with the model as set; `again` fits anew where that run is there already. */
export const fit = (again = false): Promise<void> =>
  attempt(async () => {
    const { recording, data, model, settings, seed } = get();
    if (!recording) return;
    const project = get().project ?? (await host.projectFor(recording.entry.grant));
    set({ project });
    const run = await host.startFit({
      project: project.path,
      recording: recording.entry.grant,
      model,
      data,
      settings,
      seed,
      device: pinnedDevice(),
      again,
    });
    // The first points may have come while the answer was on its way.
    set({ run, points: [], progress: undefined, selection: {} });
    noteRecord(run);
    await refreshRun();
  });

export const stop = (): Promise<void> =>
  attempt(async () => {
    const { project, run } = get();
    if (project && run) set({ run: await host.stopFit({ project: project.path, run: run.id }) });
  });

/** Goes on with the run in view, on its own device or on another. */
export const resume = (device?: string): Promise<void> =>
  attempt(async () => {
    const { project, run } = get();
    if (!project || !run) return;
    const more = device === undefined ? {} : { device };
    set({ run: await host.resumeFit({ project: project.path, run: run.id }, more) });
  });

export const showRun = (id: string): Promise<void> =>
  attempt(async () => {
    const run = get().project?.runs.find((record) => record.id === id);
    if (!run) return;
    set({ run, points: [], progress: undefined });
    await refreshRun();
  });

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

// What the user can do, and what follows from what the host tells.

import type { ProjectSummary } from '../../src-worker/contract/api.ts';
import { Failure } from '../../src-worker/contract/failure.ts';
import type { FileEntry } from '../../src-worker/contract/page.ts';
import type { MetricPoint, RunRecord } from '../../src-worker/contract/run.ts';
import { asFailure } from '../../src-worker/contract/rpc.ts';
import { suggest } from '../forms/suggest.ts';
import { giveFile, host, join } from './connection.ts';
import { refreshPreview } from './form.ts';
import { heard } from './progress.ts';
import { emptyWork, get, type Screen, set, useStore } from './store.ts';
import { setTheme } from './theme.ts';
import { recall, remembering, shownAs } from './workspace.ts';

/** Runs what the user asked for; trouble is shown once, in the window. */
export async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    set({ trouble: undefined });
    await work();
  } catch (error) {
    const failure = asFailure(error);
    if (failure.code !== 'cancelled') set({ trouble: failure });
  } finally {
    set({ busy: undefined });
  }
}

export function start(): void {
  let restored = false;
  join(
    {
      progress: (job, done, doing) => {
        heard(job, done, doing);
        if (get().busy && job === 'open') set({ busy: { doing: doing || get().busy!.doing, done } });
      },
      run: (project, record, points, progress) => {
        if (project !== get().project?.path) return;
        noteRecord(record);
        if (record.id !== get().run?.id) return;
        set({ run: record, points: merged(get().points, points), progress });
      },
      worker: (state, reason) => {
        if (state === 'crashed')
          set({
            trouble: new Failure(
              'worker-crashed',
              `The program that does the work stopped (${reason}).`,
              'It starts again by itself, and a fit that was under way goes on from its last checkpoint.',
            ),
          });
        else refreshRun();
      },
      open: (entry) => open(entry),
    },
    (joined, failure) => {
      set({ joined, ...(failure ? { trouble: failure } : {}) });
      if (!joined) return;
      attempt(async () => {
        const [hello, catalogue] = await Promise.all([host.hello(), host.catalogue()]);
        const known = catalogue.models.some(({ id }) => id === get().model);
        set({ hello, catalogue, ...(known ? {} : { model: catalogue.models.at(-1)?.id ?? '' }) });
        if (!restored) await restore();
        restored = true;
        await refreshRun();
      });
    },
  );
  window.desktop?.onCommand(runCommand);
  remembering(
    () => restored && get().joined,
    (text) => host.remember(text),
  );
}

/** Takes up what the host remembers, else the file that the program was started with. */
async function restore(): Promise<void> {
  const { hello } = get();
  const workspace = recall(hello?.workspace);
  if (workspace?.recording) {
    const { data, model, settings, seed, recording } = workspace;
    const summary = await host.inspect({ path: recording.grant }, 'open');
    set({ ...shownAs(workspace), data, model, settings, seed, recording: { entry: { ...recording, kind: 'recording' }, summary } });
    if (workspace.project !== undefined) await takeProject(await host.openProject(workspace.project), workspace.run);
    refreshPreview();
    return;
  }
  if (workspace?.project !== undefined) {
    await takeProject(await host.openProject(workspace.project), workspace.run);
    set(shownAs(workspace));
    return;
  }
  if (hello?.opened) await opening(hello.opened);
}

const merged = (before: readonly MetricPoint[], more: readonly MetricPoint[]): readonly MetricPoint[] =>
  more.length === 0 ? before : [...before, ...more.filter(({ step }) => step > (before.at(-1)?.step ?? -1))];

export function noteRecord(record: RunRecord): void {
  const { project } = get();
  if (!project) return;
  // In its place: the order is that in which fits were asked for.
  const isKnown = project.runs.some(({ id }) => id === record.id);
  const runs = isKnown ? project.runs.map((other) => (other.id === record.id ? record : other)) : [...project.runs, record];
  set({ project: { ...project, runs } });
}

/** Record and curves of the run in view, after a break or a reload. */
export async function refreshRun(): Promise<void> {
  const { project, run } = get();
  if (!project || !run) return;
  const ref = { project: project.path, run: run.id };
  const [record, points] = await Promise.all([host.run(ref), host.curves(ref)]);
  if (get().run?.id === record.id) set({ run: record, points });
}

/** Shows a project with one of its runs: the one named, else the last. */
async function takeProject(project: ProjectSummary, runId?: string): Promise<void> {
  const run = project.runs.find(({ id }) => id === runId) ?? project.runs.at(-1);
  set({ project, run, points: run ? await host.curves({ project: project.path, run: run.id }) : [] });
}

/** The forms as they were for the run in view. */
function takeForms(): void {
  const { project, run } = get();
  if (!run) return;
  const dataset = project?.datasets?.find(({ hash }) => hash === run.dataset);
  set({ model: run.model, settings: run.settings, seed: run.seed, ...(dataset ? { data: dataset.settings } : {}) });
}

export const show = (screen: Screen): void => set({ screen });
export { select } from './selection.ts';
export const dismiss = (): void => set({ trouble: undefined });

export const open = (entry: FileEntry): Promise<void> => attempt(() => opening(entry));

async function opening(entry: FileEntry): Promise<void> {
  set({ dialog: undefined, busy: { doing: `Opening ${entry.name}`, done: 0 } });
  if (entry.kind === 'project') {
    const project = await host.openProject(entry.grant);
    set({ ...emptyWork, recording: undefined });
    await takeProject(project);
    const { run } = get();
    const made = project.datasets?.find(({ hash }) => hash === run?.dataset);
    const recording = project.recordings.find(({ identity, found }) => found && (made === undefined || identity === made.recording));
    if (recording) await takeRecording({ grant: recording.path, name: project.name, kind: 'recording' });
    set({ screen: run ? (run.state === 'finished' ? 'Explore' : 'Fit') : 'Recording' });
    await host.opened(entry.grant);
  } else {
    const summary = await host.inspect({ path: entry.grant }, 'open');
    // The model of a network's weights is none for what is opened next.
    const isNetwork = get().catalogue?.models.find(({ id }) => id === get().model)?.reads !== undefined;
    set({
      ...emptyWork,
      screen: 'Recording',
      recording: { entry, summary },
      data: suggest(summary),
      ...(isNetwork ? { model: useStore.getInitialState().model } : {}),
    });
    const project = await host.opened(entry.grant);
    if (project) await takeProject(project);
  }
  takeForms();
  refreshPreview();
  const { hello } = get();
  if (hello) set({ hello: { ...hello, recent: [entry, ...hello.recent.filter(({ grant }) => grant !== entry.grant)] } });
}

async function takeRecording(entry: FileEntry): Promise<void> {
  const summary = await host.inspect({ path: entry.grant }, 'open');
  set({ recording: { entry: { ...entry, name: summary.name }, summary }, data: suggest(summary) });
}

export const openSample = (): void => {
  const { hello } = get();
  if (hello) open(hello.sample);
};

/** The system's dialog in the desktop shell, the list of files in browser mode. */
export function chooseFile(kind: 'recording' | 'project'): void {
  if (get().hello?.mode !== 'desktop') {
    set({ dialog: kind === 'project' ? 'open-project' : 'open' });
    return;
  }
  attempt(async () => {
    const entry = await host.choose(kind);
    if (entry) await opening(entry);
  });
}

export const openDropped = (file: File): Promise<void> =>
  attempt(async () => {
    set({ busy: { doing: `Copying ${file.name}`, done: 0 } });
    await opening(await giveFile(file, (done) => set({ busy: { doing: `Copying ${file.name}`, done } })));
  });

export function runCommand(command: string): void {
  if (command === 'open') chooseFile('recording');
  else if (command === 'open-project') chooseFile('project');
  else if (command === 'open-sample') openSample();
  else if (command === 'theme') setTheme(get().theme === 'dark' ? 'light' : 'dark');
}

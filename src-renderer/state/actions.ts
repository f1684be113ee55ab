// What the user can do, and what follows from what the host tells.

import type { ProjectSummary } from '../../src-worker/contract/api.ts';
import { Failure } from '../../src-worker/contract/failure.ts';
import type { FileEntry, Preset } from '../../src-worker/contract/page.ts';
import type { Settings, Value } from '../../src-worker/contract/params.ts';
import type { MetricPoint, RunRecord } from '../../src-worker/contract/run.ts';
import { asFailure } from '../../src-worker/contract/rpc.ts';
import { suggest } from '../forms/suggest.ts';
import { deliver, giveFile, host, join } from './connection.ts';
import { heard } from './progress.ts';
import { emptyWork, get, type Screen, set, useStore } from './store.ts';
import { setTheme } from './theme.ts';
import { recall, remembering, shownAs } from './workspace.ts';

const PREVIEW_AFTER_MS = 350;

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

function noteRecord(record: RunRecord): void {
  const { project } = get();
  if (!project) return;
  // In its place: the order is that in which fits were asked for.
  const isKnown = project.runs.some(({ id }) => id === record.id);
  const runs = isKnown ? project.runs.map((other) => (other.id === record.id ? record : other)) : [...project.runs, record];
  set({ project: { ...project, runs } });
}

/** Record and curves of the run in view, after a break or a reload. */
async function refreshRun(): Promise<void> {
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

const changed = (settings: Settings, name: string, value: Value | undefined): Settings => {
  const { [name]: _, ...others } = settings;
  return value === undefined ? others : { ...others, [name]: value };
};

export function setData(name: string, value: Value | undefined): void {
  set({ data: changed(get().data, name, value) });
  refreshPreview();
}

export function setSetting(name: string, value: Value | undefined): void {
  set({ settings: changed(get().settings, name, value) });
  refreshPreview();
}

export function setModel(model: string): void {
  set({ model, settings: {} });
  refreshPreview();
}

/** The form as a preset has it: its values, and all others as chosen for the data. */
export function takePreset({ model, settings }: Preset): void {
  set({ model, settings });
  refreshPreview();
}

let previewTimer: ReturnType<typeof setTimeout> | undefined;
let previewsAsked = 0;

/** Asks anew what the dataset would be and what the model would choose for it; the newest request counts. */
export function refreshPreview(): void {
  clearTimeout(previewTimer);
  const asked = ++previewsAsked;
  set({ previewing: true });
  previewTimer = setTimeout(async () => {
    const { recording, data, model, settings } = get();
    const device = pinnedDevice();
    if (!recording) {
      set({ previewing: false });
      return;
    }
    try {
      const preview = await host.preview({ recording: recording.entry.grant, data, model, settings, device }, 'preview');
      // An older request may end after a newer one.
      if (asked === previewsAsked) set({ preview, previewTrouble: undefined, previewing: false });
    } catch (error) {
      const failure = asFailure(error);
      if (asked !== previewsAsked) return;
      if (failure.code !== 'cancelled') set({ previewTrouble: failure, previewing: false });
      // Stopped though no newer request took its place: it shared the work of one that was stopped, and asks again.
      else refreshPreview();
    }
  }, PREVIEW_AFTER_MS);
}

/** The device that is pinned for fits of the model, or `auto`. */
function pinnedDevice(): string {
  const { catalogue, model, device } = get();
  return catalogue?.models.find(({ id }) => id === model)?.devices?.includes(device) ? device : 'auto';
}

/** Computes fits on a device, or on the best for `auto`. */
export function pinDevice(device: string): void {
  set({ device });
  refreshPreview();
}

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

/** Writes a view as a figure and saves it. */
export const exportFigure = (extension: string, widthMm: number, heightMm: number, dpi: number): Promise<void> =>
  attempt(async () => {
    const { project, run, draft } = get();
    if (!project || !run) return;
    const name = `${draft.view}.${extension}`;
    const out = await host.saveTarget(name);
    if (out === undefined) return;
    set({ busy: { doing: `Writing ${name}`, done: 0 } });
    const written = await host.figure(
      { project: project.path, run: run.id, ...draft, width: 1, height: 1, out, widthMm, heightMm, dpi },
      'figure',
    );
    await deliver(written.path, name);
  });

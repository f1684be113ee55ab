// The desk: reads recordings, makes datasets, draws, analyses, exports, and is the one thread that writes projects. Fits ask it for theirs.

import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { AnalysisReport, DeviceInfo, FitRequest, ProjectSummary, RunRef, WorkerApi } from '../contract/api.ts';
import { Failure } from '../contract/failure.ts';
import type { Settings } from '../contract/params.ts';
import type { RunRecord } from '../contract/run.ts';
import type { Dataset } from '../dataset/index.ts';
import { parseSettings } from '../contract/settings.ts';
import { models } from '../models/index.ts';
import type { Model } from '../models/model.ts';
import {
  addDataset,
  addRecording,
  addRun,
  curves,
  forgetView,
  getRun,
  listRuns,
  listViews,
  openProject,
  type Project,
  resolveRun,
  saveView,
  summarize,
  updateRun,
} from '../store/index.ts';
import { loadBaselines } from './baselines.ts';
import { catalogue } from './catalogue.ts';
import { listDevices } from './devices-thread.ts';
import { ensembleOf } from './ensemble.ts';
import { find } from './find.ts';
import type { FitSpec } from './fit-spec.ts';
import { foretellRun } from './foretell.ts';
import { Jobs } from './jobs.ts';
import { Library, recordingOf } from './library.ts';
import { rowsOf, unitMeans } from './look.ts';
import { Studio } from './studio.ts';
import { type Draw, methodsOfRun, writeReport } from './write-report.ts';

/** What the answering thread leaves to the desk. */
export type DeskApi = Omit<WorkerApi, 'startFit' | 'resumeFit' | 'stopFit' | 'waitForRun' | 'infer'> & {
  /** A run in the project, and what its thread is to do; no spec where it is finished already. */
  prepareFit(request: FitRequest): Promise<{ readonly record: RunRecord; readonly spec?: FitSpec }>;
  prepareResume(
    ref: RunRef,
    more: { readonly steps?: number; readonly threads?: number; readonly device?: string },
  ): Promise<{ readonly record: RunRecord; readonly spec?: FitSpec }>;
  /** Marks a run as failed whose thread ended without a word. */
  crashed(spec: FitSpec, cause: string): Promise<RunRecord>;
  infer: WorkerApi['infer'];
};

const MOST_THREADS = 16;

export class Desk implements DeskApi {
  readonly #library = new Library();
  readonly #projects = new Map<string, Promise<Project>>();
  readonly #jobs: Jobs;
  readonly #studio: Studio;

  constructor(report: (job: string, done: number, doing: string) => void) {
    this.#jobs = new Jobs(report, threadsHere());
    this.#studio = new Studio(this.#library);
  }

  async catalogue() {
    return catalogue();
  }

  devices(): Promise<readonly DeviceInfo[]> {
    return listDevices();
  }

  inspect: WorkerApi['inspect'] = (ref, name) =>
    this.#jobs.run(name, async (job) => (await this.#library.recording(ref.path, job, ref.settings)).summary);

  rows: WorkerApi['rows'] = (ref, name) =>
    this.#jobs.run(name, async (job) => rowsOf(await this.#library.recording(ref.path, job, ref.settings), ref.table));

  unitMeans: WorkerApi['unitMeans'] = ({ recording, data }, name) =>
    this.#jobs.run(name, async (job) => unitMeans(await this.#library.dataset(recording, data, job)));

  preview: WorkerApi['preview'] = ({ recording, data, model, settings, threads, device = 'auto', project }, name) =>
    this.#jobs.run(name, async (job) => {
      const entry = find<Model>('model', models, model);
      const dataset = await this.#library.dataset(recording, dataFor(entry, data), job);
      requireJudges(entry, dataset);
      const resolved = entry.resolve(dataset, parseSettings(entry.params, settings));
      const isScored =
        project !== undefined && existsSync(project) && (await loadBaselines(await this.project(project), dataset.hash)) !== undefined;
      const reading = this.#library.secondsOf(dataset);
      const cost = await foretellRun(entry, dataset, resolved, { threads: threads ?? job.threads, device, isScored, reading });
      return { dataset: dataset.summary, resolved, ...cost };
    });

  async createProject(path: string): Promise<ProjectSummary> {
    return this.#summary(await this.project(path, true));
  }

  async openProject(path: string): Promise<ProjectSummary> {
    return this.#summary(await this.project(path));
  }

  async prepareFit(request: FitRequest) {
    return this.#jobs.run(`prepare ${request.project}`, async (job) => {
      const model = find<Model>('model', models, request.model);
      const settings = parseSettings(model.params, request.settings);
      const dataset = await this.#library.dataset(request.recording, dataFor(model, request.data), job);
      requireJudges(model, dataset);
      const { summary } = await this.#library.recording(request.recording, job);
      const resolved = model.resolve(dataset, settings);
      await model.requireDevice?.(request.device);
      // Only now, when everything asked for makes sense, is anything written.
      const project = await this.project(request.project, true);
      addRecording(project, resolve(request.recording), summary);
      addDataset(project, dataset);
      const wanted = {
        model: model.id,
        modelVersion: model.version,
        dataset: dataset.hash,
        seed: request.seed,
        settings,
        resolved,
        device: request.device,
      };
      const found = addRun(project, { ...wanted, again: request.again ?? false });
      // A run that another device finished is not the one that a user who names a device asks for.
      const elsewhere = model.requireDevice && ![found.run.device, 'auto'].includes(request.device);
      const { run, existed } = found.run.state === 'finished' && elsewhere ? addRun(project, { ...wanted, again: true }) : found;
      if (existed && run.state === 'finished') return { record: run };
      return this.#queued(project, run, request.threads, request.device);
    });
  }

  prepareResume: DeskApi['prepareResume'] = async (ref, { steps, threads, device }) => {
    const project = await this.project(ref.project);
    const run = ref.run === 'latest' ? newest(project) : resolveRun(project, ref.run);
    if (steps === undefined || run.state !== 'finished') {
      if (run.state === 'finished') return { record: run };
      return this.#queued(project, run, threads, device ?? run.device);
    }
    const model = find<Model>('model', models, run.model);
    if (!('steps' in model.params))
      throw new Failure('no-steps', `${model.title} is fitted at once and cannot be trained longer.`, 'Leave --steps out.');
    const { run: child, existed } = addRun(project, { ...run, parent: run.id, moreSteps: steps, device: device ?? run.device });
    if (existed && child.state === 'finished') return { record: child };
    const { record, spec } = this.#queued(project, child, threads, device ?? run.device);
    return { record, spec: { ...spec, parent: run.id, moreSteps: steps } };
  };

  async crashed(spec: FitSpec, cause: string): Promise<RunRecord> {
    const failure = {
      code: 'fit-crashed',
      sentence: `The fit ended unexpectedly: ${cause}.`,
      hint: 'Resume it: it goes on from its last checkpoint.',
    };
    return updateRun(await this.project(spec.project), spec.run, { state: 'failed', failure });
  }

  async run(ref: RunRef): Promise<RunRecord> {
    return resolveRun(await this.project(ref.project), ref.run);
  }

  async curves(ref: RunRef) {
    const project = await this.project(ref.project);
    return curves(project, resolveRun(project, ref.run).id);
  }

  ensemble: WorkerApi['ensemble'] = ({ project, runs }, name) =>
    this.#jobs.run(name, async (job) => ensembleOf(await this.project(project), this.#library, runs, job));

  infer: WorkerApi['infer'] = (request, name) =>
    this.#jobs.run(name, async (job) => this.#studio.infer(await this.project(request.project), request, job));

  analyze: WorkerApi['analyze'] = (request, name): Promise<AnalysisReport> =>
    this.#jobs.run(name, async (job) => this.#studio.analyze(await this.project(request.project), request, job));

  points: WorkerApi['points'] = (request, name) =>
    this.#jobs.run(name, async (job) => this.#studio.points(await this.project(request.project), request, job));

  scene: WorkerApi['scene'] = (request, name) =>
    this.#jobs.run(name, (job) => this.#studio.scene((path) => this.project(path), request, job));

  figure: WorkerApi['figure'] = (request, name) =>
    this.#jobs.run(name, (job) => this.#studio.figure((path) => this.project(path), request, job));

  export: WorkerApi['export'] = (request, name) =>
    this.#jobs.run(name, async (job) => this.#studio.export(await this.project(request.project), request, job));

  methods: WorkerApi['methods'] = (ref, name) =>
    this.#jobs.run(name, async (job) => {
      const project = await this.project(ref.project);
      return methodsOfRun(project, this.#library, resolveRun(project, ref.run), job);
    });

  report: WorkerApi['report'] = (request, name) =>
    this.#jobs.run(name, async (job) => {
      const draw: Draw = (asked, drawing) => this.#studio.scene((path) => this.project(path), asked, drawing);
      return writeReport(await this.project(request.project), this.#library, request, draw, job);
    });

  async cancel(name: string): Promise<void> {
    this.#jobs.cancel(name);
  }

  async close(): Promise<void> {
    for (const project of this.#projects.values()) (await project).close();
  }

  /** The project at a path, opened once for all who ask. */
  project(path: string, create = false): Promise<Project> {
    const whole = resolve(path);
    const known = this.#projects.get(whole);
    if (known && existsSync(whole)) return known;
    const opened = openProject(whole, { create });
    this.#projects.set(whole, opened);
    opened.catch(() => this.#projects.delete(whole));
    return opened;
  }

  keepView: WorkerApi['keepView'] = async ({ project: path, name, view }) => {
    const project = await this.project(path);
    if (view) saveView(project, name, view);
    else forgetView(project, name);
    return listViews(project);
  };

  #summary(project: Project): ProjectSummary {
    return { ...summarize(project, listRuns(project)), views: listViews(project) };
  }

  /** A run that is to be fitted, and how. Throws a Failure, before anything runs, where the project cannot be written. */
  #queued(project: Project, run: RunRecord, threads = threadsHere(), device = 'auto'): { record: RunRecord; spec: FitSpec } {
    const { path, settings } = recordingOf(project, run.dataset);
    const record = updateRun(project, run.id, { state: 'queued' });
    const spec: FitSpec = {
      project: project.path,
      run: run.id,
      recording: path,
      data: settings,
      model: run.model,
      settings: run.settings,
      seed: run.seed,
      threads,
      device,
      oneThread: find<Model>('model', models, run.model).oneThread === true,
    };
    return { record, spec };
  }
}

/** Settings of the dataset that a model asks for: a network's weights are no trials. */
const dataFor = ({ reads }: Model, data: Settings): Settings => (reads === 'network' ? { ...data, network: true } : data);

/** Throws where a recording of one piece leaves a model nothing to be judged by. */
function requireJudges({ title, takesOnePiece, reads }: Model, { summary, trials }: Dataset): void {
  if (trials !== 1 || summary.trainingTrials !== 1 || takesOnePiece || reads === 'network') return;
  throw new Failure(
    'no-validation-trials',
    `The recording is one piece, and ${title} needs others to be judged by.`,
    'Chop it into segments, for example with --segment-ms 1000.',
  );
}

const threadsHere = (): number => Math.min(MOST_THREADS, availableParallelism());

/** The run asked for last, whatever its state: the one a user means by resuming the latest. */
function newest(project: Project): RunRecord {
  const last = listRuns(project).at(-1);
  if (last) return getRun(project, last.id);
  throw new Failure('no-runs', `${project.name} has no runs.`, 'Fit a model first.');
}

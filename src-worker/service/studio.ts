// What is asked of runs: analyses, Scenes for the screen, figures and exports as files.

import { basename, extname, resolve } from 'node:path';
import { analyses } from '../analyses/index.ts';
import type { Analysis } from '../analyses/analysis.ts';
import { type Tracker, trackerOf } from '../analyses/continuation/track.ts';
import { usualDistance, visitedRows } from '../analyses/fixed-points/starts.ts';
import { rangeOfInput } from '../analyses/flow/held.ts';
import type { AnalysisReport, FigureRequest, SavedView, ViewRequest, WorkerApi } from '../contract/api.ts';
import { Failure } from '../contract/failure.ts';
import type { Job } from '../contract/job.ts';
import type { Arrays, Result } from '../contract/result.ts';
import type { RunRecord } from '../contract/run.ts';
import { movieParams } from '../contract/paper.ts';
import { parseSettings, valuesOf } from '../contract/settings.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { settingsLike } from '../dataset/index.ts';
import { arraysOfTrials, chosenTrials, datasetOfTrials, requireTrials } from '../dataset/restricted.ts';
import type { Exporter } from '../exporters/exporter.ts';
import { exporters } from '../exporters/index.ts';
import { figureType, writeFigure } from '../figure/figure.ts';
import { movieText, writeMovie } from '../figure/movie.ts';
import { captionOf, heightFor, withMore } from '../scene/caption.ts';
import { followed } from '../scene/follow.ts';
import type { Scene } from '../scene/scene.ts';
import { models } from '../models/index.ts';
import {
  checkDestination,
  checkDestinationOf,
  curves,
  loadOutputs,
  outputsStep,
  type Project,
  resolveRun,
  savedView,
  saveView,
  writeArrays,
} from '../store/index.ts';
import { views } from '../views/index.ts';
import type { Shown, View } from '../views/view.ts';
import { Cache } from './cache.ts';
import { find } from './find.ts';
import { type Asked, type OwnDynamics, noOutputs, Results } from './results.ts';
import { reportOf } from './points.ts';
import { checkResultName, writeTable } from './result-table.ts';
import { inferOn } from './infer.ts';
import { type Library, recordingOf } from './library.ts';
import { Preparations } from './preparations.ts';
import { writeWhole } from './write-whole.ts';

const TRACKERS_KEPT = 3;
/** The analysis whose points can be followed, and the one that follows them. */
const POINTS = 'fixed-points';
const BRANCHES = 'continuation';

export class Studio {
  readonly #library: Library;
  readonly #results: Results;
  readonly #trackers = new Cache<Tracker>(TRACKERS_KEPT);
  readonly #preparations: Preparations;

  constructor(library: Library) {
    this.#library = library;
    this.#results = new Results(library);
    this.#preparations = new Preparations(library);
  }

  async analyze(project: Project, request: Parameters<WorkerApi['analyze']>[0], job: Job): Promise<AnalysisReport> {
    const begun = performance.now();
    const run = resolveRun(project, request.run);
    if (request.out) {
      checkDestinationOf(project, resolve(request.out));
      checkResultName(request.out);
    }
    const result = await this.#results.result(project, run, request, job);
    if (request.out) {
      const out = resolve(request.out);
      const about = { analysis: request.analysis, run: run.id, recipe: result.recipe };
      if (extname(out).toLowerCase() === '.csv') await writeTable(out, result.arrays);
      else await writeArrays(out, result.arrays, about);
    }
    const { recipe, summary, notes } = result;
    const details = find<Analysis>('analysis', analyses, request.analysis).details?.(result);
    return { analysis: request.analysis, run: run.id, recipe, summary, notes, ...details, seconds: (performance.now() - begun) / 1000 };
  }

  /** `projectAt` opens the project of a request that names one. */
  async scene(projectAt: (path: string) => Promise<Project>, request: ViewRequest, job: Job): Promise<Scene> {
    const view = find<View>('view', views, request.view);
    const state = request.state !== undefined && 'state' in view.params ? { state: request.state } : {};
    const params = valuesOf(view.params, parseSettings(view.params, { ...state, ...request.settings }));
    const shown = await this.#shown(projectAt, request, view.shows, job);
    const also = view.also?.(params);
    const result =
      also === undefined ? {} : { result: (await this.#shown(projectAt, { ...request, ...stateIn(params) }, also, job)).result };
    return view.scene({ ...shown, ...(result.result ? { result: result.result } : {}) }, params, {
      width: request.width,
      height: request.height,
    });
  }

  async figure(projectAt: (path: string) => Promise<Project>, figure: FigureRequest, job: Job): ReturnType<WorkerApi['figure']> {
    const type = figureType(figure.out);
    const path = resolve(figure.out);
    const project = 'recording' in figure ? undefined : await projectAt(figure.project);
    if (project) checkDestinationOf(project, path);
    else if ('recording' in figure) checkDestination(path, [figure.recording]);
    const request = project && figure.saved !== undefined ? asSaved(figure, savedView(project, figure.saved)) : figure;
    const points = (mm: number) => (mm * 72) / 25.4;
    const viewport = { width: points(request.widthMm), height: points(request.heightMm ?? request.widthMm) };
    const asked = await this.scene(projectAt, { ...request, ...viewport }, job);
    const scene = request.follow ? followed(asked, request.follow) : asked;
    const heightMm = request.heightMm ?? heightFor(scene, request.widthMm, request.look);
    const camera = request.camera ? { camera: request.camera } : {};
    const look = request.look ? { look: request.look } : {};
    const movie = valuesOf(movieParams, parseSettings(movieParams, request.movie ?? {}));
    const page = { widthMm: request.widthMm, heightMm, dpi: request.dpi, ...camera, ...look };
    const bytes = type === 'mp4' ? await writeMovie(scene, page, movie, job) : await writeFigure(scene, type, page);
    await writeWhole(path, bytes);
    if (project && request.saveAs !== undefined) saveView(project, request.saveAs, toSave(request));
    const caption = captionOf(scene, request.camera ?? scene.camera, request.look);
    return { path, bytes: bytes.length, text: scene.text, caption: type === 'mp4' ? withMore(caption, movieText(movie)) : caption };
  }

  /** Points of a run's dynamics, and what is beside them. */
  async points(project: Project, request: Parameters<WorkerApi['points']>[0], job: Job): ReturnType<WorkerApi['points']> {
    const begun = performance.now();
    const run = resolveRun(project, request.run);
    const { settings, trials, held } = request;
    const asked = { analysis: POINTS, trials, settings };
    const found = await this.#results.result(project, run, asked, job);
    const dataset = await this.#library.datasetOf(project, run.dataset, job);
    const own = await this.#results.dynamicsOf(
      project,
      run,
      dataset,
      await this.#results.outputsOf(project, run, dataset, job),
      trials,
      job,
    );
    const result = held ? (await this.#followed(project, run, found, own, asked, held, job)).result : found;
    return reportOf(run.id, result, own.dynamics, held !== undefined, (performance.now() - begun) / 1000);
  }

  /** The points of a search at another held input, along branches that are followed first where they are not kept. */
  async #followed(
    project: Project,
    run: RunRecord,
    found: Result,
    { dynamics, states }: OwnDynamics,
    { settings, trials }: Pick<Asked, 'settings' | 'trials'>,
    held: readonly number[],
    job: Job,
  ) {
    if (held.length !== dynamics.flow.inputs)
      throw new Failure(
        'input-values',
        `The dynamics have ${dynamics.flow.inputs} inputs and ${held.length} values are given.`,
        'Give one number for each, inferred inputs before external ones.',
      );
    const from = found.arrays.input.values;
    const moved = [...held.keys()].filter((k) => held[k] !== from[k]);
    if (moved.length > 1)
      throw new Failure(
        'two-inputs',
        `Points are followed along one input, and ${moved.length} differ from those of the search.`,
        'Search at these inputs, or move only one of them.',
      );
    if (moved.length === 0) return { result: found };
    const slider = moved[0];
    const { low, high } = rangeOfInput(dynamics.driven, slider);
    const [value, own] = [held[slider], from[slider]];
    // The analysis chooses this range by itself: then its result is the one that the diagram shows.
    const isUsual = value >= Math.min(low, own) && value <= Math.max(high, own);
    const along = {
      ...settings,
      slider: String(slider + 1),
      ...(isUsual ? {} : { range: [Math.min(low, own, value), Math.max(high, own, value)] }),
    };
    const key = JSON.stringify([project.path, run.id, outputsStep(project, run.id) ?? run.bestStep, trials, along]);
    const continued = await this.#results.result(project, run, { analysis: BRANCHES, trials, settings: along }, job);
    const tracker = await this.#trackers.get(key, async () => {
      const visited = visitedRows(states);
      const { margin = 1e-4 } = settings;
      return trackerOf(dynamics, found, continued, { visited, usual: usualDistance(visited), margin: Number(margin) });
    });
    return tracker.to(value);
  }

  async export(project: Project, request: Parameters<WorkerApi['export']>[0], job: Job): ReturnType<WorkerApi['export']> {
    const exporter = find<Exporter>('export format', exporters, request.exporter);
    const run = resolveRun(project, request.run);
    const meant = byEnding(request.out);
    if (meant && meant.id !== exporter.id)
      throw new Failure(
        'other-ending',
        `${request.out} is named like ${meant.title}, not ${exporter.title}.`,
        `Let it end in .${exporter.extension}.`,
      );
    checkDestinationOf(project, resolve(request.out));
    const dataset = await this.#library.datasetOf(project, run.dataset, job);
    if (dataset.network)
      throw new Failure(
        'no-trials',
        `Run ${run.id} is a network from elsewhere, without trials whose rates could be written.`,
        'Write what an analysis of it finds (--out FILE.h5).',
      );
    const outputs = await this.#results.outputsOf(project, run, dataset, job);
    if (!outputs) throw noOutputs(run);
    const what = { run, ...ofTrialsThat(request.trials, { dataset, outputs }), recordingPath: recordingOf(project, run.dataset).path };
    const settings = valuesOf(exporter.params, parseSettings(exporter.params, request.settings));
    const written = await exporter.write(what, resolve(request.out), settings, job);
    return { ...written, names: written.files.map((file) => basename(file)) };
  }

  async infer(project: Project, request: Parameters<WorkerApi['infer']>[0], job: Job): ReturnType<WorkerApi['infer']> {
    const run = resolveRun(project, request.run);
    const recordingPath = resolve(request.recording);
    const out = request.out === undefined ? undefined : resolve(request.out);
    const exporter = out === undefined ? undefined : exporterFor(out);
    if (out !== undefined) {
      checkDestinationOf(project, out);
      checkDestination(out, [recordingPath]);
    }
    const trainedOn = await this.#library.datasetOf(project, run.dataset, job);
    const recording = await this.#library.recording(recordingPath, job);
    const dataset = await this.#library.dataset(recordingPath, settingsLike(trainedOn, request.data, recording), job);
    const report = await inferOn(project, run, recording.summary, recordingPath, dataset, job);
    const outputs = exporter && (await loadOutputs(project, run.id, undefined, dataset.hash));
    if (exporter && out !== undefined && outputs)
      await exporter.write({ run, dataset, outputs, recordingPath }, out, valuesOf(exporter.params, {}), job);
    return report;
  }

  /** What a view needs of what there is. */
  async #shown(projectAt: (path: string) => Promise<Project>, request: ViewRequest, needs: string, job: Job): Promise<Shown> {
    const own = needs === 'dataset' || needs === 'curves' || needs === 'outputs';
    const asked = { analysis: needs, state: request.state, trials: request.trials, settings: request.analysis ?? {} };
    if ('recording' in request) {
      if (request.fit) return this.#preparations.of(request, request.fit, job);
      const whole = await this.#library.dataset(request.recording, request.data, job);
      const { dataset } = ofTrialsThat(request.trials, { dataset: whole });
      return own ? { dataset } : { dataset, result: await this.#results.run(whole, undefined, { ...asked, state: 'counts' }, 0, job) };
    }
    const project = await projectAt(request.project);
    const run = resolveRun(project, request.run);
    const dataset = await this.#library.datasetOf(project, run.dataset, job);
    if (own) requireTrials(dataset);
    const modelTitle = models.find(({ id }) => id === run.model)?.title ?? run.model;
    const shown = { run, modelTitle, curves: curves(project, run.id) };
    if (needs === 'dataset' || needs === 'curves') return { ...shown, ...ofTrialsThat(request.trials, { dataset }) };
    const outputs = await this.#results.outputsOf(project, run, dataset, job);
    // What is still to come is said so, and not blamed on the model.
    if (needs === 'outputs' && !outputs && run.state !== 'finished' && request.settings.state !== 'counts') throw noOutputs(run);
    const all = { ...shown, ...ofTrialsThat(request.trials, { dataset, ...(outputs ? { outputs } : {}) }) };
    if (own) return all;
    const result = await this.#results.result(project, run, asked, job);
    if (find<Analysis>('analysis', analyses, needs).needs !== 'flow') return { ...all, result };
    const dynamics = await this.#results.dynamicsOf(project, run, dataset, outputs, asked.trials, job);
    if (request.held === undefined || needs !== POINTS) return { ...all, ...dynamics, result };
    const { result: there } = await this.#followed(project, run, result, dynamics, asked, request.held, job);
    return { ...all, ...dynamics, result: there };
  }
}

const stateIn = ({ state }: Readonly<Record<string, unknown>>) => (typeof state === 'string' ? { state } : {});

/** A dataset, and outputs for it, of the trials that a filter keeps. */
function ofTrialsThat<D extends { readonly dataset: Dataset; readonly outputs?: Arrays }>(filter: string | undefined, data: D): D {
  if (filter === undefined) return data;
  const places = chosenTrials(data.dataset, filter);
  const outputs = data.outputs ? { outputs: arraysOfTrials(data.outputs, places) } : {};
  return { ...data, dataset: datasetOfTrials(data.dataset, places), ...outputs };
}

/** A figure with what a kept view was made with, where the request does not say otherwise. */
function asSaved(request: FigureRequest, saved: SavedView): FigureRequest {
  if (saved.view !== request.view)
    throw new Failure(
      'other-view',
      `“${request.saved}” is a view of ${saved.view}, not of ${request.view}.`,
      `Draw it with: figure ${saved.view}.`,
    );
  const analysis = { ...saved.analysis, ...request.analysis };
  return { ...saved, ...request, settings: { ...saved.settings, ...request.settings }, analysis, look: { ...saved.look, ...request.look } };
}

const toSave = ({ view, settings, state, trials, analysis, camera, follow, look, held }: FigureRequest): SavedView => ({
  view,
  settings,
  ...(state === undefined ? {} : { state }),
  ...(trials === undefined ? {} : { trials }),
  ...(analysis === undefined ? {} : { analysis }),
  ...(camera === undefined ? {} : { camera }),
  ...(follow === undefined ? {} : { follow }),
  ...(look === undefined ? {} : { look }),
  ...(held === undefined ? {} : { held }),
});

/** The format that a file's ending names, if any. */
function byEnding(path: string): Exporter | undefined {
  const ending = extname(path).slice(1).toLowerCase();
  return (exporters as readonly Exporter[]).find(({ id, extension }) => ending === extension || ending === id);
}

function exporterFor(path: string): Exporter {
  const found = byEnding(path);
  if (found) return found;
  const known = exporters.map(({ extension }) => `.${extension}`).join(', ');
  throw new Failure('unknown-ending', `${path} does not say what format it should have.`, `Let its name end in one of ${known}.`);
}

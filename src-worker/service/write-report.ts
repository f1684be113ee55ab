// A project as a report: gathers what its best runs were, what was analysed of them and how it looks, and writes the page.

import { basename, resolve } from 'node:path';
import type { Analysis } from '../analyses/analysis.ts';
import { analyses } from '../analyses/index.ts';
import { programVersion } from '../assets.ts';
import type { ViewRequest } from '../contract/api.ts';
import { Failure } from '../contract/failure.ts';
import type { Job } from '../contract/job.ts';
import type { Settings } from '../contract/params.ts';
import type { Methods, ReportRequest, WrittenReport } from '../contract/report.ts';
import type { RunRecord } from '../contract/run.ts';
import { writeFigure } from '../figure/figure.ts';
import { heightFor } from '../scene/caption.ts';
import { models } from '../models/index.ts';
import type { Model } from '../models/model.ts';
import { methodsOf } from '../report/methods.ts';
import { type DatasetSection, type Finding, type Picture, reportPage, type RunSection } from '../report/page.ts';
import type { Scene } from '../scene/scene.ts';
import { checkDestinationOf, keptAnalyses, listRuns, loadResult, outputsStep, type Project, summarize } from '../store/index.ts';
import { views } from '../views/index.ts';
import type { View } from '../views/view.ts';
import { find } from './find.ts';
import { type Library, recordingOf } from './library.ts';
import { writeWhole } from './write-whole.ts';

const WIDTH_MM = 115;
const POINTS_PER_MM = 72 / 25.4;

/** Draws a view as the screen does. */
export type Draw = (request: ViewRequest, job: Job) => Promise<Scene>;

/** An analysis whose result is kept, and the views that draw it. */
interface Kept {
  readonly analysis: Analysis;
  /** The recipe under which it is kept. */
  readonly made: Readonly<Record<string, unknown>>;
  readonly asked: { readonly analysis: Settings; readonly state?: string; readonly trials?: string };
  readonly recipe: string;
  readonly summary: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
}

export async function writeReport(
  project: Project,
  library: Library,
  request: ReportRequest,
  draw: Draw,
  job: Job,
): Promise<WrittenReport> {
  const path = resolve(request.out);
  if (!/\.html?$/i.test(path))
    throw new Failure('unknown-report-type', `A report cannot be written as “${basename(path)}”.`, 'Let its name end in .html.');
  checkDestinationOf(project, path);
  const finished = listRuns(project).filter(({ state }) => state === 'finished');
  if (finished.length === 0)
    throw new Failure(
      'no-finished-run',
      `${project.name} has no finished run to report.`,
      'Fit a model first, or resume the one that was stopped.',
    );
  const hashes = [...new Set(finished.map(({ dataset }) => dataset))];
  const datasets: DatasetSection[] = [];
  const shown = hashes.flatMap((hash) => best(finished.filter(({ dataset }) => dataset === hash)));
  let done = 0;
  for (const hash of hashes) {
    const runs = finished.filter(({ dataset }) => dataset === hash);
    const dataset = await library.datasetOf(project, hash, job);
    const recording = basename(recordingOf(project, hash).path);
    const sections: RunSection[] = [];
    for (const run of best(runs)) {
      await job.progress(done++ / shown.length, `drawing ${titleOf(run)}`);
      sections.push(await sectionOf(project, run, dataset.summary, recording, draw, job));
    }
    datasets.push({ recording, summary: dataset.summary, runs: runs.map((run) => ({ title: titleOf(run), run })), sections });
  }
  const { recordings } = summarize(project, finished);
  const named = recordings.map(({ path: file, identity, found }) => ({ name: basename(file), identity, found }));
  const page = Buffer.from(reportPage({ name: project.name, version: programVersion(), recordings: named, datasets }));
  await writeWhole(path, page);
  const pictures = datasets.flatMap(({ sections }) => sections.flatMap((section) => section.pictures)).length;
  return { path, bytes: page.length, runs: shown.map(({ id }) => id), pictures };
}

/** How a run was made, with the analyses that were made of it. */
export async function methodsOfRun(project: Project, library: Library, run: RunRecord, job: Job): Promise<Methods> {
  const { summary } = await library.datasetOf(project, run.dataset, job);
  return methodsFrom(run, summary, basename(recordingOf(project, run.dataset).path), keptOf(project, run));
}

const methodsFrom = (run: RunRecord, dataset: DatasetSection['summary'], recording: string, kept: readonly Kept[]): Methods =>
  methodsOf({ run, model: find<Model>('model', models, run.model), dataset, recording, analyses: kept, version: programVersion() });

const titleOf = ({ model }: RunRecord): string => find<Model>('model', models, model).title;

/** The best run of each model, in the order the models were first fitted: by held-out units, else by held-in ones, else the newest. */
function best(runs: readonly RunRecord[]): readonly RunRecord[] {
  const score = ({ report }: RunRecord) => report?.coBitsPerSpike ?? report?.bitsPerSpike ?? -Infinity;
  const byModel = Map.groupBy(runs, ({ model }) => model);
  return [...byModel.values()].map((same) => same.reduce((one, other) => (score(other) >= score(one) ? other : one)));
}

/** What was analysed of the outputs that the run has now. */
function keptOf(project: Project, run: RunRecord): readonly Kept[] {
  const step = outputsStep(project, run.id);
  return keptAnalyses(project, run.id).flatMap(({ made, recipe, summary, notes }) => {
    const analysis = (analyses as readonly Analysis[]).find(({ id, version }) => id === made.id && version === made.version);
    if (!analysis || made.step !== step) return [];
    const asked = {
      analysis: made.settings as Settings,
      ...(typeof made.state === 'string' ? { state: made.state } : {}),
      ...(typeof made.trials === 'string' ? { trials: made.trials } : {}),
    };
    return [{ analysis, made, asked, recipe, summary, notes }];
  });
}

/** That one seed has no spread is among the readings, and that nothing flows between units of a network's own in its notes. */
const SAID_ELSEWHERE: readonly string[] = ['one-seed', 'not-constrained'];

async function sectionOf(
  project: Project,
  run: RunRecord,
  dataset: DatasetSection['summary'],
  recording: string,
  draw: Draw,
  job: Job,
): Promise<RunSection> {
  const model = find<Model>('model', models, run.model);
  const pictures: Picture[] = [];
  const missing: string[] = [];
  const take = async (view: View, asked: Partial<Kept['asked']> = {}, wanted = false): Promise<void> => {
    const { first = {}, more } = view.report ?? {};
    const one = async (settings: Settings, isWanted: boolean): Promise<Scene | undefined> => {
      try {
        const { scene, picture } = await pictureOf(project, run, view, settings, asked, draw, job);
        pictures.push(picture);
        return scene;
      } catch (error) {
        if (!(error instanceof Failure) || error.code === 'cancelled') throw error;
        // A view of what this model does not have is no trouble.
        if (isWanted && !SAID_ELSEWHERE.includes(error.code)) missing.push(`${view.title} could not be drawn: ${error.message}`);
        return undefined;
      }
    };
    const scene = await one(first, wanted);
    for (const settings of more?.(scene) ?? []) await one(settings, false);
  };
  const all = views as readonly View[];
  for (const view of all.filter(({ shows }) => shows === 'outputs' || shows === 'curves')) await take(view);
  for (const id of model.reports ?? []) for (const view of all.filter(({ shows }) => shows === id)) await take(view, {}, true);
  // Results that the pictures above made are kept now too; they are listed, but not drawn again.
  const kept = keptOf(project, run);
  const others = kept.filter(({ analysis }) => !(model.reports ?? []).includes(analysis.id));
  for (const { analysis, asked } of others)
    for (const view of all.filter(({ shows }) => shows === analysis.id)) await take(view, asked, true);
  return {
    title: model.title,
    run,
    pictures,
    missing,
    findings: await Promise.all(kept.map((one) => findingOf(project, run, one))),
    methods: methodsFrom(run, dataset, recording, kept),
    params: model.params,
  };
}

async function findingOf(project: Project, run: RunRecord, { analysis, made, recipe, summary, notes }: Kept): Promise<Finding> {
  const provenance = { kind: 'analysis', run: run.id, dataset: run.dataset, recipe: made } as const;
  const result = analysis.table && (await loadResult(project, provenance));
  const table = result && analysis.table?.(result);
  return {
    id: analysis.id,
    title: analysis.title,
    recipe,
    summary,
    notes,
    readings: analysis.readings?.(summary) ?? [],
    ...(table && { table }),
  };
}

async function pictureOf(
  project: Project,
  run: RunRecord,
  view: View,
  settings: Settings,
  asked: Partial<Kept['asked']>,
  draw: Draw,
  job: Job,
): Promise<{ readonly scene: Scene; readonly picture: Picture }> {
  const size = { width: WIDTH_MM * POINTS_PER_MM, height: WIDTH_MM * POINTS_PER_MM };
  const scene = await draw({ project: project.path, run: run.id, view: view.id, settings, ...asked, ...size }, job);
  const svg = await writeFigure(scene, 'svg', { widthMm: WIDTH_MM, heightMm: heightFor(scene, WIDTH_MM), dpi: 300 });
  const title =
    Object.keys(settings).length === 0 ? view.title : scene.title.startsWith(view.title) ? scene.title : `${view.title}: ${scene.title}`;
  return { scene, picture: { title, caption: scene.caption, svg: svg.toString() } };
}

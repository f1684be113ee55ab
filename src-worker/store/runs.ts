// Recordings, datasets, runs and their curves in a project's index. A run's id is the start of the hash of its recipe.

import { Failure } from '../contract/failure.ts';
import type { Settings } from '../contract/params.ts';
import type { DatasetSummary } from '../contract/dataset.ts';
import type { RecordingSummary } from '../contract/recording.ts';
import type { Chosen, FitReport, MetricPoint, RunRecord, RunState } from '../contract/run.ts';
import type { DatasetRecipe } from '../dataset/dataset.ts';
import { hashOf } from './hash.ts';
import type { Project, Row } from './project.ts';
import { decode, encode } from './text.ts';

/** Notes a recording, or where a known one lies now. */
export function addRecording(project: Project, path: string, summary: RecordingSummary): void {
  project.change((put) =>
    put(
      `INSERT INTO recordings VALUES (?, ?, ?, ?)
       ON CONFLICT (identity) DO UPDATE SET path = excluded.path, name = excluded.name, summary = excluded.summary`,
      summary.identity,
      path,
      summary.name,
      encode(summary),
    ),
  );
}

export interface StoredRecording {
  readonly identity: string;
  /** Where it was seen last: a hint. */
  readonly path: string;
  readonly summary: RecordingSummary;
}

export function getRecording(project: Project, identity: string): StoredRecording | undefined {
  const row = project.row('SELECT * FROM recordings WHERE identity = ?', identity);
  return row && { identity, path: String(row.path), summary: decode(String(row.summary), 'recordings.summary') };
}

/** Notes a dataset of a recording that is noted already. */
export function addDataset(
  project: Project,
  dataset: { readonly recipe: DatasetRecipe; readonly hash: string; readonly summary: DatasetSummary },
): void {
  const { hash, recipe, summary } = dataset;
  project.change((put) =>
    put('INSERT OR IGNORE INTO datasets VALUES (?, ?, ?, ?)', hash, recipe.recording, encode(recipe), encode(summary)),
  );
}

export interface StoredDataset {
  readonly hash: string;
  readonly recipe: DatasetRecipe;
  readonly summary: DatasetSummary;
}

export function getDataset(project: Project, hash: string): StoredDataset | undefined {
  const row = project.row('SELECT * FROM datasets WHERE hash = ?', hash);
  return row && { hash, recipe: decode(String(row.recipe), 'datasets.recipe'), summary: decode(String(row.summary), 'datasets.summary') };
}

/** What makes a run: its hash names it. */
export interface RunRecipe {
  readonly model: string;
  readonly modelVersion: number;
  readonly dataset: string;
  readonly seed: number;
  /** What the user set. */
  readonly settings: Settings;
  /** Train longer: the run whose weights and optimiser this one goes on with, and for how many steps. */
  readonly parent?: string;
  readonly moreSteps?: number;
}

export interface NewRun extends RunRecipe {
  readonly resolved: Readonly<Record<string, Chosen>>;
  readonly device: string;
  /** Fit anew even where there is a run of this recipe. */
  readonly again?: boolean;
}

/** The recipe's newest run, or a new one in state `queued`; `existed` tells which. */
export function addRun(project: Project, wanted: NewRun): { readonly run: RunRecord; readonly existed: boolean } {
  const { model, modelVersion, dataset, seed, settings, parent, moreSteps } = wanted;
  const recipe = { kind: 'run', model, modelVersion, dataset, seed, settings, parent, moreSteps };
  const hash = hashOf(recipe);
  const newest = project.row('SELECT id, attempt FROM runs WHERE recipe = ? ORDER BY attempt DESC LIMIT 1', hash);
  if (newest !== undefined && wanted.again !== true) return { run: getRun(project, String(newest.id)), existed: true };
  const attempt = newest === undefined ? 0 : Number(newest.attempt) + 1;
  const id = freeId(project, attempt === 0 ? hash : hashOf({ ...recipe, attempt }));
  project.change((put) =>
    put(
      `INSERT INTO runs (id, recipe, attempt, model, version, dataset, seed, state, created, settings, resolved, device, step, bestStep, parent, moreSteps)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, 0, 0, ?, ?)`,
      ...[id, hash, attempt, model, modelVersion, dataset, seed, new Date().toISOString(), encode(settings), encode(wanted.resolved)],
      ...[wanted.device, parent ?? null, moreSteps ?? null],
    ),
  );
  return { run: getRun(project, id), existed: false };
}

/** The first 8 digits of a hash, or more where another run has those. */
function freeId(project: Project, hash: string): string {
  for (let digits = 8; digits < hash.length; digits++) {
    const id = hash.slice(0, digits);
    if (project.row('SELECT 1 FROM runs WHERE id = ?', id) === undefined) return id;
  }
  return hash;
}

/** What a fit may set of its run; a key that is present with `undefined` is cleared. */
export interface RunChange {
  readonly state?: RunState;
  readonly device?: string;
  readonly step?: number;
  readonly bestStep?: number;
  readonly resolved?: Readonly<Record<string, Chosen>>;
  readonly report?: FitReport | undefined;
  readonly failure?: RunRecord['failure'] | undefined;
}

const asText = new Set(['resolved', 'report', 'failure']);

export function updateRun(project: Project, id: string, change: RunChange): RunRecord {
  const names = Object.keys(change).sort() as (keyof RunChange)[];
  const values = names.map((name) => {
    const value = change[name];
    return value === undefined ? null : asText.has(name) || typeof value === 'object' ? encode(value) : value;
  });
  if (names.length > 0)
    project.change((put) => put(`UPDATE runs SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`, ...values, id));
  return getRun(project, id);
}

/** The run with this id, or whose id begins so. Throws a Failure that lists the runs there are. */
export function getRun(project: Project, id: string): RunRecord {
  const exact = project.row('SELECT * FROM runs WHERE id = ?', id);
  if (exact !== undefined) return runOf(exact);
  const matches = /^[0-9a-f]{3,}$/.test(id) ? project.rows(`SELECT * FROM runs WHERE id LIKE ? || '%'`, id) : [];
  if (matches.length === 1) return runOf(matches[0]);
  const known = project.rows('SELECT id, model FROM runs ORDER BY number').map((row) => `${row.id} (${row.model})`);
  throw new Failure(
    'unknown-run',
    matches.length > 1 ? `Several runs of ${project.name} begin with ${id}.` : `There is no run ${id} in ${project.name}.`,
    known.length === 0 ? 'The project has no runs yet: fit a model first.' : `Its runs are: ${known.join(', ')}; latest and best work too.`,
  );
}

/** All runs in the order in which they were asked for. */
export const listRuns = (project: Project): readonly RunRecord[] => project.rows('SELECT * FROM runs ORDER BY number').map(runOf);

/** Runs that train longer from this one. */
export const childrenOf = (project: Project, id: string): readonly RunRecord[] =>
  project.rows('SELECT * FROM runs WHERE parent = ? ORDER BY number', id).map(runOf);

function runOf(row: Row): RunRecord {
  return {
    id: String(row.id),
    model: String(row.model),
    modelVersion: Number(row.version),
    dataset: String(row.dataset),
    seed: Number(row.seed),
    state: String(row.state) as RunState,
    created: String(row.created),
    settings: decode(String(row.settings), 'runs.settings'),
    resolved: decode(String(row.resolved), 'runs.resolved'),
    device: String(row.device),
    step: Number(row.step),
    bestStep: Number(row.bestStep),
    ...(row.parent === null ? {} : { parent: String(row.parent) }),
    ...(row.report === null ? {} : { report: decode<FitReport>(String(row.report), 'runs.report') }),
    ...(row.failure === null ? {} : { failure: decode<NonNullable<RunRecord['failure']>>(String(row.failure), 'runs.failure') }),
  };
}

/** How many more steps a run trains than its parent; undefined for one that started afresh. */
export function moreStepsOf(project: Project, id: string): number | undefined {
  const steps = project.row('SELECT moreSteps FROM runs WHERE id = ?', id)?.moreSteps;
  return typeof steps === 'number' ? steps : undefined;
}

/**
 * A run by id, start of an id, `latest` (the newest finished one, or the first of seeds that drew their trials) or `best` (of the finished runs on the newest one's dataset, the highest
 * co-bits per spike, else bits per spike, on validation trials). Throws a Failure.
 */
export function resolveRun(project: Project, which: string): RunRecord {
  if (which !== 'latest' && which !== 'best') return getRun(project, which);
  const finished = listRuns(project).filter((run) => run.state === 'finished');
  const latest = finished.at(-1);
  if (latest === undefined)
    throw new Failure(
      'no-finished-run',
      `${project.name} has no finished run.`,
      listRuns(project).length === 0 ? 'Fit a model first.' : 'Resume the one that was stopped, or name a run by its id.',
    );
  if (which === 'latest') return asTrialsAre(latest, finished);
  const score = ({ report }: RunRecord) => report?.coBitsPerSpike ?? report?.bitsPerSpike ?? -Infinity;
  return finished.filter((run) => run.dataset === latest.dataset).reduce((best, run) => (score(run) > score(best) ? run : best));
}

/** Whether two runs differ in nothing but their seed and what a fit chose. */
export const isSameFit = (a: RunRecord, b: RunRecord): boolean => JSON.stringify(fitOf(a)) === JSON.stringify(fitOf(b));

const fitOf = ({ model, modelVersion, dataset, settings, parent }: RunRecord) => [model, modelVersion, dataset, settings, parent];

/** Of seeds that were fitted to trials drawn anew the first, which was fitted to them as they are. */
function asTrialsAre(run: RunRecord, finished: readonly RunRecord[]): RunRecord {
  if (run.resolved.resample?.value !== true || run.seed === 0) return run;
  return finished.filter((other) => other.seed === 0 && isSameFit(other, run)).at(-1) ?? run;
}

/** Adds points to a run's curves; a point at a step that has one already completes it. The run's step follows. */
export function appendMetrics(project: Project, id: string, points: readonly MetricPoint[]): void {
  if (points.length === 0) return;
  project.change((put) => {
    for (const { step, values } of points) {
      put(
        `INSERT INTO metrics VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "values" = json_patch(metrics."values", excluded."values")`,
        ...[id, step, encode(values)],
      );
    }
    put('UPDATE runs SET step = max(step, ?) WHERE id = ?', Math.max(...points.map(({ step }) => step)), id);
  });
}

/** A run's curves in order of steps. */
export const curves = (project: Project, id: string): readonly MetricPoint[] =>
  project.rows('SELECT step, "values" FROM metrics WHERE run = ? ORDER BY step', id).map((row) => ({
    step: Number(row.step),
    values: decode<MetricPoint['values']>(String(row.values), 'metrics.values'),
  }));

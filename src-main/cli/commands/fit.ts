// `orrery fit MODEL FILE --out DIR.orrery …`, `orrery resume` and `orrery infer`.

import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import type { FitRequest } from '../../../src-worker/contract/api.ts';
import type { Catalogue } from '../../../src-worker/contract/catalogue.ts';
import { Failure } from '../../../src-worker/contract/failure.ts';
import { defineParams, type Params } from '../../../src-worker/contract/params.ts';
import type { EnsembleReport, FitReport, RunRecord } from '../../../src-worker/contract/run.ts';
import { valuesOf } from '../../../src-worker/contract/settings.ts';
import { resolvePath } from '../arguments.ts';
import { BAD_INPUT, exitCodeOf, failureOf } from '../exit.ts';
import { score, table } from '../format.ts';
import { addOptions, settingsOf } from '../options.ts';
import type { AddCommand } from '../program.ts';
import { type Answer, type Session, withJob } from '../session.ts';
import { followRun } from './fit-run.ts';
import { ensembleText } from './ensemble-text.ts';
import { datasetText, reportText } from './report-text.ts';

const computeParams = defineParams({
  device: {
    kind: 'choice',
    label: 'Device',
    help: 'what computes; `orrery devices` says what there is',
    choices: ['auto', 'fused', 'tensorflow', 'webgpu', 'wasm', 'cpu'],
    tier: 'common',
  },
  threads: {
    kind: 'number',
    label: 'Threads',
    help: 'as many as the computer has unless given',
    integer: true,
    min: 1,
    max: 256,
    tier: 'common',
  },
});

const fitParams = defineParams({
  seed: { kind: 'number', label: 'Seed', help: 'the same seed gives the same bits', integer: true, min: 0, default: 0, tier: 'common' },
  seeds: {
    kind: 'number',
    label: 'Seeds',
    help: 'fits this many, one after another, and compares them',
    integer: true,
    min: 1,
    default: 1,
    tier: 'common',
  },
  ...computeParams,
  again: { kind: 'switch', label: 'Again', help: 'fit anew even where this was fitted before', default: false, tier: 'common' },
});

const resumeParams = defineParams({
  run: { kind: 'text', label: 'Run', help: 'a run’s id; else the newest unfinished one', tier: 'common' },
  steps: { kind: 'number', label: 'Steps', help: 'train a finished run for this many more', integer: true, min: 1, tier: 'common' },
  ...computeParams,
});

const inferParams = defineParams({
  run: { kind: 'text', label: 'Run', help: 'a run’s id, latest or best', default: 'latest', tier: 'common' },
  out: { kind: 'text', label: 'Out', help: 'writes what is inferred to this file: .h5, .nwb, .mat or .csv', tier: 'common' },
});

/** Answers whether the project must be made; refuses a folder that holds anything but a project. */
async function isNew({ api }: Session, out: string): Promise<boolean> {
  if (!existsSync(out)) return true;
  if (!statSync(out).isDirectory())
    throw new Failure('not-a-folder', `${out} is a file, and a project is a folder.`, 'Name a folder that ends in .orrery.');
  if (readdirSync(out).length === 0) return true;
  try {
    await api.openProject(out);
    return false;
  } catch (error) {
    if (failureOf(error).code !== 'no-project') throw error;
    throw new Failure('folder-taken', `${out} holds other things and is no project.`, 'Name a new folder that ends in .orrery.');
  }
}

/** Begins the fit; a project made for it is taken away again when the request turns out to be bad. */
async function begin(session: Session, request: FitRequest, mustMake: boolean) {
  const { api, terminal } = session;
  const wasThere = existsSync(request.project);
  if (mustMake) await api.createProject(request.project);
  try {
    const record = await api.startFit(request);
    if (record.state === 'finished') terminal.err(`This was fitted before as run ${record.id}; --again fits anew.`);
    return record;
  } catch (error) {
    if (mustMake && !wasThere && exitCodeOf(failureOf(error)) === BAD_INPUT) rmSync(request.project, { recursive: true, force: true });
    throw error;
  }
}

const ranking = (report: FitReport): number => report.coBitsPerSpike ?? report.bitsPerSpike ?? -Infinity;

/** One report, or the best of several seeds with the others and what they say together beside it. */
function answerOf(reports: readonly FitReport[], ensemble?: EnsembleReport): Answer {
  const best = reports.reduce((one, other) => (ranking(other) > ranking(one) ? other : one));
  if (reports.length === 1) return { json: best, text: reportText(best) };
  const seeds = reports.map(({ seed, run, bestStep, bitsPerSpike, coBitsPerSpike, r2Truth }) => ({
    seed,
    run,
    bestStep,
    bitsPerSpike,
    coBitsPerSpike,
    r2Truth,
  }));
  const rows = seeds.map((of) => [String(of.seed), of.run, score(of.bitsPerSpike), score(of.coBitsPerSpike), score(of.r2Truth)]);
  const listed = table(['seed', 'run', 'bits/spike', 'co-bps', 'R² truth'], rows);
  return {
    json: { ...best, seeds, ...(ensemble ? { ensemble } : {}) },
    text: [reportText(best), listed, ...(ensemble ? [ensembleText(ensemble)] : [])].join('\n\n'),
  };
}

export function addFit(add: AddCommand, catalogue: Catalogue): void {
  const group = add.group('fit', 'Fit a model to a recording: `orrery fit MODEL FILE --out DIR.orrery …`');
  for (const model of catalogue.models) addModel(group, model, catalogue.dataset);
}

function addModel(add: AddCommand, model: Catalogue['models'][number], allParams: Params): void {
  // A network has no trials to be made.
  const datasetParams: Params = model.reads === 'network' ? {} : allParams;
  const command = add.command(`${model.id} <file>`, model.about);
  add.required(command, '--out <folder>', 'the project, a folder NAME.orrery');
  const own = addOptions(command, fitParams, { heading: 'Fit', prefix: 'fit' });
  const data = addOptions(command, datasetParams, { heading: 'Data', prefix: 'data' });
  const options = addOptions(command, model.params, { heading: model.title, prefix: 'model', withoutDefault: 'chosen for the data' });
  add.action(command, async (session, [file], values) => {
    const { api, terminal } = session;
    const { seed, seeds, threads, device, again } = valuesOf(fitParams, settingsOf(fitParams, own, values));
    const request = {
      project: resolvePath(terminal.folder, String(values.out)),
      recording: resolvePath(terminal.folder, file),
      model: model.id,
      data: settingsOf(datasetParams, data, values),
      settings: settingsOf(model.params, options, values),
      device: device ?? 'auto',
      again,
      ...(threads === undefined ? {} : { threads }),
    };
    const mustMake = await isNew(session, request.project);
    const preview = await withJob(session, 'Reading', (job) => api.preview(request, job));
    terminal.err(datasetText(preview.dataset, preview));
    const started = (offset: number): Promise<RunRecord> => begin(session, { ...request, seed: seed + offset }, mustMake && offset === 0);
    const reports: FitReport[] = [];
    if (model.oneThread) {
      // Fits of one thread run side by side, once all of them are waiting.
      const records: RunRecord[] = [];
      for (let offset = 0; offset < seeds; offset++) records.push(await started(offset));
      reports.push(...(await Promise.all(records.map((record) => followRun(session, request.project, async () => record)))));
    } else for (let offset = 0; offset < seeds; offset++) reports.push(await followRun(session, request.project, () => started(offset)));
    if (seeds === 1) return answerOf(reports);
    const members = { project: request.project, runs: reports.map(({ run }) => run) };
    return answerOf(reports, await withJob(session, 'Comparing', (job) => api.ensemble(members, job)));
  });
}

/** The run that `resume` means: the newest that did not finish, else the latest. */
async function unfinished({ api }: Session, project: string): Promise<string> {
  const { runs } = await api.openProject(project);
  const waiting = runs.filter(({ state }) => state !== 'finished').sort((a, b) => (a.created < b.created ? -1 : 1));
  return waiting.at(-1)?.id ?? 'latest';
}

export function addResume(add: AddCommand): void {
  const command = add.command('resume <project>', 'Go on with a fit that was stopped, or train a finished one longer');
  const bound = addOptions(command, resumeParams, { heading: 'Fit', prefix: 'fit' });
  add.action(command, async (session, [folder], values) => {
    const { api, terminal } = session;
    const project = resolvePath(terminal.folder, folder);
    const { run, ...more } = settingsOf(resumeParams, bound, values);
    const ref = { project, run: run === undefined ? await unfinished(session, project) : String(run) };
    const resumed = async (): Promise<RunRecord> => {
      const record = await api.resumeFit(ref, more);
      if (record.state === 'finished') terminal.err(`Run ${record.id} is finished; --steps N trains it longer.`);
      return record;
    };
    return answerOf([await followRun(session, project, resumed)]);
  });
}

export function addInfer(add: AddCommand, catalogue: Catalogue): void {
  const command = add.command('infer <project> <file>', 'Run a trained model on the trials of a recording');
  const own = addOptions(command, inferParams, { heading: 'Model', prefix: 'infer' });
  const data = addOptions(command, catalogue.dataset, { heading: 'Data, as the model’s own unless given', prefix: 'data' });
  add.action(command, async (session, [folder, file], values) => {
    const { api, terminal } = session;
    const { run, out } = valuesOf(inferParams, settingsOf(inferParams, own, values));
    const ref = { project: resolvePath(terminal.folder, folder), run };
    const request = {
      project: ref.project,
      recording: resolvePath(terminal.folder, file),
      data: settingsOf(catalogue.dataset, data, values),
      ...(out === undefined ? {} : { out: resolvePath(terminal.folder, out) }),
    };
    const { id } = await api.run(ref);
    return answerOf([await withJob(session, 'Inferring', (job) => api.infer({ ...request, run: id }, job))]);
  });
}

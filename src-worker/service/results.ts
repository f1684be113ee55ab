// Results of runs: outputs, dynamics and what analyses make of them, each kept as long as it is true.

import { analyses } from '../analyses/index.ts';
import { type Analysis, type Inputs, partOf } from '../analyses/analysis.ts';
import { statesOf } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import type { Job } from '../contract/job.ts';
import type { Settings } from '../contract/params.ts';
import type { Arrays, Result, StateName } from '../contract/result.ts';
import type { RunRecord } from '../contract/run.ts';
import { parseSettings, valuesOf } from '../contract/settings.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { chosenTrials } from '../dataset/restricted.ts';
import { loadCheckpoint, loadOutputs, loadResult, outputsStep, type Project, saveResult } from '../store/index.ts';
import { truePointsOf } from '../synthetic/true-points.ts';
import { Cache } from './cache.ts';
import { dynamicsOf, flowsOf } from './dynamics.ts';
import { find } from './find.ts';
import { collectOutputs } from './infer.ts';
import { type Library, recordingOf } from './library.ts';
import { seedsOf, testedOf } from './tested.ts';

const OUTPUTS_KEPT = 3;
const RESULTS_KEPT = 12;
const STATES = ['rates', 'factors', 'generator', 'counts'] as const satisfies readonly StateName[];

/** The dynamics of a run with the states that they visited. */
export type OwnDynamics = Required<Pick<Inputs, 'states' | 'dynamics'>>;

/** What an analysis is asked for, beyond its settings. */
export interface Asked {
  readonly analysis: string;
  readonly state?: string | undefined;
  readonly trials?: string | undefined;
  readonly settings: Settings;
  /** Nothing is made where no result is kept. */
  readonly onlyKept?: boolean | undefined;
}

export class Results {
  readonly #library: Library;
  readonly #outputs = new Cache<Arrays | undefined>(OUTPUTS_KEPT);
  readonly #kept = new Map<string, Result>();
  readonly #dynamics = new Cache<OwnDynamics>(OUTPUTS_KEPT);

  constructor(library: Library) {
    this.#library = library;
  }

  /** Outputs of a finished run, or of the best step so far of one that has a checkpoint. */
  async outputsOf(project: Project, run: RunRecord, dataset: Dataset, job: Job): Promise<Arrays | undefined> {
    const step = outputsStep(project, run.id);
    const key = `${project.path} ${run.id}`;
    if (step !== undefined) return this.#outputs.get(`${key} ${step}`, () => loadOutputs(project, run.id));
    const checkpoint = await loadCheckpoint(project, run.id);
    if (!checkpoint) return undefined;
    return this.#outputs.get(`${key} so far ${checkpoint.bestStep}`, () => collectOutputs(run, checkpoint, dataset, job));
  }

  /** The dynamics of a run with the states that they visited, kept as long as its outputs are the same. */
  dynamicsOf(project: Project, run: RunRecord, dataset: Dataset, outputs: Arrays | undefined, trials: string | undefined, job: Job) {
    const step = outputsStep(project, run.id) ?? `so far ${run.bestStep}`;
    return this.#dynamics.get(`${project.path} ${run.id} ${step} ${trials}`, async () => {
      const recording = dataset.network ? undefined : await this.#library.recording(recordingOf(project, run.dataset).path, job);
      return dynamicsOf(project, run, dataset, outputs, trials, truePointsOf(recording?.truth(), dataset.unitRows));
    });
  }

  /** The result of an analysis of a run: the one that is kept, or made now and kept. */
  async result(project: Project, run: RunRecord, asked: Asked, job: Job): Promise<Result> {
    const analysis = find<Analysis>('analysis', analyses, asked.analysis);
    const settings = parseSettings(analysis.params, asked.settings);
    const state = stateOf(asked.state ?? analysis.state ?? 'rates');
    // Networks of other seeds are part of what is made of this one.
    const seeds = analysis.needs === 'tested' || analysis.comparesSeeds ? seedsOf(project, run) : undefined;
    const recipe = {
      id: analysis.id,
      version: analysis.version,
      settings,
      state,
      trials: asked.trials,
      step: outputsStep(project, run.id),
      ...(seeds && { seeds: seeds.map(({ id }) => id) }),
    };
    const provenance = { kind: 'analysis', run: run.id, dataset: run.dataset, recipe } as const;
    // Of a run that is still under way a result lasts until its next best step.
    const name = JSON.stringify([project.path, provenance, recipe.step ?? run.bestStep]);
    const kept = this.#kept.get(name) ?? (await loadResult(project, provenance));
    if (kept) return this.#remember(name, kept);
    if (asked.onlyKept)
      throw new Failure(
        'not-kept',
        `No result of “${analysis.title}” is kept for run ${run.id}.`,
        `Make it first: orrery analyze ${analysis.id}.`,
      );
    // What is read first is a small part of what follows.
    const reading = partOf(job, 0, 0);
    const dataset = await this.#library.datasetOf(project, run.dataset, reading);
    const outputs = await this.outputsOf(project, run, dataset, reading);
    if (!outputs && state !== 'counts') throw noOutputs(run);
    const own =
      analysis.needs === 'flow'
        ? withSeeds(await this.dynamicsOf(project, run, dataset, outputs, asked.trials, job), await flowsOf(project, seeds?.slice(1) ?? []))
        : seeds && {
            tested: await testedOf(project, run, seeds, dataset, analysis),
            kept: (other: string, own: Settings, part: Job) =>
              this.result(project, run, { ...asked, state, analysis: other, settings: own }, part),
          };
    const result = await this.run(dataset, outputs, { ...asked, state }, run.seed, job, own);
    // What is made of a run that is still under way changes with its next checkpoint.
    if (!project.readOnly && recipe.step !== undefined) await saveResult(project, provenance, result);
    return this.#remember(name, result);
  }

  /** The newest results stay in memory: a slider asks for the same one many times a second. */
  #remember(name: string, result: Result): Result {
    this.#kept.delete(name);
    this.#kept.set(name, result);
    for (const oldest of this.#kept.keys()) if (this.#kept.size > RESULTS_KEPT) this.#kept.delete(oldest);
    return result;
  }

  /** An analysis of these outputs, not kept. */
  async run(
    dataset: Dataset,
    outputs: Arrays | undefined,
    asked: Asked,
    seed: number,
    job: Job,
    own?: Partial<Pick<Inputs, 'states' | 'dynamics' | 'tested' | 'kept'>>,
  ): Promise<Result> {
    const analysis = find<Analysis>('analysis', analyses, asked.analysis);
    const states = own?.states ?? statesOf(dataset, stateOf(asked.state ?? 'counts'), outputs, chosenTrials(dataset, asked.trials));
    const params = valuesOf(analysis.params, parseSettings(analysis.params, asked.settings));
    const result = await analysis.run({ dataset, ...own, states }, params, { ...job, seed });
    // A number that does not exist is absent.
    const summary = Object.fromEntries(Object.entries(result.summary).filter(([, value]) => Number.isFinite(value)));
    return { ...result, summary };
  }
}

function stateOf(name: string): StateName {
  const known = STATES.find((state) => state === name);
  if (known) return known;
  throw new Failure('unknown-state', `There is no state “${name}”.`, `Known are: ${STATES.join(', ')}.`);
}

export const noOutputs = (run: RunRecord): Failure =>
  new Failure(
    'no-outputs',
    `Run ${run.id} has no rates yet: it is ${run.state}.`,
    run.state === 'running' || run.state === 'queued' ? 'They come with its first checkpoint.' : 'Resume it to its end.',
  );

const withSeeds = (own: OwnDynamics, seeds: NonNullable<OwnDynamics['dynamics']['seeds']>): OwnDynamics =>
  seeds.length === 0 ? own : { ...own, dynamics: { ...own.dynamics, seeds } };

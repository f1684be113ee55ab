// What runs and analyses leave behind in array files: checkpoints, outputs of every trial, results with their provenance.

import { Failure } from '../contract/failure.ts';
import type { Arrays, Result } from '../contract/result.ts';
import type { Checkpoint } from '../models/model.ts';
import { type Attributes, readArrays, trialWriter, writeArrays } from './arrays.ts';
import { discard } from './files.ts';
import { hashOf } from './hash.ts';
import { hdf5Ready } from './hdf5.ts';
import type { Project, Row } from './project.ts';
import { getRun } from './runs.ts';
import { decode, encode } from './text.ts';

async function draftOf(project: Project, arrays: Arrays, attributes: Attributes): Promise<string> {
  const draft = project.draftPath();
  try {
    await writeArrays(draft, arrays, attributes);
  } catch (error) {
    discard(draft);
    throw error;
  }
  return draft;
}

/** The arrays that a row refers to. While they are opened a newer file may take their place: then that one is read. */
async function keptArrays(
  project: Project,
  find: () => Row | undefined,
  names?: readonly string[],
): Promise<{ readonly row: Row; readonly arrays: Arrays } | undefined> {
  for (let row = find(); row !== undefined; ) {
    try {
      return { row, arrays: await readArrays(await project.checked(String(row.arrays)), names) };
    } catch (error) {
      const newer = find();
      if (newer === undefined || newer.arrays === row.arrays) throw error;
      row = newer;
    }
  }
  return undefined;
}

/** Saves a run's checkpoint; the one before is removed once the new one is safely in place. */
export async function saveCheckpoint(project: Project, run: string, checkpoint: Checkpoint): Promise<void> {
  const { step, bestStep, arrays, state } = checkpoint;
  const draft = await draftOf(project, arrays, { kind: 'checkpoint', run, step });
  await project.keep(draft, (file, put) => {
    put('DELETE FROM checkpoints WHERE run = ?', run);
    put('INSERT INTO checkpoints VALUES (?, ?, ?, ?, ?)', run, step, bestStep, encode(state), file);
    put('UPDATE runs SET step = ?, bestStep = ? WHERE id = ?', step, bestStep, run);
  });
}

/** A run's last checkpoint, bit for bit as it was saved; undefined where it has none yet. */
export async function loadCheckpoint(project: Project, run: string): Promise<Checkpoint | undefined> {
  const kept = await keptArrays(project, () => project.row('SELECT * FROM checkpoints WHERE run = ? ORDER BY step DESC LIMIT 1', run));
  if (kept === undefined) return undefined;
  const { row, arrays } = kept;
  return { step: Number(row.step), bestStep: Number(row.bestStep), arrays, state: decode(String(row.state), 'checkpoints.state') };
}

/** A result as it is kept: what it was made from, and its numbers; arrays are read when asked for. */
export interface Provenance {
  readonly kind: 'analysis' | 'outputs';
  /** The run and the dataset that it was made from, where there are any. */
  readonly run?: string;
  readonly dataset?: string;
  /** Everything that made it: id, version, settings, state, trials; its hash is the key. */
  readonly recipe: Readonly<Record<string, unknown>>;
}

/** The key under which a result of this provenance is kept. */
export const resultKey = ({ kind, run, dataset, recipe }: Provenance): string => hashOf({ kind, run, dataset, recipe });

/** Keeps a result under the hash of its provenance; one that was there is replaced. Answers with the key. */
export async function saveResult(project: Project, provenance: Provenance, result: Result): Promise<string> {
  const key = resultKey(provenance);
  const draft = await draftOf(project, result.arrays, { kind: provenance.kind, key });
  await project.keep(draft, (file, put) => putResult(put, key, provenance, result, file));
  return key;
}

function putResult(
  put: Parameters<Parameters<Project['change']>[0]>[0],
  key: string,
  { kind, run, dataset, recipe }: Provenance,
  { recipe: sentence, summary, notes }: Omit<Result, 'arrays'>,
  file: string,
): void {
  put(
    'INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ...[key, kind, run ?? null, dataset ?? null, encode(recipe), sentence, encode(summary), file, encode(notes), new Date().toISOString()],
  );
}

/** The result of this provenance, if it was ever made. */
export async function loadResult(project: Project, provenance: Provenance): Promise<Result | undefined> {
  const kept = await keptArrays(project, () => project.row('SELECT * FROM results WHERE key = ?', resultKey(provenance)));
  if (kept === undefined) return undefined;
  const { row, arrays } = kept;
  return {
    arrays,
    summary: decode(String(row.summary), 'results.summary'),
    recipe: String(row.sentence),
    notes: decode(String(row.notes), 'results.notes'),
  };
}

/** Takes a model's outputs in batches, in any order of trials; memory stays at one batch. Fits `Sink` of models/model.ts. */
export interface OutputsWriter {
  /** Trials are positions in the dataset. */
  write(trials: Int32Array, arrays: Arrays): void;
  /** Puts the outputs in place of those that were there. Throws where a trial is missing. */
  finish(notes?: readonly string[]): Promise<void>;
  /** Lets go of what was written. */
  abandon(): void;
}

const outputsOf = (run: string, dataset: string): Provenance => ({ kind: 'outputs', run, dataset, recipe: {} });

/** Begins to save the outputs of a run for all `trials` of a dataset (its own, unless another was inferred on). */
export async function saveOutputs(
  project: Project,
  run: string,
  { trials, dataset = getRun(project, run).dataset }: { readonly trials: number; readonly dataset?: string },
): Promise<OutputsWriter> {
  const { bestStep, model, modelVersion } = getRun(project, run);
  const draft = project.draftPath();
  await hdf5Ready();
  const writer = trialWriter(draft, trials, { kind: 'outputs', run, dataset });
  return {
    write: writer.write,
    async finish(notes = []) {
      let missing: number | undefined;
      try {
        missing = writer.close();
      } catch (error) {
        discard(draft);
        throw error;
      }
      if (missing !== undefined) {
        discard(draft);
        throw new Failure(
          'outputs-incomplete',
          `The outputs of run ${run} lack trial ${missing} of ${trials}.`,
          'Infer again on every trial.',
        );
      }
      const provenance = outputsOf(run, dataset);
      const sentence = `Outputs of run ${run} (${model}, version ${modelVersion}, step ${bestStep}) for ${trials} trials of dataset ${dataset}`;
      await project.keep(draft, (file, put) =>
        putResult(put, resultKey(provenance), provenance, { recipe: sentence, summary: { step: bestStep, trials }, notes }, file),
      );
    },
    abandon() {
      writer.abandon();
      discard(draft);
    },
  };
}

/** Outputs of a run in the order of the dataset's trials, all or those named; undefined where they were not saved yet. */
export async function loadOutputs(
  project: Project,
  run: string,
  names?: readonly string[],
  dataset: string = getRun(project, run).dataset,
): Promise<Arrays | undefined> {
  const key = resultKey(outputsOf(run, dataset));
  return (await keptArrays(project, () => project.row('SELECT arrays FROM results WHERE key = ?', key), names))?.arrays;
}

/** Step of the checkpoint that the saved outputs came from; undefined where there are none. */
export function outputsStep(project: Project, run: string, dataset: string = getRun(project, run).dataset): number | undefined {
  const row = project.row('SELECT summary FROM results WHERE key = ?', resultKey(outputsOf(run, dataset)));
  return row === undefined ? undefined : decode<{ step: number }>(String(row.summary), 'results.summary').step;
}

/** What was analysed of a run and kept: the recipe of each, with its sentence, numbers and notes, in the order they were made. */
export const keptAnalyses = (
  project: Project,
  run: string,
): readonly (Omit<Result, 'arrays'> & { readonly made: Readonly<Record<string, unknown>> })[] =>
  project.rows(`SELECT * FROM results WHERE run = ? AND kind = 'analysis' ORDER BY rowid`, run).map((row) => ({
    made: decode(String(row.recipe), 'results.recipe'),
    recipe: String(row.sentence),
    summary: decode(String(row.summary), 'results.summary'),
    notes: decode(String(row.notes), 'results.notes'),
  }));

// Recordings and datasets that are in use, kept open between requests: opened again when the file changed.

import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Failure } from '../contract/failure.ts';
import type { Job } from '../contract/job.ts';
import { parseSettings } from '../contract/settings.ts';
import type { Settings } from '../contract/params.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { datasetParams, makeDataset } from '../dataset/index.ts';
import type { Recording } from '../formats/format.ts';
import { openRecording } from '../formats/index.ts';
import { getDataset, getRecording, hashOf, type Project } from '../store/index.ts';
import { Cache } from './cache.ts';

const RECORDINGS_KEPT = 4;
const DATASETS_KEPT = 4;

export class Library {
  readonly #recordings = new Cache<Recording>(RECORDINGS_KEPT, (recording) => recording.close());
  readonly #datasets = new Cache<Dataset>(DATASETS_KEPT);
  /** What opening a recording took, and what making a dataset took from the file on. */
  readonly #seconds = new WeakMap<Recording | Dataset, number>();

  /** Throws a Failure where the file is missing or no recording. */
  recording(path: string, job: Job, settings: Settings = {}): Promise<Recording> {
    const whole = resolve(path);
    const stamp = existsSync(whole) ? statSync(whole) : undefined;
    const key = hashOf([whole, stamp?.size, stamp?.mtimeMs, settings]);
    return insisting(job, () => this.#recordings.get(key, () => this.#timed(0, () => openRecording(whole, settings, job))));
  }

  async dataset(path: string, data: Settings, job: Job): Promise<Dataset> {
    const recording = await this.recording(path, job);
    const settings = parseSettings(datasetParams, data);
    const key = hashOf([recording.summary.identity, settings]);
    const opening = this.#seconds.get(recording) ?? 0;
    return insisting(job, () => this.#datasets.get(key, () => this.#timed(opening, () => makeDataset(recording, settings, job))));
  }

  /** Seconds that a dataset of this library took to make, from the file on. */
  secondsOf(dataset: Dataset): number {
    return this.#seconds.get(dataset) ?? 0;
  }

  async #timed<T extends Recording | Dataset>(before: number, make: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const made = await make();
    this.#seconds.set(made, before + (performance.now() - begun) / 1000);
    return made;
  }

  /** The dataset of a project's run. Throws a Failure where the recording moved or was changed since. */
  async datasetOf(project: Project, hash: string, job: Job): Promise<Dataset> {
    const { path, settings } = recordingOf(project, hash);
    const recording = await this.recording(path, job);
    const { identity } = getRecording(project, recording.summary.identity) ?? {};
    if (identity === undefined) throw missing(path, 'is another recording now');
    return this.dataset(path, settings, job);
  }
}

/** Work is shared by those who ask for the same; where another stopped it, whoever still waits has it done anew. */
async function insisting<T>(job: Job, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isStopped = error instanceof Failure && error.code === 'cancelled';
      if (!isStopped || job.signal.aborted) throw error;
    }
  }
}

const missing = (path: string, why: string): Failure =>
  new Failure(
    'recording-missing',
    `The recording ${path} ${why}.`,
    'Put it back there, or name it where it is now, in the app or in the same fit: a file that was moved or copied keeps its runs.',
  );

/** Where the recording of a dataset was seen last, and what the user set for the dataset. */
export function recordingOf(project: Project, hash: string): { readonly path: string; readonly settings: Settings } {
  const dataset = getDataset(project, hash);
  const recording = dataset && getRecording(project, dataset.recipe.recording);
  if (!dataset || !recording)
    throw new Failure('unknown-dataset', `The project ${project.name} has no dataset ${hash}.`, 'Fit again from the recording.');
  if (!existsSync(recording.path)) throw missing(recording.path, 'is no longer there');
  return { path: recording.path, settings: dataset.recipe.settings };
}

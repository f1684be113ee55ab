// Fits one recording with one seed, as the program does when nothing is set, and scores its rates on the validation trials.

import { setImmediate } from 'node:timers/promises';
import type { Settings } from '../../src-worker/contract/params.ts';
import type { Scores } from '../../src-worker/contract/run.ts';
import { type Dataset, makeDataset } from '../../src-worker/dataset/index.ts';
import { openRecording } from '../../src-worker/formats/index.ts';
import { scoreBaselines, scoreRates } from '../../src-worker/metrics/report.ts';
import type { FitJob, Model } from '../../src-worker/models/model.ts';
import type { Subject } from './subjects.ts';

export interface Options {
  readonly model: Model;
  readonly threads: number;
  readonly device: string;
  /** What is set by hand; nothing where defaults are judged. */
  readonly settings: Settings;
  readonly curves: boolean;
}

export interface Fitted {
  readonly seed: number;
  readonly score: number;
  readonly bitsPerSpike: number | undefined;
  readonly steps: number;
  readonly bestStep: number;
  readonly seconds: number;
  readonly device: string;
  /** Counts per bin, trials × bins × units. */
  readonly rates: Float32Array;
}

function jobOf(name: string, seed: number, { threads, device, curves }: Options): FitJob {
  return {
    signal: new AbortController().signal,
    seed,
    threads,
    device,
    async progress() {
      await setImmediate();
    },
    metric({ step, values }) {
      if (!curves) return;
      const shown = Object.entries(values).map(([key, value]) => `${key} ${value.toPrecision(4)}`);
      console.error(`${name} ${step}: ${shown.join(', ')}`);
    },
    async save() {},
  };
}

export async function datasetOf({ path, data }: Subject & { readonly path: string }, options: Options): Promise<Dataset> {
  const job = jobOf('', 0, options);
  const recording = await openRecording(path, {}, job);
  try {
    return await makeDataset(recording, data, job);
  } finally {
    recording.close();
  }
}

/** The score that the subject is judged by. */
export function scoreOf({ by }: Subject, dataset: Dataset, rates: Float32Array): Scores & { readonly score: number } {
  const everyTrial = Int32Array.from({ length: dataset.trials }, (_, k) => k);
  const scores = scoreRates(dataset, everyTrial, rates);
  return { ...scores, score: scores[by]! };
}

export async function fitSubject(subject: Subject, dataset: Dataset, seed: number, options: Options): Promise<Fitted> {
  const job = jobOf(subject.name, seed, options);
  const { model } = options;
  const resolved = model.resolve(dataset, options.settings);
  const begun = performance.now();
  const { checkpoint, deviceName } = await model.fit(dataset, resolved, job);
  const seconds = (performance.now() - begun) / 1000;
  const everyTrial = Int32Array.from({ length: dataset.trials }, (_, k) => k);
  const rates = new Float32Array(dataset.counts.length);
  const size = dataset.bins * dataset.units;
  await model.infer(
    checkpoint,
    dataset,
    resolved,
    everyTrial,
    (trials, outputs) => {
      const { values } = outputs.rates!;
      trials.forEach((trial, row) => {
        for (let i = 0; i < size; i++) rates[trial * size + i] = (values[row * size + i]! * dataset.binMs) / 1000;
      });
    },
    job,
  );
  const { score, bitsPerSpike } = scoreOf(subject, dataset, rates);
  return { seed, score, bitsPerSpike, steps: checkpoint.step, bestStep: checkpoint.bestStep, seconds, device: deviceName, rates };
}

/** Smoothing where the truth is known, else the Poisson GLM from held-in units. */
export async function baselineOf({ by }: Subject, dataset: Dataset, options: Options): Promise<number> {
  const { smoothing, glm } = await scoreBaselines(dataset, jobOf('', 0, options));
  return (by === 'r2Truth' ? smoothing : glm)[by]!;
}

// A trained model on the trials of another recording: its outputs are kept beside the run's own, and scored the same way.

import { Failure } from '../contract/failure.ts';
import type { Job } from '../contract/job.ts';
import type { Arrays, NamedArray } from '../contract/result.ts';
import type { RecordingSummary } from '../contract/recording.ts';
import type { FitReport, RunRecord } from '../contract/run.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { models } from '../models/index.ts';
import type { Checkpoint, Model, Sink } from '../models/model.ts';
import { addDataset, addRecording, loadCheckpoint, type Project, saveOutputs } from '../store/index.ts';
import { type Baselines, keepBaselines, loadBaselines } from './baselines.ts';
import { find } from './find.ts';
import { everyPlace, outputsAndScores } from './report.ts';

export async function inferOn(
  project: Project,
  run: RunRecord,
  recording: RecordingSummary,
  path: string,
  dataset: Dataset,
  job: Job,
): Promise<FitReport> {
  const begun = performance.now();
  const model = find<Model>('model', models, run.model);
  const checkpoint = await loadCheckpoint(project, run.id);
  if (!checkpoint) throw new Failure('no-checkpoint', `Run ${run.id} has no weights yet: it is ${run.state}.`, 'Resume it first.');
  addRecording(project, path, recording);
  addDataset(project, dataset);
  const outputs = await saveOutputs(project, run.id, { trials: dataset.trials, dataset: dataset.hash });
  const kept = {
    load: (hash: string) => loadBaselines(project, hash),
    keep: (hash: string, baselines: Baselines) => keepBaselines(project, hash, baselines),
  };
  try {
    const scored = await outputsAndScores(
      dataset,
      { model, checkpoint, resolved: run.resolved, trainedHere: dataset.hash === run.dataset },
      outputs.write,
      kept,
      job,
    );
    await outputs.finish(dataset.summary.warnings);
    return {
      run: run.id,
      model: run.model,
      device: run.device,
      // The checkpoint names the device that runs it, whichever was asked for; its own words are those of the fit.
      deviceName: run.report?.deviceName ?? run.device,
      threads: job.threads,
      seed: run.seed,
      steps: checkpoint.step,
      bestStep: checkpoint.bestStep,
      seconds: (performance.now() - begun) / 1000,
      ...scored,
      notes: dataset.summary.warnings,
    };
  } catch (error) {
    outputs.abandon();
    throw error;
  }
}

/** Outputs of every trial of a run's own dataset from a checkpoint, in memory: what is shown of a fit that is still under way. */
export async function collectOutputs(run: RunRecord, checkpoint: Checkpoint, dataset: Dataset, job: Job): Promise<Arrays> {
  const whole: Record<string, NamedArray & { readonly values: Float32Array }> = {};
  const model = find<Model>('model', models, run.model);
  const take: Sink = (trials, arrays) => {
    for (const [name, array] of Object.entries(arrays)) {
      const row = array.values.length / trials.length;
      whole[name] ??= { ...array, values: new Float32Array(dataset.trials * row), shape: [dataset.trials, ...array.shape.slice(1)] };
      for (const [place, trial] of trials.entries())
        whole[name].values.set(array.values.subarray(place * row, (place + 1) * row), trial * row);
    }
  };
  await model.infer(checkpoint, dataset, run.resolved, everyPlace(dataset), take, job);
  return whole;
}

// One fit from recording to report, in a thread of its own: dataset, training, outputs of every trial, scores beside baselines.

import { setImmediate } from 'node:timers/promises';
import type { Failure } from '../contract/failure.ts';
import { asFailure } from '../contract/rpc.ts';
import type { FitReport, MetricPoint, RunRecord } from '../contract/run.ts';
import { parseSettings } from '../contract/settings.ts';
import { makeDataset } from '../dataset/index.ts';
import { openRecording } from '../formats/index.ts';
import { models } from '../models/index.ts';
import type { FitJob, Model } from '../models/model.ts';
import type { FitDesk } from './fit-desk.ts';
import type { FitSpec, FromFit } from './fit-spec.ts';
import { find } from './find.ts';
import { cancelled } from './jobs.ts';
import { outputsAndScores } from './report.ts';

/** Curves are written to the project in batches of this age. */
const WRITE_POINTS_EVERY_MS = 1000;

/** Runs the fit and answers with the run's last record: finished, stopped or failed. Never throws for trouble of the fit itself. */
export async function runFit(spec: FitSpec, desk: FitDesk, stop: Int32Array, tell: (message: FromFit) => void): Promise<RunRecord> {
  const begun = performance.now();
  let points: MetricPoint[] = [];
  let written = begun;
  const flush = async () => {
    const batch = points;
    points = [];
    written = performance.now();
    if (batch.length > 0) await desk.points(spec.run, batch);
  };
  const abort = new AbortController();
  let steps = 0;
  let record: RunRecord | undefined;
  let [doneAtStart, since] = [0, begun];
  let isTrained = false;
  const job: FitJob = {
    signal: abort.signal,
    seed: spec.seed,
    threads: spec.threads,
    device: spec.device,
    ...(spec.moreSteps === undefined ? {} : { moreSteps: spec.moreSteps }),
    async progress(done, doing) {
      if (doneAtStart === 0 || done < doneAtStart) [doneAtStart, since] = [done, performance.now()];
      const share = (done - doneAtStart) / (1 - doneAtStart);
      const secondsLeft = share > 0 && !isTrained ? (((performance.now() - since) / 1000) * (1 - share)) / share : undefined;
      const seconds = (performance.now() - begun) / 1000;
      const left = secondsLeft === undefined ? {} : { secondsLeft };
      const after = isTrained && doing ? { after: doing } : {};
      tell({ kind: 'progress', step: Math.round(done * steps), steps, seconds, ...left, ...after });
      if (Atomics.load(stop, 0) === 1) abort.abort(cancelled());
      if (performance.now() - written > WRITE_POINTS_EVERY_MS) await flush();
      await setImmediate();
      abort.signal.throwIfAborted();
    },
    metric(point) {
      points.push(point);
      tell({ kind: 'point', point });
    },
    // Curves first: a kill between the two leaves no gap in them.
    save: async (checkpoint) => {
      await flush();
      await desk.save(spec.run, checkpoint);
      if (!record) return;
      // What is kept is what is shown: its best step is the one that pictures are made of until the next checkpoint.
      record = { ...record, step: checkpoint.step, bestStep: checkpoint.bestStep };
      tell({ kind: 'record', record, last: false });
    },
  };

  try {
    const model = find<Model>('model', models, spec.model);
    const recording = await openRecording(spec.recording, {}, job);
    const dataset = await makeDataset(recording, spec.data, job);
    recording.close();
    const resolved = model.resolve(dataset, parseSettings(model.params, spec.settings));
    steps = spec.moreSteps ?? Number(resolved.steps?.value ?? 0);
    record = await desk.change(spec.run, { state: 'running', resolved, failure: undefined });
    tell({ kind: 'record', record, last: false });

    const resume = (await desk.load(spec.run)) ?? (spec.parent === undefined ? undefined : await desk.load(spec.parent));
    const outcome = await model.fit(dataset, resolved, { ...job, ...(resume === undefined ? {} : { resume }) });
    await flush();
    await desk.save(spec.run, outcome.checkpoint);
    await desk.openOutputs(spec.run, dataset.trials);
    // What follows training is not part of the step count.
    isTrained = true;
    const after = { ...job, progress: (done: number, doing?: string) => job.progress(1, doing && `${doing}, ${Math.round(100 * done)} %`) };
    const { checkpoint } = outcome;
    const best = (await desk.curves(spec.run)).find(({ step }) => step === checkpoint.bestStep);
    const withheldBitsPerSpike = best?.values.sampleBitsPerSpike;
    const scored = await outputsAndScores(
      dataset,
      { model, checkpoint, resolved, trainedHere: true, withheldBitsPerSpike },
      (trials, arrays) => desk.writeOutputs(spec.run, trials, arrays),
      { load: desk.baselines, keep: desk.keepBaselines },
      after,
    );
    const notes = [...outcome.notes, ...dataset.summary.warnings];
    await desk.closeOutputs(spec.run, notes);
    const report: FitReport = {
      run: spec.run,
      model: model.id,
      device: outcome.device,
      deviceName: outcome.deviceName,
      threads: spec.oneThread || outcome.checkpoint.step === 0 ? 1 : spec.threads,
      seed: spec.seed,
      steps: outcome.checkpoint.step,
      bestStep: outcome.checkpoint.bestStep,
      seconds: (performance.now() - begun) / 1000,
      ...scored,
      ...(outcome.weightCorrelation === undefined ? {} : { weightCorrelation: outcome.weightCorrelation }),
      diagnostics: { ...scored.diagnostics, ...outcome.diagnostics },
      notes,
    };
    const { device, checkpoint: last, chosen } = outcome;
    return await desk.change(spec.run, {
      state: 'finished',
      device,
      bestStep: last.bestStep,
      ...(chosen && { resolved: { ...resolved, ...chosen } }),
      report,
    });
  } catch (error) {
    const failure = asFailure(error);
    await flush();
    await desk.abandonOutputs(spec.run);
    return await desk.change(spec.run, failure.code === 'cancelled' ? { state: 'stopped' } : { state: 'failed', failure: told(failure) });
  }
}

const told = ({ code, sentence, hint }: Failure) => ({ code, sentence, hint });

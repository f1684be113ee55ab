// What a fit's thread asks of the desk, the one thread that writes projects: its run, its checkpoints, its outputs.

import {
  appendMetrics,
  curves,
  loadCheckpoint,
  type OutputsWriter,
  type RunChange,
  saveCheckpoint,
  saveOutputs,
  updateRun,
} from '../store/index.ts';
import type { Project } from '../store/index.ts';
import type { Arrays } from '../contract/result.ts';
import type { MetricPoint, RunRecord } from '../contract/run.ts';
import type { Checkpoint } from '../models/model.ts';
import { type Baselines, keepBaselines, loadBaselines } from './baselines.ts';

export interface FitDesk {
  change(run: string, change: RunChange): Promise<RunRecord>;
  points(run: string, points: readonly MetricPoint[]): Promise<void>;
  curves(run: string): Promise<readonly MetricPoint[]>;
  load(run: string): Promise<Checkpoint | undefined>;
  save(run: string, checkpoint: Checkpoint): Promise<void>;
  /** Outputs come in batches of trials between `openOutputs` and `closeOutputs`. */
  openOutputs(run: string, trials: number): Promise<void>;
  writeOutputs(run: string, trials: Int32Array, arrays: Arrays): Promise<void>;
  closeOutputs(run: string, notes: readonly string[]): Promise<void>;
  abandonOutputs(run: string): Promise<void>;
  baselines(dataset: string): Promise<Baselines | undefined>;
  keepBaselines(dataset: string, baselines: Baselines): Promise<void>;
}

/** The desk's side, over the project that it has open. */
export function fitDesk(project: Project): FitDesk {
  const writers = new Map<string, OutputsWriter>();
  return {
    change: async (run, change) => updateRun(project, run, change),
    points: async (run, points) => appendMetrics(project, run, points),
    curves: async (run) => curves(project, run),
    load: (run) => loadCheckpoint(project, run),
    save: (run, checkpoint) => saveCheckpoint(project, run, checkpoint),
    async openOutputs(run, trials) {
      writers.get(run)?.abandon();
      writers.set(run, await saveOutputs(project, run, { trials }));
    },
    async writeOutputs(run, trials, arrays) {
      writers.get(run)?.write(trials, arrays);
    },
    async closeOutputs(run, notes) {
      const writer = writers.get(run);
      writers.delete(run);
      await writer?.finish(notes);
    },
    async abandonOutputs(run) {
      writers.get(run)?.abandon();
      writers.delete(run);
    },
    baselines: (dataset) => loadBaselines(project, dataset),
    keepBaselines: (dataset, baselines) => keepBaselines(project, dataset, baselines),
  };
}

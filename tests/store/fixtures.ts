// Small projects for tests of the store: a recording, a dataset, a run and what it saves.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { DatasetSummary } from '../../src-worker/contract/dataset.ts';
import { Failure } from '../../src-worker/contract/failure.ts';
import type { RecordingSummary } from '../../src-worker/contract/recording.ts';
import type { Arrays } from '../../src-worker/contract/result.ts';
import type { FitReport } from '../../src-worker/contract/run.ts';
import type { Checkpoint } from '../../src-worker/models/model.ts';
import { addDataset, addRecording, addRun, type NewRun, type Project } from '../../src-worker/store/index.ts';

/** A folder that is gone when the tests of this file are done. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-store-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const recording = { identity: 'r1', name: 'reach' } as RecordingSummary;

export const wanted: NewRun = {
  model: 'lfads',
  modelVersion: 1,
  dataset: 'd1',
  seed: 0,
  settings: { factors: 8 },
  resolved: { factors: { value: 8, reason: 'set' } },
  device: 'fused',
};

/** Notes a recording and its dataset, and adds a run; answers with its id. */
export function fill(project: Project, run: Partial<NewRun> = {}): string {
  addRecording(project, '/recordings/reach.nwb', recording);
  for (const hash of ['d1', 'd2'])
    addDataset(project, {
      hash,
      recipe: { kind: 'dataset', version: 1, recording: 'r1', settings: {} },
      summary: { hash } as DatasetSummary,
    });
  return addRun(project, { ...wanted, ...run }).run.id;
}

/** A checkpoint whose every number is its step. */
export const checkpointAt = (step: number, size = 1000): Checkpoint => ({
  step,
  bestStep: step - 1,
  arrays: {
    'weights/generator.W': { values: new Float32Array(size).fill(step), shape: [size / 10, 10], axes: ['row', 'column'], unit: '1' },
    moments: { values: Float64Array.of(step, Number.NaN, -0), shape: [3], axes: ['moment'], unit: '' },
  },
  state: { step, best: Number.POSITIVE_INFINITY, patience: { left: 3, losses: [Number.NaN, 0.1, -0] } },
});

/** Outputs of some trials: rates are the trial's number. */
export const outputsOf = (trials: readonly number[], bins = 3, units = 2): Arrays => ({
  rates: {
    values: Float32Array.from(trials.flatMap((trial) => Array<number>(bins * units).fill(trial))),
    shape: [trials.length, bins, units],
    axes: ['trial', 'bin', 'unit'],
    unit: 'Hz',
    about: 'Posterior mean rates',
  },
  initialConditions: {
    values: Float64Array.from(trials.flatMap((trial) => [trial, -trial])),
    shape: [trials.length, 2],
    axes: ['trial', 'dimension'],
    unit: '',
  },
});

export const report = (scores: Partial<FitReport>): FitReport => scores as FitReport;

/** The code of the Failure that some work ends in; throws where it ends otherwise. */
export async function failureOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
  throw new Error('It did not fail');
}

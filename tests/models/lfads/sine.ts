// A small dataset with rates that are known: counts of units driven by two phases that differ from trial to trial.

import { type Dataset, TRAINING, VALIDATION } from '../../../src-worker/dataset/dataset.ts';
import { key, uniform } from '../../../src-worker/engine/random.ts';

interface Options {
  readonly trials?: number;
  readonly bins?: number;
  readonly units?: number;
  readonly heldOut?: readonly number[];
  /** Every n-th trial is for validation; 0 for none. */
  readonly validEvery?: number;
  readonly external?: boolean;
}

/** Poisson count of mean `mean` from one uniform number, by inversion. */
function poisson(mean: number, u: number): number {
  let [k, p] = [0, Math.exp(-mean)];
  for (let sum = p; u > sum && k < 50; sum += p) p *= mean / ++k;
  return k;
}

export function sineDataset({ trials = 20, bins = 12, units = 6, heldOut = [], validEvery = 5, external = false }: Options = {}): Dataset {
  const binMs = 20;
  const truth = new Float32Array(trials * bins * units);
  const counts = new Float32Array(truth.length);
  for (let trial = 0, i = 0; trial < trials; trial++) {
    const phase = 2 * Math.PI * uniform(key(5, 1), trial);
    for (let t = 0; t < bins; t++)
      for (let u = 0; u < units; u++, i++) {
        truth[i] = Math.exp(0.2 + 0.9 * Math.sin(phase + (2 * Math.PI * t) / 15 + u));
        counts[i] = poisson(truth[i]!, uniform(key(5, 2), i));
      }
  }
  const split = Uint8Array.from({ length: trials }, (_, k) =>
    validEvery > 0 && k % validEvery === validEvery - 1 ? VALIDATION : TRAINING,
  );
  const validationTrials = split.reduce((n, part) => n + (part === VALIDATION ? 1 : 0), 0);
  return {
    recipe: { kind: 'dataset', version: 1, recording: 'sine', settings: {} },
    hash: 'sine',
    summary: {
      hash: 'sine',
      trials,
      bins,
      units,
      binMs,
      windowMs: [0, bins * binMs],
      event: 'start',
      emptyShare: 0,
      spikes: counts.reduce((a, b) => a + b, 0),
      conditions: [],
      trainingTrials: trials - validationTrials,
      validationTrials,
      testTrials: 0,
      heldOutUnits: heldOut.length,
      bytes: 0,
      left: [],
      warnings: [],
      hasTruth: true,
      behaviors: [],
      externals: [],
    },
    trials,
    bins,
    units,
    binMs,
    event: 'start',
    edgesMs: Float64Array.from({ length: bins + 1 }, (_, t) => t * binMs),
    counts,
    trialRows: Int32Array.from({ length: trials }, (_, k) => k),
    unitRows: Int32Array.from({ length: units }, (_, k) => k),
    trialIds: Float64Array.from({ length: trials }, (_, k) => k),
    unitIds: Float64Array.from({ length: units }, (_, k) => k),
    areas: Array.from({ length: units }, () => ''),
    split,
    heldOut: Uint8Array.from({ length: units }, (_, u) => (heldOut.includes(u) ? 1 : 0)),
    behaviors: [],
    truth,
    events: [],
    columns: [],
    ...(external
      ? {
          external: {
            name: 'drive',
            unit: '',
            channels: ['a'],
            values: Float32Array.from({ length: trials * bins }, (_, i) => Math.sin(i)),
          },
        }
      : {}),
  };
}

/** Widths and lengths small enough for a test. */
export const tiny = {
  factors: 3,
  inputs: 1,
  generator: 6,
  initialCondition: 4,
  initialEncoder: 5,
  inputEncoder: 5,
  controller: 5,
  batch: 5,
  steps: 12,
  validateEvery: 3,
  rampInitial: 4,
  rampInputs: 4,
} as const;

// A run's outputs on a small dataset, for tests of exporters: odd sizes, ids that are not rows, awkward text, numbers that are no numbers.

import type { Arrays } from '../../src-worker/contract/result.ts';
import { TEST, TRAINING, VALIDATION, type Dataset } from '../../src-worker/dataset/dataset.ts';
import { key, normal } from '../../src-worker/engine/random.ts';
import type { Exported } from '../../src-worker/exporters/exporter.ts';

export const [trials, bins, units] = [3, 4, 2];

const values = (count: number, stream: number): Float32Array => Float32Array.from({ length: count }, (_, i) => normal(key(7, stream), i));

export function exported({ event = 'go', recordingPath = '/recordings/reach.nwb' } = {}): Exported {
  const rates = values(trials * bins * units, 1);
  rates.set([Number.NaN, Number.POSITIVE_INFINITY, -0, 1e-30]);
  const outputs: Arrays = {
    rates: { values: rates, shape: [trials, bins, units], axes: ['trial', 'bin', 'unit'], unit: 'Hz', about: 'Posterior mean rates' },
    factors: { values: values(trials * bins * 3, 2), shape: [trials, bins, 3], axes: ['trial', 'bin', 'factor'], unit: '' },
    inputs: { values: values(trials * bins, 3), shape: [trials, bins, 1], axes: ['trial', 'bin', 'input'], unit: '' },
    initialConditions: { values: values(trials * 5, 4), shape: [trials, 5], axes: ['trial', 'dimension'], unit: '' },
  };
  const dataset: Dataset = {
    recipe: { kind: 'dataset', version: 1, recording: 'abc', settings: { align: event } },
    hash: 'd00d',
    summary: {} as Dataset['summary'],
    trials,
    bins,
    units,
    binMs: 20,
    event,
    edgesMs: Float64Array.of(-40, -20, 0, 20, 40),
    counts: new Float32Array(trials * bins * units),
    trialRows: Int32Array.of(0, 2, 5),
    unitRows: Int32Array.of(1, 4),
    trialIds: Float64Array.of(10, 12, 15),
    unitIds: Float64Array.of(101, 104),
    areas: ['M1', ''],
    split: Uint8Array.of(TRAINING, VALIDATION, TEST),
    heldOut: Uint8Array.of(0, 1),
    conditions: { label: 'target', names: ['=left, "far"', 'rechts, ö'], of: Int32Array.of(1, 0, -1), scale: 'nominal' },
    behaviors: [],
    events: [],
    columns: [{ name: 'go', description: '', kind: 'number', values: Float64Array.of(1.5, 3.25, 9) }],
  };
  return {
    run: {
      id: '1af91fc3',
      model: 'lfads',
      modelVersion: 1,
      dataset: 'd00d',
      seed: 0,
      state: 'finished',
      created: '2026-01-02T03:04:05.000Z',
      settings: { factors: 3 },
      resolved: { factors: { value: 3, reason: 'set' } },
      device: 'fused',
      step: 100,
      bestStep: 90,
    },
    dataset,
    recordingPath,
    outputs,
  };
}

export const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };

import { expect, test } from 'vitest';
import { TRAINING, VALIDATION } from '../../src-worker/dataset/dataset.ts';
import type { Exported } from '../../src-worker/exporters/exporter.ts';
import { wholeOf } from '../../src-worker/exporters/whole.ts';
import { bins, exported } from './exported.ts';

/** Three segments of four bins: the first two share two bins, the third begins after a gap of one. */
function chopped(): Exported {
  const what = exported();
  const segments = { startBin: Int32Array.of(0, 2, 7), overlapBins: 2, startSeconds: Float64Array.of(30, 30.04, 30.14) };
  const split = Uint8Array.of(TRAINING, TRAINING, VALIDATION);
  const constant = { values: Float32Array.from({ length: 3 * bins }, (_, at) => Math.floor(at / bins)), shape: [3, bins] };
  return {
    ...what,
    dataset: { ...what.dataset, segments, split },
    outputs: { inputs: { ...constant, axes: ['trial', 'bin'], unit: '' }, initialConditions: what.outputs.initialConditions },
  };
}

test('trials stay as they are', () => {
  const what = exported();
  expect(wholeOf(what)).toBe(what);
});

test('segments become one stretch of time in which each fades into the next', () => {
  const { dataset, outputs } = wholeOf(chopped());
  expect(outputs.inputs.shape).toEqual([1, 11]);
  expect([...outputs.inputs.values]).toEqual([0, 0, 0.25, 0.75, 1, 1, Number.NaN, 2, 2, 2, 2]);
  expect([dataset.trials, dataset.bins, dataset.edgesMs.at(-1)]).toEqual([1, 11, 220]);
  expect(dataset.segments?.startSeconds).toEqual(Float64Array.of(30));
});

test('each bin says what it was used for, and what belongs to a segment is left out', () => {
  const { dataset, outputs } = wholeOf(chopped());
  expect([...outputs.split.values]).toEqual([0, 0, 0, 0, 0, 0, 255, 1, 1, 1, 1]);
  expect([...(dataset.observed ?? [])]).toEqual([1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1]);
  expect(Object.keys(outputs).sort()).toEqual(['inputs', 'split']);
});

import { expect, test } from 'vitest';
import { arraysOfTrials, chosenTrials, datasetOfTrials } from '../../src-worker/dataset/restricted.ts';
import { exported, trials } from '../exporters/exported.ts';

const { dataset, outputs } = exported();
const places = Int32Array.of(2, 0);

test('chosen trials are those that meet every comparison, all without one, and none is refused', () => {
  expect(chosenTrials(dataset)).toEqual(Int32Array.from({ length: trials }, (_, k) => k));
  expect(chosenTrials(dataset, 'go>2')).toEqual(Int32Array.of(1, 2));
  expect(chosenTrials(dataset, 'go>2,go<5')).toEqual(Int32Array.of(1));
  expect(() => chosenTrials(dataset, 'go>100')).toThrow(/No trial matches go>100/);
});

test('a dataset of chosen trials keeps who they are, and its units and bins', () => {
  const counts = dataset.counts.map((_, i) => i);
  const spikesMs = (unit: number, trial: number) => Float64Array.of(unit, trial);
  const some = datasetOfTrials({ ...dataset, counts, spikesMs }, places);
  expect(some.spikesMs?.(1, 0)).toEqual(Float64Array.of(1, 2));
  expect(some.trials).toBe(2);
  expect(some.trialIds).toEqual(Float64Array.of(15, 10));
  expect(some.split).toEqual(Uint8Array.of(dataset.split[2], dataset.split[0]));
  expect(some.conditions?.of).toEqual(Int32Array.of(-1, 1));
  expect(some.columns[0].values).toEqual(Float64Array.of(9, 1.5));
  const size = dataset.bins * dataset.units;
  expect(some.counts).toEqual(Float32Array.from({ length: 2 * size }, (_, i) => (i < size ? 2 * size + i : i - size)));
});

test('outputs of chosen trials are those trials, bit for bit', () => {
  const some = arraysOfTrials(outputs, places);
  for (const [name, { values, shape }] of Object.entries(some)) {
    const size = values.length / 2;
    expect(shape).toEqual([2, ...outputs[name].shape.slice(1)]);
    expect(values.slice(0, size)).toEqual(outputs[name].values.slice(2 * size, 3 * size));
    expect(values.slice(size)).toEqual(outputs[name].values.slice(0, size));
  }
});

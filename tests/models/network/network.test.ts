import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NamedArray } from '../../../src-worker/contract/result.ts';
import { makeDataset } from '../../../src-worker/dataset/index.ts';
import { openRecording } from '../../../src-worker/formats/index.ts';
import { network } from '../../../src-worker/models/network/index.ts';
import { writeArrays } from '../../../src-worker/store/index.ts';
import { fitJob } from '../fits.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-network-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const array = (shape: readonly number[], of: (i: number) => number): NamedArray => ({
  values: Float64Array.from({ length: shape.reduce((size, length) => size * length, 1) }, (_, i) => of(i)),
  shape,
  axes: shape.map((_, k) => `axis ${k}`),
  unit: '',
});

async function datasetOf(name: string, arrays: Readonly<Record<string, NamedArray>>) {
  const path = join(folder, `${name}.h5`);
  await writeArrays(path, arrays);
  const recording = await openRecording(path, {}, fitJob());
  const dataset = await makeDataset(recording, { network: true }, fitJob());
  recording.close();
  return dataset;
}

test('weights, bias, inputs and starts of a file make a flow, and one of PyTorch is found by its names', async () => {
  const dataset = await datasetOf('pytorch', {
    weight_hh_l0: array([6, 2], (i) => i / 10),
    weight_ih_l0: array([6, 1], (i) => i / 5),
    bias_ih_l0: array([6], () => 0.1),
    bias_hh_l0: array([6], () => 0.2),
    starts: array([3, 2], (i) => i),
  });
  expect(dataset.trials).toBe(0);
  const resolved = network.resolve(dataset, { map: 'gru', dtMs: 10 });
  expect(resolved.inputWeights).toEqual({ value: '/weight_ih_l0', reason: 'found by its name' });
  const { checkpoint, notes } = await network.fit(dataset, resolved, fitJob());
  expect(notes[0]).toBe('2 units and 1 inputs, a map.');
  const flow = network.flow!(checkpoint, resolved);
  expect([flow.states, flow.inputs, flow.kind === 'map' && flow.stepMs]).toEqual([2, 1, 10]);
  expect(network.brought!(checkpoint).starts?.shape).toEqual([3, 2]);
  // r = σ(.3), z = σ(.7), n = tanh(1.0 …) at h = 0, u = 0: h' = (1 − z) tanh(.1 + r · .2)
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
  const next = flow.kind === 'map' ? flow.map(new Float64Array(2), new Float64Array(1)) : new Float64Array();
  expect(next[0]).toBeCloseTo((1 - sigmoid(0.3)) * Math.tanh(0.1 + sigmoid(0.3) * 0.2), 14);
});

test('a plain network of PyTorch adds its two biases, and a time constant makes it continuous', async () => {
  const dataset = await datasetOf('plain', {
    weight_hh_l0: array([2, 2], () => 0),
    bias_ih_l0: array([2], () => 0.1),
    bias_hh_l0: array([2], () => 0.2),
  });
  const resolved = network.resolve(dataset, { tauMs: 20 });
  const { checkpoint } = await network.fit(dataset, resolved, fitJob());
  const flow = network.flow!(checkpoint, resolved);
  const slope = flow.kind === 'ode' ? flow.derivative(new Float64Array(2), new Float64Array(0))[0] : Number.NaN;
  expect(slope).toBeCloseTo(Math.tanh(0.3) / 20, 14);
});

test('what is wrong with a file is said with its remedy', async () => {
  const long = await datasetOf('long', { W: array([3, 2], () => 1) });
  expect(() => network.resolve(long, {})).toThrow(/\/W\) are 3 × 2; they must be square/);
  const nan = await datasetOf('nan', { W: array([2, 2], (i) => (i === 2 ? Number.NaN : 1)) });
  expect(() => network.resolve(nan, {})).toThrow(/hold NaN at place 2/);
  const odd = await datasetOf('odd', { W: array([2, 2], () => 1), bias: array([3], () => 1) });
  expect(() => network.resolve(odd, { bias: '/bias' })).toThrow(/bias \(\/bias\) are 3 where 2 is wanted/);
  expect(() => network.resolve(odd, { weights: '/V' })).toThrow(/no array \/V .* \/W \(2 × 2\)/);
  expect(() => network.resolve(odd, { map: 'gru' })).toThrow(/3 × units rows/);
  expect(() => network.resolve(odd, { tauMs: 5, dtMs: 10 })).toThrow(/longer than the time constant/);
});

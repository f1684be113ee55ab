import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { currents } from '../../../src-worker/analyses/currents/index.ts';
import { currentsOf } from '../../../src-worker/analyses/currents/result.ts';
import { diagnosticsOf } from '../../../src-worker/analyses/belief/readings.ts';
import type { TestedRun } from '../../../src-worker/analyses/analysis.ts';
import type { Result, States } from '../../../src-worker/contract/result.ts';
import { valuesOf } from '../../../src-worker/contract/settings.ts';
import { type Dataset, makeDataset } from '../../../src-worker/dataset/index.ts';
import { openRecording } from '../../../src-worker/formats/index.ts';
import { fromCheckpoint, toArrays, toState } from '../../../src-worker/models/constrained/network.ts';
import { curbd } from '../../../src-worker/models/curbd/index.ts';
import type { Checkpoint } from '../../../src-worker/models/model.ts';
import { hdf5Bytes } from '../../../src-worker/synthetic/hdf5/write.ts';
import { threeRegionsFile } from '../../../src-worker/synthetic/three-regions-file.ts';
import { threeRegions } from '../../../src-worker/synthetic/three-regions.ts';
import { quietJob } from '../../dataset/fake-recording.ts';
import { fitJob } from '../../models/fits.ts';

const folder = mkdtempSync(join(tmpdir(), 'three-regions-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SEEDS = 5;
let dataset: Dataset;
let run: TestedRun;
let result: Result;
const checkpoints: Checkpoint[] = [];

// Fewer units than the recording that is written by default has, so fewer connections from region to region, each of them stronger.
beforeAll(async () => {
  const system = threeRegions({ unitsPerRegion: 60, samples: 1001, amplitude: 0.05 });
  const path = join(folder, 'three.h5');
  writeFileSync(path, hdf5Bytes(threeRegionsFile(system)));
  const recording = await openRecording(path, {}, quietJob());
  dataset = await makeDataset(recording, { rates: '/rates', dtMs: 10, trueWeights: '/W' }, quietJob());
  recording.close();
  const resolved = curbd.resolve(dataset, { steps: 5, freeRuns: 0, noise: 0, gain: 0.1, p0: 0.1 });
  const model = curbd.tested!;
  const members = [];
  for (let seed = 0; seed < SEEDS; seed++) {
    const { checkpoint } = await curbd.fit(dataset, resolved, fitJob({ seed }));
    checkpoints.push(checkpoint);
    members.push({ run: `run${seed}`, seed, network: model.open(checkpoint, resolved, dataset) });
  }
  run = { model, resolved, seed: 0, members, of: 'CURBD, run 0', title: 'CURBD' };
  const params = { ...valuesOf(currents.params, {}), recoveries: 1 };
  result = await currents.run({ states: {} as States, dataset, tested: run }, params, quietJob());
});

test('currents between regions are nearer to the true ones than with shuffled labels', () => {
  const { summary } = result;
  expect(summary['truth.median']).toBeGreaterThan(summary['truth.control95']);
  expect(summary['truth.within']).toBeGreaterThan(summary['truth.control95']);
  expect(result.arrays.truth.shape).toEqual([SEEDS, 3, 3]);
  const { pairs, regions, split } = currentsOf(result);
  expect(regions.map(({ name, units }) => [name, units])).toEqual([
    ['A', 60],
    ['B', 60],
    ['C', 60],
  ]);
  expect(split).toBe('current');
  for (const { truth, truthControl, recovery } of pairs) expect([truth, truthControl, recovery].every(Number.isFinite)).toBe(true);
  for (const into of ['A', 'B', 'C']) {
    const own = pairs.filter((pair) => pair.into === into);
    expect(own.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(own.reduce((sum, { signedShare }) => sum + signedShare, 0)).toBeCloseTo(1, 9);
  }
});

test('the mean of currents is that of its parts, in the units of the target', () => {
  const { mean, excitatory, inhibitory } = result.arrays;
  for (let at = 0; at < mean.values.length; at += 97) expect(excitatory.values[at] + inhibitory.values[at]).toBeCloseTo(mean.values[at], 4);
  expect(mean.unit).toBe('Hz');
});

test('what excites and what inhibits adds up along components, and each has a size', () => {
  const { components, componentParts, sizeParts, size } = result.arrays;
  const half = components.values.length;
  expect(componentParts.values.length).toBe(2 * half);
  for (let at = 0; at < half; at += 89)
    expect(componentParts.values[at] + componentParts.values[half + at]).toBeCloseTo(components.values[at], 3);
  // No current is larger than its two parts together.
  const places = sizeParts.values.length / 2;
  for (let at = 0; at < places; at += 31)
    expect(size.values[at]).toBeLessThanOrEqual(sizeParts.values[at] + sizeParts.values[places + at] + 1e-9);
});

test('every seed has a signed mean, the first that of the network itself, and every unit says how well it is foretold', () => {
  const { mean, meanBySeed, freeRunPVar } = result.arrays;
  const [, , rows, bins] = mean.shape;
  expect(meanBySeed.shape).toEqual([SEEDS, 3, 3, bins]);
  for (const [pair, t] of [
    [1, 7],
    [6, 500],
  ]) {
    const own = Array.from({ length: rows }, (_, row) => mean.values[(pair * rows + row) * bins + t]);
    expect(meanBySeed.values[pair * bins + t]).toBeCloseTo(
      own.reduce((sum, one) => sum + one / rows, 0),
      5,
    );
  }
  const { units } = currentsOf(result);
  expect(units.map(({ region }) => region).filter((region) => region === 'B')).toHaveLength(60);
  expect(units[3].freeRunPVar).toBe(freeRunPVar.values[3]);
});

test('the true network is found in itself: its currents are the true ones, and its weights come back', async () => {
  const fitted = fromCheckpoint(checkpoints[0]!);
  const n = dataset.units;
  const network = { ...fitted.network, J: Float64Array.from(dataset.trueWeights ?? []) };
  const whole = { ...fitted, network, transform: { scale: new Float64Array(n).fill(1), offset: new Float64Array(n) } };
  const checkpoint = { step: 0, bestStep: 0, arrays: toArrays(whole), state: toState(whole) };
  const params = { ...valuesOf(currents.params, {}), recoveries: 0, draws: 20, shifted: 'off' } as const;
  const members = [{ run: 'true', seed: 0, network: run.model.open(checkpoint, run.resolved, dataset) }];
  const own = { ...run, members };
  const { summary } = await currents.run({ states: {} as States, dataset, tested: own }, params, quietJob());
  expect(summary['truth.least']).toBeGreaterThan(1 - 1e-9);
  expect(summary['truth.control95']).toBeLessThan(0.9);
});

test('every reading is a sentence with its numbers', () => {
  const readings = diagnosticsOf(result.summary);
  expect(readings.map(({ id }) => id)).toEqual([
    'truth',
    'recovery',
    'regressors',
    'ensemble',
    'freeRun',
    'shuffled',
    'shifted',
    'cancellation',
  ]);
  for (const { sentence, numbers } of readings) {
    expect(sentence).toMatch(/^[A-Z0-9].*\.$/);
    expect(sentence).not.toMatch(/NaN|undefined/);
    expect(Object.keys(numbers).length).toBeGreaterThan(0);
  }
});

test('a network that runs away from the data is said to, not to explain less than nothing', () => {
  const said = (share: number) => diagnosticsOf({ ...result.summary, 'freeRun.pVar': share }).find(({ id }) => id === 'freeRun')?.sentence;
  expect(said(0.4)).toMatch(/explains 0\.40 of the variance/);
  expect(said(-1.52)).toMatch(/runs away .* its mean alone is nearer .*−1\.52/);
});

test('units of one region are refused, and another column may tell regions apart', async () => {
  const one = { ...dataset, areas: dataset.areas.map(() => 'A'), unitColumns: [] };
  const params = { ...valuesOf(currents.params, {}), draws: 2, recoveries: 0, shifted: 'off' } as const;
  await expect(currents.run({ states: {} as States, dataset: one, tested: run }, params, quietJob())).rejects.toThrow(
    /one region \(A\).*no columns of units/,
  );
  const halves = { name: 'half', description: '', kind: 'text' as const, values: dataset.areas.map((_, u) => (u < 90 ? 'left' : 'right')) };
  const split = { ...one, unitColumns: [halves] };
  const found = await currents.run({ states: {} as States, dataset: split, tested: run }, { ...params, regions: 'half' }, quietJob());
  expect(currentsOf(found).regions.map(({ name }) => name)).toEqual(['left', 'right']);
});

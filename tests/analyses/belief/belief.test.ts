// Known answers of how far to believe a network: what a fit to its own activity gives back where that determines it, and where it does not.

import { expect, test } from 'vitest';
import { belief } from '../../../src-worker/analyses/belief/index.ts';
import { diagnosticsOf } from '../../../src-worker/analyses/belief/readings.ts';
import { currents } from '../../../src-worker/analyses/currents/index.ts';
import type { TestedRun } from '../../../src-worker/analyses/analysis.ts';
import type { Settings } from '../../../src-worker/contract/params.ts';
import type { States } from '../../../src-worker/contract/result.ts';
import { valuesOf } from '../../../src-worker/contract/settings.ts';
import { type Dataset, makeDataset } from '../../../src-worker/dataset/index.ts';
import { key, normal } from '../../../src-worker/engine/random.ts';
import { cornn } from '../../../src-worker/models/cornn/index.ts';
import { curbd } from '../../../src-worker/models/curbd/index.ts';
import { force, fullForce } from '../../../src-worker/models/force/index.ts';
import type { Model } from '../../../src-worker/models/model.ts';
import { rateRnn } from '../../../src-worker/models/rate-rnn/index.ts';
import { array, fakeRecording, quietJob } from '../../dataset/fake-recording.ts';
import { turningDataset } from '../../metrics/small-dataset.ts';
import { fitJob } from '../../models/fits.ts';

const UNITS = 6;
const BINS = 40;
const job = quietJob();

/** Rates r' = (1 − α) r + α tanh(J r) from random states, which lie in the first `dimensions` of the network's directions; without noise. */
async function known(dimensions: number): Promise<Dataset> {
  const trials = 40;
  const alpha = 0.1;
  const J = Float64Array.from({ length: UNITS ** 2 }, (_, at) =>
    at % (UNITS + 1) === 0 ? 0 : (1.3 * normal(key(3), at)) / Math.sqrt(dimensions),
  );
  // Units beyond the first move as those do.
  const row = (i: number): number => i % dimensions;
  const values: number[] = [];
  for (let trial = 0; trial < trials; trial++) {
    let r = Float64Array.from({ length: UNITS }, (_, i) => (0.4 + 0.02 * Math.floor(i / dimensions)) * normal(key(4, trial), row(i)));
    r = r.map((value) => Math.max(-0.9, Math.min(0.9, value)));
    for (let t = 0; t < BINS; t++) {
      values.push(...r);
      r = r.map((value, i) => {
        let sum = 0;
        for (let j = 0; j < dimensions; j++) sum += J[row(i) * UNITS + j] * r[j];
        return (1 - alpha) * value + alpha * Math.tanh(sum);
      });
    }
  }
  const recording = fakeRecording({ arrays: [array('/rates', [trials, BINS, UNITS], values)] });
  return makeDataset(recording, { rates: '/rates', dtMs: 10, valid: 'every:5' }, quietJob());
}

async function fitted(model: Model, dataset: Dataset, settings: Settings, seeds = 1): Promise<TestedRun> {
  const resolved = model.resolve(dataset, settings);
  const members = [];
  for (let seed = 0; seed < seeds; seed++) {
    const { checkpoint } = await model.fit(dataset, resolved, fitJob({ seed }));
    members.push({ run: `run${seed}`, seed, network: model.tested!.open(checkpoint, resolved, dataset) });
  }
  return { model: model.tested!, resolved, seed: 0, members, of: `${model.title}, run 0`, title: model.title };
}

const believed = (dataset: Dataset, tested: TestedRun, recoveries?: number) =>
  belief.run({ states: {} as States, dataset, tested }, { recoveries }, job);

test('a small network whose activity visits all directions without noise comes back whole; one that visits two does not', async () => {
  const settings = { tauMs: 100, scale: 'none', leastUnits: 1, ridge: 1e-6 };
  const whole = await known(UNITS);
  const { summary, arrays } = await believed(whole, await fitted(cornn, whole, settings));
  expect(summary['regressors.dimensions95']).toBeGreaterThanOrEqual(4);
  expect(summary['recovery.weights']).toBeGreaterThan(0.95);
  expect(summary['recovery.outputs']).toBeGreaterThan(0.99);
  expect(summary['freeRun.pVar']).toBeGreaterThan(0.99);
  expect(arrays.recoveredJ.shape).toEqual([2, UNITS, UNITS]);
  const flat = await known(2);
  // CORNN would choose the smallest weights again, which says nothing; CURBD keeps what it began as where activity tells nothing.
  const begun = { tauMs: 100, scale: 'none', leastUnits: 1, steps: 5, freeRuns: 0, gain: 1.5, p0: 1, noise: 0 };
  const low = (await believed(flat, await fitted(curbd, flat, begun))).summary;
  expect(low['regressors.dimensions95']).toBeLessThanOrEqual(2);
  expect(low['recovery.weights']).toBeLessThan(0.7);
  // What it does comes back all the same.
  expect(low['recovery.outputs']).toBeGreaterThan(0.9);
  const said = diagnosticsOf(low);
  expect(said.map(({ id }) => id)).toEqual(['recovery', 'regressors', 'ensemble', 'freeRun']);
  expect(said[0].sentence).toMatch(/gives its weights back by r = .*: such data do not determine them\.$/);
  expect(said[0].verdict).toBe('doubt');
});

test('one region is no hindrance: seeds, recovery and free run are of the network itself', async () => {
  const dataset = await turningDataset({}, { trials: 40, bins: 20, units: 6 });
  const tested = await fitted(curbd, dataset, { steps: 3, freeRuns: 0, leastUnits: 1, p0: 0.1 }, 2);
  const { summary, arrays } = await believed(dataset, tested, 1);
  expect(arrays.weightSd.shape).toEqual([6, 6]);
  expect(arrays.scores.values[0]).toBeCloseTo(summary['freeRun.pVar'], 9);
  expect(summary['ensemble.members']).toBe(2);
  const sentences = diagnosticsOf(summary).map(({ sentence }) => sentence);
  expect(sentences).toHaveLength(4);
  for (const sentence of sentences) expect(sentence).not.toMatch(/NaN|undefined|currents/);
  await expect(currents.run({ states: {} as States, dataset, tested }, valuesOf(currents.params, {}), job)).rejects.toThrow(
    /one region.*analyze belief/,
  );
});

test.each([force, fullForce])('$id is tried on its own outputs: what it gives comes back, weights are not compared', async (model) => {
  const dataset = await turningDataset({}, { trials: 40, bins: 30, units: 6 });
  const tested = await fitted(model, dataset, { steps: 15, networkUnits: 60, trialsPerAverage: 0, p0: 10 }, 2);
  const { summary, arrays, notes } = await believed(dataset, tested, 1);
  expect(summary['recovery.outputs']).toBeGreaterThan(0.8);
  expect(summary['recovery.weights']).toBeUndefined();
  expect(summary['ensemble.weights']).toBeUndefined();
  expect(summary['ensemble.outputs']).toBeGreaterThan(0.8);
  expect(arrays.eigenvaluesRe.shape).toEqual([60]);
  expect(arrays.recoveredRe.shape).toEqual([60]);
  expect(arrays.recoveredJ).toBeUndefined();
  expect(arrays.outputs.shape).toEqual([4, 30, 6]);
  expect(notes.join(' ')).toMatch(/weights are not/);
  const [recovery, , seeds, run] = diagnosticsOf(summary).map(({ sentence }) => sentence);
  expect(recovery).toMatch(/^Fitted from other random weights .*spectral radius .*not compared\.$/);
  expect(seeds).toMatch(/^2 seeds agree in their free runs/);
  expect(run).toMatch(/^Started at the state of its condition/);
  await expect(currents.run({ states: {} as States, dataset, tested }, valuesOf(currents.params, {}), job)).rejects.toThrow(
    /units of .*FORCE are its own.*CURBD or CORNN.*--readout units/,
  );
});

test('behaviour that FORCE gives is judged in its own units, by name', async () => {
  const dataset = await turningDataset({ behavior: ['velocity'] }, { trials: 40, bins: 30, units: 6 });
  const tested = await fitted(force, dataset, { steps: 10, networkUnits: 40, trialsPerAverage: 0, p0: 10, target: 'behaviour' });
  const { arrays, summary } = await believed(dataset, tested, 1);
  expect(arrays.outputRows.labels).toEqual(['velocity']);
  expect(arrays.outputs.unit).toBe('');
  expect(summary['freeRun.pVar']).toBeGreaterThan(0.3);
});

test('currents of a rate network of recorded units add up to J φ(x) in the unit of the target, and have every test', {
  timeout: 60_000,
}, async () => {
  const one = await turningDataset({}, { trials: 20, bins: 12, units: 6 });
  const dataset: Dataset = { ...one, areas: ['A', 'A', 'A', 'B', 'B', 'B'] };
  const tested = await fitted(rateRnn, dataset, { readout: 'units', steps: 8, encoder: 8, batch: 16 }, 2);
  const params = { ...valuesOf(currents.params, {}), draws: 10, shifted: 'on' } as const;
  const { arrays, summary } = await currents.run({ states: {} as States, dataset, tested }, params, job);
  const [{ network }] = tested.members;
  const { places, weights, onto, from } = network.between!;
  expect(Array.from(arrays.unitRows.values)).toEqual([0, 1, 2, 3, 4, 5]);
  const training = Int32Array.from(dataset.split.keys()).filter((trial) => dataset.split[trial] === 0);
  const { flowing, rows } = await network.follow(training, { perAverage: 0 }, job);
  const [, sources, R, bins] = arrays.byUnit.shape;
  expect([sources, R, bins]).toEqual([2, rows.rows, rows.bins]);
  for (const unit of [0, 4])
    for (const [row, t] of [
      [0, 3],
      [R - 1, bins - 1],
    ] as const) {
      const into = places.indexOf(unit);
      let whole = 0;
      for (let j = 0; j < 6; j++) whole += onto[into] * weights[into * 6 + j] * from[j] * flowing[(row * bins + t) * 6 + j];
      const parts = [0, 1].map((source) => arrays.byUnit.values[((unit * sources + source) * R + row) * bins + t]);
      expect(parts[0]! + parts[1]!).toBeCloseTo(whole, 5);
    }
  expect(arrays.mean.unit).toBe('log rate');
  expect(diagnosticsOf(summary).map(({ id }) => id)).toEqual([
    'recovery',
    'regressors',
    'ensemble',
    'freeRun',
    'shuffled',
    'shifted',
    'cancellation',
  ]);
  expect(arrays.recoveredCurrents.shape).toEqual([1, 2, 2]);
  await expect(currents.run({ states: {} as States, dataset, tested }, { ...params, flowing: 'data' }, job)).rejects.toThrow(
    /not known of the data.*--flowing/,
  );
});

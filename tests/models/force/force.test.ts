import { expect, test } from 'vitest';
import { force, fullForce } from '../../../src-worker/models/force/index.ts';
import { turningDataset } from '../../metrics/small-dataset.ts';
import { fitAndInfer, fitJob, infer } from '../fits.ts';

const brief = { steps: 15, networkUnits: 60, trialsPerAverage: 0, p0: 10 };

test.each([force, fullForce])('$id gives the activity of conditions by itself, every unit an output', async (model) => {
  const dataset = await turningDataset({}, { trials: 40, bins: 30, units: 6 });
  const { outcome, outputs } = await fitAndInfer(model, dataset, brief);
  expect(outcome.diagnostics?.nMseTraining).toBeLessThan(0.3);
  expect(outcome.checkpoint.arrays.readout.shape).toEqual([6, 60]);
  expect(outputs.generator.shape).toEqual([40, 30, 60]);
  const flow = model.flow?.(outcome.checkpoint, model.resolve(dataset, brief));
  expect([flow?.kind, flow?.states]).toEqual(['map', 60]);
});

test('behaviour is given in its own units, and hints reach the target-generating network alone', async () => {
  const dataset = await turningDataset({ behavior: ['velocity'], external: ['one-hot:condition'] }, { trials: 40, bins: 30, units: 6 });
  const settings = { ...brief, target: 'behaviour' };
  const { outputs, outcome } = await fitAndInfer(fullForce, dataset, settings);
  expect(outputs.behavior.shape).toEqual([40, 30, 1]);
  expect(outputs.behavior.labels).toEqual(['velocity']);
  expect(outcome.checkpoint.arrays.V.shape).toEqual([60, 4]);
  const hinted = { ...settings, hints: ['condition'] };
  const { outcome: withHints } = await fitAndInfer(fullForce, dataset, hinted);
  expect(withHints.checkpoint.arrays.V.shape).toEqual([60, 0]);
  // What is a hint changes nothing once the network runs by itself.
  const { external } = dataset;
  const changed = external && { ...dataset, external: { ...external, values: external.values.map((value) => 1 - value) } };
  const runs = await Promise.all([dataset, changed!].map((one) => infer(fullForce, one, hinted, withHints.checkpoint)));
  expect(runs[0].behavior.values).toEqual(runs[1].behavior.values);
});

test('names that are no hints, and behaviour that is not there, are refused with what to do', async () => {
  const dataset = await turningDataset();
  expect(() => fullForce.resolve(dataset, { hints: ['ramp'] })).toThrow(/“ramp”.*--external/);
  expect(() => force.resolve(dataset, { target: 'behaviour' })).toThrow(/--behavior/);
});

test('units that are one, or never change, are refused before anything is fitted', async () => {
  const dataset = await turningDataset();
  const with3 = (of: (counts: Float32Array, i: number) => number) => ({
    ...dataset,
    counts: dataset.counts.map((n, i) => (i % 8 === 3 ? of(dataset.counts, i) : n)),
  });
  expect(() =>
    force.resolve(
      with3((counts, i) => counts[i - 1]),
      {},
    ),
  ).toThrow(/rows 2 and 3.*--leave-out-units 3/s);
  expect(() =>
    fullForce.resolve(
      with3(() => 1),
      {},
    ),
  ).toThrow(/row 3 is constant/);
});

test('an ensemble varies g, and seed 0 keeps what was asked for', async () => {
  const dataset = await turningDataset();
  const gains: (number | undefined)[] = [];
  for (const seed of [0, 1, 2]) {
    const resolved = fullForce.resolve(dataset, { steps: 1, networkUnits: 10 });
    gains.push((await fullForce.fit(dataset, resolved, fitJob({ seed }))).diagnostics?.gain);
  }
  expect(gains[0]).toBe(1.5);
  expect(new Set(gains).size).toBe(3);
});

test.each([force, fullForce])('a fit of $id is foretold: longer with more passes, and longer with more units', async (model) => {
  const dataset = await turningDataset({}, { trials: 20, bins: 20, units: 6 });
  const seconds = async (settings: object) =>
    (await model.foretell!(dataset, model.resolve(dataset, { ...brief, ...settings }), 1, 'auto')).seconds;
  const few = await seconds({});
  expect(few).toBeGreaterThan(0);
  // Of the same shape the pace is known.
  expect(await seconds({ steps: 10 * brief.steps })).toBeCloseTo(10 * few, 9);
  expect(await seconds({ networkUnits: 400 })).toBeGreaterThan(3 * few);
});

import { expect, test } from 'vitest';
import { weightsAnalysis } from '../../src-worker/analyses/weights.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import { statesOf } from '../../src-worker/analyses/states.ts';
import { flowFrom } from '../../src-worker/models/flows.ts';
import { networkDynamics } from '../views/network-dynamics.ts';
import { reaches } from '../views/reaches.ts';
import type { Dynamics } from '../../src-worker/analyses/analysis.ts';

const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };

async function look(dynamics: Dynamics, areas: readonly string[] = []) {
  const { dataset, outputs } = reaches({ trials: 6, units: 6 });
  const states = statesOf(dataset, 'rates', outputs);
  return weightsAnalysis.run({ states, dataset: { ...dataset, areas }, dynamics }, valuesOf(weightsAnalysis.params, {}), job);
}

test('units stand by region, and the weights as the network has them', async () => {
  const dynamics = networkDynamics(6);
  const { arrays, summary } = await look(dynamics, ['PMd', 'M1', 'PMd', 'M1', 'M1', 'PMd']);
  expect([...arrays.order.values]).toEqual([1, 3, 4, 0, 2, 5]);
  const { plain } = dynamics.flow;
  expect(plain?.of === 'currents' && arrays.weights.values).toEqual(plain?.of === 'currents' && plain.weights.W);
  expect(summary.rank).toBe(2);
  expect(arrays.outputLoadings.shape).toEqual([6, 2]);
  expect(arrays.inputOverlaps.shape).toEqual([2, 1]);
});

test('the leak of a rectified network is taken off its weights', async () => {
  const W = Float64Array.of(0.1, 0.2, -0.3, 0.05);
  const weights = { states: 2, inputs: 0, W, V: new Float64Array(0), b: new Float64Array(2) };
  const flow = flowFrom({ of: 'piecewise-linear', weights, A: Float64Array.of(0.8, 0.8), stepMs: 10 });
  const { arrays } = await look({ flow, of: 'it', notes: [] });
  for (const [i, w] of W.entries()) expect(arrays.weights.values[i]).toBeCloseTo(w / 0.2, 12);
});

test('dynamics without a matrix of weights are refused', async () => {
  const flow = { kind: 'map', stepMs: 1, states: 2, inputs: 0, map: (x: Float64Array) => x, jacobian: () => new Float64Array(4) } as const;
  await expect(look({ flow, of: 'it', notes: [] })).rejects.toMatchObject({ code: 'no-weights' });
});

test('weights of other seeds give a spread where states are recorded units, and nothing where they stand for others', async () => {
  const dynamics = networkDynamics(6);
  const { plain } = dynamics.flow;
  if (plain?.of !== 'currents') throw new Error('no currents');
  const moved = plain.weights.W.map((w, at) => w + (at === 1 ? 0.3 : 0));
  const flow = flowFrom({ ...plain, weights: { ...plain.weights, W: moved } });
  const seeds = [{ seed: 1, flow }];
  const { arrays, summary, notes } = await look({ ...dynamics, seeds });
  expect(arrays.weightSd.shape).toEqual([6, 6]);
  for (const [at, sd] of arrays.weightSd.values.entries()) expect(sd).toBeCloseTo(at === 1 ? 0.3 / Math.SQRT2 : 0, 12);
  expect(summary['ensemble.members']).toBe(2);
  expect(summary['ensemble.weights']).toBeLessThan(1);
  expect(notes.at(-1)).toMatch(/^Weights of 2 seeds agree by r = 0\.\d\d/);
  expect((await look(dynamics)).notes.at(-1)).toMatch(/--seeds 5/);
  const { recorded: _, ...hidden } = dynamics;
  const others = await look({ ...hidden, seeds });
  expect(others.arrays.weightSd).toBeUndefined();
  expect(others.notes.at(-1)).toMatch(/stand for others/);
});

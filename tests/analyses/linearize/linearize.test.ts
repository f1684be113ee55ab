import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Dynamics } from '../../../src-worker/analyses/analysis.ts';
import { allAlone } from '../../../src-worker/analyses/linearize/alone.ts';
import { linearize } from '../../../src-worker/analyses/linearize/index.ts';
import { growthOf, ratioOf } from '../../../src-worker/analyses/linearize/non-normality.ts';
import { linearizationsOf } from '../../../src-worker/analyses/linearize/result.ts';
import type { States } from '../../../src-worker/contract/result.ts';
import { valuesOf } from '../../../src-worker/contract/settings.ts';
import type { Dataset } from '../../../src-worker/dataset/dataset.ts';
import { key, normal } from '../../../src-worker/engine/random.ts';
import { schurOf } from '../../../src-worker/numerics/schur.ts';
import { continuousRnn, steppedRnn } from '../../../src-worker/models/network/rnn.ts';
import type { Flow } from '../../../src-worker/models/model.ts';
import { readArrays, writeArrays } from '../../../src-worker/store/index.ts';
import { scratch } from '../../store/fixtures.ts';

const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };
const none: States = {
  state: 'generator',
  values: new Float64Array(0),
  rows: 0,
  bins: 1,
  dimensions: 3,
  binMs: 1,
  timeMs: new Float64Array(1),
  unit: '',
  of: 'trials',
  rowIds: new Int32Array(0),
  conditions: new Int32Array(0),
  conditionNames: [],
  recipe: 'none',
};
const run = (flow: Flow, settings = {}, states: Partial<States> = {}, more: Partial<Dynamics> = {}) =>
  linearize.run(
    {
      states: { ...none, dimensions: flow.states, ...states },
      dataset: {} as Dataset,
      dynamics: { flow, of: 'a test', notes: [], ...more },
    },
    valuesOf(linearize.params, { starts: 40, draws: 5, ...settings }),
    job,
  );

/** A mode that turns at 5 Hz and decays in 80 ms, driven by two inputs, and one that decays in 10 ms and drives it. */
const turning = (): Flow => {
  const [rate, omega] = [-1 / 80, (2 * Math.PI * 5) / 1000];
  const a = [rate, -omega, 0.4, omega, rate, 0, 0, 0, -0.1];
  const V = Float64Array.of(1, 0, 0, 0, 0, 0.5);
  const drive = (x: Float64Array, u: Float64Array) =>
    Float64Array.from(
      { length: 3 },
      (_, i) => a[3 * i] * x[0] + a[3 * i + 1] * x[1] + a[3 * i + 2] * x[2] + V[2 * i] * u[0] + V[2 * i + 1] * u[1],
    );
  return {
    kind: 'ode',
    states: 3,
    inputs: 2,
    jacobianLipschitz: 0,
    derivative: drive,
    jacobian: () => Float64Array.from(a),
    inputJacobian: () => V,
  };
};

test('a continuous network: times in ms, frequencies in Hz, and what each input does, by formula and through the dynamics', async () => {
  const result = await run(turning(), { durationMs: 100 });
  const { linearizations, curve } = linearizationsOf(result);
  expect(linearizations).toHaveLength(1);
  const [{ modes, slowest, inputs, numericalAbscissa, growth, growthAtMs, henrici }] = linearizations;
  expect(modes.map(({ timeConstantMs }) => timeConstantMs)).toEqual([expect.closeTo(80, 8), expect.closeTo(80, 8), expect.closeTo(10, 8)]);
  expect(modes.map(({ frequencyHz }) => frequencyHz)).toEqual([expect.closeTo(5, 8), expect.closeTo(5, 8), 0]);
  expect(modes.map(({ verdict }) => verdict)).toEqual(['stable', 'stable', 'stable']);
  expect(slowest).toBe(0);
  expect(inputs.map(({ input }) => input)).toEqual(['input 1', 'input 2']);
  // The second input only reaches the slow plane through the fast mode, so its vector is at right angles to the plane.
  expect(inputs[1].cosineRight).toBeCloseTo(0, 10);
  expect(inputs[1].effect).toBeGreaterThan(0.1);
  for (const { pulse } of inputs) expect(pulse!.error).toBeLessThan(1e-4);
  expect(henrici).toBeCloseTo(0.4, 10);
  expect(growth).toBeGreaterThan(1);
  expect(growthAtMs).toBeGreaterThan(0);
  expect(numericalAbscissa).toBeGreaterThan(0);
  expect(curve?.verdict).not.toMatch(/line|ring/);
});

test('a network without inputs, whose result says the same after it was kept as arrays', async () => {
  const n = 6;
  const W = Float64Array.from({ length: n * n }, (_, i) => (1.4 * normal(key(61), i)) / Math.sqrt(n));
  const flow = steppedRnn({ states: n, inputs: 0, W, V: new Float64Array(0), b: new Float64Array(n) }, 'tanh', 0.2, 10);
  const values = Float64Array.from({ length: 40 * n }, (_, i) => normal(key(62), i));
  const result = await run(flow, { durationMs: 500 }, { values, rows: 40, bins: 1 });
  const { linearizations } = linearizationsOf(result);
  expect(linearizations.length).toBe(result.summary.points);
  for (const { growth, nonNormality, nonNormalityWhitened, nonNormalityRandom, inputs, modes } of linearizations) {
    expect(inputs).toEqual([]);
    expect(growth).toBeGreaterThanOrEqual(1);
    expect(nonNormality).toBeLessThan(1);
    expect(nonNormalityWhitened).toBeGreaterThan(0);
    expect(nonNormalityRandom[0]).toBeLessThanOrEqual(nonNormalityRandom[1]);
    expect(modes).toHaveLength(n);
  }
  const path = join(scratch(), 'result.h5');
  await writeArrays(path, result.arrays);
  expect(linearizationsOf({ arrays: await readArrays(path) })).toEqual(linearizationsOf(result));
  expect(linearize.details!(result)).toMatchObject({ points: expect.any(Array), linearizations: expect.any(Array) });
  expect(result.recipe).toMatch(/followed for 500 ms/);
});

test('a flip is said to alternate, and one eigenvalue of two alike gives no selection vector', async () => {
  const W = Float64Array.of(-0.9, 0, 0, -0.9);
  const flow = steppedRnn({ states: 2, inputs: 1, W, V: Float64Array.of(1, 1), b: new Float64Array(2) }, 'tanh', 1, 5);
  const { linearizations } = linearizationsOf(await run(flow));
  expect(linearizations[0].modes.every(({ alternates, frequencyHz }) => alternates && frequencyHz === 100)).toBe(true);
  expect(linearizations[0].refused).toMatch(/not separated/);
  expect(linearizations[0].inputs).toEqual([]);
});

test('the saddle of a bistable continuous network selects the input that it is pushed by', async () => {
  const W = Float64Array.of(2, 0, 0, -1);
  const flow = continuousRnn({ states: 2, inputs: 2, W, V: Float64Array.of(1, 0, 0, 1), b: new Float64Array(2) }, 'tanh', 20);
  const result = await run(flow, { durationMs: 60 });
  const { linearizations } = linearizationsOf(result);
  const saddle = linearizations.find(({ modes }) => modes[0].verdict === 'unstable')!;
  expect(saddle.inputs.map(({ cosineLeft }) => Math.abs(cosineLeft))).toEqual([expect.closeTo(1, 10), expect.closeTo(0, 10)]);
  // It doubles in τ ln 2.
  expect(saddle.modes[0].timeConstantMs).toBeCloseTo(20 * Math.LN2, 8);
  expect(saddle.growth).toBeCloseTo(1, 6);
});

test('Jacobians say the same by themselves at any number of threads', async () => {
  const n = 56;
  const jacobians = [0, 1, 2].map((draw) =>
    Float64Array.from({ length: n * n }, (_, i) => (0.9 * normal(key(63, draw), i)) / Math.sqrt(n)),
  );
  const asked = { kind: 'map', n, jacobians, leastStable: [1, 1, 1], duration: 20, draws: 60, seed: 2, whitening: undefined } as const;
  const [one, two] = [await allAlone(asked, job), await allAlone(asked, { ...job, threads: 2 })];
  expect(two).toEqual(one);
  expect(one[1].ratio).toBeCloseTo(ratioOf(schurOf(jacobians[1], n)), 12);
  expect(one[2].growth).toEqual(growthOf('map', jacobians[2], n, 20, 1));
  expect(one.every(({ growth }) => growth.norm > 1 && growth.from.length === n && growth.to.length === n)).toBe(true);
});

test('progress goes on from 0 to 1 through every part, and a stop is heard in each', async () => {
  const n = 6;
  const W = Float64Array.from({ length: n * n }, (_, i) => (1.4 * normal(key(61), i)) / Math.sqrt(n));
  const V = Float64Array.from({ length: n }, (_, i) => normal(key(64), i));
  const flow = steppedRnn({ states: n, inputs: 1, W, V, b: new Float64Array(n) }, 'tanh', 0.2, 10);
  const inputs = { states: { ...none, dimensions: n }, dataset: {} as Dataset, dynamics: { flow, of: 'a test', notes: [] } };
  const params = valuesOf(linearize.params, { starts: 40, draws: 5, durationMs: 500 });
  const told: { readonly done: number; readonly doing: string | undefined }[] = [];
  const listening = async (done: number, doing?: string): Promise<void> => {
    told.push({ done, doing });
  };
  await linearize.run(inputs, params, { ...job, progress: listening });
  const done = told.map((one) => one.done);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  expect([done[0], done.at(-1)]).toEqual([0, 1]);
  const words = [...new Set(told.map(({ doing }) => doing))];
  expect(words).toEqual(['Searching', 'Looking at points', 'Linearising', 'Following pulses of inputs', 'Looking for lines and rings']);
  const stopped = new Error('Stopped.');
  for (const word of words) {
    const progress = async (_done: number, doing?: string): Promise<void> => {
      if (doing === word) throw stopped;
    };
    await expect(linearize.run(inputs, params, { ...job, progress })).rejects.toBe(stopped);
  }
});

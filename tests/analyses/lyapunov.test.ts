import { describe, expect, test } from 'vitest';
import { conditionalSpectrum } from '../../src-worker/analyses/lyapunov/conditional.ts';
import { drivingOf, inputsOf } from '../../src-worker/analyses/lyapunov/driven.ts';
import { equationCourse, mapCourse } from '../../src-worker/analyses/lyapunov/course.ts';
import { heldExponents } from '../../src-worker/analyses/lyapunov/autonomous.ts';
import { entropyBound, exponentsOf, kaplanYorke } from '../../src-worker/analyses/lyapunov/exponents.ts';
import type { Drive, Dynamics } from '../../src-worker/analyses/analysis.ts';
import { lyapunov } from '../../src-worker/analyses/lyapunov/index.ts';
import { statesOf } from '../../src-worker/analyses/states.ts';
import type { States } from '../../src-worker/contract/result.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import { key, normal } from '../../src-worker/engine/random.ts';
import { gruFlow } from '../../src-worker/models/lfads/flow.ts';
import { flowFrom } from '../../src-worker/models/flows.ts';
import type { Flow } from '../../src-worker/models/model.ts';
import { steppedRnn } from '../../src-worker/models/network/rnn.ts';
import { reaches } from '../views/reaches.ts';

const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };
const none = () => new Float64Array(0);

type Map = Extract<Flow, { kind: 'map' }>;
const map = (states: number, step: (x: Float64Array) => readonly number[], jacobian: (x: Float64Array) => readonly number[]): Map => ({
  kind: 'map',
  stepMs: 1000,
  states,
  inputs: 0,
  map: (x) => Float64Array.from(step(x)),
  jacobian: (x) => Float64Array.from(jacobian(x)),
});

const henon = map(
  2,
  ([x, y]) => [1 - 1.4 * x! ** 2 + y!, 0.3 * x!],
  ([x]) => [-2.8 * x!, 1, 0.3, 0],
);

/** One unit of Lorenz's time is a second. */
const lorenz: Extract<Flow, { kind: 'ode' }> = {
  kind: 'ode',
  states: 3,
  inputs: 0,
  derivative: ([x, y, z]) => Float64Array.of(10 * (y! - x!), x! * (28 - z!) - y!, x! * y! - (8 / 3) * z!).map((value) => value / 1000),
  jacobian: ([x, y, z]) => Float64Array.of(-10, 10, 0, 28 - z!, -1, -x!, y!, x!, -8 / 3).map((value) => value / 1000),
};

describe('Lyapunov exponents', () => {
  test('of a linear map are the logarithms of its eigenvalues’ moduli', async () => {
    // Eigenvalues .9 ± .3i and .5, in a skewed basis.
    const A = [0.9, -0.3, 0.7, 0.3, 0.9, -0.4, 0, 0, 0.5];
    const linear = map(
      3,
      (x) => [0, 3, 6].map((row) => A[row]! * x[0]! + A[row + 1]! * x[1]! + A[row + 2]! * x[2]!),
      () => A,
    );
    const { values } = await exponentsOf(mapCourse(linear, none), Float64Array.of(1, 0, 0), { count: 3, settle: 500, steps: 2000 }, job);
    expect(values[0]! + values[1]!).toBeCloseTo(2 * Math.log(Math.hypot(0.9, 0.3)), 9);
    expect(values[0]).toBeCloseTo(Math.log(Math.hypot(0.9, 0.3)), 2);
    expect(values[2]).toBeCloseTo(Math.log(0.5), 9);
  });

  test('of Hénon’s map: λ₁ .41923 and the sum log .3', async () => {
    const found = await exponentsOf(mapCourse(henon, none), Float64Array.of(0.1, 0.1), { count: 2, settle: 1000, steps: 200_000 }, job);
    const [first, second] = found.values as unknown as [number, number];
    expect(Math.abs(first - 0.41923)).toBeLessThan(0.003);
    expect(first + second).toBeCloseTo(-1.2039728043, 10);
    // The standard deviation of such a run is 8e-4.
    expect(found.errors[0]).toBeGreaterThan(2e-4);
    expect(found.errors[0]).toBeLessThan(2.4e-3);
    expect(kaplanYorke(found.values, 2).value).toBeCloseTo(1.2583, 2);
    expect(entropyBound(found).value).toBe(first);
    expect(found.running.at(-2)).toBeCloseTo(first, 12);
  });

  test('of Lorenz’s equations: the sum is that of the flow’s divergence, with the error of the step', async () => {
    const sum = async (stepMs: number) => {
      const course = equationCourse(lorenz, none, stepMs);
      const found = await exponentsOf(course, Float64Array.of(1, 1, 20), { count: 3, settle: 1000, steps: 30_000 }, job);
      return { all: found.values.reduce((total, value) => total + value, 0), ...found };
    };
    const coarse = await sum(10);
    expect(coarse.all).toBeCloseTo(-13.66656, 4);
    expect(Math.abs(coarse.values[0]! - 0.906)).toBeLessThan(0.05);
    expect(Math.abs(coarse.values[1]!)).toBeLessThan(0.01);
    expect(kaplanYorke(coarse.values, 3).value).toBeCloseTo(2.062, 2);
    // An error of fourth order: a sixteenth at half the step.
    const fine = await sum(5);
    expect(fine.all + 41 / 3).toBeGreaterThan(0);
    expect((coarse.all + 41 / 3) / (fine.all + 41 / 3)).toBeGreaterThan(12);
    expect((coarse.all + 41 / 3) / (fine.all + 41 / 3)).toBeLessThan(20);
  });

  test('of a GRU without recurrent weights are the logarithms of its update gates', async () => {
    const bz = [2, 1, 0.5, 0, -1];
    const b = new Float64Array(15);
    b.set(bz, 5);
    const flow = gruFlow({ states: 5, inputs: 0, W: [], U: new Float64Array(75), b, clip: 5, stepMs: 10 }) as Map;
    const { values } = await exponentsOf(mapCourse(flow, none), new Float64Array(5).fill(0.3), { count: 5, settle: 500, steps: 1000 }, job);
    const expected = [-12.6928, -31.3262, -47.4077, -69.3147, -131.3262];
    for (const [k, value] of expected.entries()) expect(values[k]).toBeCloseTo(value, 3);
  });

  test('that nothing is left of are −∞, and the others stay right', async () => {
    const singular = map(
      2,
      ([x]) => [0.5 * x!, 0],
      () => [0.5, 0, 0, 0],
    );
    const { values } = await exponentsOf(mapCourse(singular, none), Float64Array.of(1, 1), { count: 2, settle: 10, steps: 100 }, job);
    expect(values[0]).toBeCloseTo(Math.log(0.5), 12);
    expect(values[1]).toBe(-Infinity);
  });
});

describe('inputs of conditional spectra', () => {
  const drive: Drive = {
    values: Float64Array.from({ length: 6 * 4 * 2 }, (_, i) => i),
    trials: 6,
    bins: 4,
    binMs: 10,
    names: ['inferred input 1', 'go'],
    inferred: 1,
    conditions: new Int32Array(6),
    conditionNames: [],
  };
  const at = { seed: 3, stepMs: 10 };

  test('are whole trials one after another, in another order for each sequence', () => {
    const driving = drivingOf(drive, undefined, at);
    const taken = (sequence: number) => {
      const input = inputsOf(driving, sequence)!;
      return Array.from({ length: 24 }, (_, bin) => input(bin)[0]!);
    };
    expect([...taken(0)].sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, k) => 2 * k));
    for (let bin = 1; bin < 24; bin++) if (bin % 4 > 0) expect(taken(0)[bin]! - taken(0)[bin - 1]!).toBe(2);
    expect(taken(1)).not.toEqual(taken(0));
  });

  test('drawn from their prior have its variance and memory, beside the external inputs of the trials', () => {
    const [alpha, q] = [0.8, 0.36];
    const input = inputsOf(drivingOf(drive, { alpha: Float64Array.of(alpha), variance: Float64Array.of(q) }, at), 0)!;
    const drawn = Array.from({ length: 40_000 }, (_, bin) => input(bin).slice());
    const first = drawn.map(([u]) => u!);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value / values.length, 0);
    expect(mean(first.map((u) => u * u))).toBeCloseTo(q / (1 - alpha ** 2), 1);
    expect(mean(first.slice(1).map((u, k) => u * first[k]!)) / mean(first.map((u) => u * u))).toBeCloseTo(alpha, 1);
    expect(drawn.every(([, go]) => Number.isInteger(go) && go! % 2 === 1)).toBe(true);
  });
});

describe('Kaplan and Yorke’s dimension', () => {
  test('is between the exponents whose sum changes sign', () => {
    expect(kaplanYorke([0.9, 0, -14.5], 3)).toEqual({ value: 2 + 0.9 / 14.5, isLeast: false });
    expect(kaplanYorke([-1, -2], 2)).toEqual({ value: 0, isLeast: false });
    expect(kaplanYorke([2, 1], 5)).toEqual({ value: 2, isLeast: true });
    expect(kaplanYorke([2, -1], 2)).toEqual({ value: 2, isLeast: false });
  });
});

describe('the Lyapunov spectrum of dynamics', () => {
  const { dataset, outputs } = reaches({ trials: 6, units: 3 });
  const empty: States = {
    ...statesOf(dataset, 'rates', outputs),
    values: new Float64Array(0),
    rows: 0,
    dimensions: 1,
    conditions: new Int32Array(0),
  };
  const run = (dynamics: Dynamics, settings = {}, states = empty) =>
    lyapunov.run({ states, dataset, dynamics }, valuesOf(lyapunov.params, { steps: 2000, ...settings }), job);
  const made = (flow: Flow, more: Partial<Dynamics> = {}): Dynamics => ({ flow, of: 'a network', notes: [], ...more });

  /** x' = tanh(W x + V u) of 24 units with weights of gain 3, 10 ms a step. */
  const n = 24;
  const W = Float64Array.from({ length: n * n }, (_, i) => (3 * normal(key(2), i)) / Math.sqrt(n));
  const V = Float64Array.from({ length: n }, (_, i) => normal(key(6), i));
  const network = steppedRnn({ states: n, inputs: 1, W, V, b: new Float64Array(n) }, 'tanh', 1, 10);
  const drive = (sd: number): Drive => ({
    values: Float64Array.from({ length: 20 * 50 }, (_, i) => sd * normal(key(7), i)),
    trials: 20,
    bins: 50,
    binMs: 10,
    names: ['input 1'],
    inferred: 1,
    conditions: new Int32Array(20),
    conditionNames: [],
  });

  test('is positive for a strongly coupled network left to itself, and negative under a strong input', async () => {
    const { summary, arrays, notes, recipe } = await run(made(network, { driven: drive(5) }), { input: 'zero', sequences: 3 });
    expect(summary.largest).toBeGreaterThan(3 * summary.largestError!);
    expect(summary.conditionalLargest).toBeLessThan(-3 * summary.conditionalError!);
    expect(summary.kaplanYorke).toBeGreaterThan(2);
    expect(summary.entropyBound).toBeGreaterThan(summary.largest! - 1e-9);
    expect(arrays.exponents!.values.length).toBe(n);
    expect(arrays.conditionalEach!.shape).toEqual([3, n]);
    expect(arrays.running!.shape[1]).toBe(6);
    expect(notes.join(' ')).toMatch(/is positive: nearby states part\. .*the largest exponent is −\d.* 1\/s, conditional on them/);
    expect(recipe).toMatch(/^Lyapunov spectrum of a network with all inputs at zero, by QR over \d+ steps of 10 ms/);
  });

  test('of a differential equation under inputs is that of each bin’s input, in steps that fill the bin', async () => {
    // ẋ = (−2 − u) x, u alternating between 0 and 1 every 7 ms: −2.5 per ms on average.
    const flow: Flow = {
      kind: 'ode',
      states: 1,
      inputs: 1,
      derivative: (x, u) => Float64Array.of((-0.002 - 0.001 * u[0]!) * x[0]!),
      jacobian: (_x, u) => Float64Array.of(-0.002 - 0.001 * u[0]!),
    };
    const driven: Drive = { ...drive(1), values: Float64Array.from({ length: 40 }, (_, i) => i % 2), trials: 1, bins: 40, binMs: 7 };
    const { summary, recipe } = await run(made(flow, { driven }), { input: 'zero', sequences: 2, steps: 1000, stepMs: 2 });
    expect(summary.largest).toBeCloseTo(-2, 6);
    expect(summary.conditionalLargest).toBeCloseTo(-2.5, 1);
    expect(recipe).toMatch(/conditional on the inputs of the trials/);
    await expect(run(made(flow, { driven }), { inputsOf: 'prior' })).rejects.toMatchObject({ code: 'no-prior' });
  });

  test('shares sequences out among threads without changing a bit', async () => {
    const plain = {
      of: 'stepped',
      weights: { states: n, inputs: 1, W, V, b: new Float64Array(n) },
      phi: 'tanh',
      alpha: 1,
      stepMs: 10,
    } as const;
    const driving = drivingOf(drive(1), undefined, { seed: 0, stepMs: 10 });
    const of = (threads: number) =>
      conditionalSpectrum(flowFrom(plain), driving, new Float64Array(n).fill(0.1), { count: n, steps: 3000 }, 3, { ...job, threads });
    const [one, two] = [await of(1), await of(2)];
    expect(two!.each).toEqual(one!.each);
  });

  test('of a long run is that of the same orbit whole, shared out in pieces without changing a bit', async () => {
    const plain = {
      of: 'stepped',
      weights: { states: n, inputs: 1, W, V, b: new Float64Array(n) },
      phi: 'tanh',
      alpha: 1,
      stepMs: 10,
    } as const;
    const flow = flowFrom(plain);
    const held = { u: Float64Array.of(0), stepMs: 10 };
    const start = Float64Array.from({ length: n }, (_, i) => 0.3 * normal(key(8), i));
    const of = async (threads: number, leastWork: number, passes: number) => {
      const visited: number[] = [];
      const found = await heldExponents(
        flow,
        held,
        start,
        {
          count: n,
          settle: 1000,
          steps: 8000,
          goesOn: ({ steps }) => steps < passes * 8000,
          visit: (x) => void visited.push(x[0]!),
          progress: async () => {},
        },
        { ...job, threads },
        leastWork,
      );
      return { ...found, visited };
    };
    const [whole, one, two] = [await of(1, Infinity, 2), await of(1, 0, 2), await of(2, 0, 2)];
    expect(two.running).toEqual(one.running);
    expect(two.values).toEqual(one.values);
    expect(one.visited).toEqual(whole.visited);
    expect(one.steps).toBe(16_000);
    expect(one.end).toEqual(whole.end);
    // Each block is of the same part of the orbit, along vectors that have settled on the same directions.
    for (const k of [0, 1, 2]) for (const b of [0, 60, 199]) expect(one.running[b * n + k]).toBeCloseTo(whole.running[b * n + k]!, 6);
    expect(one.errors[0]).toBeCloseTo(whole.errors[0]!, 6);
  });

  test('gives the same bits again', async () => {
    const [a, b] = [await run(made(network), { steps: 500 }), await run(made(network), { steps: 500 })];
    expect(a.arrays.exponents!.values).toEqual(b.arrays.exponents!.values);
  });

  test('of dynamics that settle is that of the point, without an error', async () => {
    const weak = steppedRnn(
      { states: 2, inputs: 0, W: Float64Array.of(0.5, 0.2, 0, 0.8), V: new Float64Array(0), b: Float64Array.of(0, 0) },
      'tanh',
      1,
      20,
    );
    const { summary, notes } = await run(made(weak));
    expect(summary.largest).toBeCloseTo(Math.log(0.8) / 0.02, 6);
    expect(summary).toMatchObject({ settled: 1, largestError: 0, kaplanYorke: 0, entropyBound: 0, startsSettled: 4 });
    expect(notes[0]).toMatch(/settles on a fixed point from all of 4 starts/);
  });

  test('of a differential equation chooses its step, and says what half of it changes', async () => {
    const { summary, recipe } = await run(made(lorenz), { steps: 10_000 });
    expect(Math.abs(summary.largest! - 0.906)).toBeLessThan(0.1);
    expect(summary.sum).toBeCloseTo(-41 / 3, 2);
    expect(summary.stepMs).toBeLessThan(10);
    expect(Math.abs(summary.halvedStepDifference!)).toBeLessThan(0.2);
    expect(recipe).toMatch(/Runge–Kutta/);
  });

  test('refuses a map that leaves all bounds', async () => {
    const away = map(
      2,
      (x) => [2 * x[0]! + 1, 3 * x[1]! + 1],
      () => [2, 0, 0, 3],
    );
    await expect(run(made(away))).rejects.toThrow(/From every one of 4 starts, a network leaves all bounds\. Look at its weights/);
  });

  test('stops when it is cancelled', async () => {
    const abort = new AbortController();
    const stopping = { ...job, signal: abort.signal, progress: async (done: number) => void (done > 0 && abort.abort()) };
    const params = valuesOf(lyapunov.params, { steps: 100_000 });
    await expect(lyapunov.run({ states: empty, dataset, dynamics: made(network) }, params, stopping)).rejects.toThrow(/abort/i);
  });
});

import { describe, expect, test } from 'vitest';
import type { Dynamics } from '../../../src-worker/analyses/analysis.ts';
import { continuation } from '../../../src-worker/analyses/continuation/index.ts';
import { continuationOf } from '../../../src-worker/analyses/continuation/result.ts';
import type { States } from '../../../src-worker/contract/result.ts';
import { valuesOf } from '../../../src-worker/contract/settings.ts';
import type { Dataset } from '../../../src-worker/dataset/dataset.ts';
import { key, normal } from '../../../src-worker/engine/random.ts';
import type { Flow } from '../../../src-worker/models/model.ts';
import { steppedRnn } from '../../../src-worker/models/network/rnn.ts';

const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };
const none: States = {
  values: new Float64Array(0),
  rows: 0,
  bins: 1,
  dimensions: 1,
  binMs: 1,
  timeMs: new Float64Array(1),
  unit: '',
  of: 'trials',
  rowIds: new Int32Array(0),
  conditions: new Int32Array(0),
  conditionNames: [],
  recipe: 'none',
};

const runOf = (flow: Flow, settings: Parameters<typeof valuesOf>[1], more: Partial<Dynamics> = {}) =>
  continuation.run(
    { states: { ...none, dimensions: flow.states }, dataset: {} as Dataset, dynamics: { flow, of: 'a test', notes: [], ...more } },
    valuesOf(continuation.params, { starts: 30, ...settings }),
    job,
  );
const along = async (flow: Flow, settings: Parameters<typeof valuesOf>[1]) => {
  const result = await runOf(flow, settings);
  return { result, ...continuationOf(result) };
};

/** ẋ = f(x, u) of one state. */
const scalar = (f: (x: number, u: number) => number, slope: (x: number, u: number) => number): Flow => ({
  kind: 'ode',
  states: 1,
  inputs: 1,
  derivative: (x, u) => Float64Array.of(f(x[0], u[0])),
  jacobian: (x, u) => Float64Array.of(slope(x[0], u[0])),
});

describe('bifurcations that are known', () => {
  test('rest, saddle and movement of a bistable state are one branch with two folds at ±10/√3', async () => {
    const gate = scalar(
      (s, go) => 15 * (s - s ** 3) + go,
      (s) => 15 * (1 - 3 * s * s),
    );
    const { branches, bifurcations, slider } = await along(gate, { range: [-10, 10] });
    expect(slider).toMatchObject({ input: 'input 1', index: 0, from: -10, to: 10 });
    expect(branches).toHaveLength(1);
    expect(branches[0].ends).toEqual(['range', 'range']);
    expect(branches[0].values[0]).toBe(-10);
    expect(branches[0].values.at(-1)).toBe(10);
    expect(bifurcations.map(({ kind }) => kind)).toEqual(['fold', 'fold']);
    for (const { value, uncertainty, position, re } of bifurcations) {
      expect(Math.abs(value)).toBeCloseTo(10 / Math.sqrt(3), 6);
      expect(uncertainty).toBeLessThan(1e-5);
      expect(Math.abs(position[0])).toBeCloseTo(1 / Math.sqrt(3), 4);
      expect(re).toBeCloseTo(0, 3);
    }
    // Stable outside the folds, unstable between them: it turns twice.
    const verdicts = branches[0].stability;
    expect([verdicts[0], verdicts.at(-1)]).toEqual(['stable', 'stable']);
    expect(verdicts).toContain('unstable');
  });

  test('a pitchfork is a branch point of the straight branch; the other goes round through it', async () => {
    const { branches, bifurcations } = await along(
      scalar(
        (x, u) => u * x - x ** 3,
        (x, u) => u - 3 * x * x,
      ),
      { range: [-1, 0.9] },
    );
    expect(branches).toHaveLength(2);
    const points = bifurcations.filter(({ kind }) => kind === 'branch point');
    expect(points).toHaveLength(1);
    expect(points[0].value).toBeCloseTo(0, 6);
    const round = branches.find((_, k) => k !== points[0].branch)!;
    expect(round.values.every((value) => value > -1e-9)).toBe(true);
    expect([round.values[0], round.values.at(-1)]).toEqual([0.9, 0.9]);
  });

  test('an oscillation is born where a pair crosses, with its frequency in Hz', async () => {
    const spiral: Flow = {
      kind: 'ode',
      states: 2,
      inputs: 1,
      derivative: ([x, y], [u]) => Float64Array.of(u * x - 0.02 * y - x * (x * x + y * y), u * y + 0.02 * x - y * (x * x + y * y)),
      jacobian: ([x, y], [u]) => Float64Array.of(u - 3 * x * x - y * y, -0.02 - 2 * x * y, 0.02 - 2 * x * y, u - x * x - 3 * y * y),
    };
    const { bifurcations } = await along(spiral, { range: [-0.1, 0.13] });
    expect(bifurcations).toEqual([expect.objectContaining({ kind: 'oscillation', value: expect.closeTo(0, 6) })]);
    expect(bifurcations[0].frequencyHz).toBeCloseTo(20 / (2 * Math.PI), 4);
  });

  test('a map flips where an eigenvalue passes −1, and a pair of it passes the circle', async () => {
    const flip: Flow = {
      kind: 'map',
      stepMs: 10,
      states: 1,
      inputs: 1,
      map: (x, u) => Float64Array.of(-u[0] * Math.tanh(x[0])),
      jacobian: (x, u) => Float64Array.of(-u[0] * (1 - Math.tanh(x[0]) ** 2)),
    };
    const { bifurcations } = await along(flip, { range: [0.2, 1.9] });
    expect(bifurcations).toEqual([expect.objectContaining({ kind: 'flip', value: expect.closeTo(1, 6), frequencyHz: 50 })]);
  });
});

test('branches nearer to one another than a step are never left', async () => {
  const offsets = [0, 0.02, 0.04];
  const centre = (u: number) => Math.sin(4 * u);
  const flow = scalar(
    (x, u) => -offsets.reduce((product, by) => product * (x - centre(u) - by), 1) * 1e3,
    (x, u) =>
      -1e3 *
      offsets.reduce((sum, _, k) => sum + offsets.reduce((product, by, j) => (j === k ? product : product * (x - centre(u) - by)), 1), 0),
  );
  const { result, branches } = await along(flow, { range: [-2, 2], starts: 60 });
  expect(branches).toHaveLength(3);
  const { branchOf, values, positions } = result.arrays;
  for (let k = 0; k < 3; k++) {
    const steps = [...branchOf.values.keys()].filter((step) => branchOf.values[step] === k);
    const off = steps.map((step) => positions.values[step] - centre(values.values[step]));
    expect(Math.max(...off) - Math.min(...off)).toBeLessThan(1e-9);
    expect(steps.length).toBeGreaterThan(20);
  }
});

test('every step of a network of 20 units is a fixed point at its input', async () => {
  const n = 20;
  const W = Float64Array.from({ length: n * n }, (_, i) => (1.3 * normal(key(71), i)) / Math.sqrt(n));
  const V = Float64Array.from({ length: 2 * n }, (_, i) => normal(key(72), i));
  const flow = steppedRnn({ states: n, inputs: 2, W, V, b: new Float64Array(n) }, 'tanh', 0.2, 10);
  const { result, branches, slider } = await along(flow, { slider: '2', input: 'values', inputValues: [0.3, 0], range: [-1, 1] });
  expect(slider).toMatchObject({ input: 'input 2', index: 1, held: [0.3, 0] });
  expect(branches.length).toBeGreaterThan(0);
  const { values, positions } = result.arrays;
  for (const [k, value] of values.values.entries()) {
    const x = Float64Array.from(positions.values.subarray(k * n, (k + 1) * n));
    const next = flow.kind === 'map' ? flow.map(x, Float64Array.of(0.3, value)) : x;
    expect(Math.hypot(...next.map((one, i) => one - x[i]))).toBeLessThan(1e-12);
  }
});

test('what cannot be followed is said with what can', async () => {
  const flow = scalar(
    (x, u) => u - x,
    () => -1,
  );
  await expect(runOf(flow, { slider: 'go' })).rejects.toMatchObject({ code: 'unknown-input', hint: expect.stringContaining('input 1') });
  await expect(runOf(flow, { range: [2, 1] })).rejects.toMatchObject({ code: 'empty-range' });
  await expect(runOf({ ...flow, inputs: 0 }, {})).rejects.toMatchObject({ code: 'no-inputs' });
});

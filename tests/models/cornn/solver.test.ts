import { expect, test } from 'vitest';
import { key, normal, uniform } from '../../../src-worker/engine/random.ts';
import { heldBackSteps } from '../../../src-worker/models/constrained/held-back.ts';
import { chooseRidge } from '../../../src-worker/models/cornn/ridge.ts';
import { drawnSamples } from '../../../src-worker/models/cornn/resample.ts';
import { projectionOf, signsFrom, signsOf } from '../../../src-worker/models/cornn/constraints.ts';
import { type Problem, type Projection, Regressions, type Settings } from '../../../src-worker/models/cornn/solver.ts';
import { correlation } from '../../../src-worker/numerics/statistics.ts';

const N = 18;
const T = 500;
const noise = (stream: number, i: number): number => normal(key(3, stream), i);

/** units × units: four in five connections are there. */
const connectome = Float64Array.from({ length: N * N }, (_, i) => ((Math.floor(i / N) + 2 * (i % N)) % 5 === 0 ? 0 : 1));

/** What a rate network makes of activity drawn at random: weights of a source have its sign where `dale`, and none is onto itself. */
function teacher(dale = false, noiseSd = 0.05): { readonly problem: Problem; readonly W: Float64Array } {
  const W = Float64Array.from({ length: N * N }, (_, i) => {
    if (i % (N + 1) === 0) return 0;
    const w = (1.8 * noise(1, i)) / Math.sqrt(N);
    return dale ? Math.abs(w) * (i % N < 12 ? 1 : -2) * connectome[i] : w;
  });
  const x = new Float64Array(T * N);
  const d = new Float64Array(T * N);
  for (let i = 0; i < T * N; i++) x[i] = 1.6 * uniform(key(2), i) - 0.8;
  for (let t = 0; t < T; t++)
    for (let i = 0; i < N; i++) {
      let sum = noiseSd * noise(4, t * N + i);
      for (let j = 0; j < N; j++) sum += W[i * N + j] * x[t * N + j];
      d[t * N + i] = Math.tanh(sum);
    }
  return { problem: { x, d, inputs: N, units: N }, W };
}

const RIDGE = 1e-5;
const settings: Settings = { stiffness: 0, weighting: 'robust', threshold: 0.5, iterations: 100, tolerance: 1e-6, selfCoupling: true };
const quiet = async (): Promise<void> => {};
const solve = (problem: Problem, more: Partial<Settings> = {}, projection?: Projection) =>
  new Regressions(problem, { ...settings, ...more }).solve(RIDGE, quiet, undefined, projection);
/** θ is sources × targets. */
const agreement = (theta: Float64Array, W: Float64Array): number =>
  correlation(
    W,
    Float64Array.from({ length: N * N }, (_, i) => theta[(i % N) * N + Math.floor(i / N)]),
  );

/** Largest |Xᵀ E − λ T θ|, over weights that are free to move: 0 where the regressions are solved. */
function gradient(problem: Problem, theta: Float64Array, free: (source: number, target: number) => boolean): number {
  let largest = 0;
  for (let j = 0; j < N; j++)
    for (let k = 0; k < N; k++) {
      if (!free(k, j)) continue;
      let sum = -RIDGE * T * theta[k * N + j];
      for (let t = 0; t < T; t++) {
        let z = 0;
        for (let i = 0; i < N; i++) z += problem.x[t * N + i] * theta[i * N + j];
        const d = problem.d[t * N + j];
        sum += problem.x[t * N + k] * Math.max(-0.5, Math.min(0.5, (d - Math.tanh(z)) / (1 - d * d)));
      }
      largest = Math.max(largest, Math.abs(sum));
    }
  return largest;
}

test('weights of a network come back', async () => {
  const { problem, W } = teacher(false, 0.1);
  const { theta, unsettled } = await solve(problem);
  expect(agreement(theta, W)).toBeGreaterThan(0.98);
  expect(unsettled).toBe(0);
});

test('the solution is where the weighted errors are orthogonal to activity, but for the ridge', async () => {
  const { problem } = teacher();
  const { theta } = await solve(problem);
  expect(gradient(problem, theta, () => true)).toBeLessThan(1e-3);
});

test('without self-coupling the weights that are left solve their regressions, exactly', async () => {
  const { problem } = teacher();
  const { theta, unsettled } = await solve(problem, { selfCoupling: false });
  expect(unsettled).toBe(0);
  for (let i = 0; i < N; i++) expect(theta[i * (N + 1)]).toBe(0);
  expect(gradient(problem, theta, (source, target) => source !== target)).toBeLessThan(1e-3);
});

test('constraints hold exactly: no self-coupling, a connectome, one sign a source', async () => {
  const { problem, W } = teacher(true);
  const free = await solve(problem);
  const signs = signsOf(free.theta, N);
  expect([...signs]).toEqual(Array.from({ length: N }, (_, j) => (j < 12 ? 1 : -1)));
  const projection = projectionOf({ units: N, selfCoupling: false, connectome, signs });
  const { theta, unsettled, iterations } = await solve(problem, { selfCoupling: false, tolerance: 1e-4, iterations: 1000 }, projection);
  expect(unsettled).toBe(0);
  // Hardly more than without constraints.
  expect(iterations).toBeLessThan(10);
  for (let source = 0; source < N; source++)
    for (let target = 0; target < N; target++) {
      const weight = theta[source * N + target];
      if (source === target || connectome[target * N + source] === 0) expect(weight).toBe(0);
      else expect(weight * signs[source]).toBeGreaterThanOrEqual(0);
    }
  expect(gradient(problem, theta, (source, target) => Math.abs(theta[source * N + target]) > 1e-3)).toBeLessThan(5e-3);
  expect(agreement(theta, W)).toBeGreaterThan(agreement(free.theta, W));
});

test('iterations settle where activity is nothing that the network could make, and much of it is clipped', async () => {
  const { problem } = teacher();
  const wild = { ...problem, d: problem.d.map((_, i) => Math.max(1e-6 - 1, Math.min(1 - 1e-6, 0.7 * noise(7, i)))) };
  const { unsettled } = await solve(wild, { selfCoupling: false, tolerance: 1e-3 });
  expect(unsettled).toBe(0);
});

test('steps that are held back choose a small ridge for a network without noise and a large one for noise', async () => {
  const { problem } = teacher(false, 0);
  const heldBack = heldBackSteps([T]);
  expect((await chooseRidge(problem, heldBack, settings, quiet)).ridge).toBeLessThan(1e-4);
  const chance = { ...problem, d: problem.d.map((_, i) => Math.tanh(0.3 * noise(8, i))) };
  const { ridge, heldBack: foretold } = await chooseRidge(chance, heldBack, settings, quiet);
  expect(ridge).toBeGreaterThanOrEqual(0.1);
  expect(foretold).toBeLessThan(0.05);
});

test('seeds draw rows, or pieces of rows where those are few, as often as there are', () => {
  const steps = Array.from({ length: 30 }, (_, row) => 2 + (row % 3));
  const begins = steps.map((_, row) => steps.slice(0, row).reduce((sum, own) => sum + own, 0));
  const drawn = drawnSamples(steps, 1);
  expect([...drawnSamples(steps, 1)]).toEqual([...drawn]);
  expect([...drawnSamples(steps, 2)]).not.toEqual([...drawn]);
  // Rows come whole, and about a third of them not at all.
  let rows = 0;
  for (let at = 0; at < drawn.length; rows++) {
    const row = begins.indexOf(drawn[at]);
    expect([...drawn.slice(at, at + steps[row])]).toEqual(Array.from({ length: steps[row] }, (_, k) => begins[row] + k));
    at += steps[row];
  }
  expect(rows).toBe(30);
  expect(new Set(drawn).size / (begins[29] + steps[29])).toBeGreaterThan(0.45);
  expect(new Set(drawn).size / (begins[29] + steps[29])).toBeLessThan(0.8);
  const one = drawnSamples([100], 3);
  expect(one.length).toBe(100);
  expect(new Set(Array.from(one, (sample) => Math.floor(sample / 5))).size).toBeLessThan(20);
});

test('without constraints there is no projection, and signs are read from words', () => {
  expect(projectionOf({ units: 3, selfCoupling: true })).toBeUndefined();
  expect([...signsFrom(['E', 'inhibitory', '-1', ' exc'], 'type')]).toEqual([1, -1, -1, 1]);
  expect(() => signsFrom(['E', 'unknown'], 'type')).toThrow(/says “unknown”/);
});

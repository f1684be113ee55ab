import { expect, test } from 'vitest';
import { key, normal, uniform } from '../../../src-worker/engine/random.ts';
import { projectionOf, signsFrom, signsOf } from '../../../src-worker/models/cornn/constraints.ts';
import { type Problem, type Settings, solveCornn } from '../../../src-worker/models/cornn/solver.ts';
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

const settings: Settings = { ridge: 1e-5, stiffness: 10, weighting: 'weighted', threshold: 0.5, iterations: 100, tolerance: 1e-6 };
const quiet = async (): Promise<void> => {};
/** θ is sources × targets. */
const agreement = (theta: Float64Array, W: Float64Array): number =>
  correlation(
    W,
    Float64Array.from({ length: N * N }, (_, i) => theta[(i % N) * N + Math.floor(i / N)]),
  );

test('weights of a network come back', async () => {
  const { problem, W } = teacher(false, 0.1);
  const { theta, converged } = await solveCornn(problem, settings, quiet);
  expect(agreement(theta, W)).toBeGreaterThan(0.98);
  expect(converged).toBe(true);
});

test('the solution is where the weighted errors are orthogonal to activity, but for the ridge', async () => {
  const { problem } = teacher();
  const { theta } = await solveCornn(problem, { ...settings, threshold: 1e9 }, quiet);
  let largest = 0;
  for (let j = 0; j < N; j++)
    for (let k = 0; k < N; k++) {
      let sum = -settings.ridge * T * theta[k * N + j];
      for (let t = 0; t < T; t++) {
        let z = 0;
        for (let i = 0; i < N; i++) z += problem.x[t * N + i] * theta[i * N + j];
        const d = problem.d[t * N + j];
        sum += (problem.x[t * N + k] * (d - Math.tanh(z))) / (1 - d * d);
      }
      largest = Math.max(largest, Math.abs(sum));
    }
  expect(largest).toBeLessThan(1e-4);
});

test('constraints hold exactly: no self-coupling, a connectome, one sign a source', async () => {
  const { problem, W } = teacher(true);
  const free = await solveCornn(problem, settings, quiet);
  const signs = signsOf(free.theta, N);
  expect([...signs]).toEqual(Array.from({ length: N }, (_, j) => (j < 12 ? 1 : -1)));
  const projection = projectionOf({ units: N, selfCoupling: false, connectome, signs });
  const { theta, converged } = await solveCornn(
    problem,
    { ...settings, tolerance: 1e-4, iterations: 1000, ...(projection && { projection }) },
    quiet,
  );
  expect(converged).toBe(true);
  for (let source = 0; source < N; source++)
    for (let target = 0; target < N; target++) {
      const weight = theta[source * N + target];
      if (source === target || connectome[target * N + source] === 0) expect(weight).toBe(0);
      else expect(weight * signs[source]).toBeGreaterThanOrEqual(0);
    }
  expect(agreement(theta, W)).toBeGreaterThan(agreement(free.theta, W));
});

test('without constraints there is no projection, and signs are read from words', () => {
  expect(projectionOf({ units: 3, selfCoupling: true })).toBeUndefined();
  expect([...signsFrom(['E', 'inhibitory', '-1', ' exc'], 'type')]).toEqual([1, -1, -1, 1]);
  expect(() => signsFrom(['E', 'unknown'], 'type')).toThrow(/says “unknown”/);
});

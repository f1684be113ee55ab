import { describe, expect, test } from 'vitest';
import { fieldOf } from '../../../src-worker/analyses/fixed-points/field.ts';
import { search } from '../../../src-worker/analyses/fixed-points/search.ts';
import { curveReport } from '../../../src-worker/analyses/linearize/curve.ts';
import { curveOf } from '../../../src-worker/analyses/linearize/settled.ts';
import { longestPath } from '../../../src-worker/analyses/linearize/tree.ts';
import type { CurveReport } from '../../../src-worker/contract/linearize.ts';
import { key, normal, uniform } from '../../../src-worker/engine/random.ts';
import { apply } from '../../../src-worker/numerics/matrices.ts';
import { length } from '../../../src-worker/numerics/lu.ts';
import type { Flow } from '../../../src-worker/models/model.ts';

const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };
const NONE = new Float64Array(0);

const startsIn =
  (n: number, half = 1) =>
  (count: number) =>
    Array.from({ length: count }, (_, k) => Float64Array.from({ length: n }, (_unused, i) => half * (2 * uniform(key(4, k), i) - 1)));

async function reportOf(flow: Flow, duration: number, half = 1): Promise<CurveReport> {
  const field = fieldOf(flow, NONE);
  const startsOf = startsIn(flow.states, half);
  const found = await search(field, startsOf(100), { margin: 1e-4, usualSpeed: 1 }, job);
  const curve = await curveOf({ flow, field, u: NONE, found, margin: 1e-4 }, startsOf, { duration, durationMs: duration }, job);
  expect(curve).toBeDefined();
  return curveReport(curve!.shape, curve!.trial);
}

/** x' = Q diag(λ) Qᵀ x with random orthonormal Q. */
function linearMap(eigenvalues: readonly number[]): Flow {
  const n = eigenvalues.length;
  const rows: Float64Array[] = [];
  for (let k = 0; k < n; k++) {
    const row = Float64Array.from({ length: n }, (_, i) => normal(key(8, k), i));
    for (const other of rows) {
      const dot = row.reduce((sum, x, i) => sum + x * other[i], 0);
      for (let i = 0; i < n; i++) row[i] -= dot * other[i];
    }
    const size = length(row);
    rows.push(row.map((x) => x / size));
  }
  const a = new Float64Array(n * n);
  for (const [k, row] of rows.entries())
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) a[i * n + j] += eigenvalues[k] * row[i] * row[j];
  return { kind: 'map', stepMs: 1, states: n, inputs: 0, map: (x) => apply(a, x), jacobian: () => a.slice(), jacobianLipschitz: 0 };
}

/** The first eigenvalues are given; the others lie between −.8 and .8. */
const spectrum = (...first: number[]) => [
  ...first,
  ...Array.from({ length: 32 - first.length }, (_, k) => 0.8 * (2 * uniform(key(3), k) - 1)),
];

const value = ({ criteria }: CurveReport, name: RegExp) => criteria.find((one) => name.test(one.name))!.value;

describe('32 units in trials of 100 steps', () => {
  test('an exact integrator is a line', async () => {
    const report = await reportOf(linearMap(spectrum(1)), 100);
    expect(report.verdict).toBe('line');
    expect(report.basis).toBe('points');
    expect(report.attracts).toBe(true);
    expect(report.atDurations.map(({ verdict }) => verdict)).toEqual(['line', 'line', 'line', 'line']);
    expect(value(report, /width/)).toBeLessThan(1e-9);
    expect(value(report, /angle/)).toBeLessThan(1e-4);
    expect(value(report, /gap/)).toBeLessThan(0.15);
    expect(value(report, /along in/)).toBeLessThan(1e-9);
    expect(value(report, /across in/)).toBeGreaterThan(20);
    expect(report.timeConstantMs).toBeUndefined();
  });

  test.each([
    [0.999, 'approximate line', 0.1],
    [0.99, 'isolated points', 1.005],
    [0.97, 'isolated points', 3.046],
  ] as const)('an integrator that leaks at %f is %s', async (leak, verdict, rho) => {
    const report = await reportOf(linearMap(spectrum(leak)), 100);
    expect(report.verdict).toBe(verdict);
    expect(report.basis).toBe('settled');
    expect(value(report, /decay along/)).toBeCloseTo(rho, 3);
    expect(report.timeConstantMs).toBeCloseTo(-1 / Math.log(leak), 6);
  });

  test('two integrators are a plane, and a cloud that contracts alike on all sides is nothing', async () => {
    expect((await reportOf(linearMap(spectrum(1, 1)), 100)).verdict).toBe('plane or higher');
    const cloud = await reportOf(linearMap(Array.from({ length: 32 }, () => 0.9)), 100);
    expect(cloud.verdict).toBe('no curve');
  });
});

/** τκ̇ = −κ + (2g/N) Σ m tanh(m·κ) with N loadings even round a circle: an exact ring. τ in ms. */
function ringOf(units: number, tauMs: number): Flow {
  const g = 2;
  const loadings = Array.from({ length: units }, (_, i) => [Math.cos((2 * Math.PI * i) / units), Math.sin((2 * Math.PI * i) / units)]);
  return {
    kind: 'ode',
    states: 2,
    inputs: 0,
    derivative(x) {
      const out = x.map((one) => -one / tauMs);
      for (const [a, b] of loadings) {
        const by = ((2 * g) / units / tauMs) * Math.tanh(a * x[0] + b * x[1]);
        out[0] += by * a;
        out[1] += by * b;
      }
      return out;
    },
    jacobian(x) {
      const out = Float64Array.of(-1 / tauMs, 0, 0, -1 / tauMs);
      for (const [a, b] of loadings) {
        const by = ((2 * g) / units / tauMs) * (1 - Math.tanh(a * x[0] + b * x[1]) ** 2);
        out[0] += by * a * a;
        out[1] += by * a * b;
        out[2] += by * a * b;
        out[3] += by * b * b;
      }
      return out;
    },
  };
}

test('500 loadings round a circle make a ring of known radius', async () => {
  const flow = ringOf(500, 10);
  const field = fieldOf(flow, NONE);
  const startsOf = startsIn(2, 3);
  const found = await search(field, startsOf(100), { margin: 1e-4, usualSpeed: 1 }, job);
  const ring = found.points.find(({ spread }) => spread);
  expect(length(ring!.end.x)).toBeCloseTo(2.31634373, 8);
  const { re } = ring!.stability.modes;
  expect(10 * Math.max(...re)).toBeCloseTo(0, 10);
  expect(10 * Math.min(...re)).toBeCloseTo(-0.7915922, 6);
  for (const trials of [50, 100, 1000]) {
    const report = await reportOf(flow, trials, 3);
    expect(report.verdict).toBe('ring');
    expect(value(report, /ends/)).toBeLessThan(0.25);
    expect(report.attracts).toBe(true);
  }
});

/** τẋ = −x + (g/N)(m₁m₁ᵀ + m₂m₂ᵀ) tanh(x) in its two latent dimensions. */
test('Gaussian loadings leave points that only look like a ring in short trials', async () => {
  const units = 200;
  const loadings = Array.from({ length: units }, (_, i) => [normal(key(51), i), normal(key(52), i)]);
  const flow: Flow = {
    kind: 'ode',
    states: 2,
    inputs: 0,
    derivative(x) {
      const out = x.map((one) => -one / 10);
      for (const [a, b] of loadings) {
        const by = (2 / units / 10) * Math.tanh(a * x[0] + b * x[1]);
        out[0] += by * a;
        out[1] += by * b;
      }
      return out;
    },
    jacobian(x) {
      const out = Float64Array.of(-0.1, 0, 0, -0.1);
      for (const [a, b] of loadings) {
        const by = (2 / units / 10) * (1 - Math.tanh(a * x[0] + b * x[1]) ** 2);
        out[0] += by * a * a;
        out[1] += by * a * b;
        out[2] += by * a * b;
        out[3] += by * b * b;
      }
      return out;
    },
  };
  const short = await reportOf(flow, 50, 3);
  expect(short.basis).toBe('settled');
  expect(short.verdict).toBe('approximate ring');
  expect((await reportOf(flow, 400, 3)).verdict).not.toMatch(/ring$/);
});

test('the longest path of a tree leaves its side branches out', () => {
  const at = (...x: number[]) => Float64Array.from(x);
  const { total, length: along, along: path } = longestPath([at(0, 0), at(1, 0), at(2, 0), at(3, 0), at(1, 0.5)]);
  expect(total).toBeCloseTo(3.5, 12);
  expect(along).toBeCloseTo(3, 12);
  expect([...path].sort()).toEqual([0, 1, 2, 3]);
});

import { describe, expect, test } from 'vitest';
import { findCycles } from '../../../src-worker/analyses/pieces/cycles.ts';
import { piecesOf } from '../../../src-worker/analyses/pieces/pieces.ts';
import { walkRegions } from '../../../src-worker/analyses/pieces/regions.ts';
import { key, normal } from '../../../src-worker/engine/random.ts';
import { flowFrom, type PlainFlow } from '../../../src-worker/models/flows.ts';

const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };
const NONE = new Float64Array(0);

const piecewise = (A: readonly number[], W: readonly number[], h: readonly number[]): PlainFlow => ({
  of: 'piecewise-linear',
  weights: { states: A.length, inputs: 0, W: Float64Array.from(W), V: NONE, b: Float64Array.from(h) },
  A: Float64Array.from(A),
  stepMs: 1,
});
const diagonal = (n: number, value: number) => Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? value : 0));
const walk = (plain: PlainFlow) => walkRegions(piecesOf(plain, NONE)!, job);

describe('fixed points of networks that are linear in pieces', () => {
  test.each([1, 3, 10])('%i units that are bistable each have 2ⁿ points, and the list is complete', async (n) => {
    const found = await walk(piecewise(Array(n).fill(0.5), diagonal(n, 1), Array(n).fill(-0.5)));
    expect(found.points).toHaveLength(2 ** n);
    expect(found.complete).toBe(true);
    expect(new Set(found.points.map((x) => x.map(Math.sign).join())).size).toBe(2 ** n);
    for (const x of found.points) for (const value of x) expect(Math.abs(value)).toBeCloseTo(1, 12);
  });

  test('a half-line of points is found in its singular piece, and voids the word complete', async () => {
    const found = await walk(piecewise([0.5, 0.5], [0.5, 0, 0, 0], [0, -0.5]));
    expect(found.lines).toHaveLength(1);
    const [line] = found.lines;
    expect(line[0]).toBeGreaterThan(0);
    expect(line[1]).toBeCloseTo(-1, 12);
    expect(found.complete).toBe(false);
    // The end of the half-line lies on a border.
    expect(found.border.map((x) => [...x])).toEqual([[0, -1]]);
  });

  test('random networks of eight units have as many points as elimination in every piece finds, and each stands still', async () => {
    const n = 8;
    let all = 0;
    for (const seed of [1, 2, 3, 4]) {
      const W = Float64Array.from({ length: n * n }, (_, i) => (1.2 * normal(key(41, seed), i)) / Math.sqrt(n));
      const b = Float64Array.from({ length: n }, (_, i) => 0.5 * normal(key(42, seed), i));
      const weights = { states: n, inputs: 0, W, V: NONE, b };
      for (const plain of [
        { of: 'stepped', weights, phi: 'relu', alpha: 0.3, stepMs: 1 },
        { of: 'currents', weights, phi: 'relu', alpha: 0.3, stepMs: 1 },
        { of: 'continuous', weights, phi: 'relu', tauMs: 10 },
      ] as const satisfies readonly PlainFlow[]) {
        const found = await walk(plain);
        expect(found.walked).toBe(256);
        expect(found.complete).toBe(true);
        expect(found.points.length).toBe(bruteForce(W, b, n));
        all += found.points.length;
        const flow = flowFrom(plain);
        for (const x of found.points) {
          const g = flow.kind === 'map' ? flow.map(x, NONE).map((value, i) => value - x[i]) : flow.derivative(x, NONE);
          expect(Math.hypot(...g)).toBeLessThan(1e-10);
        }
      }
    }
    expect(all).toBeGreaterThan(3);
  });

  test('networks with other nonlinearities have no pieces', () => {
    const weights = { states: 1, inputs: 0, W: Float64Array.of(1), V: NONE, b: Float64Array.of(0) };
    expect(piecesOf({ of: 'stepped', weights, phi: 'tanh', alpha: 1, stepMs: 1 }, NONE)).toBeUndefined();
    expect(piecesOf(undefined, NONE)).toBeUndefined();
  });
});

/** Solutions of (I − W D) y = b whose signs are D, by elimination in every piece. */
function bruteForce(W: Float64Array, b: Float64Array, n: number): number {
  let count = 0;
  for (let pattern = 0; pattern < 2 ** n; pattern++) {
    const rows = Array.from({ length: n }, (_, i) => [
      ...Array.from({ length: n }, (_unused, j) => (i === j ? 1 : 0) - ((pattern >> j) & 1 ? W[i * n + j] : 0)),
      b[i],
    ]);
    for (let k = 0; k < n; k++) {
      let best = k;
      for (let i = k + 1; i < n; i++) if (Math.abs(rows[i][k]) > Math.abs(rows[best][k])) best = i;
      [rows[k], rows[best]] = [rows[best], rows[k]];
      for (let i = 0; i < n; i++) {
        if (i === k) continue;
        const by = rows[i][k] / rows[k][k];
        for (let j = k; j <= n; j++) rows[i][j] -= by * rows[k][j];
      }
    }
    if (rows.every((row, i) => row[n] / row[i] > 0 === (((pattern >> i) & 1) === 1))) count++;
  }
  return count;
}

describe('cycles of two known networks', () => {
  const W = [0, -0.64375, 0.52505308, 0];
  const h = [0.37298253, -0.97931491];

  test('one fixed point and no cycle', async () => {
    const plain = piecewise([-0.0222311, 0.96461297], W, h);
    const { points, complete } = await walk(plain);
    expect(complete).toBe(true);
    expect(points.map((x) => [...x])).toEqual([[expect.closeTo(0.36487105, 7), expect.closeTo(-22.26064871, 6)]]);
    expect(await findCycles(piecesOf(plain, NONE)!, 8, 1e-4, 0, job)).toEqual([]);
  });

  test('an unstable fixed point and two 16-cycles, one attracting, one a saddle', async () => {
    const plain = piecewise([0.8377689, 0.96461297], W, h);
    const { points } = await walk(plain);
    expect(points.map((x) => [...x])).toEqual([[expect.closeTo(1.87241987, 7), expect.closeTo(0.10752279, 7)]]);
    const cycles = await findCycles(piecesOf(plain, NONE)!, 16, 1e-4, 0, job);
    const sixteen = cycles.filter(({ states }) => states.length === 16);
    expect(sixteen).toHaveLength(2);
    const through = (x: number, y: number) => sixteen.find(({ states }) => states.some((z) => Math.hypot(z[0] - x, z[1] - y) < 1e-6))!;
    const attracting = through(1.45964522, 0.17619696);
    expect(attracting.verdict).toBe('stable');
    expect(attracting.states.filter((z) => z[1] > 0)).toHaveLength(6);
    expect(attracting.multipliers[0].re).toBeCloseTo(-0.13473, 4);
    expect(Math.abs(attracting.multipliers[0].im)).toBeCloseTo(0.5011, 4);
    const saddle = through(1.4592384, 0.14201);
    expect(saddle.verdict).toBe('saddle');
    expect(saddle.states.filter((z) => z[1] > 0)).toHaveLength(7);
    expect(saddle.multipliers.map(({ re }) => re)).toEqual([expect.closeTo(1.61022, 4), expect.closeTo(0.23716, 4)]);
  });
});

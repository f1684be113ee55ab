import { describe, expect, test } from 'vitest';
import { descendInThreads } from '../../../src-worker/analyses/fixed-points/crew.ts';
import { type Field, fieldOf } from '../../../src-worker/analyses/fixed-points/field.ts';
import { chao, leastShare } from '../../../src-worker/analyses/fixed-points/missed.ts';
import { type Found, search } from '../../../src-worker/analyses/fixed-points/search.ts';
import { Failure } from '../../../src-worker/contract/failure.ts';
import { key, uniform } from '../../../src-worker/engine/random.ts';
import { H5File } from '../../../src-worker/formats/h5/file.ts';
import { flowFrom } from '../../../src-worker/models/flows.ts';
import { continuousRnn, steppedRnn } from '../../../src-worker/models/network/rnn.ts';
import { realData } from '../../data.ts';

const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };
const settings = { margin: 1e-4, usualSpeed: 1 };
const NONE = new Float64Array(0);

const rnn = (W: Float64Array, n: number) => ({ states: n, inputs: 0, W, V: NONE, b: new Float64Array(n) });
const tanhField = (W: Float64Array, n: number): Field => fieldOf(steppedRnn(rnn(W, n), 'tanh', 1, 1), NONE);

/** W[i] is −linspace(−1, 1, n) rolled back by i. */
const rolled = (n: number) => {
  const line = Array.from({ length: n }, (_, k) => -1 + (2 * k) / (n - 1));
  return Float64Array.from({ length: n * n }, (_, at) => -line[(Math.floor(at / n) + (at % n)) % n]);
};

const cube = (n: number) =>
  Array.from({ length: 3 ** n }, (_, k) => Float64Array.from({ length: n }, (_, i) => (Math.floor(k / 3 ** i) % 3) - 1));

const uniformStarts = (n: number, count: number, half = 1) =>
  Array.from({ length: count }, (_, k) => Float64Array.from({ length: n }, (_, i) => half * (2 * uniform(key(5, k), i) - 1)));

const eigenvalues = ({ stability: { modes } }: Found) => [...modes.re].sort((a, b) => Math.abs(b) - Math.abs(a));

describe('networks whose points are known', () => {
  test('two units: an unstable origin and a stable pair', async () => {
    const { points, notConverged, missed } = await search(tanhField(rolled(2), 2), cube(2), settings, job);
    expect(points.map(({ kind }) => kind)).toEqual(['fixed', 'fixed', 'fixed']);
    expect(notConverged).toBe(0);
    expect(missed?.points).toBeCloseTo(0);
    const origin = points.find(({ end }) => Math.abs(end.x[0]) < 1e-12);
    expect(eigenvalues(origin!)[0]).toBeCloseTo(2, 10);
    expect(origin?.stability.verdict).toBe('saddle');
    for (const point of points.filter((other) => other !== origin)) {
      expect(Math.abs(point.end.x[0])).toBeCloseTo(0.95750402, 8);
      expect(point.end.x[0]).toBeCloseTo(-point.end.x[1], 12);
      expect(eigenvalues(point)[0]).toBeCloseTo(0.16637, 5);
      expect(point.stability.verdict).toBe('stable');
    }
  });

  test('three units: the pair is unstable by a flip', async () => {
    const { points } = await search(tanhField(rolled(3), 3), cube(3), settings, job);
    expect(points).toHaveLength(3);
    const pair = points.filter(({ end }) => Math.abs(end.x[0]) > 0.5);
    expect(pair).toHaveLength(2);
    for (const point of pair) {
      const sign = Math.sign(point.end.x[0]);
      const known = [0.94979571, -0.4255023, -0.879894];
      for (const [i, value] of known.entries()) expect(sign * point.end.x[i]).toBeCloseTo(value, 7);
      expect(eigenvalues(point)[0]).toBeCloseTo(-1.00641, 5);
      expect(eigenvalues(point)[1]).toBeCloseTo(0.28535, 5);
      expect(point.stability.unstable).toEqual([1, 1]);
      expect(point.stability.verdict).toBe('saddle');
    }
  });

  test('four units: nine points, four of which have a mode inside the margin', async () => {
    const { points } = await search(tanhField(rolled(4), 4), [...cube(4), ...uniformStarts(4, 100)], settings, job);
    expect(points).toHaveLength(9);
    expect(points.every(({ kind }) => kind === 'fixed')).toBe(true);
    const unstable = points.map(({ stability }) => stability.unstable.join()).sort();
    expect(unstable).toEqual(['0,0', '0,0', '1,1', '1,1', '1,2', '1,2', '1,2', '1,2', '3,3']);
    const marginal = points.filter(({ stability }) => stability.unstable[0] !== stability.unstable[1]);
    expect(marginal).toHaveLength(4);
    for (const point of marginal) {
      expect(eigenvalues(point)[0]).toBeCloseTo(1.31596, 5);
      expect(eigenvalues(point)[1]).toBeCloseTo(-1.00002453, 7);
      expect(point.stability.margin).toBeCloseTo(2.453e-5, 7);
    }
    const stable = points.filter(({ stability }) => stability.verdict === 'stable');
    for (const point of stable) expect(Math.abs(point.end.x[0])).toBeCloseTo(0.77551631, 7);
  });

  const file = realData('nets/tanh64.h5');
  test.skipIf(!file)('64 units: exactly the five points of the file, and every start accounted for', async () => {
    const net = await H5File.open(file!);
    const [W, starts, known, unstable] = ['/W', '/starts', '/points', '/unstable'].map((path) => net.numbers(path));
    net.close();
    const rows = Array.from({ length: 512 }, (_, k) => starts.slice(k * 64, (k + 1) * 64));
    const found = await search(tanhField(W, 64), rows, settings, job);
    expect(found.points.map(({ starts: count }) => count)).toEqual([147, 138, 92, 74, 61]);
    expect(found.notConverged).toBe(0);
    expect(found.missed).toEqual({ points: 0, coverage: 1 });
    for (const { end, kind, stability } of found.points) {
      expect(kind).toBe('fixed');
      expect(end.speed).toBeLessThan(3e-15);
      const distances = Array.from({ length: 5 }, (_, k) => Math.hypot(...end.x.map((value, i) => value - known[k * 64 + i])));
      const nearest = distances.indexOf(Math.min(...distances));
      expect(distances[nearest]).toBeLessThan(1e-12);
      expect(stability.unstable).toEqual([unstable[nearest], unstable[nearest]]);
    }
  });
});

test('threads give the same bits, and stop when asked', async () => {
  const weights = rnn(
    Float64Array.from({ length: 400 }, (_, i) => 0.4 * (2 * uniform(key(6), i) - 1) * Math.sqrt(20)),
    20,
  );
  const plain = { of: 'stepped', weights, phi: 'tanh', alpha: 1, stepMs: 1 } as const;
  const field = fieldOf(flowFrom(plain), NONE);
  const starts = uniformStarts(20, 60);
  const alone = await search(field, starts, settings, job);
  const descents = (all: readonly Float64Array[]) => descendInThreads({ flow: plain, u: NONE, usualSpeed: 1 }, all, { ...job, threads: 2 });
  const together = await search(field, starts, { ...settings, descents }, job);
  expect(together.ends).toEqual(alone.ends);
  expect(together.points.map(({ end }) => end.x)).toEqual(alone.points.map(({ end }) => end.x));

  const stopped = new Failure('cancelled', 'Stopped.', '');
  const progress = async () => {
    throw stopped;
  };
  await expect(descendInThreads({ flow: plain, u: NONE, usualSpeed: 1 }, starts, { ...job, threads: 2, progress })).rejects.toBe(stopped);
});

describe('points that are hard to tell apart', () => {
  test('three points closer than any usual tolerance stay three, all of them marginal', async () => {
    const starts = uniformStarts(1, 60, 2e-3);
    const { points } = await search(tanhField(Float64Array.of(1 + 1e-7), 1), starts, settings, job);
    expect(points.map(({ kind }) => kind)).toEqual(['fixed', 'fixed', 'fixed']);
    const places = points.map(({ end }) => end.x[0]).sort((a, b) => a - b);
    expect(places[0]).toBeCloseTo(-5.4772251e-4, 9);
    expect(places[1]).toBeCloseTo(0, 9);
    expect(places[2]).toBeCloseTo(5.4772251e-4, 9);
    for (const { stability } of points) {
      expect(stability.verdict).toBe('undecided');
      expect(stability.unstable).toEqual([0, 1]);
    }
  });

  test('where the origin is degenerate, starts that stall are one continuum, and nothing is said of what was missed', async () => {
    const { points, missed } = await search(tanhField(Float64Array.of(1), 1), uniformStarts(1, 40), settings, job);
    expect(points.map(({ kind }) => kind)).toEqual(['continuum']);
    expect(missed).toBeUndefined();
  });

  test('a continuous network is judged by real parts, and its times are in ms', async () => {
    const flow = continuousRnn(rnn(Float64Array.of(2, 0, 0, 0.5), 2), 'tanh', 20);
    const { points } = await search(fieldOf(flow, NONE), uniformStarts(2, 30), settings, job);
    expect(points).toHaveLength(3);
    const origin = points.find(({ end }) => Math.abs(end.x[0]) < 1e-9)!;
    expect(origin.stability.unstable).toEqual([1, 1]);
    expect([...origin.stability.modes.re]).toEqual([expect.closeTo(0.05, 10), expect.closeTo(-0.025, 10)]);
    // The slowest mode decays at 0.5 / τ.
    expect(origin.stability.timeConstantMs).toBeCloseTo(40, 8);
  });

  test('few starts tell little: one nothing, ten that basins of a quarter were not missed', () => {
    expect(chao({ reached: [1], starts: 1 })).toBeUndefined();
    expect(chao({ reached: [1, 1, 1], starts: 3 })).toBeUndefined();
    expect(chao({ reached: [], starts: 0 })).toBeUndefined();
    // f₁ = 2, f₂ = 1: (3/4) · 2 · 1 / 4, and half of what these starts reach is known.
    expect(chao({ reached: [1, 1, 2], starts: 4 })).toEqual({ points: 3 / 4 / 2, coverage: 0.5 });
    expect(chao({ reached: [3], starts: 3 })).toEqual({ points: 0, coverage: 1 });
    // (1 − p)ⁿ = 5 %.
    expect(leastShare(1)).toBeCloseTo(0.95, 12);
    expect((1 - leastShare(10)) ** 10).toBeCloseTo(0.05, 12);
    expect(leastShare(512)).toBeCloseTo(3 / 512, 4);
  });

  test('the share of points that were missed follows from those reached once and twice', () => {
    const reached = [1, 1, 2, 40, 40];
    const { points, coverage } = chao({ reached, starts: 84 })!;
    expect(reached.length + points).toBeCloseTo(5.494, 3);
    expect(coverage).toBeCloseTo(0.976, 3);
  });
});

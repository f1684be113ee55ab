import { expect, test } from 'vitest';
import { key, normal } from '../../src-worker/engine/random.ts';
import { structureOf } from '../../src-worker/numerics/connectivity.ts';
import { lowRankOf, overlaps, principalAngles } from '../../src-worker/numerics/low-rank.ts';

const N = 30;
const draw = (seed: number, length: number): Float64Array => Float64Array.from({ length }, (_, i) => normal(key(seed, 6), i));

function outer(m: Float64Array, n: Float64Array, rank: number): Float64Array {
  const J = new Float64Array(N * N);
  for (let i = 0; i < N; i++)
    for (let j = 0; j < N; j++) for (let r = 0; r < rank; r++) J[i * N + j] += (m[i * rank + r] * n[j * rank + r]) / N;
  return J;
}

const [m, n] = [draw(1, 2 * N), draw(2, 2 * N)];
const J = outer(m, n, 2);

test('the gauge leaves the matrix as it is, with orthogonal loadings of equal lengths', () => {
  const low = lowRankOf(J, N, 10)!;
  expect(low.rank).toBe(2);
  const again = outer(low.m, low.n, 2);
  for (let i = 0; i < N * N; i++) expect(Math.abs(again[i] - J[i])).toBeLessThan(1e-15 * 10);
  for (const loadings of [low.m, low.n]) {
    const own = overlaps(loadings, loadings, N);
    for (const r of [0, 1]) expect(own[3 * r]).toBeCloseTo(low.singular[r], 12);
    expect(Math.abs(own[1])).toBeLessThan(1e-12);
  }
  for (const r of [0, 1]) {
    const column = Array.from({ length: N }, (_, i) => low.m[2 * i + r]);
    expect(Math.max(...column)).toBe(Math.max(...column.map(Math.abs)));
  }
  expect(principalAngles(low.m, m, N)[1]).toBeLessThan(1e-5);
});

test('a matrix of higher rank has no loadings', () => {
  expect(lowRankOf(draw(3, N * N), N, 10)).toBeUndefined();
  expect(lowRankOf(new Float64Array(N * N), N, 10)).toBeUndefined();
});

test('eigenvalues of the overlaps are those of the weights that are not 0', () => {
  const low = structureOf(J, new Float64Array(0), N, 3, 0);
  // The same matrix with a trace of noise is of full rank, and its spectrum is found by itself.
  const full = structureOf(
    J.map((x, i) => x + 1e-5 * normal(key(7, 6), i)),
    new Float64Array(0),
    N,
    3,
    0,
  );
  expect(full.loadings).toBeUndefined();
  for (const k of [0, 1]) {
    expect(full.re[k]).toBeCloseTo(low.re[k], 3);
    expect(Math.abs(full.im[k])).toBeCloseTo(Math.abs(low.im[k]), 3);
  }
  expect(low.re.length).toBe(N);
});

test('the outlier of rank 1 is nᵀ m / N', () => {
  const [a, b] = [draw(4, N), draw(5, N)];
  const { re } = structureOf(outer(a, b, 1), new Float64Array(0), N, 1, 0);
  expect(re[0]).toBeCloseTo(overlaps(b, a, N)[0], 10);
});

test('populations are found by their loadings, and their overlaps sum to the whole', () => {
  const units = 240;
  // Two populations: n follows m in one and is against it in the other.
  const sign = (i: number) => (i % 3 === 0 ? -1 : 1);
  const own = Float64Array.from({ length: units }, (_, i) => normal(key(8, 6), i));
  const read = own.map((x, i) => 2 * sign(i) * x + 0.2 * normal(key(9, 6), i));
  const W = Float64Array.from({ length: units ** 2 }, (_, at) => (own[Math.floor(at / units)] * read[at % units]) / units);
  const { loadings } = structureOf(W, new Float64Array(0), units, 4, 0);
  expect(loadings?.mixture?.components).toBe(2);
  const { populationOverlaps, overlaps: whole } = loadings!;
  expect(populationOverlaps[0] + populationOverlaps[1]).toBeCloseTo(whole[0], 12);
  expect(Math.sign(populationOverlaps[0])).toBe(-Math.sign(populationOverlaps[1]));
  // Far from 0, where the two lines part, units fall on the right side.
  const far = Array.from(own.keys()).filter((i) => Math.abs(own[i]) > 0.8);
  const right = far.filter((i) => (loadings!.populations[i] === 0) === sign(i) > 0).length / far.length;
  expect(Math.max(right, 1 - right)).toBeGreaterThan(0.95);
});

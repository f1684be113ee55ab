import { expect, test } from 'vitest';
import { key, normal } from '../../src-worker/engine/random.ts';
import { gradient, neighbourhoods, tsne } from '../../src-worker/numerics/tsne.ts';

const draws = (count: number, seed: number, scale = 1): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => scale * normal(key(seed, 0), i));

const distance = (values: Float64Array, dimensions: number, i: number, j: number): number =>
  Math.hypot(...Array.from({ length: dimensions }, (_, d) => values[i * dimensions + d]! - values[j * dimensions + d]!));

test('every row has the perplexity that was asked for, and all pairs sum to one', () => {
  const [rows, dimensions] = [40, 5];
  const joint = neighbourhoods(draws(rows * dimensions, 1), dimensions, 8);
  expect(joint.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
  // Points on a circle have one width for all, so that rows of the joint are those of the conditional.
  const circle = Float64Array.from({ length: 2 * rows }, (_, i) =>
    i % 2 === 0 ? Math.cos((Math.PI * i) / rows) : Math.sin((Math.PI * (i - 1)) / rows),
  );
  const even = neighbourhoods(circle, 2, 8);
  for (const row of [0, 7, 39]) {
    const shares = Array.from(even.subarray(row * rows, (row + 1) * rows), (value) => value * rows).filter((share) => share > 0);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(Math.exp(-shares.reduce((sum, share) => sum + share * Math.log(share), 0))).toBeCloseTo(8, 6);
  }
});

test('the slope is that of the divergence', () => {
  const p = neighbourhoods(draws(12 * 4, 2), 4, 3);
  const y = draws(12 * 3, 3);
  const { slope } = gradient(p, y, 3);
  for (const i of [0, 5, 17, 35]) {
    const by = (h: number) =>
      gradient(
        p,
        Float64Array.from(y, (value, k) => (k === i ? value + h : value)),
        3,
      ).divergence;
    expect(slope[i]).toBeCloseTo((by(1e-5) - by(-1e-5)) / 2e-5, 8);
  }
});

test('a regular simplex is embedded as one: nothing is lost, and all points are equally far apart', () => {
  const corners = Float64Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0));
  const { values, divergence } = tsne(corners, 4, draws(12, 4, 1e-2), { perplexity: 1, iterations: 1000 });
  expect(divergence).toBeLessThan(1e-9);
  const all = [0, 1, 2, 3].flatMap((i) => [0, 1, 2, 3].filter((j) => j > i).map((j) => distance(values, 3, i, j)));
  for (const one of all) expect(one / all[0]!).toBeCloseTo(1, 4);
});

test('clusters come apart, and the same start gives the same bits', () => {
  const [clusters, each, dimensions] = [4, 20, 10];
  const rows = clusters * each;
  const noise = draws(rows * dimensions, 5, 0.3);
  const data = noise.map((value, i) => value + (i % dimensions === Math.floor(i / (dimensions * each)) ? 6 : 0));
  const embed = (seed: number) => tsne(data, dimensions, draws(2 * rows, seed, 1e-4), { perplexity: 10, iterations: 400 });
  const { values } = embed(6);
  const of = (i: number) => Math.floor(i / each);
  for (let i = 0; i < rows; i++) {
    const others = Array.from({ length: rows }, (_, j) => j).filter((j) => j !== i);
    const nearest = others.reduce((best, j) => (distance(values, 2, i, j) < distance(values, 2, i, best) ? j : best));
    expect(of(nearest)).toBe(of(i));
  }
  expect(embed(6).values).toEqual(values);
  expect(embed(7).values).not.toEqual(values);
});

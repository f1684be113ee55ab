import { expect, test } from 'vitest';
import { key, normal } from '../../src-worker/engine/random.ts';
import { covariance, principalComponents, project, unproject } from '../../src-worker/numerics/pca.ts';

const random = (n: number, stream: number): Float64Array => Float64Array.from({ length: n }, (_, i) => normal(key(stream), i));

/** 300 rows of 5 dimensions with s.d. 4, 2, 1, .5, .1 along known directions: columns of a rotation of the first two axes. */
function rows(): Float64Array {
  const noise = random(1500, 1);
  const [c, s] = [Math.cos(0.5), Math.sin(0.5)];
  return noise.map((_, i) => {
    const at = i - (i % 5);
    const z = [4, 2, 1, 0.5, 0.1].map((sd, d) => sd * noise[at + d]);
    return [c * z[0] - s * z[1], s * z[0] + c * z[1], z[2], z[3], z[4]][i % 5] + 10;
  });
}

test('directions of largest variance are found, with their largest loading positive', () => {
  const pca = principalComponents(rows(), 5, 2);
  expect(Math.abs(pca.components[0] - Math.cos(0.5))).toBeLessThan(0.05);
  expect(Math.abs(pca.components[1] - Math.sin(0.5))).toBeLessThan(0.05);
  for (let k = 0; k < 2; k++) {
    const loadings = [...pca.components.subarray(5 * k, 5 * k + 5)];
    const largest = loadings.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
    expect(largest).toBeGreaterThan(0);
  }
  expect(Math.sqrt(pca.variances[0])).toBeCloseTo(4, 0);
});

test('components are orthonormal, scores uncorrelated with the stated variances', () => {
  const pca = principalComponents(rows(), 5);
  const dot = (i: number, j: number): number =>
    Array.from({ length: 5 }, (_, d) => pca.components[5 * i + d] * pca.components[5 * j + d]).reduce((a, b) => a + b);
  for (let i = 0; i < 5; i++) for (let j = 0; j < 5; j++) expect(dot(i, j)).toBeCloseTo(i === j ? 1 : 0, 9);
  const spread = covariance(project(rows(), pca), 5);
  for (let i = 0; i < 5; i++) for (let j = 0; j < 5; j++) expect(spread[5 * i + j]).toBeCloseTo(i === j ? pca.variances[i] : 0, 9);
  expect(pca.shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
});

test('all components together lose nothing', () => {
  const data = rows();
  const pca = principalComponents(data, 5);
  const back = unproject(project(data, pca), pca);
  for (let i = 0; i < data.length; i++) expect(back[i]).toBeCloseTo(data[i], 9);
});

test('turning the data over does not turn the picture over', () => {
  const data = rows();
  const [a, b] = [
    principalComponents(data, 5, 3),
    principalComponents(
      data.map((v) => -v),
      5,
      3,
    ),
  ];
  for (let i = 0; i < a.components.length; i++) expect(a.components[i]).toBeCloseTo(b.components[i], 9);
});

test('constant data, and fewer rows than dimensions, give no NaN', () => {
  expect(principalComponents(new Float64Array(12).fill(2), 4, 2).variances.every((v) => v === 0)).toBe(true);
  expect(principalComponents(random(10, 2), 5, 5).components.some(Number.isNaN)).toBe(false);
});

test('fewer rows than dimensions give the same components as their covariance', () => {
  const [rows, dimensions, count] = [7, 12, 5];
  const values = Float64Array.from({ length: rows * dimensions }, (_, i) => Math.sin(i * i) + (i % dimensions) / 3);
  const few = principalComponents(values, dimensions, count);
  // Each row twice: the same spread, by way of the covariance of dimensions.
  const twice = principalComponents(Float64Array.from([...values, ...values]), dimensions, count);
  for (const [i, x] of twice.components.entries()) expect(few.components[i]).toBeCloseTo(x, 9);
  for (const [k, v] of twice.variances.entries()) expect(few.variances[k]).toBeCloseTo(v, 9);
  for (const [k, share] of twice.shares.entries()) expect(few.shares[k]).toBeCloseTo(share, 9);
});

test('rows that span fewer directions than are asked for still give orthonormal components', () => {
  const dimensions = 9;
  const values = Float64Array.from({ length: 6 * dimensions }, (_, i) => (Math.floor(i / dimensions) % 2) * ((i % dimensions) - 4));
  const { components, variances, count } = principalComponents(values, dimensions, 4);
  expect([...variances.slice(1)]).toEqual([0, 0, 0]);
  for (let a = 0; a < count; a++)
    for (let b = 0; b < count; b++) {
      let product = 0;
      for (let d = 0; d < dimensions; d++) product += components[a * dimensions + d] * components[b * dimensions + d];
      expect(product).toBeCloseTo(a === b ? 1 : 0, 9);
    }
});

import { expect, test } from 'vitest';
import { key, normal } from '../../src-worker/engine/random.ts';
import { leadingEigen } from '../../src-worker/numerics/leading.ts';
import { symmetricEigen } from '../../src-worker/numerics/symmetric.ts';

/** H diag(values) H, where H = I − 2 h hᵀ turns axis k into e_k − 2 h_k h. */
function withValues(values: Float64Array) {
  const n = values.length;
  const h = Float64Array.from({ length: n }, (_, i) => normal(key(5), i));
  const length = Math.hypot(...h);
  const turned = (k: number) => h.map((value, i) => Number(i === k) - (2 * value * h[k]!) / length ** 2);
  const matrix = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    const axis = turned(k);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) matrix[i * n + j]! += values[k]! * axis[i]! * axis[j]!;
  }
  return { matrix, turned };
}

test('the leading eigenvectors of a large matrix are those of all of them', () => {
  const n = 150;
  const { matrix, turned } = withValues(Float64Array.from({ length: n }, (_, k) => 0.9 ** k));
  const { values, vectors } = leadingEigen(matrix, n, 6);
  for (let k = 0; k < 6; k++) {
    expect(values[k]).toBeCloseTo(0.9 ** k, 12);
    const along = turned(k).reduce((sum, value, i) => sum + value * vectors[k * n + i]!, 0);
    expect(Math.abs(along)).toBeCloseTo(1, 11);
  }
});

test('equal eigenvalues are all found, and so are those of noise without a gap', () => {
  const n = 140;
  const equal = withValues(Float64Array.from({ length: n }, (_, k) => (k < 5 ? 2 : k < 8 ? 1 : 0.3 / (1 + k))));
  expect([...leadingEigen(equal.matrix, n, 7).values].map((value) => value.toFixed(10))).toEqual(
    [2, 2, 2, 2, 2, 1, 1].map((value) => value.toFixed(10)),
  );
  const noise = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) noise[i * n + j] = noise[j * n + i] = normal(key(6), i * n + j);
  const [some, all] = [leadingEigen(noise, n, 10), symmetricEigen(noise, n)];
  for (let k = 0; k < 10; k++) expect(some.values[k]).toBeCloseTo(all.values[k]!, 9);
});

test('a matrix of lower rank than is asked for is taken whole', () => {
  const n = 130;
  const { matrix } = withValues(Float64Array.from({ length: n }, (_, k) => (k < 3 ? 3 - k : 0)));
  const { values } = leadingEigen(matrix, n, 8);
  for (const [k, value] of [3, 2, 1, 0, 0, 0, 0, 0].entries()) expect(values[k]).toBeCloseTo(value, 10);
});

import { describe, expect, test } from 'vitest';
import { drawSurrogate, surrogateModel } from '../../src-worker/analyses/surrogates.ts';
import { key, normal } from '../../src-worker/engine/random.ts';

/** Smooth curves: 8 rows × 40 bins × 30 dimensions of a few random waves. */
function waves(rows: number, bins: number, dimensions: number): Float64Array {
  const values = new Float64Array(rows * bins * dimensions);
  for (let wave = 0; wave < 12; wave++)
    for (let row = 0; row < rows; row++)
      for (let bin = 0; bin < bins; bin++) {
        const amount = normal(key(1, wave), row) * Math.sin((wave * bin) / 20 + wave) * 1.5 ** -wave;
        for (let d = 0; d < dimensions; d++)
          values[(row * bins + bin) * dimensions + d] += amount * normal(key(2, wave), d) + 0.05 * normal(key(3, row, bin), d);
      }
  return values;
}

/** Covariance of one axis, summed over the other two. */
function marginal(values: Float64Array, shape: readonly number[], axis: number): number[] {
  const [rows, bins, dimensions] = shape;
  const means = Array.from(
    { length: dimensions },
    (_, d) => values.reduce((sum, v, i) => (i % dimensions === d ? sum + v : sum), 0) / (rows * bins),
  );
  const out = new Array<number>(shape[axis] ** 2).fill(0);
  const slices = Array.from({ length: shape[axis] }, () => [] as number[]);
  values.forEach((value, i) => {
    const place = [Math.floor(i / (bins * dimensions)), Math.floor(i / dimensions) % bins, i % dimensions];
    slices[place[axis]].push(value - means[i % dimensions]);
  });
  for (const [i, a] of slices.entries())
    for (const [j, b] of slices.entries()) out[i * slices.length + j] = a.reduce((sum, v, k) => sum + v * b[k], 0);
  return out;
}

describe('surrogates', () => {
  const shape = [8, 40, 30] as const;
  const values = waves(...shape);
  const model = surrogateModel(values, ...shape);

  test('fit the marginal eigenvalues', () => {
    expect(model?.error).toBeLessThan(1e-8);
    expect(model?.iterations).toBeLessThan(80);
  });

  test('keep the covariance of time, dimensions and rows on average', () => {
    if (!model) throw new Error('no model');
    const draws = Array.from({ length: 60 }, (_, draw) => drawSurrogate(model, 3, draw));
    for (const axis of [1, 2]) {
      const wanted = marginal(values, shape, axis);
      const mean = new Array<number>(wanted.length).fill(0);
      for (const draw of draws) for (const [i, v] of marginal(draw, shape, axis).entries()) mean[i] += v / draws.length;
      const size = Math.hypot(...wanted);
      expect(Math.hypot(...mean.map((v, i) => v - wanted[i])) / size).toBeLessThan(0.25);
    }
  });

  test('are the same for the same seed and another for another', () => {
    if (!model) throw new Error('no model');
    expect(drawSurrogate(model, 3, 1)).toEqual(drawSurrogate(model, 3, 1));
    expect(drawSurrogate(model, 4, 1)[0]).not.toBe(drawSurrogate(model, 3, 1)[0]);
  });

  test('are refused for data that do not vary', () => {
    expect(surrogateModel(new Float64Array(24).fill(2), 2, 4, 3)).toBeUndefined();
  });

  test('of a long piece have the marginal covariance of time whole', () => {
    const long = [1, 600, 6] as const;
    // Waves of six frequencies in dimensions as wide as one another: nothing is small enough to be dropped.
    const piece = Float64Array.from({ length: 600 * 6 }, (_, i) => Math.sin(((1 + (i % 6)) * Math.floor(i / 6)) / 17) + 0.1 * (i % 5));
    const bins = surrogateModel(piece, ...long)?.marginals[1];
    if (!bins) throw new Error('no model');
    const { size, kept, vectors, values: eigen } = bins;
    expect([size, kept]).toEqual([600, 6]);
    const wanted = marginal(piece, long, 1);
    const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    let worst = 0;
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        let sum = 0;
        for (let k = 0; k < kept; k++) sum += eigen[k] * vectors[i * kept + k] * vectors[j * kept + k];
        worst = Math.max(worst, Math.abs(sum - wanted[i * size + j]) / largest);
      }
    expect(worst).toBeLessThan(1e-11);
  });
});

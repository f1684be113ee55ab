import { describe, expect, test } from 'vitest';
import { jobMemory, type KernelBuild, loadKernels, plainModule, wideModule } from '../../src-worker/engine/kernels.ts';
import { key, normal } from '../../src-worker/engine/random.ts';

const AT = 8192;

function opened(module: WebAssembly.Module) {
  const memory = jobMemory(1 << 20);
  const all = new Float64Array(memory.buffer as ArrayBuffer);
  return {
    kernels: loadKernels(module, memory),
    /** A view of doubles behind the n-th place of 8 kB. */
    place: (n: number, length: number) => ({ at: AT * (n + 1), values: all.subarray((AT * (n + 1)) / 8, (AT * (n + 1)) / 8 + length) }),
  };
}

const fill = (values: Float64Array, stream: number): void => {
  for (let i = 0; i < values.length; i++) values[i] = normal(key(5, stream), i);
};

const modules: readonly (readonly [string, WebAssembly.Module])[] = [
  ...(['simd', 'relaxed'] as readonly KernelBuild[]).map((build) => [build, plainModule(build)] as const),
  ...(process.arch === 'x64' ? [['wide', wideModule('relaxed')] as const] : []),
];

describe.each(modules)('float64 kernels, %s', (_, module) => {
  test.each([
    [4, 4],
    [7, 8],
    [13, 20],
  ])('%i × %i: a matrix is applied, and changed on the way', (rows, columns) => {
    const { kernels, place } = opened(module);
    const [m, x, y, e, k] = [place(0, rows * columns), place(1, columns), place(2, rows + 1), place(3, rows + 1), place(4, columns)];
    for (const [stream, { values }] of [m, x, e, k].entries()) fill(values, stream);
    const before = m.values.slice();
    kernels.matVec64(rows, columns, m.at, columns, x.at, y.at);
    const dot = (row: number, of: Float64Array): number =>
      of.subarray(row * columns, (row + 1) * columns).reduce((sum, value, j) => sum + value * x.values[j], 0);
    for (let i = 0; i < rows; i++) expect(y.values[i]).toBeCloseTo(dot(i, before), 12);
    kernels.learnMatVec64(rows, columns, m.at, columns, e.at, 0.3, k.at, x.at, y.at);
    const after = before.map((value, at) => value - 0.3 * e.values[Math.floor(at / columns)] * k.values[at % columns]);
    for (const [at, value] of after.entries()) expect(m.values[at]).toBeCloseTo(value, 13);
    for (let i = 0; i < rows; i++) expect(y.values[i]).toBeCloseTo(dot(i, after), 12);
  });

  test.each([
    [1, 5, 4],
    [4, 9, 8],
    [11, 6, 12],
  ])('products %i × %i × %i, plain and transposed', (M, K, N) => {
    const { kernels, place } = opened(module);
    const [a, b, c] = [place(0, M * K), place(1, K * N), place(2, M * N)];
    for (const [stream, { values }] of [a, b, c].entries()) fill(values, stream);
    const start = c.values.slice();
    const expected = (i: number, j: number, transposed: boolean): number => {
      let sum = 0;
      for (let k = 0; k < K; k++) sum += (transposed ? a.values[k * M + i] : a.values[i * K + k]) * b.values[k * N + j];
      return sum;
    };
    kernels.gemm64(a.at, K, 1, b.at, N, c.at, N, M, K, N, 1);
    for (let at = 0; at < M * N; at++) expect(c.values[at]).toBeCloseTo(start[at] + expected(Math.floor(at / N), at % N, false), 12);
    kernels.gemm64(a.at, 1, M, b.at, N, c.at, N, M, K, N, 0);
    for (let at = 0; at < M * N; at++) expect(c.values[at]).toBeCloseTo(expected(Math.floor(at / N), at % N, true), 12);
  });

  test('tanh is right to the last digits, for large values and NaN too', () => {
    const { kernels, place } = opened(module);
    const list = [0, 1e-18, -1e-9, 0.3, -0.9, 1, -2.5, 7, 19.9, -19.9, 25, -400, 1e308, -Infinity, Number.NaN, 0.5];
    const [x, y] = [place(0, list.length), place(1, list.length)];
    x.values.set(list);
    kernels.tanh64(list.length, x.at, y.at);
    for (const [i, value] of list.entries())
      if (Number.isNaN(value)) expect(y.values[i]).toBeNaN();
      else expect(Math.abs(y.values[i] - Math.tanh(value))).toBeLessThan(4e-16);
  });
});

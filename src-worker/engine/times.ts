// Products with one matrix, again and again, in float64 on the kernels: what Jacobians of gated networks are made of.

import { jobMemory, loadKernels, plainModule } from './kernels.ts';
import { Arena } from './memory.ts';

/** Smaller matrices are multiplied as quickly by plain loops. */
const SMALL = 24;

let known: WebAssembly.Module | undefined;

/** B ↦ A B for n × n matrices, row by row. What it gives is overwritten by the next call. */
export function timesOf(a: Float64Array, n: number): (b: Float64Array) => Float64Array {
  return n < SMALL ? plainTimes(a, n) : kernelTimes(a, n);
}

function plainTimes(a: Float64Array, n: number): (b: Float64Array) => Float64Array {
  const out = new Float64Array(n * n);
  return (b) => {
    out.fill(0);
    for (let i = 0; i < n; i++)
      for (let k = 0; k < n; k++) {
        const weight = a[i * n + k];
        for (let j = 0; j < n; j++) out[i * n + j] += weight * b[k * n + j];
      }
    return out;
  };
}

/** The build without fused products: its bits are those of plain loops, on any machine. */
function kernelTimes(a: Float64Array, n: number): (b: Float64Array) => Float64Array {
  const width = 4 * Math.ceil(n / 4);
  const arena = new Arena();
  const [left, right, to] = Array.from({ length: 3 }, () => arena.bytes(8 * width * width));
  const memory = jobMemory(arena.size);
  known ??= plainModule('simd');
  const kernels = loadKernels(known, memory);
  const numbers = (at: number) => new Float64Array(memory.buffer, at, width * n);
  const rows = (from: Float64Array, into: Float64Array, fromWidth: number, toWidth: number): void => {
    if (fromWidth === toWidth) into.set(from.subarray(0, into.length));
    else for (let i = 0; i < n; i++) into.set(from.subarray(i * fromWidth, i * fromWidth + n), i * toWidth);
  };
  const [A, B, C] = [left, right, to].map(numbers);
  rows(a, A, n, width);
  const out = new Float64Array(n * n);
  return (b) => {
    rows(b, B, n, width);
    kernels.gemm64(left, width, 1, right, width, to, width, n, n, width, 0);
    rows(C, out, width, n);
    return out;
  };
}

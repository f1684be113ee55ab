// Products of upper triangular complex matrices of one size, again and again, in float64 on the kernels: what random networks beside a linearisation
// are made of.

import { jobMemory, loadKernels, plainModule } from './kernels.ts';
import { Arena, roundUp } from './memory.ts';

/** n × n, row-major, zero below the diagonal. */
export interface Triangular {
  readonly n: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Rows of a tile, and numbers of a row that share where their sums end. */
const ROWS = 4;
const COLUMNS = 32;

let known: WebAssembly.Module | undefined;

/** (A, B) ↦ A B of n × n matrices. The build without fused products: its bits are the same on any machine. */
export function triangularTimes(n: number): (a: Triangular, b: Triangular) => Triangular {
  // Real and imaginary parts side by side: a row of A times the rows (re, im) and (−im, re) of B.
  const width = roundUp(2 * n, 4);
  const rows = roundUp(n, ROWS);
  const arena = new Arena();
  const [left, right, to] = [rows, 2 * n, rows].map((count) => arena.bytes(8 * count * width));
  const memory = jobMemory(arena.size);
  known ??= plainModule('simd');
  const kernels = loadKernels(known, memory);
  const numbers = (at: number, count: number) => new Float64Array(memory.buffer, at, count * width);
  const [A, B, C] = [numbers(left, rows), numbers(right, 2 * n), numbers(to, rows)];
  const place = (at: number, row: number, column: number): number => at + 8 * (row * width + column);
  return (a, b) => {
    for (let i = 0; i < n; i++)
      for (let j = i; j < n; j++) {
        const [from, one, two] = [i * n + j, i * width + 2 * j, 2 * i * width + 2 * j];
        A[one] = a.re[from];
        A[one + 1] = a.im[from];
        B[two] = b.re[from];
        B[two + 1] = b.im[from];
        B[two + width] = -b.im[from];
        B[two + width + 1] = b.re[from];
      }
    for (let i = 0; i < n; i += ROWS)
      for (let j = 2 * i; j < width; j += COLUMNS) {
        const columns = Math.min(COLUMNS, width - j);
        // Further rows of B are zero in these columns.
        const terms = Math.min(2 * n, j + columns) - 2 * i;
        kernels.gemm64(place(left, i, 2 * i), width, 1, place(right, 2 * i, j), width, place(to, i, j), width, ROWS, terms, columns, 0);
      }
    const out = { n, re: new Float64Array(n * n), im: new Float64Array(n * n) };
    for (let i = 0; i < n; i++)
      for (let j = i; j < n; j++) {
        out.re[i * n + j] = C[i * width + 2 * j];
        out.im[i * n + j] = C[i * width + 2 * j + 1];
      }
    return out;
  };
}

// Matrices and vectors of float64 in one WebAssembly memory, for the kernels of engine/kernels/double.ts.

import { compileKernels } from '../../engine/compile.ts';
import { jobMemory, type Kernels, loadKernels } from '../../engine/kernels.ts';
import { Arena } from '../../engine/memory.ts';

/** Columns padded to whole pairs of vectors. */
export const padded = (columns: number): number => Math.ceil(columns / 4) * 4;

export interface Place {
  readonly at: number;
  readonly rows: number;
  readonly columns: number;
  /** Doubles from one row to the next. */
  readonly ld: number;
}

/** Plans places, then gives the kernels and a view of each; memory is zero at first. */
export class Doubles {
  readonly #arena = new Arena();

  matrix(rows: number, columns: number): Place {
    const ld = padded(columns);
    return { at: this.#arena.floats(2 * Math.max(4, padded(rows)) * Math.max(4, ld)), rows, columns, ld };
  }

  vector(length: number): Place {
    return this.matrix(1, length);
  }

  /** Room for single precision numbers. */
  floats(length: number): number {
    return this.#arena.floats(length);
  }

  open(): Opened {
    const memory = jobMemory(this.#arena.size);
    const kernels = loadKernels(compileKernels().module, memory);
    const buffer = memory.buffer as ArrayBuffer;
    return {
      kernels,
      view: ({ at, rows, ld }) => new Float64Array(buffer, at, rows * ld),
      floats: (at, length) => new Float32Array(buffer, at, length),
    };
  }
}

export interface Opened {
  readonly kernels: Kernels;
  /** rows × ld doubles of a place, padding included. */
  view(place: Place): Float64Array;
  floats(at: number, length: number): Float32Array;
}

/** Copies rows × columns into a padded place. */
export function put(view: Float64Array, { rows, columns, ld }: Place, values: Float64Array): void {
  for (let i = 0; i < rows; i++) view.set(values.subarray(i * columns, (i + 1) * columns), i * ld);
}

/** rows × columns out of a padded place. */
export function taken(view: Float64Array, { rows, columns, ld }: Place): Float64Array {
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) values.set(view.subarray(i * ld, i * ld + columns), i * columns);
  return values;
}

/** Depth at which a product's panel of B stays in the nearest cache. */
const DEPTH = 256;

/** C = A · B, or Aᵀ · B where `transposed` (A is then K × M). Columns of B and C are padded alike. */
export function product(kernels: Kernels, a: Place, b: Place, c: Place, transposed = false): void {
  const K = transposed ? a.rows : a.columns;
  const M = transposed ? a.columns : a.rows;
  const [row, step] = transposed ? [1, a.ld] : [a.ld, 1];
  for (let k = 0; k < K; k += DEPTH)
    kernels.gemm64(a.at + 8 * k * step, row, step, b.at + 8 * k * b.ld, b.ld, c.at, c.ld, M, Math.min(DEPTH, K - k), b.ld, k > 0 ? 1 : 0);
}

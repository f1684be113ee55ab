// Matrices and vectors of float64 in one WebAssembly memory, for the kernels of engine/kernels/double.ts and double-products.ts.

import { bestBuild, jobMemory, type Kernels, loadKernels, plainModule, wideModule } from '../../engine/kernels.ts';
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

  get bytes(): number {
    return this.#arena.size;
  }

  /** Room for single precision numbers. */
  floats(length: number): number {
    return this.#arena.floats(length);
  }

  open(): Opened {
    const memory = jobMemory(this.#arena.size);
    const kernels = loadKernels(doublesModule(), memory);
    const buffer = memory.buffer as ArrayBuffer;
    return {
      kernels,
      view: ({ at, rows, ld }) => new Float64Array(buffer, at, rows * ld),
      floats: (at, length) => new Float32Array(buffer, at, length),
    };
  }
}

let known: WebAssembly.Module | undefined;

/** Takes the kernels that another thread has compiled and tried. */
export function useDoublesModule(module: WebAssembly.Module): void {
  known = module;
}

/** The kernels with 256-bit vectors where V8 makes them and what they compute is the same, bit for bit; tried once a thread. */
export function doublesModule(): WebAssembly.Module {
  if (known) return known;
  const plain = plainModule(bestBuild());
  const wide = process.arch === 'x64' ? wideModule(bestBuild()) : undefined;
  known = wide && sameBits(trial(plain), trial(wide)) ? wide : plain;
  return known;
}

const sameBits = (a: Int32Array, b: Int32Array): boolean => a.every((bits, i) => bits === b[i]);

/** Bits of what every kernel makes of matrices of an odd size. */
function trial(module: WebAssembly.Module): Int32Array {
  const n = 11;
  const plan = new Doubles();
  const [a, b, c] = [plan.matrix(n, n), plan.matrix(n, n), plan.matrix(n, n)];
  const [x, y] = [plan.vector(n), plan.vector(n)];
  const memory = jobMemory(plan.bytes);
  const buffer = memory.buffer as ArrayBuffer;
  const kernels = loadKernels(module, memory);
  for (const place of [a, b, x, y]) {
    const view = new Float64Array(buffer, place.at, place.rows * place.ld);
    for (let i = 0; i < view.length; i++) view[i] = i % place.ld < place.columns ? Math.sin(1 + i) : 0;
  }
  for (let step = 0; step < 3; step++) {
    kernels.matVec64(n, a.ld, a.at, a.ld, x.at, c.at);
    kernels.leak64(n + 1, x.at, c.at, 0, 0, 0.3);
    kernels.tanh64(n + 1, x.at, y.at);
    kernels.learnMatVec64(n, b.ld, b.at, b.ld, y.at, 0.1, y.at, y.at, c.at);
    kernels.weightedTargets64(b.ld * n, a.at, b.at, b.at, 0.5, step % 2, a.at);
    product(kernels, a, b, c, step % 2 === 1);
  }
  return new Int32Array(buffer.slice(0, plan.bytes)).slice(1024);
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

// A small memory with kernels over it, for tests that call kernels one by one.

import { buildKernels } from '../../scripts/build-kernels.mjs';
import { compileKernels } from '../../src-worker/engine/compile.ts';
import { bestBuild, jobMemory, type KernelBuild, type Kernels, loadKernels } from '../../src-worker/engine/kernels.ts';
import { Arena } from '../../src-worker/engine/memory.ts';
import { key, normal } from '../../src-worker/engine/random.ts';

await buildKernels();

/** Builds that this machine can run. */
export const BUILDS: readonly KernelBuild[] = bestBuild() === 'relaxed' ? ['relaxed', 'simd'] : ['simd'];

export class Desk {
  readonly k: Kernels;
  readonly #arena = new Arena();
  readonly #memory: WebAssembly.Memory;

  constructor(build: KernelBuild) {
    this.#memory = jobMemory(2 ** 23);
    this.k = loadKernels(compileKernels(build).module, this.#memory);
  }

  /** Lays values down, with room to write beyond; gives their address. */
  put(values: ArrayLike<number>): number {
    const at = this.#arena.floats(values.length + 16);
    new Float32Array(this.#memory.buffer, at, values.length).set(values);
    return at;
  }

  putIntegers(values: ArrayLike<number>): number {
    const at = this.#arena.floats(values.length + 16);
    new Int32Array(this.#memory.buffer, at, values.length).set(values);
    return at;
  }

  putBytes(at: number, values: Uint8Array): void {
    new Uint8Array(this.#memory.buffer, at, values.length).set(values);
  }

  room(length: number): number {
    return this.put(new Float32Array(length));
  }

  get(at: number, length: number): number[] {
    return Array.from(new Float32Array(this.#memory.buffer, at, length));
  }

  integers(at: number, length: number): number[] {
    return Array.from(new Int32Array(this.#memory.buffer, at, length));
  }
}

/** Standard normal numbers from a seed. */
export const randoms = (seed: number, length: number): Float32Array => {
  const k = key(seed, 99);
  return Float32Array.from({ length }, (_, i) => normal(k, i));
};

/** Largest difference between two arrays. */
export const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let most = a.length === b.length ? 0 : Infinity;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
};

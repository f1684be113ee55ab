// Damped least squares (AᵀA + μI) δ = b of one size, again and again, in float64 on the kernels: the inner step of Levenberg–Marquardt.

import { Arena } from './memory.ts';
import { jobMemory, loadKernels, plainModule } from './kernels.ts';

export interface Squares {
  /** Takes A, n × n and row-major, and forms AᵀA; answers with its largest diagonal element. */
  take(a: Float64Array): number;
  /** Solves for `b` in place; false where AᵀA + μI is not positive definite in float64. */
  solve(damping: number, b: Float64Array): boolean;
}

let known: WebAssembly.Module | undefined;

/** For threads, which then need not compile it. The build without fused products: its bits are those of plain loops. */
export function squaresModule(): WebAssembly.Module {
  known ??= plainModule('simd');
  return known;
}

export function squaresOf(n: number, module: WebAssembly.Module = squaresModule()): Squares {
  const width = 4 * Math.ceil(n / 4);
  const arena = new Arena();
  const [a, s, u] = Array.from({ length: 3 }, () => arena.bytes(8 * width * width));
  const b = arena.bytes(8 * width);
  const memory = jobMemory(arena.size);
  const kernels = loadKernels(module, memory);
  const numbers = (at: number, count: number) => new Float64Array(memory.buffer, at, count);
  const [matrix, squared, vector] = [numbers(a, width * width), numbers(s, width * width), numbers(b, width)];
  return {
    take(from) {
      if (width === n) matrix.set(from);
      else for (let i = 0; i < n; i++) matrix.set(from.subarray(i * n, (i + 1) * n), i * width);
      kernels.squares(a, n, width, s);
      let largest = 0;
      for (let i = 0; i < n; i++) largest = Math.max(largest, squared[i * (width + 1)]);
      return largest;
    },
    solve(damping, right) {
      if (kernels.factorise(s, u, n, width, damping) === 0) return false;
      vector.set(right);
      kernels.solve(u, n, width, b);
      right.set(vector.subarray(0, n));
      return true;
    },
  };
}

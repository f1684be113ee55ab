// LU factors of small square matrices with partial pivoting, in place, and the norms that tell how far a solution can be trusted.

/** Replaces a row-major n × n matrix A by L (unit diagonal) and U with P A = L U; `pivots` gets the row taken at each step. False where A is singular or not finite. */
export function factoriseLu(a: Float64Array, n: number, pivots: Int32Array): boolean {
  for (let k = 0; k < n; k++) {
    let row = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]) > Math.abs(a[row * n + k])) row = i;
    pivots[k] = row;
    if (row !== k)
      for (let j = 0; j < n; j++) {
        const kept = a[k * n + j];
        a[k * n + j] = a[row * n + j];
        a[row * n + j] = kept;
      }
    const pivot = a[k * n + k];
    if (pivot === 0 || !Number.isFinite(pivot)) return false;
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k] / pivot;
      a[i * n + k] = factor;
      if (factor !== 0) for (let j = k + 1; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
    }
  }
  return true;
}

/** Solves A x = b in place, from factors. */
export function solveLu(lu: Float64Array, n: number, pivots: Int32Array, b: Float64Array): void {
  for (let k = 0; k < n; k++) {
    const other = pivots[k];
    const kept = b[k];
    b[k] = b[other];
    b[other] = kept;
  }
  for (let i = 1; i < n; i++) {
    let sum = b[i];
    for (let j = 0; j < i; j++) sum -= lu[i * n + j] * b[j];
    b[i] = sum;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i];
    for (let j = i + 1; j < n; j++) sum -= lu[i * n + j] * b[j];
    b[i] = sum / lu[i * n + i];
  }
}

/** Solves Aᵀ x = b in place, from factors of A. */
export function solveLuTransposed(lu: Float64Array, n: number, pivots: Int32Array, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const x = b[i] / lu[i * n + i];
    b[i] = x;
    for (let j = i + 1; j < n; j++) b[j] -= lu[i * n + j] * x;
  }
  for (let i = n - 1; i >= 0; i--) for (let j = 0; j < i; j++) b[j] -= lu[i * n + j] * b[i];
  for (let k = n - 1; k >= 0; k--) {
    const other = pivots[k];
    const kept = b[k];
    b[k] = b[other];
    b[other] = kept;
  }
}

const POWER_STEPS = 30;
const SETTLED = 1e-6;

/** Euclidean length. */
export function length(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * x[i];
  return Math.sqrt(sum);
}

/** The largest amplification √‖BᵀB‖ of an operator by power iteration: at most the true norm, and close to it. `apply` is x ← Bᵀ B x in place. */
function largest(n: number, apply: (x: Float64Array) => void): number {
  // No start is special to a network, and none is random: all parts of the spectrum are in it.
  const x = Float64Array.from({ length: n }, (_, i) => 1 + 0.5 * Math.sin(3 * i + 1));
  let size = length(x);
  let norm = 0;
  for (let step = 0; step < POWER_STEPS; step++) {
    for (let i = 0; i < n; i++) x[i] /= size;
    apply(x);
    size = length(x);
    if (size === 0 || !Number.isFinite(size)) return Math.sqrt(size);
    const last = norm;
    norm = Math.sqrt(size);
    if (Math.abs(norm - last) <= SETTLED * norm) break;
  }
  return norm;
}

/** ‖A⁻¹‖₂ from factors. */
export const inverseNorm = (lu: Float64Array, n: number, pivots: Int32Array): number =>
  largest(n, (x) => {
    solveLuTransposed(lu, n, pivots, x);
    solveLu(lu, n, pivots, x);
  });

/** ‖A‖₂ of a row-major n × n matrix. */
export function norm2(a: Float64Array, n: number): number {
  const y = new Float64Array(n);
  return largest(n, (x) => {
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += a[i * n + j] * x[j];
      y[i] = sum;
    }
    x.fill(0);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) x[j] += a[i * n + j] * y[i];
  });
}

// Cholesky factors of small symmetric positive definite matrices, in place: the inner step of every regression here.

/** Replaces the lower triangle of a row-major n × n matrix A by L with L Lᵀ = A; false where A is not positive definite. */
export function factorise(a: Float64Array, n: number): boolean {
  for (let j = 0; j < n; j++) {
    const row = j * n;
    let rest = a[row + j];
    for (let k = 0; k < j; k++) rest -= a[row + k] * a[row + k];
    if (!(rest > 0)) return false;
    const pivot = Math.sqrt(rest);
    a[row + j] = pivot;
    let i = j + 1;
    // Four rows at once: no sum waits for another.
    for (; i + 4 <= n; i += 4) {
      const [r0, r1, r2, r3] = [i * n, (i + 1) * n, (i + 2) * n, (i + 3) * n];
      let [s0, s1, s2, s3] = [a[r0 + j], a[r1 + j], a[r2 + j], a[r3 + j]];
      for (let k = 0; k < j; k++) {
        const factor = a[row + k];
        s0 -= a[r0 + k] * factor;
        s1 -= a[r1 + k] * factor;
        s2 -= a[r2 + k] * factor;
        s3 -= a[r3 + k] * factor;
      }
      a[r0 + j] = s0 / pivot;
      a[r1 + j] = s1 / pivot;
      a[r2 + j] = s2 / pivot;
      a[r3 + j] = s3 / pivot;
    }
    for (; i < n; i++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[row + k];
      a[i * n + j] = sum / pivot;
    }
  }
  return true;
}

/** Solves L Lᵀ x = b in place for each of the `columns` of b (n × columns, row-major). */
export function solveFactorised(l: Float64Array, n: number, b: Float64Array, columns = 1): void {
  for (let c = 0; c < columns; c++) {
    for (let i = 0; i < n; i++) {
      let sum = b[i * columns + c];
      for (let k = 0; k < i; k++) sum -= l[i * n + k] * b[k * columns + c];
      b[i * columns + c] = sum / l[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = b[i * columns + c];
      for (let k = i + 1; k < n; k++) sum -= l[k * n + i] * b[k * columns + c];
      b[i * columns + c] = sum / l[i * n + i];
    }
  }
}

/** L⁻¹ of a factor L (the lower triangle of `l`), n × n with zeros above: A⁻¹ is its transpose times it. */
export function inverseFactor(l: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const own = out.subarray(i * n, i * n + i + 1);
    own[i] = 1;
    for (let k = 0; k < i; k++) {
      const factor = l[i * n + k];
      for (let j = 0; j <= k; j++) own[j] -= factor * out[k * n + j];
    }
    for (let j = 0; j <= i; j++) own[j] /= l[i * (n + 1)];
  }
  return out;
}

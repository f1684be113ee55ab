// Cholesky factors of small symmetric positive definite matrices, in place: the inner step of every regression here.

/** Replaces the lower triangle of a row-major n × n matrix A by L with L Lᵀ = A; false where A is not positive definite. */
export function factorise(a: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
      if (i !== j) a[i * n + j] = sum / a[j * n + j];
      else if (sum > 0) a[i * n + i] = Math.sqrt(sum);
      else return false;
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

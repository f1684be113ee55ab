// Eigenvalues of symmetric matrices with their vectors, from the largest down.

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

export interface Symmetric {
  /** From the largest down. */
  readonly values: Float64Array;
  /** n × n: row k is the vector of value k, of length 1. */
  readonly vectors: Float64Array;
}

/** Of a row-major n × n matrix, whose two triangles are taken to be the same. */
export function symmetricEigen(matrix: Float64Array, n: number): Symmetric {
  if (n === 0) return { values: new Float64Array(0), vectors: new Float64Array(0) };
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(Matrix.from1DArray(n, n, matrix as unknown as number[]), {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, k) => k).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  const vectors = new Float64Array(n * n);
  for (const [k, from] of order.entries()) for (let i = 0; i < n; i++) vectors[k * n + i] = eigenvectorMatrix.get(i, from);
  return { values: Float64Array.from(order, (from) => realEigenvalues[from]), vectors };
}

// Principal components of rows, by the eigenvectors of their covariance. Signs follow a rule (largest loading positive), so
// that pictures do not flip.

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Numbers } from '../contract/result.ts';
import { columnMeans } from './statistics.ts';

export interface PrincipalComponents {
  readonly dimensions: number;
  readonly count: number;
  /** What is subtracted before projecting; one per dimension. */
  readonly mean: Float64Array;
  /** count × dimensions, orthonormal rows, largest variance first. */
  readonly components: Float64Array;
  /** Population variance along each component. */
  readonly variances: Float64Array;
  /** Share of the total variance of each component, 0 to 1. */
  readonly shares: Float64Array;
}

/** Population covariance, dimensions × dimensions, of the rows of a row-major array. */
export function covariance(values: Numbers, dimensions: number, means = columnMeans(values, dimensions)): Float64Array {
  const rows = values.length / dimensions;
  const sums = new Float64Array(dimensions * dimensions);
  const block = 4;
  const centred = new Float64Array(block * dimensions);
  for (let row = 0; row < rows; row += block) {
    const filled = Math.min(block, rows - row);
    centred.fill(0);
    for (let b = 0; b < filled; b++)
      for (let d = 0; d < dimensions; d++) centred[b * dimensions + d] = values[(row + b) * dimensions + d] - means[d];
    for (let i = 0; i < dimensions; i++) {
      const [a0, a1, a2, a3] = [centred[i], centred[dimensions + i], centred[2 * dimensions + i], centred[3 * dimensions + i]];
      const to = i * dimensions;
      for (let j = i; j < dimensions; j++)
        sums[to + j] +=
          a0 * centred[j] + a1 * centred[dimensions + j] + a2 * centred[2 * dimensions + j] + a3 * centred[3 * dimensions + j];
    }
  }
  for (let i = 0; i < dimensions; i++)
    for (let j = i; j < dimensions; j++) {
      sums[i * dimensions + j] /= rows;
      sums[j * dimensions + i] = sums[i * dimensions + j];
    }
  return sums;
}

/** The first `count` principal components of the rows of a row-major array (all of them unless told). */
export function principalComponents(values: Numbers, dimensions: number, count = dimensions): PrincipalComponents {
  const means = columnMeans(values, dimensions);
  const spread = covariance(values, dimensions, means);
  let total = 0;
  for (let d = 0; d < dimensions; d++) total += spread[d * dimensions + d];
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    Matrix.from1DArray(dimensions, dimensions, spread as unknown as number[]),
    { assumeSymmetric: true },
  );
  const order = realEigenvalues.map((_, k) => k).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  const kept = Math.min(count, dimensions);
  const components = new Float64Array(kept * dimensions);
  const variances = new Float64Array(kept);
  for (let k = 0; k < kept; k++) {
    variances[k] = Math.max(0, realEigenvalues[order[k]]);
    for (let d = 0; d < dimensions; d++) components[k * dimensions + d] = eigenvectorMatrix.get(d, order[k]);
    pointLargestUp(components.subarray(k * dimensions, (k + 1) * dimensions));
  }
  const shares = variances.map((v) => (total > 0 ? v / total : 0));
  return { dimensions, count: kept, mean: means, components, variances, shares };
}

/** Turns a vector so that its loading of largest size is positive. */
export function pointLargestUp(loadings: Float64Array): void {
  let largest = 0;
  for (let d = 1; d < loadings.length; d++) if (Math.abs(loadings[d]) > Math.abs(loadings[largest]) * (1 + 1e-9)) largest = d;
  if (loadings[largest] < 0) for (let d = 0; d < loadings.length; d++) loadings[d] = -loadings[d];
}

/** Scores rows × count of rows × dimensions. */
export function project(values: Numbers, { dimensions, count, mean, components }: PrincipalComponents): Float64Array {
  const rows = values.length / dimensions;
  const scores = new Float64Array(rows * count);
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < count; k++) {
      let sum = 0;
      for (let d = 0; d < dimensions; d++) sum += (values[row * dimensions + d] - mean[d]) * components[k * dimensions + d];
      scores[row * count + k] = sum;
    }
  return scores;
}

/** What rows × count of scores stand for: rows × dimensions. */
export function unproject(scores: Numbers, { dimensions, count, mean, components }: PrincipalComponents): Float64Array {
  const rows = scores.length / count;
  const values = new Float64Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    for (let d = 0; d < dimensions; d++) values[row * dimensions + d] = mean[d];
    for (let k = 0; k < count; k++)
      for (let d = 0; d < dimensions; d++) values[row * dimensions + d] += scores[row * count + k] * components[k * dimensions + d];
  }
  return values;
}

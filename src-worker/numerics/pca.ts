// Principal components of rows, by the eigenvectors of their covariance. Signs follow a rule (largest loading positive), so
// that pictures do not flip.

import type { Numbers } from '../contract/result.ts';
import { leadingEigen } from './leading.ts';
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
  const mean = columnMeans(values, dimensions);
  const kept = Math.min(count, dimensions);
  // Fewer rows than dimensions tell no more by a covariance than by the products of rows, which are fewer.
  const { variances, components, total } =
    kept < values.length / dimensions && values.length / dimensions < dimensions
      ? byRows(values, dimensions, kept, mean)
      : byDimensions(values, dimensions, kept, mean);
  for (let k = 0; k < kept; k++) pointLargestUp(components.subarray(k * dimensions, (k + 1) * dimensions));
  const shares = variances.map((v) => (total > 0 ? v / total : 0));
  return { dimensions, count: kept, mean, components, variances, shares };
}

const trace = (matrix: Float64Array, size: number): number => {
  let sum = 0;
  for (let d = 0; d < size; d++) sum += matrix[d * size + d];
  return sum;
};

/** By the covariance of dimensions. */
function byDimensions(values: Numbers, dimensions: number, kept: number, mean: Float64Array) {
  const products = covariance(values, dimensions, mean);
  const eigen = leadingEigen(products, dimensions, kept);
  return {
    variances: eigen.values.map((value) => Math.max(0, value)),
    components: eigen.vectors,
    total: trace(products, dimensions),
  };
}

/** A variance below this share of the largest is rounding. */
const NOTHING = 1e-12;

/** By the products of centred rows: eigenvectors u of C Cᵀ / rows give components Cᵀ u. Axes stand in for components without variance. */
function byRows(values: Numbers, dimensions: number, kept: number, mean: Float64Array) {
  const rows = values.length / dimensions;
  const centred = Float64Array.from(values, (value, i) => value - mean[i % dimensions]);
  const products = new Float64Array(rows * rows);
  // Four rows at a time.
  for (let i = 0; i < rows; i++)
    for (let j = i; j < rows; j += 4) {
      const [j0, j1, j2, j3] = [0, 1, 2, 3].map((k) => Math.min(j + k, rows - 1));
      const [p0, p1, p2, p3] = [j0 * dimensions, j1 * dimensions, j2 * dimensions, j3 * dimensions];
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let d = 0, at = i * dimensions; d < dimensions; d++, at++) {
        const value = centred[at];
        s0 += value * centred[p0 + d];
        s1 += value * centred[p1 + d];
        s2 += value * centred[p2 + d];
        s3 += value * centred[p3 + d];
      }
      products[i * rows + j0] = products[j0 * rows + i] = s0 / rows;
      products[i * rows + j1] = products[j1 * rows + i] = s1 / rows;
      products[i * rows + j2] = products[j2 * rows + i] = s2 / rows;
      products[i * rows + j3] = products[j3 * rows + i] = s3 / rows;
    }
  const eigen = leadingEigen(products, rows, kept);
  const components = new Float64Array(kept * dimensions);
  const variances = new Float64Array(kept);
  for (let k = 0, axis = 0; k < kept; k++) {
    const own = components.subarray(k * dimensions, (k + 1) * dimensions);
    if (eigen.values[k] > NOTHING * eigen.values[0]) {
      variances[k] = eigen.values[k];
      for (let row = 0; row < rows; row++) {
        const share = eigen.vectors[k * rows + row];
        for (let d = 0; d < dimensions; d++) own[d] += share * centred[row * dimensions + d];
      }
    }
    while (!orthonormalised(own, components.subarray(0, k * dimensions))) {
      own.fill(0);
      own[axis++] = 1;
    }
  }
  return { variances, components, total: trace(products, rows) };
}

/** Makes a vector orthogonal to those before it and of length 1; false where nothing of it is left. */
function orthonormalised(own: Float64Array, before: Float64Array): boolean {
  const dimensions = own.length;
  const length = Math.sqrt(own.reduce((sum, x) => sum + x * x, 0));
  for (let start = 0; start < before.length; start += dimensions) {
    let along = 0;
    for (let d = 0; d < dimensions; d++) along += own[d] * before[start + d];
    for (let d = 0; d < dimensions; d++) own[d] -= along * before[start + d];
  }
  const left = Math.sqrt(own.reduce((sum, x) => sum + x * x, 0));
  if (!(left > 1e-6 * length)) return false;
  for (let d = 0; d < dimensions; d++) own[d] /= left;
  return true;
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

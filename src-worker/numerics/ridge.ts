// Ridge regression with an intercept that is not penalised: minimises |Y − X W − c|² + α |W|².

import type { Numbers } from '../contract/result.ts';
import { factorise, solveFactorised } from './cholesky.ts';
import { columnMeans } from './statistics.ts';

export interface Linear {
  readonly inputs: number;
  readonly outputs: number;
  /** inputs × outputs. */
  readonly weights: Float64Array;
  readonly intercept: Float64Array;
}

/** Sums over rows from which ridge regressions of any penalty follow. */
export interface Moments {
  readonly inputs: number;
  readonly outputs: number;
  readonly meanX: Float64Array;
  readonly meanY: Float64Array;
  /** Centred XᵀX, inputs × inputs, and XᵀY, inputs × outputs. */
  readonly xx: Float64Array;
  readonly xy: Float64Array;
}

/** X is rows × inputs, Y rows × outputs, both row-major. */
export function momentsOf(x: Numbers, inputs: number, y: Numbers, outputs: number): Moments {
  const rows = x.length / inputs;
  const [meanX, meanY] = [columnMeans(x, inputs), columnMeans(y, outputs)];
  const xx = new Float64Array(inputs * inputs);
  const xy = new Float64Array(inputs * outputs);
  const centred = new Float64Array(inputs);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < inputs; i++) centred[i] = x[row * inputs + i] - meanX[i];
    for (let i = 0; i < inputs; i++) {
      const a = centred[i];
      for (let j = 0; j <= i; j++) xx[i * inputs + j] += a * centred[j];
      for (let j = 0; j < outputs; j++) xy[i * outputs + j] += a * (y[row * outputs + j] - meanY[j]);
    }
  }
  for (let i = 0; i < inputs; i++) for (let j = 0; j < i; j++) xx[j * inputs + i] = xx[i * inputs + j];
  return { inputs, outputs, meanX, meanY, xx, xy };
}

export function ridgeOfMoments({ inputs, outputs, meanX, meanY, xx, xy }: Moments, alpha: number): Linear {
  const weights = xy.slice();
  let scale = 0;
  for (let i = 0; i < inputs; i++) scale = Math.max(scale, xx[i * inputs + i]);
  // Constant or collinear columns make XᵀX singular; a sliver of its scale keeps the solution of least size.
  for (let sliver = 0; ; sliver = Math.max(sliver * 100, 1e-12)) {
    const l = xx.slice();
    for (let i = 0; i < inputs; i++) l[i * inputs + i] += alpha + sliver * (scale || 1);
    if (!factorise(l, inputs)) continue;
    solveFactorised(l, inputs, weights, outputs);
    break;
  }
  const intercept = meanY.slice();
  for (let i = 0; i < inputs; i++) for (let j = 0; j < outputs; j++) intercept[j] -= meanX[i] * weights[i * outputs + j];
  return { inputs, outputs, weights, intercept };
}

/** X is rows × inputs, Y rows × outputs, both row-major; `alpha` is in units of XᵀX. */
export const ridge = (x: Numbers, inputs: number, y: Numbers, outputs: number, alpha: number): Linear =>
  ridgeOfMoments(momentsOf(x, inputs, y, outputs), alpha);

/** X W + c, rows × outputs. */
export function predict(x: Numbers, { inputs, outputs, weights, intercept }: Linear): Float64Array {
  const rows = x.length / inputs;
  const y = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++)
    for (let j = 0; j < outputs; j++) {
      let sum = intercept[j];
      for (let i = 0; i < inputs; i++) sum += x[row * inputs + i] * weights[i * outputs + j];
      y[row * outputs + j] = sum;
    }
  return y;
}

/** 1 − residual ÷ total sum of squares, over all rows and columns, about each column's mean. NaN where nothing varies. */
export function rSquared(truth: Numbers, estimate: Numbers, columns: number): number {
  const means = columnMeans(truth, columns);
  let [residual, total] = [0, 0];
  for (let i = 0; i < truth.length; i++) {
    residual += (truth[i] - estimate[i]) ** 2;
    total += (truth[i] - means[i % columns]) ** 2;
  }
  return total > 0 ? 1 - residual / total : Number.NaN;
}

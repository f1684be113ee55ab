// Poisson regression with log link: minimises mean deviance ÷ 2 + α/2 · |w|², by Newton's method with halved steps.

import { factorise, solveFactorised } from './cholesky.ts';

export interface PoissonFit {
  /** One weight per column of X, then the intercept, which is not penalised. */
  readonly weights: Float64Array;
  readonly converged: boolean;
  /** Mean of μ − y log μ plus the penalty. */
  readonly loss: number;
}

const MAX_LOG_RATE = 30;

/** log μ = X w + c for every row of X (rows × columns). */
export function logRates(
  x: Float64Array,
  columns: number,
  weights: Float64Array,
  out = new Float64Array(x.length / columns),
): Float64Array {
  const rows = x.length / columns;
  for (let row = 0; row < rows; row++) {
    let sum = weights[columns];
    for (let i = 0; i < columns; i++) sum += x[row * columns + i] * weights[i];
    out[row] = Math.min(MAX_LOG_RATE, sum);
  }
  return out;
}

function lossOf(y: Float64Array, eta: Float64Array, weights: Float64Array, alpha: number): number {
  let sum = 0;
  for (let row = 0; row < y.length; row++) sum += Math.exp(eta[row]) - y[row] * eta[row];
  let size = 0;
  for (let i = 0; i < weights.length - 1; i++) size += weights[i] ** 2;
  return sum / y.length + (alpha / 2) * size;
}

/**
 * X is rows × columns, y the counts. Columns of different scale are fine. `start` goes on from other weights.
 * A unit without counts gets an intercept that stands for one count in ten times the data.
 */
export function poissonRegression(
  x: Float64Array,
  columns: number,
  y: Float64Array,
  alpha: number,
  {
    start,
    tolerance = 1e-9,
    maxSteps = 50,
  }: { readonly start?: Float64Array; readonly tolerance?: number; readonly maxSteps?: number } = {},
): PoissonFit {
  const rows = y.length;
  const n = columns + 1;
  let weights = start?.slice() ?? new Float64Array(n);
  if (!start)
    weights[columns] = Math.log(
      Math.max(
        y.reduce((sum, count) => sum + count, 0),
        0.1,
      ) / rows,
    );
  let eta = logRates(x, columns, weights);
  let loss = lossOf(y, eta, weights, alpha);
  const hessian = new Float64Array(n * n);
  const gradient = new Float64Array(n);
  for (let step = 0; step < maxSteps; step++) {
    derivatives(x, columns, y, eta, weights, alpha, gradient, hessian);
    const move = gradient.slice();
    for (let ease = 0; !factorise(hessian, n); ease = Math.max(1e-10, ease * 100)) {
      derivatives(x, columns, y, eta, weights, alpha, gradient, hessian);
      for (let i = 0; i < n; i++) hessian[i * n + i] += ease + 1e-12;
    }
    solveFactorised(hessian, n, move);
    // Newton's decrement: twice the gain that a quadratic would give.
    const decrement = move.reduce((sum, m, i) => sum + m * gradient[i], 0);
    if (decrement < tolerance) return { weights, converged: true, loss };
    let size = 1;
    for (; size > 1e-6; size /= 2) {
      const tried = weights.map((w, i) => w - size * move[i]);
      const triedEta = logRates(x, columns, tried);
      const triedLoss = lossOf(y, triedEta, tried, alpha);
      if (triedLoss <= loss - 1e-4 * size * decrement) {
        [weights, eta, loss] = [tried, triedEta, triedLoss];
        break;
      }
    }
    if (size <= 1e-6) return { weights, converged: decrement < 1e-6, loss };
  }
  return { weights, converged: false, loss };
}

/** Gradient and lower triangle of the Hessian of the mean loss. */
function derivatives(
  x: Float64Array,
  columns: number,
  y: Float64Array,
  eta: Float64Array,
  weights: Float64Array,
  alpha: number,
  gradient: Float64Array,
  hessian: Float64Array,
): void {
  const n = columns + 1;
  gradient.fill(0);
  hessian.fill(0);
  const rows = y.length;
  // Beyond the last row a rate and an error of 0 add nothing.
  const rates = new Float64Array(rows + 3);
  const errors = new Float64Array(rows + 3);
  for (let row = 0; row < rows; row++) {
    rates[row] = Math.exp(eta[row]);
    errors[row] = rates[row] - y[row];
  }
  // Four rows at a time: the Hessian is read and written a quarter as often.
  const last = (rows - 1) * columns;
  for (let row = 0; row < rows; row += 4) {
    const a = row * columns;
    const b = Math.min(a + columns, last);
    const c = Math.min(b + columns, last);
    const d = Math.min(c + columns, last);
    for (let i = 0; i < columns; i++) {
      const [va, vb, vc, vd] = [x[a + i], x[b + i], x[c + i], x[d + i]];
      gradient[i] += errors[row] * va + errors[row + 1] * vb + errors[row + 2] * vc + errors[row + 3] * vd;
      const sa = rates[row] * va;
      const sb = rates[row + 1] * vb;
      const sc = rates[row + 2] * vc;
      const sd = rates[row + 3] * vd;
      const to = i * n;
      for (let j = 0; j <= i; j++) hessian[to + j] += sa * x[a + j] + sb * x[b + j] + sc * x[c + j] + sd * x[d + j];
      hessian[columns * n + i] += sa + sb + sc + sd;
    }
    gradient[columns] += errors[row] + errors[row + 1] + errors[row + 2] + errors[row + 3];
    hessian[columns * n + columns] += rates[row] + rates[row + 1] + rates[row + 2] + rates[row + 3];
  }
  for (let i = 0; i < n * n; i++) hessian[i] /= y.length;
  for (let i = 0; i < n; i++) gradient[i] /= y.length;
  for (let i = 0; i < columns; i++) {
    gradient[i] += alpha * weights[i];
    hessian[i * n + i] += alpha;
  }
}

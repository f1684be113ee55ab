// CURBD in plain float64 TypeScript, as its equations read: what the fused learner must equal, and what its speed is held against.

import type { Activity } from '../../../src-worker/models/constrained/activity.ts';
import { stateOf } from '../../../src-worker/models/constrained/network.ts';
import type { LearnerOptions, RunScore, Weights } from '../../../src-worker/models/curbd/learner.ts';
import { SHAPES } from '../../../src-worker/models/network/rnn.ts';

/** One sample of recursive least squares, in place: P (width²) and J (rows × width) learn error `e` of rows at regressors `y`. */
export function learnPlainly({ J, P }: Weights, y: Float64Array, e: Float64Array): void {
  const width = y.length;
  const k = new Float64Array(width);
  for (let i = 0; i < width; i++) {
    let sum = 0;
    for (let j = 0; j < width; j++) sum += P[i * width + j] * y[j];
    k[i] = sum;
  }
  let yk = 0;
  for (let j = 0; j < width; j++) yk += y[j] * k[j];
  const c = 1 / (1 + yk);
  for (let i = 0; i < width; i++) {
    const factor = c * k[i];
    for (let j = 0; j < width; j++) P[i * width + j] -= factor * k[j];
  }
  for (let i = 0; i < e.length; i++) {
    const factor = c * e[i];
    for (let j = 0; j < width; j++) J[i * width + j] -= factor * k[j];
  }
}

/** One run through all rows, the weights learning in place. */
export function runPlainly(activity: Activity, { phi, alpha, stepsPerBin, noise }: LearnerOptions, weights: Weights): RunScore {
  const { rows, bins, units: n, values, lengths, inputs, inputCount: m } = activity;
  const { value } = SHAPES[phi];
  const [x, y, e, drive] = [new Float64Array(n), new Float64Array(n + m), new Float64Array(n), new Float64Array(n)];
  const noiseSteps = noise ? noise.values.length / n : 1;
  let [squares, chi2, step, sum, sumOfSquares, count] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < n; i++) {
      x[i] = stateOf({ form: 'currents', phi }, values[row * bins * n + i]);
      y[i] = value(x[i]);
    }
    for (let t = 1; t < lengths[row]; t++) {
      for (let c = 0; c < m; c++) y[n + c] = inputs[(row * bins + t - 1) * m + c];
      for (let s = 0; s < stepsPerBin; s++, step++) {
        for (let i = 0; i < n; i++) {
          let total = 0;
          for (let j = 0; j < n + m; j++) total += weights.J[i * (n + m) + j] * y[j];
          drive[i] = total;
        }
        for (let i = 0; i < n; i++) {
          const w = noise ? noise.amount * noise.values[(step % noiseSteps) * n + i] : 0;
          x[i] += alpha * (-x[i] + drive[i] + w);
          y[i] = value(x[i]);
        }
      }
      let error = 0;
      for (let i = 0; i < n; i++) {
        const a = values[(row * bins + t) * n + i];
        e[i] = y[i] - a;
        error += e[i] * e[i];
        sum += a;
        sumOfSquares += a * a;
        count++;
      }
      squares += error;
      chi2 += error / n;
      learnPlainly(weights, y, e);
    }
  }
  return { pVar: 1 - squares / (sumOfSquares - sum ** 2 / count), chi2 };
}

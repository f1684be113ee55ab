// Ridge decoding of behaviour from rates, with a lag, cross-validated over trials: lag and penalty are chosen within the training folds.

import type { Binned } from '../dataset/dataset.ts';
import { principalComponents, project } from '../numerics/pca.ts';
import { momentsOf, predict, ridgeOfMoments } from '../numerics/ridge.ts';

const FOLDS = 5;
const LAGS_MS = [-80, -40, 0, 40, 80, 120, 160, 200];
/** Penalties relative to the mean of the diagonal of XᵀX. */
const PENALTIES = [1e-4, 1e-3, 1e-2, 1e-1, 1];
/** Above this many units their first principal components are decoded from instead. */
const MOST_UNITS = 96;

interface Decoded {
  /** trials × bins × units. */
  readonly rates: Float32Array | Float64Array;
  /** trials × bins × channels. */
  readonly behavior: Float32Array;
  readonly trials: number;
  readonly bins: number;
  readonly binMs: number;
  readonly observed?: Uint8Array | undefined;
  /** 1 for trials that judge; the decoder learns from the others. Where all judge, each fifth of them is decoded from the rest. */
  readonly judges?: Uint8Array | undefined;
}

/**
 * R² of behaviour decoded from rates in trials the decoder did not see, the mean of its channels. NaN where there
 * are fewer than ten trials or nothing to decode.
 */
export function decodingR2(data: Decoded): number {
  const { trials, bins, binMs, judges } = data;
  if (trials < 2 * FOLDS) return Number.NaN;
  const { x, inputs } = predictors(data);
  const channels = data.behavior.length / trials / bins;
  const lags = [...new Set(LAGS_MS.map((ms) => Math.round(ms / binMs)))].filter((lag) => Math.abs(lag) < bins / 2);
  const rows = (chosen: readonly number[], lag: number) => rowsOf(data, x, inputs, channels, lag, chosen);
  const [truth, estimate]: [number[], number[]] = [[], []];
  for (const { learning, judging } of outerFolds(trials, judges)) {
    const inner = learning.filter((_, k) => k % FOLDS !== FOLDS - 1);
    const choosing = learning.filter((_, k) => k % FOLDS === FOLDS - 1);
    let best = { lag: 0, penalty: PENALTIES[0], r2: -Infinity };
    for (const lag of lags) {
      const [fit, judge] = [rows(inner, lag), rows(choosing, lag)];
      if (fit.x.length === 0 || judge.x.length === 0) continue;
      const moments = momentsOf(fit.x, inputs, fit.y, channels);
      for (const penalty of PENALTIES) {
        const r2 = meanR2(judge.y, predict(judge.x, ridgeOfMoments(moments, penalty * scaleOf(moments.xx, inputs))), channels);
        if (r2 > best.r2) best = { lag, penalty, r2 };
      }
    }
    const [fit, judge] = [rows(learning, best.lag), rows(judging, best.lag)];
    if (fit.x.length === 0 || judge.x.length === 0) continue;
    const moments = momentsOf(fit.x, inputs, fit.y, channels);
    for (const value of judge.y) truth.push(value);
    for (const value of predict(judge.x, ridgeOfMoments(moments, best.penalty * scaleOf(moments.xx, inputs)))) estimate.push(value);
  }
  return truth.length > 0 ? meanR2(truth, estimate, channels) : Number.NaN;
}

/** Which trials the decoder learns from and which judge it: the two kinds that there are, or each fifth beside the rest. */
function outerFolds(
  trials: number,
  judges: Uint8Array | undefined,
): readonly { readonly learning: readonly number[]; readonly judging: readonly number[] }[] {
  const all = Array.from({ length: trials }, (_, trial) => trial);
  if (judges?.includes(0) && judges.includes(1))
    return [{ learning: all.filter((trial) => !judges[trial]), judging: all.filter((trial) => judges[trial]) }];
  return Array.from({ length: FOLDS }, (_, fold) => ({
    learning: all.filter((trial) => trial % FOLDS !== fold),
    judging: all.filter((trial) => trial % FOLDS === fold),
  }));
}

function predictors({ rates, trials, bins }: Decoded): { readonly x: Float64Array; readonly inputs: number } {
  const units = rates.length / trials / bins;
  const x = Float64Array.from(rates);
  if (units <= MOST_UNITS) return { x, inputs: units };
  const pca = principalComponents(x, units, MOST_UNITS);
  return { x: project(x, pca), inputs: pca.count };
}

const scaleOf = (xx: Float64Array, inputs: number): number => {
  let sum = 0;
  for (let i = 0; i < inputs; i++) sum += xx[i * inputs + i];
  return sum / inputs;
};

/** Rates of the chosen trials beside the behaviour `lag` bins later, at all bins where both are there. */
function rowsOf(
  { behavior, bins, observed }: Decoded,
  x: Float64Array,
  inputs: number,
  channels: number,
  lag: number,
  chosen: readonly number[],
): { readonly x: Float64Array; readonly y: Float64Array } {
  const pairs: [number, number][] = [];
  for (const trial of chosen) {
    for (let bin = Math.max(0, -lag); bin < bins - Math.max(0, lag); bin++) {
      const [row, later] = [trial * bins + bin, trial * bins + bin + lag];
      if (observed && !(observed[row] && observed[later])) continue;
      if (behavior.subarray(later * channels, (later + 1) * channels).some(Number.isNaN)) continue;
      pairs.push([row, later]);
    }
  }
  const [rows, moved] = [new Float64Array(pairs.length * inputs), new Float64Array(pairs.length * channels)];
  for (const [k, [row, later]] of pairs.entries()) {
    rows.set(x.subarray(row * inputs, (row + 1) * inputs), k * inputs);
    moved.set(behavior.subarray(later * channels, (later + 1) * channels), k * channels);
  }
  return { x: rows, y: moved };
}

/** Mean over channels of 1 − residual ÷ total, so that cm and degrees weigh alike. */
function meanR2(truth: ArrayLike<number>, estimate: ArrayLike<number>, channels: number): number {
  let [sum, counted] = [0, 0];
  for (let c = 0; c < channels; c++) {
    let [mean, n] = [0, 0];
    for (let i = c; i < truth.length; i += channels) {
      mean += truth[i];
      n++;
    }
    mean /= n;
    let [residual, total] = [0, 0];
    for (let i = c; i < truth.length; i += channels) {
      residual += (truth[i] - estimate[i]) ** 2;
      total += (truth[i] - mean) ** 2;
    }
    if (total === 0) continue;
    sum += 1 - residual / total;
    counted++;
  }
  return counted > 0 ? sum / counted : Number.NaN;
}

/** All behaviours side by side, trials × bins × channels. */
export function joined(behaviors: readonly Binned[], rows: number): Float32Array {
  const widths = behaviors.map(({ values }) => values.length / rows);
  const width = widths.reduce((sum, n) => sum + n, 0);
  const all = new Float32Array(rows * width);
  let at = 0;
  for (const [k, { values }] of behaviors.entries()) {
    for (let row = 0; row < rows; row++) all.set(values.subarray(row * widths[k], (row + 1) * widths[k]), row * width + at);
    at += widths[k];
  }
  return all;
}

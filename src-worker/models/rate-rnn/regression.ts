// Starting weights from the recording itself, where each network unit is a recorded unit of continuous activity: states then follow from what was
// recorded, and what drives them from bin to bin is a linear regression on φ(x) (as CORNN begins, Dinc et al. 2023); for a low rank, the regression
// of that rank (reduced-rank regression, Izenman 1975).

import { type Dataset, TRAINING, trialsIn } from '../../dataset/index.ts';
import { momentsOf, ridgeOfMoments } from '../../numerics/ridge.ts';
import { symmetricEigen } from '../../numerics/symmetric.ts';
import type { UnitView } from '../../training/units.ts';
import { DIAGONAL_READOUT, type RateSizes } from './architecture.ts';

/** Transitions, at most, that are regressed on. */
const MOST_ROWS = 20_000;
/** Penalty a transition: noise in what was recorded would otherwise be fitted. */
const RIDGE = 0.1;

/** Weights by name that take the place of random ones; `leak` is that of one step. */
export function regressionStart(
  dataset: Dataset,
  { hidden: H, external: E, rank, substeps }: RateSizes,
  { order, offset, scale }: UnitView,
  { leak, nonlinearity }: { readonly leak: number; readonly nonlinearity: 'tanh' | 'relu' },
): Record<string, Float32Array> {
  const { bins, units, counts, observed, external } = dataset;
  const trials = trialsIn(dataset, TRAINING);
  const state = (row: number, i: number): number => (counts[row * units + order[i]] - offset[i]) / scale[i] / DIAGONAL_READOUT;
  const activity = (x: number): number => (nonlinearity === 'tanh' ? Math.tanh(x) : Math.max(0, x));
  const rows: number[] = [];
  for (const trial of trials)
    for (let t = 0; t + 1 < bins; t++) {
      const row = trial * bins + t;
      if (observed?.[row] !== 0 && observed?.[row + 1] !== 0) rows.push(row);
    }
  const every = Math.max(1, Math.ceil(rows.length / MOST_ROWS));
  const used = rows.filter((_, k) => k % every === 0);
  // Drive that is held over a bin moves the state by this share of the way towards it.
  const share = 1 - (1 - leak) ** substeps;
  const x = new Float64Array(used.length * (H + E));
  const y = new Float64Array(used.length * H);
  for (const [k, row] of used.entries()) {
    for (let i = 0; i < H; i++) {
      const now = state(row, i);
      x[k * (H + E) + i] = activity(now);
      y[k * H + i] = (state(row + 1, i) - (1 - share) * now) / share;
    }
    for (let e = 0; e < E; e++) x[k * (H + E) + H + e] = external?.values[row * E + e] || 0;
  }
  const moments = momentsOf(x, H + E, y, H);
  const { weights: B, intercept } = ridgeOfMoments(moments, RIDGE * used.length);
  const recurrent = B.subarray(0, H * H);
  return {
    ...(rank === 0 ? { 'recurrent.W': Float32Array.from(recurrent) } : ofRank(recurrent, moments.xx, H, H + E, rank)),
    ...(E > 0 ? { 'external.W': Float32Array.from(B.subarray(H * H)) } : {}),
    'bias.b': Float32Array.from(intercept),
  };
}

/** B V Vᵀ, V the leading directions of what B drives; as n (H × R) and mᵀ (R × H) of H⁻¹ n mᵀ, entries of m about 1 in size. */
function ofRank(B: Float64Array, xx: Float64Array, H: number, width: number, R: number): Record<string, Float32Array> {
  const moved = new Float64Array(H * H);
  for (let i = 0; i < H; i++)
    for (let l = 0; l < H; l++) {
      const weight = xx[i * width + l];
      for (let j = 0; j < H; j++) moved[i * H + j] += weight * B[l * H + j];
    }
  // Bᵀ (φᵀφ) B
  const driven = new Float64Array(H * H);
  for (let i = 0; i < H; i++)
    for (let a = 0; a < H; a++) {
      const weight = B[i * H + a];
      for (let b = 0; b < H; b++) driven[a * H + b] += weight * moved[i * H + b];
    }
  const { vectors } = symmetricEigen(driven, H);
  const size = Math.sqrt(H);
  const output = Float32Array.from({ length: R * H }, (_, at) => size * vectors[at]);
  const selection = new Float32Array(H * R);
  for (let i = 0; i < H; i++)
    for (let r = 0; r < R; r++) {
      let sum = 0;
      for (let j = 0; j < H; j++) sum += B[i * H + j] * vectors[r * H + j];
      selection[i * R + r] = size * sum;
    }
  return { 'output.W': output, 'selection.W': selection };
}

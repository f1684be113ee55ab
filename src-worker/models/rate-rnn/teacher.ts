// Teachers of a rate network's states in float64 (specification i): where the state would go if it had to agree with what was recorded.
// Rows of `C` are units (N × H), θ = C z + d.

import { factorise, solveFactorised } from '../../numerics/cholesky.ts';
import { ALMOST_NONE, MOST_MOVED, type RateConstants } from './stepper.ts';

export interface Readout {
  readonly units: number;
  readonly states: number;
  readonly C: Float64Array;
  readonly d: Float64Array;
  /** Of Gaussian noise; empty for counts. */
  readonly logVariance: Float64Array;
}

/** C z + d. */
export function readOut({ units, states, C, d }: Readout, z: ArrayLike<number>): Float64Array {
  const theta = d.slice();
  for (let n = 0; n < units; n++) for (let i = 0; i < states; i++) theta[n] += C[n * states + i] * z[i];
  return theta;
}

/** (CᵀΛC + κI)⁻¹ Cᵀ e, by states or by units, whichever are fewer. */
export function pulled(
  { units: N, states: H, C }: Readout,
  weights: ArrayLike<number>,
  errors: ArrayLike<number>,
  ridge: number,
): Float64Array {
  const moved = new Float64Array(H);
  if (N < H) {
    const root = Float64Array.from(weights, Math.sqrt);
    const A = new Float64Array(N * N);
    for (let a = 0; a < N; a++)
      for (let b = 0; b < N; b++) {
        let sum = 0;
        for (let i = 0; i < H; i++) sum += C[a * H + i] * C[b * H + i];
        A[a * N + b] = root[a] * sum * root[b] + (a === b ? ridge : 0);
      }
    const x = Float64Array.from(root, (r, n) => (r > 0 ? errors[n] / r : 0));
    if (!factorise(A, N)) return moved;
    solveFactorised(A, N, x);
    for (let n = 0; n < N; n++) for (let i = 0; i < H; i++) moved[i] += C[n * H + i] * root[n] * x[n];
    return moved;
  }
  const A = new Float64Array(H * H);
  for (let i = 0; i < H; i++) {
    for (let j = 0; j < H; j++) for (let n = 0; n < N; n++) A[i * H + j] += weights[n] * C[n * H + i] * C[n * H + j];
    A[i * (H + 1)] += ridge;
    for (let n = 0; n < N; n++) moved[i] += C[n * H + i] * errors[n];
  }
  if (!factorise(A, H)) return new Float64Array(H);
  solveFactorised(A, H, moved);
  return moved;
}

/** One Fisher step from z towards counts k under log rates C z + d, or values under means C z + d: z̄ − z. */
export function gaussNewton(readout: Readout, z: ArrayLike<number>, k: ArrayLike<number>, ridge: number): Float64Array {
  const theta = readOut(readout, z);
  const { logVariance } = readout;
  const weights = theta.map((x, n) => Math.exp(logVariance.length > 0 ? -logVariance[n] : x));
  const errors = theta.map((x, n) => (logVariance.length > 0 ? weights[n] * (k[n] - x) : k[n] - weights[n]));
  return pulled(readout, weights, errors, ridge);
}

/** z̄ of smoothed activity ℓ (log rates, weighted by the rates, or values): (CᵀΛC + κI)⁻¹ CᵀΛ (ℓ − d). */
export function fromSmoothed(readout: Readout, smoothed: ArrayLike<number>, ridge: number): Float64Array {
  const { d, logVariance } = readout;
  const weights = d.map((_, n) => Math.exp(logVariance.length > 0 ? -logVariance[n] : smoothed[n]));
  return pulled(
    readout,
    weights,
    weights.map((w, n) => w * (smoothed[n] - d[n])),
    ridge,
  );
}

/** C⁺ (θ* − d − C z), as κ → 0. */
export function corrected(readout: Readout, z: ArrayLike<number>, wanted: ArrayLike<number>): Float64Array {
  const errors = readOut(readout, z).map((x, n) => wanted[n] - x);
  const ones = new Float64Array(readout.units).fill(1);
  return pulled(readout, ones, errors, almostNone(readout, ones));
}

/** κ that stands for κ → 0: small beside the diagonal of Λ^½ C Cᵀ Λ^½. */
function almostNone({ units, states, C }: Readout, weights: ArrayLike<number>): number {
  let trace = 0;
  for (let n = 0; n < units; n++) for (let i = 0; i < states; i++) trace += weights[n] * C[n * states + i] ** 2;
  return (ALMOST_NONE * trace) / units;
}

/** x̃ of a state (H) as the constants say, from its counts and, where the teacher is made of it, smoothed activity (N each). */
export function forcedState(
  { forcing, teacher, ridge }: RateConstants,
  readout: Readout,
  x: Float64Array,
  counts: ArrayLike<number>,
  smoothed: ArrayLike<number> | undefined,
  strength: number,
): Float64Array {
  const move = (): Float64Array => {
    if (forcing === 'error') {
      if (teacher === 'smoothed' || readout.logVariance.length > 0) return corrected(readout, x, smoothed ?? counts);
      return gaussNewton(readout, x, counts, almostNone(readout, readOut(readout, x).map(Math.exp)));
    }
    if (teacher === 'smoothed') return fromSmoothed(readout, smoothed!, ridge).map((z, i) => z - x[i]);
    return gaussNewton(readout, x, counts, ridge);
  };
  const moved = move();
  const share = Math.min(1, MOST_MOVED / Math.sqrt(ridge) / Math.max(1e-300, Math.hypot(...moved)));
  return x.map((value, i) => value + (forcing === 'generalised' ? strength : 1) * share * moved[i]);
}

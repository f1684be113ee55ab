// Orbits of a rate network, linear in small differences: what the strength of generalised forcing is chosen by.

import { growth, type Linear } from './growth.ts';
import type { RateConstants } from './stepper.ts';

type Weights = Readonly<Record<string, Float32Array>>;

/** φ(x) U as a product with a vector, or with Uᵀ, never forming a low-rank U. */
function recurrence({ sizes: s }: RateConstants, weights: Weights): (v: Float64Array, transposed: boolean) => Float64Array {
  const [H, R] = [s.hidden, s.rank];
  const times = (W: Float32Array, rows: number, columns: number, v: Float64Array, transposed: boolean): Float64Array => {
    const out = new Float64Array(transposed ? rows : columns);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        const w = W[i * columns + j];
        if (transposed) out[i] += w * v[j];
        else out[j] += w * v[i];
      }
    return out;
  };
  if (R === 0) return (v, transposed) => times(weights['recurrent.W'], H, H, v, transposed);
  const [n, m] = [weights['selection.W'], weights['output.W']];
  return (v, transposed) =>
    transposed
      ? times(
          n,
          H,
          R,
          times(m, R, H, v, true).map((x) => x / H),
          true,
        )
      : times(
          m,
          R,
          H,
          times(n, H, R, v, false).map((x) => x / H),
          false,
        );
}

/** σ̃ of a network along orbits (trials × bins × H) that pass through the given states at every bin. */
export function growthAlong(constants: RateConstants, weights: Weights, states: Float32Array, trials: number): number {
  const { sizes: s, leak: a, nonlinearity } = constants;
  const H = s.hidden;
  const recur = recurrence(constants, weights);
  const bias = weights['bias.b'];
  const value = (x: number): number => (nonlinearity === 'relu' ? Math.max(0, x) : Math.tanh(x));
  const slopeAt = (x: number): number => (nonlinearity === 'relu' ? (x > 0 ? 1 : 0) : 1 - Math.tanh(x) ** 2);
  const steps = (s.bins - 1) * s.substeps;
  const orbits = Array.from({ length: trials }, (_, trial) => {
    const slopes: Float64Array[] = [];
    for (let t = 0; t < s.bins - 1; t++) {
      const at = (trial * s.bins + t) * H;
      let x = Float64Array.from(states.subarray(at, at + H));
      for (let k = 0; k < s.substeps; k++) {
        slopes.push(x.map(slopeAt));
        // External inputs move a state little within a bin; the next bin starts from the state that it had.
        if (k + 1 < s.substeps) {
          const z = recur(x.map(value), false);
          x = x.map((xi, i) => (1 - a) * xi + a * (z[i] + bias[i]));
        }
      }
    }
    const linear: Linear = {
      states: H,
      // J = (1 − a) I + a Uᵀ diag(φ′), acting on columns
      apply(step, v, transposed) {
        const slope = slopes[step];
        const z = transposed
          ? recur(v, true).map((x, i) => x * slope[i])
          : recur(
              v.map((x, i) => x * slope[i]),
              false,
            );
        return z.map((x, i) => (1 - a) * v[i] + a * x);
      },
    };
    return { linear, steps };
  });
  return growth(orbits, s.substeps);
}

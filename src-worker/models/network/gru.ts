// Gated recurrent units from elsewhere as maps at a held input, in the two forms that libraries use, with their Jacobians by hand.
//   r = σ(W_r u + U_r h + b_r), z = σ(W_z u + U_z h + b_z), h' = z h + (1 − z) n
//   reset after (PyTorch, cuDNN)   n = tanh(W_n u + b_n + r (U_n h + c))
//   reset before (Cho et al. 2014)  n = tanh(W_n u + b_n + c + U_n (r h))

import type { Flow } from '../model.ts';

export interface GruWeights {
  readonly states: number;
  readonly inputs: number;
  /** 3 states × states, rows of reset, update and candidate. */
  readonly U: Float64Array;
  /** 3 states × inputs. */
  readonly W: Float64Array;
  /** 3 states each: added to the inputs' part and to the recurrent part. */
  readonly b: Float64Array;
  readonly c: Float64Array;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

export function gruMap({ states: n, inputs, U, W, b, c }: GruWeights, resetAfter: boolean, stepMs: number): Flow {
  const recurrent = (gate: number, i: number, h: Float64Array): number => {
    const row = (gate * n + i) * n;
    let sum = 0;
    for (let j = 0; j < n; j++) sum += U[row + j] * h[j];
    return sum;
  };
  const driven = (gate: number, i: number, u: Float64Array): number => {
    const row = gate * n + i;
    let sum = b[row];
    for (let j = 0; j < inputs; j++) sum += W[row * inputs + j] * u[j];
    return sum;
  };
  const parts = (h: Float64Array, u: Float64Array) => {
    const r = h.map((_, i) => sigmoid(driven(0, i, u) + c[i] + recurrent(0, i, h)));
    const z = h.map((_, i) => sigmoid(driven(1, i, u) + c[n + i] + recurrent(1, i, h)));
    const gated = resetAfter ? h : h.map((value, i) => r[i] * value);
    const v = h.map((_, i) => recurrent(2, i, gated) + c[2 * n + i]);
    const candidate = h.map((_, i) => Math.tanh(driven(2, i, u) + (resetAfter ? r[i] * v[i] : v[i])));
    return { r, z, v, candidate };
  };
  return {
    kind: 'map',
    stepMs,
    states: n,
    inputs,
    map(h, u) {
      const { z, candidate } = parts(h, u);
      return h.map((value, i) => z[i] * value + (1 - z[i]) * candidate[i]);
    },
    jacobian(h, u) {
      const { r, z, v, candidate } = parts(h, u);
      const jacobian = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        const row = jacobian.subarray(i * n, (i + 1) * n);
        const byUpdate = (h[i] - candidate[i]) * z[i] * (1 - z[i]);
        const byCandidate = (1 - z[i]) * (1 - candidate[i] ** 2);
        for (let j = 0; j < n; j++) row[j] = byUpdate * U[(n + i) * n + j];
        row[i] += z[i];
        if (resetAfter) {
          // ∂(r v)/∂h = r U_n + v r (1 − r) U_r
          const byReset = v[i] * r[i] * (1 - r[i]);
          for (let j = 0; j < n; j++) row[j] += byCandidate * (r[i] * U[(2 * n + i) * n + j] + byReset * U[i * n + j]);
          continue;
        }
        // ∂(U_n (r h))/∂h = U_n [diag(r) + diag(h r (1 − r)) U_r]
        for (let k = 0; k < n; k++) {
          const weight = byCandidate * U[(2 * n + i) * n + k];
          const byReset = weight * h[k] * r[k] * (1 - r[k]);
          row[k] += weight * r[k];
          for (let j = 0; j < n; j++) row[j] += byReset * U[k * n + j];
        }
      }
      return jacobian;
    },
    inputJacobian(h, u) {
      const { r, z, v, candidate } = parts(h, u);
      const jacobian = new Float64Array(n * inputs);
      for (let i = 0; i < n; i++) {
        const row = jacobian.subarray(i * inputs, (i + 1) * inputs);
        const byUpdate = (h[i] - candidate[i]) * z[i] * (1 - z[i]);
        const byCandidate = (1 - z[i]) * (1 - candidate[i] ** 2);
        const byReset = resetAfter ? v[i] * r[i] * (1 - r[i]) : 0;
        for (let j = 0; j < inputs; j++)
          row[j] = byUpdate * W[(n + i) * inputs + j] + byCandidate * (W[(2 * n + i) * inputs + j] + byReset * W[i * inputs + j]);
        if (resetAfter) continue;
        // U_n diag(h r (1 − r)) W_r
        for (let k = 0; k < n; k++) {
          const weight = byCandidate * U[(2 * n + i) * n + k] * h[k] * r[k] * (1 - r[k]);
          for (let j = 0; j < inputs; j++) row[j] += weight * W[k * inputs + j];
        }
      }
      return jacobian;
    },
  };
}

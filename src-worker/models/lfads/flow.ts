// Dynamics of a fitted generator as a map at a held input, in float64: g ← clip(GRU([u; e], g)), with its Jacobian by hand.

import type { Flow } from '../model.ts';

type Tensor = ArrayLike<number>;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Weights of a GRU cell as the table of architecture.ts has them; `W` is empty where the cell has no input. */
export interface Cell {
  readonly states: number;
  readonly inputs: number;
  readonly W: Tensor;
  readonly U: Tensor;
  readonly b: Tensor;
  readonly clip: number;
  readonly stepMs: number;
}

/** A point on the clip has zero rows in the Jacobian. Inputs are inferred inputs, then external ones. */
export function gruFlow({ states: H, inputs, W, U, b, clip, stepMs }: Cell): Flow {
  /** Drive of a gate (0 reset, 1 update, 2 candidate) to unit j: inputs and bias. */
  const drive = (u: Float64Array, gate: number, j: number): number => {
    const column = gate * H + j;
    let sum = b[column]!;
    for (let i = 0; i < inputs; i++) sum += u[i]! * W[i * 3 * H + column]!;
    return sum;
  };
  const recurrent = (h: Float64Array, gate: number, j: number): number => {
    let sum = 0;
    for (let i = 0; i < H; i++) sum += h[i]! * U[i * 3 * H + gate * H + j]!;
    return sum;
  };
  const parts = (g: Float64Array, u: Float64Array) => {
    const r = Float64Array.from({ length: H }, (_, j) => sigmoid(drive(u, 0, j) + recurrent(g, 0, j)));
    const z = Float64Array.from({ length: H }, (_, j) => sigmoid(drive(u, 1, j) + recurrent(g, 1, j)));
    const gated = r.map((x, j) => x * g[j]!);
    const n = Float64Array.from({ length: H }, (_, j) => Math.tanh(drive(u, 2, j) + recurrent(gated, 2, j)));
    const next = Float64Array.from({ length: H }, (_, j) => z[j]! * g[j]! + (1 - z[j]!) * n[j]!);
    return { r, z, n, next };
  };
  return {
    kind: 'map',
    stepMs,
    states: H,
    inputs,
    map: (x, u) => parts(x, u).next.map((value) => Math.min(clip, Math.max(-clip, value))),
    jacobian(x, u) {
      const { r, z, n, next } = parts(x, u);
      // ∂F/∂g = diag(z) + diag((g−n) z (1−z)) U_z + diag((1−z)(1−n²)) U_n [diag(r) + diag(g r (1−r)) U_r], columns of U being targets
      const inner = new Float64Array(H * H);
      for (let k = 0; k < H; k++)
        for (let i = 0; i < H; i++) inner[k * H + i] = (k === i ? r[k]! : 0) + x[k]! * r[k]! * (1 - r[k]!) * U[i * 3 * H + k]!;
      const jacobian = new Float64Array(H * H);
      for (let j = 0; j < H; j++) {
        if (Math.abs(next[j]!) >= clip) continue;
        const byUpdate = (x[j]! - n[j]!) * z[j]! * (1 - z[j]!);
        const byCandidate = (1 - z[j]!) * (1 - n[j]! * n[j]!);
        const row = jacobian.subarray(j * H, (j + 1) * H);
        for (let k = 0; k < H; k++) {
          const weight = byCandidate * U[k * 3 * H + 2 * H + j]!;
          for (let i = 0; i < H; i++) row[i]! += weight * inner[k * H + i]!;
        }
        for (let i = 0; i < H; i++) row[i]! += byUpdate * U[i * 3 * H + H + j]!;
        row[j]! += z[j]!;
      }
      return jacobian;
    },
    inputJacobian(x, u) {
      const { r, z, n, next } = parts(x, u);
      // ∂F/∂u = diag((g−n) z (1−z)) W_z + diag((1−z)(1−n²)) [W_n + U_n diag(g r (1−r)) W_r]
      const jacobian = new Float64Array(H * inputs);
      for (let j = 0; j < H; j++) {
        if (Math.abs(next[j]!) >= clip) continue;
        const byUpdate = (x[j]! - n[j]!) * z[j]! * (1 - z[j]!);
        const byCandidate = (1 - z[j]!) * (1 - n[j]! * n[j]!);
        const row = jacobian.subarray(j * inputs, (j + 1) * inputs);
        for (let i = 0; i < inputs; i++) row[i] = byUpdate * W[i * 3 * H + H + j]! + byCandidate * W[i * 3 * H + 2 * H + j]!;
        for (let k = 0; k < H; k++) {
          const weight = byCandidate * U[k * 3 * H + 2 * H + j]! * x[k]! * r[k]! * (1 - r[k]!);
          for (let i = 0; i < inputs; i++) row[i]! += weight * W[i * 3 * H + k]!;
        }
      }
      return jacobian;
    },
  };
}

// Dynamics of a fitted generator as a map at a held input, in float64: g ← clip(GRU([u; e], g)), with its Jacobian by hand.

import { timesOf } from '../../engine/times.ts';
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
  /** Of each gate (0 reset, 1 update, 2 candidate) weights by target and source, as the loops below run through them. */
  const gates = [0, 1, 2].map((gate) =>
    Float64Array.from({ length: H * H }, (_, at) => U[(at % H) * 3 * H + gate * H + Math.floor(at / H)]!),
  );
  /** Drive of a gate to unit j: inputs and bias. */
  const drive = (u: Float64Array, gate: number, j: number): number => {
    const column = gate * H + j;
    let sum = b[column]!;
    for (let i = 0; i < inputs; i++) sum += u[i]! * W[i * 3 * H + column]!;
    return sum;
  };
  const recurrent = (h: Float64Array, gate: number, j: number): number => {
    const weights = gates[gate]!;
    let sum = 0;
    for (let i = 0, at = j * H; i < H; i++, at++) sum += h[i]! * weights[at]!;
    return sum;
  };
  const parts = (g: Float64Array, u: Float64Array) => {
    const [r, z, gated, n, next] = [0, 1, 2, 3, 4].map(() => new Float64Array(H)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    for (let j = 0; j < H; j++) {
      r[j] = sigmoid(drive(u, 0, j) + recurrent(g, 0, j));
      z[j] = sigmoid(drive(u, 1, j) + recurrent(g, 1, j));
      gated[j] = r[j]! * g[j]!;
    }
    for (let j = 0; j < H; j++) {
      n[j] = Math.tanh(drive(u, 2, j) + recurrent(gated, 2, j));
      next[j] = z[j]! * g[j]! + (1 - z[j]!) * n[j]!;
    }
    return { r, z, n, next };
  };
  let product: ((inner: Float64Array) => Float64Array) | undefined;
  return {
    kind: 'map',
    stepMs,
    states: H,
    inputs,
    map: (x, u) => parts(x, u).next.map((value) => Math.min(clip, Math.max(-clip, value))),
    jacobian(x, u, into = new Float64Array(H * H)) {
      const { r, z, n, next } = parts(x, u);
      const [Ur, Uz, Un] = gates as [Float64Array, Float64Array, Float64Array];
      // ∂F/∂g = diag(z) + diag((g−n) z (1−z)) U_z + diag((1−z)(1−n²)) U_n [diag(r) + diag(g r (1−r)) U_r]
      for (let k = 0; k < H; k++) {
        const weight = x[k]! * r[k]! * (1 - r[k]!);
        for (let i = k * H; i < (k + 1) * H; i++) into[i] = weight * Ur[i]!;
        into[k * (H + 1)]! += r[k]!;
      }
      product ??= timesOf(Un, H);
      const byInner = product(into);
      for (let j = 0; j < H; j++) {
        const isOnClip = Math.abs(next[j]!) >= clip;
        const byUpdate = isOnClip ? 0 : (x[j]! - n[j]!) * z[j]! * (1 - z[j]!);
        const byCandidate = isOnClip ? 0 : (1 - z[j]!) * (1 - n[j]! * n[j]!);
        for (let i = j * H; i < (j + 1) * H; i++) into[i] = byCandidate * byInner[i]! + byUpdate * Uz[i]!;
        if (!isOnClip) into[j * (H + 1)]! += z[j]!;
      }
      return into;
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

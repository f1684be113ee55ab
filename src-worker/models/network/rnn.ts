// Vanilla recurrent networks as maps or differential equations at a held input, with their Jacobians by hand.
//   step      x' = φ(W x + V u + b)
//   leaky     x' = (1 − α) x + α φ(W x + V u + b), α = Δ/τ
//   currents  x' = (1 − α) x + α (W φ(x) + V u + b), rates φ(x)
//   continuous  ẋ = (−x + φ(W x + V u + b)) / τ
//   piecewise linear (Durstewitz 2017)  x' = A x + W max(x, 0) + V u + b

import { norm2 } from '../../numerics/lu.ts';
import type { Flow } from '../model.ts';

export type Nonlinearity = 'tanh' | 'relu' | 'softplus' | 'hard-tanh';

export interface Shape {
  readonly value: (z: number) => number;
  readonly slope: (z: number) => number;
  /** A drive that gives the value; the value must lie inside `range`. */
  readonly inverse: (a: number) => number;
  readonly range: readonly [number, number];
  /** The largest |φ″|, where φ is smooth. */
  readonly bend?: number;
  readonly kinks?: readonly number[];
}

/** φ, its derivative from the drive (where none exists that from below) and its inverse. */
export const SHAPES: Readonly<Record<Nonlinearity, Shape>> = {
  tanh: {
    value: Math.tanh,
    slope: (z) => 1 - Math.tanh(z) ** 2,
    inverse: Math.atanh,
    range: [-1, 1],
    bend: 4 / (3 * Math.sqrt(3)),
  },
  relu: { value: (z) => Math.max(0, z), slope: (z) => (z > 0 ? 1 : 0), inverse: (a) => a, range: [0, Infinity], kinks: [0] },
  softplus: {
    value: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
    slope: (z) => 1 / (1 + Math.exp(-z)),
    inverse: (a) => (a > 30 ? a : Math.log(Math.expm1(a))),
    range: [0, Infinity],
    bend: 1 / 4,
  },
  'hard-tanh': {
    value: (z) => Math.min(1, Math.max(-1, z)),
    slope: (z) => (Math.abs(z) < 1 ? 1 : 0),
    inverse: (a) => a,
    range: [-1, 1],
    kinks: [-1, 1],
  },
};

export const NONLINEARITIES = Object.keys(SHAPES) as readonly Nonlinearity[];

export interface Weights {
  readonly states: number;
  readonly inputs: number;
  /** states × states, row-major: row i drives unit i. */
  readonly W: Float64Array;
  /** states × inputs. */
  readonly V: Float64Array;
  readonly b: Float64Array;
}

const ON_KINK = 1e-9;

const kinkedAt = (drives: Float64Array, kinks: readonly number[]): boolean =>
  drives.some((z) => kinks.some((kink) => Math.abs(z - kink) <= ON_KINK));

/** W x + V u + b. */
function drive({ states, inputs, W, V, b }: Weights, x: Float64Array, u: Float64Array): Float64Array {
  const z = b.slice();
  const even = states - (states % 4);
  for (let i = 0; i < states; i++) {
    // Four sums, for none to wait for the one before.
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let j = 0, at = i * states; j < even; j += 4, at += 4) {
      s0 += W[at] * x[j];
      s1 += W[at + 1] * x[j + 1];
      s2 += W[at + 2] * x[j + 2];
      s3 += W[at + 3] * x[j + 3];
    }
    let sum = s0 + s1 + (s2 + s3);
    for (let j = even; j < states; j++) sum += W[i * states + j] * x[j];
    for (let j = 0; j < inputs; j++) sum += V[i * inputs + j] * u[j];
    z[i] += sum;
  }
  return z;
}

/** ‖∂J/∂x‖ ≤ max|φ″| ‖W‖₂ max‖wᵢ‖; the norm by iteration is rounded up. */
function bound({ states: n, W }: Weights, bend: number | undefined): { readonly jacobianLipschitz: number } | Record<string, never> {
  if (bend === undefined) return {};
  let longest = 0;
  for (let i = 0; i < n; i++) longest = Math.max(longest, Math.hypot(...W.subarray(i * n, (i + 1) * n)));
  return { jacobianLipschitz: 1.01 * bend * norm2(W, n) * longest };
}

/** `alpha` 1 is the plain step. */
export function steppedRnn(weights: Weights, phi: Nonlinearity, alpha: number, stepMs: number): Flow {
  const { states: n, inputs, W } = weights;
  const { value, slope, bend, kinks } = SHAPES[phi];
  return {
    kind: 'map',
    ...(kinks && { kinked: (x: Float64Array, u: Float64Array) => kinkedAt(drive(weights, x, u), kinks) }),
    stepMs,
    states: n,
    inputs,
    ...bound(weights, bend),
    map: (x, u) => drive(weights, x, u).map((z, i) => (1 - alpha) * x[i] + alpha * value(z)),
    jacobian: (x, u, into) => scaledRows(W, drive(weights, x, u).map(slope), alpha, 1 - alpha, into),
    inputJacobian: (x, u) => scaledInputs(weights, drive(weights, x, u).map(slope), alpha),
  };
}

/** The state is the summed current and φ of it the rate, as in data-constrained networks (Perich et al. 2021). */
export function currentsRnn(weights: Weights, phi: Nonlinearity, alpha: number, stepMs: number): Flow {
  const { states: n, inputs, W } = weights;
  const { value, slope, bend, kinks } = SHAPES[phi];
  return {
    kind: 'map',
    ...(kinks && { kinked: (x: Float64Array) => kinkedAt(x, kinks) }),
    stepMs,
    states: n,
    inputs,
    // J = (1 − α) I + α W diag(φ'(x)), and φ' of each unit changes by at most bend · ‖x − y‖.
    ...(bend === undefined ? {} : { jacobianLipschitz: 1.01 * alpha * bend * norm2(W, n) }),
    map: (x, u) => drive(weights, x.map(value), u).map((z, i) => (1 - alpha) * x[i] + alpha * z),
    jacobian(x, _u, into = new Float64Array(n * n)) {
      const slopes = x.map(slope);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) into[i * n + j] = alpha * W[i * n + j] * slopes[j];
        into[i * (n + 1)] += 1 - alpha;
      }
      return into;
    },
    inputJacobian: () => weights.V.map((value) => alpha * value),
  };
}

export function continuousRnn(weights: Weights, phi: Nonlinearity, tauMs: number): Flow {
  const { states: n, inputs, W } = weights;
  const { value, slope, bend, kinks } = SHAPES[phi];
  const { jacobianLipschitz } = bound(weights, bend);
  return {
    kind: 'ode',
    ...(kinks && { kinked: (x: Float64Array, u: Float64Array) => kinkedAt(drive(weights, x, u), kinks) }),
    states: n,
    inputs,
    ...(jacobianLipschitz === undefined ? {} : { jacobianLipschitz: jacobianLipschitz / tauMs }),
    derivative: (x, u) => drive(weights, x, u).map((z, i) => (value(z) - x[i]) / tauMs),
    jacobian: (x, u, into) => scaledRows(W, drive(weights, x, u).map(slope), 1 / tauMs, -1 / tauMs, into),
    inputJacobian: (x, u) => scaledInputs(weights, drive(weights, x, u).map(slope), 1 / tauMs),
  };
}

/** `A`: diagonal, one value a unit. */
export function piecewiseLinear(weights: Weights, A: Float64Array, stepMs: number): Flow {
  const { states: n, inputs, W } = weights;
  const rectified = (x: Float64Array) => x.map((value) => Math.max(0, value));
  return {
    kind: 'map',
    stepMs,
    states: n,
    inputs,
    kinked: (x) => kinkedAt(x, [0]),
    map: (x, u) => drive(weights, rectified(x), u).map((z, i) => A[i] * x[i] + z),
    jacobian(x) {
      const jacobian = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) jacobian[i * n + j] = x[j] > 0 ? W[i * n + j] : 0;
        jacobian[i * (n + 1)] += A[i];
      }
      return jacobian;
    },
    inputJacobian: () => weights.V.slice(),
  };
}

/** scale · diag(slopes) V. */
const scaledInputs = ({ inputs, V }: Weights, slopes: Float64Array, scale: number): Float64Array =>
  V.map((value, at) => scale * slopes[Math.floor(at / inputs)] * value);

/** scale · diag(slopes) W + shift · I. */
function scaledRows(
  W: Float64Array,
  slopes: Float64Array,
  scale: number,
  shift: number,
  jacobian: Float64Array = new Float64Array(W.length),
): Float64Array {
  const n = slopes.length;
  for (let i = 0; i < n; i++) {
    const factor = scale * slopes[i];
    for (let j = 0; j < n; j++) jacobian[i * n + j] = factor * W[i * n + j];
    jacobian[i * (n + 1)] += shift;
  }
  return jacobian;
}

// One teacher's move of one state (specification i): δ = (CᵀΛC + κI)⁻¹ Cᵀe in float64, by states where they are fewer than units, else by
// units, δ = CᵀΛ^½ (Λ^½ C Cᵀ Λ^½ + κI)⁻¹ Λ^−½ e, which is the same number.

import { exp } from './maths';

/** What the errors are of. */
const enum Kind {
  /** Counts under log rates θ: Λ = e^θ, e = k − e^θ. */
  COUNTS,
  /** Values under means θ and log variances: Λ = 1/v, e = (y − θ)/v. */
  VALUES,
  /** Smoothed log rates ℓ, from a state of zero: Λ = e^ℓ, e = e^ℓ (ℓ − d). */
  SMOOTHED_COUNTS,
  /** Smoothed values ℓ, from a state of zero: Λ = 1/v, e = (ℓ − d)/v. */
  SMOOTHED_VALUES,
  /** Errors of θ itself: Λ = 1, e = ℓ − θ. */
  ERRORS,
}

// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, n: i32): f64 {
  let sum: v128 = f64x2.splat(0);
  let i: i32 = 0;
  for (; i + 2 <= n; i += 2) {
    sum = f64x2.add(sum, f64x2.mul(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
  }
  let total: f64 = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  if (i < n) total += load<f64>(a) * load<f64>(b);
  return total;
}

/** y += factor · x, n numbers. */
// @ts-ignore: decorator
@inline
function addTimes(y: usize, x: usize, n: i32, factor: f64): void {
  const f: v128 = f64x2.splat(factor);
  let i: i32 = 0;
  for (; i + 2 <= n; i += 2) {
    v128.store(y, f64x2.add(v128.load(y), f64x2.mul(f, v128.load(x))));
    x += 16;
    y += 16;
  }
  if (i < n) store<f64>(y, load<f64>(y) + factor * load<f64>(x));
}

/** Solves A x = b by Cholesky factors, A symmetric (n × n, its lower half is read and written over), b becomes x. */
function solve(A: usize, b: usize, n: i32): void {
  const stride: usize = <usize>n << 3;
  for (let i: i32 = 0; i < n; i++) {
    const row: usize = A + <usize>i * stride;
    for (let j: i32 = 0; j < i; j++) {
      const other: usize = A + <usize>j * stride;
      const at: usize = <usize>j << 3;
      store<f64>(row + at, (load<f64>(row + at) - dot(row, other, j)) / load<f64>(other + at));
    }
    const diagonal: usize = row + (<usize>i << 3);
    store<f64>(diagonal, Math.sqrt(load<f64>(diagonal) - dot(row, row, i)));
    const at: usize = b + (<usize>i << 3);
    store<f64>(at, (load<f64>(at) - dot(row, b, i)) / load<f64>(diagonal));
  }
  for (let i: i32 = n - 1; i >= 0; i--) {
    const at: usize = b + (<usize>i << 3);
    const row: usize = A + <usize>i * stride;
    const x: f64 = load<f64>(at) / load<f64>(row + (<usize>i << 3));
    store<f64>(at, x);
    addTimes(b, row, i, -x);
  }
}

/**
 * out = x + amount · δ for one state (H floats each), |δ| at most `reach`. `y` is x C without its bias (N floats), `bias` holds d and then,
 * `half` floats on, log variances; `target` what errors are measured from. `rows` is C by units (N × H) and `gram` C Cᵀ (N × N), both
 * float64. κ is `ridge`, or with `relative` that much of the mean of Λ^½ C Cᵀ Λ^½'s diagonal. `scratch` has room for n² + n + 2 N + H
 * float64, n the smaller of H and N.
 */
export function teach(
  kind: i32, H: i32, N: i32, x: usize, y: usize, bias: usize, half: i32, target: usize, rows: usize,
  gram: usize, ridge: f64, relative: i32, reach: f64, amount: f64, scratch: usize, out: usize,
): void {
  const byUnits: bool = N < H;
  const n: i32 = min(N, H);
  const A: usize = scratch;
  const b: usize = A + (<usize>(n * n) << 3);
  const weights: usize = b + (<usize>n << 3);
  const errors: usize = weights + (<usize>N << 3);
  const delta: usize = errors + (<usize>N << 3);
  let trace: f64 = 0;
  for (let j: i32 = 0; j < N; j++) {
    const at: usize = <usize>j << 2;
    const d: f64 = load<f32>(bias + at);
    const theta: f64 = <f64>load<f32>(y + at) + d;
    const t: f64 = load<f32>(target + at);
    let weight: f64 = 1;
    let error: f64 = t - theta;
    if (kind == Kind.COUNTS) {
      weight = f32x4.extract_lane(exp(f32x4.splat(<f32>theta)), 0);
      error = t - weight;
    } else if (kind == Kind.SMOOTHED_COUNTS) {
      weight = f32x4.extract_lane(exp(f32x4.splat(<f32>t)), 0);
      error = weight * (t - d);
    } else if (kind != Kind.ERRORS) {
      weight = f32x4.extract_lane(exp(f32x4.splat(-load<f32>(bias + at + (<usize>half << 2)))), 0);
      error = weight * (kind == Kind.VALUES ? error : t - d);
    }
    store<f64>(weights + (<usize>j << 3), weight);
    store<f64>(errors + (<usize>j << 3), error);
    trace += weight * load<f64>(gram + (<usize>(j * N + j) << 3));
  }
  const kappa: f64 = relative ? (ridge * trace) / <f64>N : ridge;
  memory.fill(A, 0, <usize>(n * n + n) << 3);
  memory.fill(delta, 0, <usize>H << 3);
  if (kappa > 0) {
    if (byUnits) {
      for (let i: i32 = 0; i < N; i++) {
        const root: f64 = Math.sqrt(load<f64>(weights + (<usize>i << 3)));
        for (let j: i32 = 0; j <= i; j++)
          store<f64>(
            A + (<usize>(i * N + j) << 3),
            root * Math.sqrt(load<f64>(weights + (<usize>j << 3))) * load<f64>(gram + (<usize>(i * N + j) << 3)) + (i == j ? kappa : 0),
          );
        if (root > 0) store<f64>(b + (<usize>i << 3), load<f64>(errors + (<usize>i << 3)) / root);
      }
      solve(A, b, N);
      for (let i: i32 = 0; i < N; i++) {
        const root: f64 = Math.sqrt(load<f64>(weights + (<usize>i << 3)));
        addTimes(delta, rows + (<usize>(i * H) << 3), H, root * load<f64>(b + (<usize>i << 3)));
      }
    } else {
      for (let j: i32 = 0; j < N; j++) {
        const c: usize = rows + (<usize>(j * H) << 3);
        const weight: f64 = load<f64>(weights + (<usize>j << 3));
        if (weight == 0) continue;
        addTimes(b, c, H, load<f64>(errors + (<usize>j << 3)));
        for (let i: i32 = 0; i < H; i++) addTimes(A + (<usize>(i * H) << 3), c, i + 1, weight * load<f64>(c + (<usize>i << 3)));
      }
      for (let i: i32 = 0; i < H; i++) {
        const at: usize = A + (<usize>(i * H + i) << 3);
        store<f64>(at, load<f64>(at) + kappa);
      }
      solve(A, b, H);
      memory.copy(delta, b, <usize>H << 3);
    }
    if (kind == Kind.SMOOTHED_COUNTS || kind == Kind.SMOOTHED_VALUES)
      for (let i: i32 = 0; i < H; i++) {
        const at: usize = delta + (<usize>i << 3);
        store<f64>(at, load<f64>(at) - <f64>load<f32>(x + (<usize>i << 2)));
      }
  }
  const length: f64 = Math.sqrt(dot(delta, delta, H));
  const share: f64 = length > reach ? (amount * reach) / length : amount;
  for (let i: i32 = 0; i < H; i++) {
    const at: usize = <usize>i << 2;
    store<f32>(out + at, <f32>(<f64>load<f32>(x + at) + share * load<f64>(delta + (<usize>i << 3))));
  }
}

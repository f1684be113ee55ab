// Negative log-likelihoods in nats, exact log k! included. Each turns outputs (without bias) in place into gradients and returns the
// sum over counted elements. Padding has target and counted 0, so neither loss nor gradient.

import { GATE_0, GATE_1, GATE_2, GATE_3, GATE_HIGHEST, GATE_LOWEST, LN2, MINUS_LOG2E, ONE, ROUNDING } from './constants';
import { exp, expMinus, madd, splat, sum } from './maths';

/** Natural logarithm in float64, without tables: the odd series of artanh. */
function log64(x: f64): f64 {
  let raw: u64 = reinterpret<u64>(x) - 0x3fe6a09e667f3bcd;
  const n: f64 = <f64>(<i64>raw >> 52);
  const m: f64 = reinterpret<f64>((raw & 0xfffffffffffff) + 0x3fe6a09e667f3bcd);
  const s: f64 = (m - 1) / (m + 1);
  const q: f64 = s * s;
  let y: f64 = 0;
  for (let k: i32 = 21; k >= 1; k -= 2) y = y * q + 2.0 / <f64>k;
  return n * 0.6931471805599453 + y * s;
}

/** log Γ(x + 1), x ≥ 0: Stirling's series after a shift to 10 or more. */
function logFactorial(x: f64): f64 {
  let product: f64 = 1;
  let y: f64 = x + 1;
  while (y < 10) {
    product *= y;
    y += 1;
  }
  const i: f64 = 1 / y;
  const q: f64 = i * i;
  const series: f64 = i * (1.0 / 12.0 - q * (1.0 / 360.0 - q * (1.0 / 1260.0 - q * (1.0 / 1680.0))));
  return (y - 0.5) * log64(y) - y + 0.9189385332046727 + series - log64(product);
}

/** log k! of small counts, in memory: behind the other constants (constants.ts). */
const TABLE: usize = 2560;
const TABLE_LENGTH: i32 = 64;

export function writeLogFactorials(): void {
  for (let k: i32 = 0; k < TABLE_LENGTH; k++) store<f64>(TABLE + (<usize>k << 3), logFactorial(<f64>k));
}

/** Σ counted · log k! of four counts. */
function fourLogFactorials(target: usize, counted: usize): f64 {
  let total: f64 = 0;
  for (let q: usize = 0; q < 16; q += 4) {
    const count: f32 = load<f32>(target + q);
    if (count == 0 || count == 1) continue;
    const k: i32 = <i32>min<f32>(max<f32>(count, 0), <f32>TABLE_LENGTH);
    const known: bool = <f32>k == count && k < TABLE_LENGTH;
    total += <f64>load<f32>(counted + q) * (known ? load<f64>(TABLE + (<usize>k << 3)) : logFactorial(<f64>count));
  }
  return total;
}

// @ts-ignore: decorator
@inline
function isPlain(k: v128): v128 {
  return v128.or(f32x4.eq(k, splat(0)), f32x4.eq(k, ONE()));
}

/** Σ counted · log k! of w bytes of counts. log 0! = log 1! = 0: most vectors of spike counts need no more than a look. */
function logFactorials(target: usize, counted: usize, w: usize): f64 {
  let total: f64 = 0;
  for (let j: usize = 0; j < w; j += 32) {
    if (!i32x4.all_true(v128.and(isPlain(v128.load(target + j)), isPlain(v128.load(target + j, 16)))))
      total += fourLogFactorials(target + j, counted + j) + fourLogFactorials(target + j + 16, counted + j + 16);
  }
  return total;
}

/**
 * Poisson with log rate y + bias: Y ← (e^y − k) · counted · scale. Returns Σ counted · (e^y − k y + log k!). Width counts in eights. `sums` is room
 * for 8 floats, through which a row's losses go so that V8 joins them too.
 */
export function poisson(
  rows: i32, width: i32, Y: usize, ldy: i32, bias: usize, target: usize, counted: usize, ldt: i32, scale: f32, sums: usize,
): f64 {
  let total: f64 = 0;
  const w: usize = <usize>width << 2;
  const factor: v128 = splat(scale);
  const none: v128 = splat(0);
  const one: v128 = ONE();
  const high: v128 = GATE_HIGHEST();
  const low: v128 = GATE_LOWEST();
  const log2e: v128 = MINUS_LOG2E();
  const rounding: v128 = ROUNDING();
  const ln2: v128 = LN2();
  const p0: v128 = GATE_0();
  const p1: v128 = GATE_1();
  const p2: v128 = GATE_2();
  const p3: v128 = GATE_3();
  for (let i: i32 = 0; i < rows; i++) {
    let losses0: v128 = splat(0);
    let losses1: v128 = splat(0);
    for (let j: usize = 0; j < w; j += 32) {
      const y0: v128 = f32x4.add(v128.load(Y + j), v128.load(bias + j));
      const y1: v128 = f32x4.add(v128.load(Y + j, 16), v128.load(bias + j, 16));
      const k0: v128 = v128.load(target + j);
      const k1: v128 = v128.load(target + j, 16);
      const c0: v128 = v128.load(counted + j);
      const c1: v128 = v128.load(counted + j, 16);
      const rate0: v128 = expMinus(f32x4.neg(y0), none, one, high, low, log2e, rounding, ln2, p0, p1, p2, p3);
      const rate1: v128 = expMinus(f32x4.neg(y1), none, one, high, low, log2e, rounding, ln2, p0, p1, p2, p3);
      losses0 = madd(c0, f32x4.sub(rate0, f32x4.mul(k0, y0)), losses0);
      losses1 = madd(c1, f32x4.sub(rate1, f32x4.mul(k1, y1)), losses1);
      v128.store(Y + j, f32x4.mul(f32x4.sub(rate1, k1), f32x4.mul(c1, factor)), 16);
      v128.store(Y + j, f32x4.mul(f32x4.sub(rate0, k0), f32x4.mul(c0, factor)));
    }
    v128.store(sums, losses1, 16);
    v128.store(sums, losses0);
    total += <f64>sum(f32x4.add(v128.load(sums), v128.load(sums, 16))) + logFactorials(target, counted, w);
    Y += <usize>ldy << 2;
    target += <usize>ldt << 2;
    counted += <usize>ldt << 2;
  }
  return total;
}

/** Gaussian with [mean | log variance] = y + bias, each `width` floats: Y ← gradients · counted · scale. */
export function gaussian(
  rows: i32, width: i32, Y: usize, ldy: i32, bias: usize, target: usize, counted: usize, ldt: i32, scale: f32,
): f64 {
  let total: f64 = 0;
  const w: usize = <usize>width << 2;
  const half: v128 = splat(0.5);
  const one: v128 = splat(1);
  const logTwoPi: v128 = splat(1.8378770664093453);
  for (let i: i32 = 0; i < rows; i++) {
    let losses: v128 = splat(0);
    for (let j: usize = 0; j < w; j += 16) {
      const c: v128 = v128.load(counted + j);
      const error: v128 = f32x4.sub(v128.load(target + j), f32x4.add(v128.load(Y + j), v128.load(bias + j)));
      const logVariance: v128 = f32x4.add(v128.load(Y + w + j), v128.load(bias + w + j));
      const precision: v128 = exp(f32x4.neg(logVariance));
      const squares: v128 = f32x4.mul(f32x4.mul(error, error), precision);
      losses = madd(f32x4.mul(c, half), f32x4.add(f32x4.add(logTwoPi, logVariance), squares), losses);
      const weight: v128 = f32x4.mul(c, splat(scale));
      v128.store(Y + j, f32x4.neg(f32x4.mul(f32x4.mul(error, precision), weight)));
      v128.store(Y + w + j, f32x4.mul(f32x4.mul(half, f32x4.sub(one, squares)), weight));
    }
    total += <f64>sum(losses);
    Y += <usize>ldy << 2;
    target += <usize>ldt << 2;
    counted += <usize>ldt << 2;
  }
  return total;
}

/** Y ← e^(Y + bias). */
export function expectedCounts(rows: i32, width: i32, Y: usize, ldy: i32, bias: usize): void {
  const w: usize = <usize>width << 2;
  for (let i: i32 = 0; i < rows; i++) {
    for (let j: usize = 0; j < w; j += 16) v128.store(Y + j, exp(f32x4.add(v128.load(Y + j), v128.load(bias + j))));
    Y += <usize>ldy << 2;
  }
}

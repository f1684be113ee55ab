// Arithmetic in float64, two lanes a vector, element by element: tanh, leaky units, a sum of products, CORNN's targets. Products with matrices stand in
// double-products.ts.

/** First byte of the table of constants, behind that of float32 (constants.ts) and before the first planned address (memory.ts). */
const TABLE: usize = 3072;

const enum Place {
  ONE,
  TWO,
  BOUND,
  LOG2E,
  ROUNDING,
  LN2_HIGH,
  LN2_LOW,
  /** 1/13!, 1/12! … 1/2!, 1, 1. */
  SERIES,
}

const TERMS: i32 = 14;

/** Writes the table. */
export function writeConstants64(): void {
  store<f64>(TABLE + (Place.ONE << 3), 1);
  store<f64>(TABLE + (Place.TWO << 3), 2);
  store<f64>(TABLE + (Place.BOUND << 3), 40);
  store<f64>(TABLE + (Place.LOG2E << 3), 1.4426950408889634);
  store<f64>(TABLE + (Place.ROUNDING << 3), 6755399441055744);
  store<f64>(TABLE + (Place.LN2_HIGH << 3), -0.693147180369123816490);
  store<f64>(TABLE + (Place.LN2_LOW << 3), -1.90821492927058770002e-10);
  let factorial: f64 = 1;
  for (let k: i32 = 0; k < TERMS; k++) {
    if (k > 1) factorial *= <f64>k;
    store<f64>(TABLE + (<usize>(Place.SERIES + TERMS - 1 - k) << 3), 1 / factorial);
  }
}

// @ts-ignore: decorator
@inline
function constant(place: i32): v128 {
  return v128.load_splat<f64>(TABLE + (<usize>place << 3));
}

/** a · b + c, fused where the build has relaxed SIMD. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<f64>(a, b, c);
  return f64x2.add(f64x2.mul(a, b), c);
}

// @ts-ignore: decorator
@inline
function sum(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** tanh x = 1 − 2 / (e^2x + 1), to 2e-16 absolute; NaN goes through. */
// @ts-ignore: decorator
@inline
function tanh(x0: v128): v128 {
  let x: v128 = f64x2.add(x0, x0);
  x = f64x2.max(f64x2.min(x, constant(Place.BOUND)), f64x2.neg(constant(Place.BOUND)));
  // Adding 1.5 · 2⁵² rounds to the nearest integer and leaves it in the low bits.
  const shifted: v128 = madd(x, constant(Place.LOG2E), constant(Place.ROUNDING));
  const n: v128 = f64x2.sub(shifted, constant(Place.ROUNDING));
  x = madd(n, constant(Place.LN2_HIGH), x);
  x = madd(n, constant(Place.LN2_LOW), x);
  // Even and odd powers side by side: neither sum waits for the other.
  const q: v128 = f64x2.mul(x, x);
  let odd: v128 = madd(constant(Place.SERIES), q, constant(Place.SERIES + 2));
  let even: v128 = madd(constant(Place.SERIES + 1), q, constant(Place.SERIES + 3));
  odd = madd(odd, q, constant(Place.SERIES + 4));
  even = madd(even, q, constant(Place.SERIES + 5));
  odd = madd(odd, q, constant(Place.SERIES + 6));
  even = madd(even, q, constant(Place.SERIES + 7));
  odd = madd(odd, q, constant(Place.SERIES + 8));
  even = madd(even, q, constant(Place.SERIES + 9));
  odd = madd(odd, q, constant(Place.SERIES + 10));
  even = madd(even, q, constant(Place.SERIES + 11));
  odd = madd(odd, q, constant(Place.SERIES + 12));
  even = madd(even, q, constant(Place.SERIES + 13));
  let y: v128 = madd(odd, x, even);
  y = f64x2.mul(y, i64x2.add(i64x2.shl(shifted, 52), constant(Place.ONE)));
  return f64x2.sub(constant(Place.ONE), f64x2.div(constant(Place.TWO), f64x2.add(y, constant(Place.ONE))));
}

/** y = tanh x, n a multiple of 2. One vector at a time: V8 joins pairs of this one wrongly. */
export function tanh64(n: i32, x: usize, y: usize): void {
  for (let i: i32 = 0; i < n; i += 2) {
    v128.store(y, tanh(v128.load(x)));
    x += 16;
    y += 16;
  }
}

/** h += alpha (y − h + amount · w), where w is float32 (none at address 0); n a multiple of 2. */
export function leak64(n: i32, h: usize, y: usize, w: usize, amount: f64, alpha: f64): void {
  const a: v128 = f64x2.splat(alpha);
  if (w == 0) {
    for (let i: i32 = 0; i < n; i += 2) {
      const x: v128 = v128.load(h);
      v128.store(h, madd(a, f64x2.sub(v128.load(y), x), x));
      h += 16;
      y += 16;
    }
    return;
  }
  const s: v128 = f64x2.splat(amount);
  for (let i: i32 = 0; i < n; i += 2) {
    const x: v128 = v128.load(h);
    const driven: v128 = madd(s, f64x2.promote_low_f32x4(v128.load64_zero(w)), v128.load(y));
    v128.store(h, madd(a, f64x2.sub(driven, x), x));
    h += 16;
    y += 16;
    w += 8;
  }
}

export function dot64(n: i32, a: usize, b: usize): f64 {
  let low: v128 = f64x2.splat(0);
  let high: v128 = f64x2.splat(0);
  for (let i: i32 = 0; i < n; i += 4) {
    low = madd(v128.load(a), v128.load(b), low);
    high = madd(v128.load(a, 16), v128.load(b, 16), high);
    a += 32;
    b += 32;
  }
  return sum(f64x2.add(low, high));
}

/**
 * s = z + (d − tanh z) · w: what CORNN's fixed-point iteration regresses on. Where the second part is larger than the bound it is left out, or
 * the bound itself where `clamp` is set. n is a multiple of 2; z and s may be one array.
 */
export function weightedTargets64(n: i32, z: usize, d: usize, w: usize, bound: f64, clamp: i32, s: usize): void {
  const most: v128 = f64x2.splat(bound);
  const least: v128 = f64x2.splat(-bound);
  for (let i: i32 = 0; i < n; i += 2) {
    const y: v128 = v128.load(z);
    const e: v128 = f64x2.mul(f64x2.sub(v128.load(d), tanh(y)), v128.load(w));
    v128.store(s, f64x2.add(y, clamp ? f64x2.max(f64x2.min(e, most), least) : v128.and(e, f64x2.le(f64x2.abs(e), most))));
    z += 16;
    d += 16;
    w += 16;
    s += 16;
  }
}

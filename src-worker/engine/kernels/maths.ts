// Vector arithmetic that all kernels share. NaN goes through every function; results below about 1e-30 become 0, because
// WebAssembly cannot flush denormals and a processor takes a hundred times longer over them.

import {
  EXP_0, EXP_1, EXP_2, EXP_3, EXP_4, EXP_5, EXP_HIGHEST, EXP_LOWEST, LN2_HIGH, LN2_LOW, LOG2E, ONE, ROUNDING, TINY,
} from './constants';

/** a · b + c, fused where the build has relaxed SIMD. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<f32>(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

// @ts-ignore: decorator
@inline
export function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** All bits set in the first n lanes. */
// @ts-ignore: decorator
@inline
export function lanes(n: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(n));
}

// @ts-ignore: decorator
@inline
export function sum(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/** The sum of four lanes, in float64. */
// @ts-ignore: decorator
@inline
export function sum64(x: v128): f64 {
  return (
    <f64>f32x4.extract_lane(x, 0) +
    <f64>f32x4.extract_lane(x, 1) +
    (<f64>f32x4.extract_lane(x, 2) + <f64>f32x4.extract_lane(x, 3))
  );
}

/** 0 in place of values too small to matter. */
// @ts-ignore: decorator
@inline
export function flush(x: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), TINY()));
}

/** e^x, relative error 1e-7; 0 below −87 and infinite above 88.4. */
// @ts-ignore: decorator
@inline
export function exp(x0: v128): v128 {
  let x: v128 = f32x4.pmin(x0, EXP_HIGHEST());
  x = f32x4.pmax(x, EXP_LOWEST());
  // Adding 1.5 · 2²³ rounds to the nearest integer and leaves it in the low bits.
  const shifted: v128 = madd(x, LOG2E(), ROUNDING());
  const n: v128 = f32x4.sub(shifted, ROUNDING());
  x = madd(n, LN2_HIGH(), x);
  x = madd(n, LN2_LOW(), x);
  let y: v128 = madd(EXP_5(), x, EXP_4());
  y = madd(y, x, EXP_3());
  y = madd(y, x, EXP_2());
  y = madd(y, x, EXP_1());
  y = madd(y, x, EXP_0());
  y = madd(y, f32x4.mul(x, x), f32x4.add(x, ONE()));
  y = f32x4.mul(y, i32x4.add(i32x4.shl(shifted, 23), ONE()));
  return v128.andnot(y, f32x4.lt(x0, EXP_LOWEST()));
}

/** 2 artanh(s) for |s| ≤ 0.172: the odd series. */
// @ts-ignore: decorator
@inline
function twiceArtanh(s: v128): v128 {
  const q: v128 = f32x4.mul(s, s);
  let y: v128 = f32x4.splat(2 / 9.0);
  y = madd(y, q, f32x4.splat(2 / 7.0));
  y = madd(y, q, f32x4.splat(2 / 5.0));
  y = madd(y, q, f32x4.splat(2 / 3.0));
  return madd(f32x4.mul(y, q), s, f32x4.add(s, s));
}

/** log(1 − w) for 0 ≤ w ≤ 0.293. */
// @ts-ignore: decorator
@inline
export function logOneMinus(w: v128): v128 {
  return f32x4.neg(twiceArtanh(f32x4.div(w, f32x4.sub(f32x4.splat(2), w))));
}

/** Natural logarithm of positive normal numbers. */
// @ts-ignore: decorator
@inline
export function log(x: v128): v128 {
  // The mantissa in [√½, √2): subtracting the bits of √½ before the exponent is cut rounds it at √2.
  const shifted: v128 = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const n: v128 = f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23));
  const m: v128 = i32x4.add(v128.and(shifted, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const s: v128 = f32x4.div(f32x4.sub(m, f32x4.splat(1)), f32x4.add(m, f32x4.splat(1)));
  const y: v128 = madd(n, f32x4.splat(0.693147181), twiceArtanh(s));
  // Not a number where x is not one or not positive.
  return v128.or(y, v128.not(f32x4.gt(x, f32x4.splat(0))));
}

/**
 * plus + e^−x for |x| ≤ 43; beyond that as at 43, which is nothing beside 1 or beyond all that is counted. One step of reduction: its relative
 * error is 2e-9 a power of 2, that of the rest 1e-7. The polynomial is split so that no term waits long for another. Constants come from outside of
 * the loop, where V8 keeps them in registers.
 */
// @ts-ignore: decorator
@inline
export function expMinus(
  x: v128, plus: v128, one: v128, high: v128, low: v128, log2e: v128, rounding: v128, ln2: v128, p0: v128, p1: v128, p2: v128, p3: v128,
): v128 {
  x = f32x4.pmax(f32x4.pmin(x, high), low);
  const shifted: v128 = madd(x, log2e, rounding);
  // What is left of −x is −rest.
  const rest: v128 = madd(f32x4.sub(shifted, rounding), ln2, x);
  const square: v128 = f32x4.mul(rest, rest);
  const y: v128 = madd(square, madd(square, madd(p3, rest, p2), madd(p1, rest, p0)), f32x4.sub(one, rest));
  return madd(y, i32x4.add(i32x4.shl(shifted, 23), one), plus);
}

// Counter-based randomness on four lanes: the same integers as engine/random.ts, so masks agree exactly and normals to 1e-6.

import { LANES_0, LANES_4, MIX_1, MIX_2 } from './constants';
import { exp, lanes, log, logOneMinus, madd, splat } from './maths';

// @ts-ignore: decorator
@inline
export function fmix(x: v128): v128 {
  return mix(x, MIX_1(), MIX_2());
}

/** fmix with its constants from outside of a loop, where V8 keeps them in registers. */
// @ts-ignore: decorator
@inline
function mix(x: v128, mix1: v128, mix2: v128): v128 {
  x = v128.xor(x, i32x4.shr_u(x, 16));
  x = i32x4.mul(x, mix1);
  x = v128.xor(x, i32x4.shr_u(x, 13));
  x = i32x4.mul(x, mix2);
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/** 32 random bits of elements i … i + 3 under a key. */
// @ts-ignore: decorator
@inline
function bits(key: v128, i: i32): v128 {
  return fmix(v128.xor(fmix(i32x4.add(i32x4.splat(i), i32x4(0, 1, 2, 3))), key));
}

/** Standard normals of elements i … i + 3, by Box–Muller of elements 2i and 2i + 1 of the uniforms. */
// @ts-ignore: decorator
@inline
function normals(key: v128, i: i32): v128 {
  const first: v128 = bits(key, 2 * i);
  const second: v128 = bits(key, 2 * i + 4);
  const radius: v128 = v128.shuffle<i32>(first, second, 0, 2, 4, 6);
  const angle: v128 = v128.shuffle<i32>(first, second, 1, 3, 5, 7);
  // log u; where u nears 1 from the exact 1 − u, or its rounding would show.
  const scale: v128 = splat(2.3283064365386963e-10);
  const u: v128 = f32x4.mul(f32x4.add(f32x4.convert_i32x4_u(radius), splat(0.5)), scale);
  const w: v128 = f32x4.mul(f32x4.add(f32x4.convert_i32x4_u(v128.not(radius)), splat(0.5)), scale);
  const near: v128 = f32x4.lt(w, splat(0.29));
  const logarithm: v128 = v128.bitselect(logOneMinus(v128.and(w, near)), log(u), near);
  const r: v128 = f32x4.sqrt(f32x4.mul(splat(-2), logarithm));
  // cos of the angle: the nearest quarter turn in integers, then a polynomial of the rest in ±π/4.
  const quarter: v128 = i32x4.shr_u(i32x4.add(angle, i32x4.splat(1 << 29)), 30);
  const rest: v128 = f32x4.add(f32x4.convert_i32x4_s(i32x4.sub(angle, i32x4.shl(quarter, 30))), splat(0.5));
  const x: v128 = f32x4.mul(rest, splat(1.4629180792671596e-9));
  const q: v128 = f32x4.mul(x, x);
  let sine: v128 = madd(splat(-1.9515295891e-4), q, splat(8.3321608736e-3));
  sine = madd(sine, q, splat(-1.6666654611e-1));
  sine = madd(f32x4.mul(sine, q), x, x);
  let cosine: v128 = madd(splat(2.443315711809948e-5), q, splat(-1.388731625493765e-3));
  cosine = madd(cosine, q, splat(4.166664568298827e-2));
  cosine = madd(cosine, f32x4.mul(q, q), madd(splat(-0.5), q, splat(1)));
  const odd: v128 = i32x4.eq(v128.and(quarter, i32x4.splat(1)), i32x4.splat(1));
  // −sin in the first quarter turn, −cos in the second.
  const sign: v128 = i32x4.shl(i32x4.add(quarter, i32x4.splat(1)), 30);
  const negative: v128 = v128.and(sign, i32x4.splat(<i32>0x80000000));
  return f32x4.mul(r, v128.xor(v128.bitselect(sine, cosine, odd), negative));
}

/** Normals of elements `first` … under each row's key (M × width); for tests and for noise that is wanted as an array. */
export function fillNormals(M: i32, width: i32, keys: usize, first: i32, y: usize, ldy: i32): void {
  for (let i: i32 = 0; i < M; i++) {
    const key: v128 = v128.load32_splat(keys + (<usize>i << 2));
    for (let j: i32 = 0; j < width; j += 4)
      v128.store(y + (<usize>j << 2), v128.and(normals(key, first + j), lanes(width - j)));
    y += <usize>ldy << 2;
  }
}

/** Four dropout factors, from the half-mixed element numbers that all rows share. */
// @ts-ignore: decorator
@inline
function factors(element: v128, key: v128, limit: v128, factor: v128, mix1: v128, mix2: v128): v128 {
  return v128.and(factor, i32x4.ge_u(mix(v128.xor(element, key), mix1, mix2), limit));
}

/** y (M × width) = or += x times dropout factors; elements count from `first` under each row's key. Pads y with 0 to a multiple of 4. */
export function dropout(
  M: i32, width: i32, x: usize, ldx: i32, y: usize, ldy: i32, keys: usize, first: i32, threshold: u32, scale: f32, accumulate: i32,
): void {
  const limit: v128 = i32x4.splat(<i32>threshold);
  // Without dropout every number reaches the threshold.
  const factor: v128 = threshold ? splat(scale) : splat(1);
  const mix1: v128 = MIX_1();
  const mix2: v128 = MIX_2();
  const lx: usize = <usize>ldx << 2;
  const ly: usize = <usize>ldy << 2;
  let j: i32 = 0;
  for (; j <= width - 8; j += 8) {
    const number: v128 = i32x4.splat(first + j);
    const element0: v128 = fmix(i32x4.add(number, LANES_0()));
    const element1: v128 = fmix(i32x4.add(number, LANES_4()));
    let from: usize = x + (<usize>j << 2);
    let to: usize = y + (<usize>j << 2);
    // A loop for each, because a branch between them would keep V8 from joining the two vectors.
    if (accumulate) {
      for (let i: i32 = 0; i < M; i++) {
        const key: v128 = v128.load32_splat(keys + (<usize>i << 2));
        const sum0: v128 = f32x4.add(f32x4.mul(v128.load(from), factors(element0, key, limit, factor, mix1, mix2)), v128.load(to));
        const sum1: v128 = f32x4.add(f32x4.mul(v128.load(from, 16), factors(element1, key, limit, factor, mix1, mix2)), v128.load(to, 16));
        v128.store(to, sum1, 16);
        v128.store(to, sum0);
        from += lx;
        to += ly;
      }
    } else {
      for (let i: i32 = 0; i < M; i++) {
        const key: v128 = v128.load32_splat(keys + (<usize>i << 2));
        const kept0: v128 = f32x4.mul(v128.load(from), factors(element0, key, limit, factor, mix1, mix2));
        const kept1: v128 = f32x4.mul(v128.load(from, 16), factors(element1, key, limit, factor, mix1, mix2));
        v128.store(to, kept1, 16);
        v128.store(to, kept0);
        from += lx;
        to += ly;
      }
    }
  }
  for (; j < width; j += 4) {
    const element: v128 = fmix(i32x4.add(i32x4.splat(first + j), LANES_0()));
    const real: v128 = lanes(width - j);
    let from: usize = x + (<usize>j << 2);
    let to: usize = y + (<usize>j << 2);
    for (let i: i32 = 0; i < M; i++) {
      const key: v128 = v128.load32_splat(keys + (<usize>i << 2));
      let value: v128 = v128.and(f32x4.mul(v128.load(from), factors(element, key, limit, factor, mix1, mix2)), real);
      if (accumulate) value = f32x4.add(value, v128.load(to));
      v128.store(to, value);
      from += lx;
      to += ly;
    }
  }
}

/** Dropout both ways: y = x and dx += dy, each times the same factors, as two calls of `dropout` would. */
export function dropoutBoth(
  M: i32, width: i32, x: usize, dx: usize, ldx: i32, y: usize, dy: usize, ldy: i32, keys: usize, first: i32, threshold: u32, scale: f32,
): void {
  const limit: v128 = i32x4.splat(<i32>threshold);
  const factor: v128 = threshold ? splat(scale) : splat(1);
  const mix1: v128 = MIX_1();
  const mix2: v128 = MIX_2();
  const whole: i32 = width & ~7;
  for (let j: i32 = 0; j < whole; j += 8) {
    const number: v128 = i32x4.splat(first + j);
    const element0: v128 = fmix(i32x4.add(number, LANES_0()));
    const element1: v128 = fmix(i32x4.add(number, LANES_4()));
    let state: usize = <usize>j << 2;
    let dropped: usize = <usize>j << 2;
    for (let i: i32 = 0; i < M; i++) {
      const key: v128 = v128.load32_splat(keys + (<usize>i << 2));
      const factors0: v128 = factors(element0, key, limit, factor, mix1, mix2);
      const factors1: v128 = factors(element1, key, limit, factor, mix1, mix2);
      const kept0: v128 = f32x4.mul(v128.load(x + state), factors0);
      const kept1: v128 = f32x4.mul(v128.load(x + state, 16), factors1);
      const sum0: v128 = f32x4.add(f32x4.mul(v128.load(dy + dropped), factors0), v128.load(dx + state));
      const sum1: v128 = f32x4.add(f32x4.mul(v128.load(dy + dropped, 16), factors1), v128.load(dx + state, 16));
      v128.store(y + dropped, kept1, 16);
      v128.store(y + dropped, kept0);
      v128.store(dx + state, sum1, 16);
      v128.store(dx + state, sum0);
      state += <usize>ldx << 2;
      dropped += <usize>ldy << 2;
    }
  }
  const done: usize = <usize>whole << 2;
  dropout(M, width - whole, x + done, ldx, y + done, ldy, keys, first + whole, threshold, scale, 0);
  dropout(M, width - whole, dy + done, ldy, dx + done, ldx, keys, first + whole, threshold, scale, 1);
}

/** Adds b to Q = [mean | log variance] (each `half` floats), then u = mean + √variance · noise · amount, stored `inputs` wide. */
export function sampleInputs(
  M: i32, inputs: i32, half: i32, Q: usize, ldq: i32, bias: usize, keys: usize, first: i32, amount: f32, u: usize, ldu: i32,
): void {
  for (let i: i32 = 0; i < M; i++) {
    const key: v128 = v128.load32_splat(keys + (<usize>i << 2));
    for (let j: i32 = 0; j < inputs; j += 4) {
      const at: usize = <usize>j << 2;
      const logAt: usize = <usize>(half + j) << 2;
      const mean: v128 = f32x4.add(v128.load(Q + at), v128.load(bias + at));
      const logVariance: v128 = f32x4.add(v128.load(Q + logAt), v128.load(bias + logAt));
      v128.store(Q + at, mean);
      v128.store(Q + logAt, logVariance);
      let value: v128 = mean;
      if (amount != 0) value = madd(f32x4.mul(exp(f32x4.mul(splat(0.5), logVariance)), splat(amount)), normals(key, first + j), mean);
      const left: i32 = inputs - j;
      store<f32>(u + at, f32x4.extract_lane(value, 0));
      if (left > 1) store<f32>(u + at, f32x4.extract_lane(value, 1), 4);
      if (left > 2) store<f32>(u + at, f32x4.extract_lane(value, 2), 8);
      if (left > 3) store<f32>(u + at, f32x4.extract_lane(value, 3), 12);
    }
    Q += <usize>ldq << 2;
    u += <usize>ldu << 2;
  }
}

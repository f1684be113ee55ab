// Counter-based randomness on four lanes: the same integers as engine/random.ts, so masks agree exactly and normals to 1e-6.

import { LANES_0, LANES_4, MIX_1, MIX_2, ONE } from './constants';
import { exp, lanes, log, logOneMinus, madd, splat } from './maths';

// @ts-ignore: decorator
@inline
function fmix(x: v128): v128 {
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

/** Elements that a key's numbers let through: all where the limit is 0. */
// @ts-ignore: decorator
@inline
function keeps(element: v128, key: v128, limit: v128): v128 {
  return i32x4.ge_u(fmix(v128.xor(element, key)), limit);
}

/** Columns of a bin's input that go in eights, from element i on, and what of them counts; returns how many they were. */
// @ts-ignore: decorator
@inline
function dropEights(
  counts: usize, i: i32, heldIn: i32, drop: v128, dropLimit: v128, pass: v128, passLimit: v128, key: v128, limit: v128, factor: v128,
  input: usize, counted: usize, coordinated: bool, passing: bool,
): i32 {
  let j: i32 = 0;
  for (; j <= heldIn - 8; j += 8) {
    const at: usize = <usize>j << 2;
    const number: v128 = i32x4.splat(i + j);
    const element0: v128 = fmix(i32x4.add(number, LANES_0()));
    const element1: v128 = fmix(i32x4.add(number, LANES_4()));
    let open0: v128 = keeps(element0, key, limit);
    let open1: v128 = keeps(element1, key, limit);
    if (coordinated) {
      const kept0: v128 = keeps(element0, drop, dropLimit);
      const kept1: v128 = keeps(element1, drop, dropLimit);
      open0 = v128.and(open0, kept0);
      open1 = v128.and(open1, kept1);
      const blocked0: v128 = passing ? v128.and(kept0, keeps(element0, pass, passLimit)) : kept0;
      const blocked1: v128 = passing ? v128.and(kept1, keeps(element1, pass, passLimit)) : kept1;
      v128.store(counted + at, v128.andnot(ONE(), blocked1), 16);
      v128.store(counted + at, v128.andnot(ONE(), blocked0));
    }
    const x0: v128 = v128.and(f32x4.mul(v128.load(counts + at), factor), open0);
    const x1: v128 = v128.and(f32x4.mul(v128.load(counts + at, 16), factor), open1);
    v128.store(input + at, x1, 16);
    v128.store(input + at, x0);
  }
  return j;
}

/** A bin's counts as target, all of which count; what lies behind the last unit, up to 8, is 0 and does not. */
function copyTarget(counts: usize, units: i32, target: usize, counted: usize): void {
  let j: i32 = 0;
  for (; j <= units - 8; j += 8) {
    const at: usize = <usize>j << 2;
    const low: v128 = v128.load(counts + at);
    const high: v128 = v128.load(counts + at, 16);
    v128.store(target + at, high, 16);
    v128.store(target + at, low);
    v128.store(counted + at, ONE(), 16);
    v128.store(counted + at, ONE());
  }
  for (; j < units; j += 4) {
    const at: usize = <usize>j << 2;
    const real: v128 = lanes(units - j);
    v128.store(target + at, v128.and(v128.load(counts + at), real));
    v128.store(counted + at, v128.and(ONE(), real));
  }
}

/**
 * Input, target and counted elements of one trial, from its counts (T × units). Row t of each result is `step` rows further on.
 * The input is 0 where a bin is missing or an element withheld; the target and its weight likewise. Addresses of absent byte masks are 0.
 */
export function prepareTrial(
  counts: usize, observed: usize, withheld: usize, T: i32, units: i32, encodedBins: i32, initialBins: i32, heldIn: i32,
  dropKey: i32, passKey: i32, dropoutKey: i32, coordinated: u32, pass: u32, coordinatedScale: f32, dropoutThreshold: u32, dropoutScale: f32,
  input: usize, ldi: i32, target: usize, counted: usize, ldt: i32,
): void {
  const drop: v128 = i32x4.splat(dropKey);
  const passes: v128 = i32x4.splat(passKey);
  const place: v128 = i32x4.splat(dropoutKey);
  const dropLimit: v128 = i32x4.splat(<i32>coordinated);
  const passLimit: v128 = i32x4.splat(<i32>pass);
  const limit: v128 = i32x4.splat(<i32>dropoutThreshold);
  const dropoutFactor: f32 = dropoutThreshold ? dropoutScale : 1;
  for (let t: i32 = 0; t < T; t++) {
    const seen: bool = observed == 0 || load<u8>(observed + <usize>t) != 0;
    const dropping: bool = coordinated != 0 && t >= initialBins;
    // What is shut off may hold anything, so it is cut out rather than multiplied by 0.
    const factor: v128 = splat(dropping ? coordinatedScale * dropoutFactor : dropoutFactor);
    if (seen) copyTarget(counts, units, target, counted);
    else {
      memory.fill(target, 0, <usize>units << 2);
      memory.fill(counted, 0, <usize>units << 2);
      if (t < encodedBins) memory.fill(input, 0, <usize>heldIn << 2);
    }
    if (seen && t < encodedBins) {
      const i: i32 = t * heldIn;
      let j: i32 = 0;
      // A loop for each, because a branch within would keep V8 from joining the two vectors.
      if (withheld == 0) {
        if (!dropping) j = dropEights(counts, i, heldIn, drop, dropLimit, passes, passLimit, place, limit, factor, input, counted, false, false);
        else if (pass) j = dropEights(counts, i, heldIn, drop, dropLimit, passes, passLimit, place, limit, factor, input, counted, true, true);
        else j = dropEights(counts, i, heldIn, drop, dropLimit, passes, passLimit, place, limit, factor, input, counted, true, false);
      }
      for (; j < heldIn; j += 4) {
        const at: usize = <usize>j << 2;
        const inside: v128 = lanes(heldIn - j);
        const element: v128 = fmix(i32x4.add(i32x4.splat(i + j), LANES_0()));
        let open: v128 = v128.and(inside, keeps(element, place, limit));
        let blocked: v128 = splat(0);
        if (dropping) {
          const kept: v128 = v128.and(inside, keeps(element, drop, dropLimit));
          open = v128.and(open, kept);
          // Without a share that passes, what is kept is blocked.
          blocked = pass ? v128.and(kept, keeps(element, passes, passLimit)) : kept;
        }
        if (withheld) {
          const bytes: v128 = v128.load_zero<u32>(withheld + <usize>(i + j));
          const taken: v128 = v128.and(i32x4.ne(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)), splat(0)), inside);
          blocked = v128.or(blocked, taken);
          open = v128.andnot(open, taken);
        }
        v128.store(input + at, v128.and(f32x4.mul(v128.load(counts + at), factor), open));
        v128.store(counted + at, v128.andnot(v128.load(counted + at), blocked));
      }
    }
    counts += <usize>units << 2;
    target += <usize>ldt << 2;
    counted += <usize>ldt << 2;
    input += <usize>ldi << 2;
  }
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

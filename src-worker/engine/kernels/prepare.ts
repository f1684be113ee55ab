// From a trial's counts to what the encoders see of them, and to targets with what of them counts: coordinated dropout (Keshtkaran and
// Pandarinath 2019), dropout of the input, missing bins and withheld elements in one pass. Randomness as in noise.ts.

import { LANES_0, LANES_4, ONE } from './constants';
import { lanes, splat } from './maths';
import { fmix } from './noise';

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

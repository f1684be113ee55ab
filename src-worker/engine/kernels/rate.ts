// A leaky rate network, one step forward and back:  s = φ(x);  x' = x + a (−x + z + v), z what the recurrent weights bring, v the drive.
// Two vectors go side by side; widths count in eights, padding is zero and stays so where the drive's is.

import { GATE_0, GATE_1, GATE_2, GATE_3, GATE_HIGHEST, GATE_LOWEST, LN2, MINUS_LOG2E, ONE, ROUNDING, TWO } from './constants';
import { flush, madd, expMinus, splat } from './maths';

/** s = tanh(x), or max(x, 0). */
export function activate(M: i32, width: i32, x: usize, ldx: i32, s: usize, lds: i32, rectified: i32): void {
  const w: usize = <usize>width << 2;
  const none: v128 = splat(0);
  const two: v128 = TWO();
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
  for (let i: i32 = 0; i < M; i++) {
    // A loop for each, because a branch within would keep V8 from joining the two vectors.
    if (rectified) {
      for (let j: usize = 0; j < w; j += 32) {
        const s0: v128 = f32x4.max(v128.load(x + j), none);
        const s1: v128 = f32x4.max(v128.load(x + j, 16), none);
        v128.store(s + j, s1, 16);
        v128.store(s + j, s0);
      }
    } else {
      for (let j: usize = 0; j < w; j += 32) {
        const x0: v128 = v128.load(x + j);
        const x1: v128 = v128.load(x + j, 16);
        const s0: v128 = f32x4.sub(f32x4.div(two, expMinus(f32x4.add(x0, x0), one, one, high, low, log2e, rounding, ln2, p0, p1, p2, p3)), one);
        const s1: v128 = f32x4.sub(f32x4.div(two, expMinus(f32x4.add(x1, x1), one, one, high, low, log2e, rounding, ln2, p0, p1, p2, p3)), one);
        v128.store(s + j, s1, 16);
        v128.store(s + j, s0);
      }
    }
    x += <usize>ldx << 2;
    s += <usize>lds << 2;
  }
}

/** next = x + a (−x + z + drive); a drive with 0 floats from row to row serves all rows. */
export function leak(
  M: i32, width: i32, x: usize, ldx: i32, z: usize, ldz: i32, drive: usize, ldd: i32, next: usize, ldn: i32, a: f32,
): void {
  const w: usize = <usize>width << 2;
  const rate: v128 = splat(a);
  for (let i: i32 = 0; i < M; i++) {
    for (let j: usize = 0; j < w; j += 32) {
      const x0: v128 = v128.load(x + j);
      const x1: v128 = v128.load(x + j, 16);
      const v0: v128 = f32x4.sub(f32x4.add(v128.load(z + j), v128.load(drive + j)), x0);
      const v1: v128 = f32x4.sub(f32x4.add(v128.load(z + j, 16), v128.load(drive + j, 16)), x1);
      v128.store(next + j, madd(rate, v1, x1), 16);
      v128.store(next + j, madd(rate, v0, x0));
    }
    x += <usize>ldx << 2;
    z += <usize>ldz << 2;
    drive += <usize>ldd << 2;
    next += <usize>ldn << 2;
  }
}

/** First half of the way back: dv = a dh, the gradient of what drives; dh ← (1 − a) dh. */
export function leakBack(M: i32, width: i32, dh: usize, ldh: i32, dv: usize, ldv: i32, a: f32): void {
  const w: usize = <usize>width << 2;
  const rate: v128 = splat(a);
  const rest: v128 = splat(1 - a);
  for (let i: i32 = 0; i < M; i++) {
    for (let j: usize = 0; j < w; j += 32) {
      const d0: v128 = v128.load(dh + j);
      const d1: v128 = v128.load(dh + j, 16);
      v128.store(dv + j, flush(f32x4.mul(rate, d1)), 16);
      v128.store(dv + j, flush(f32x4.mul(rate, d0)));
      v128.store(dh + j, flush(f32x4.mul(rest, d1)), 16);
      v128.store(dh + j, flush(f32x4.mul(rest, d0)));
    }
    dh += <usize>ldh << 2;
    dv += <usize>ldv << 2;
  }
}

/** Second half: dh += ds φ′, from s = φ(x). */
export function activateBack(M: i32, width: i32, ds: usize, ldd: i32, s: usize, lds: i32, dh: usize, ldh: i32, rectified: i32): void {
  const w: usize = <usize>width << 2;
  const one: v128 = splat(1);
  const none: v128 = splat(0);
  for (let i: i32 = 0; i < M; i++) {
    for (let j: usize = 0; j < w; j += 32) {
      const s0: v128 = v128.load(s + j);
      const s1: v128 = v128.load(s + j, 16);
      const slope0: v128 = rectified ? v128.and(one, f32x4.gt(s0, none)) : f32x4.sub(one, f32x4.mul(s0, s0));
      const slope1: v128 = rectified ? v128.and(one, f32x4.gt(s1, none)) : f32x4.sub(one, f32x4.mul(s1, s1));
      const d0: v128 = madd(v128.load(ds + j), slope0, v128.load(dh + j));
      const d1: v128 = madd(v128.load(ds + j, 16), slope1, v128.load(dh + j, 16));
      v128.store(dh + j, d1, 16);
      v128.store(dh + j, d0);
    }
    ds += <usize>ldd << 2;
    s += <usize>lds << 2;
    dh += <usize>ldh << 2;
  }
}

/** x *= factor; n floats, a multiple of 4. */
export function scale(x: usize, n: i32, factor: f32): void {
  const f: v128 = splat(factor);
  for (let i: i32 = 0; i < n; i += 4) {
    v128.store(x, f32x4.mul(f, v128.load(x)));
    x += 16;
  }
}

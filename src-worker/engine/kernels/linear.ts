// Sums, biases, unit-norm columns and the optimiser. Lengths are multiples of 4 floats.

import { flush, madd, splat, sum64 } from './maths';

/** dst += src, in eights. */
export function add(dst: usize, src: usize, n: i32): void {
  for (let i: usize = 0, bytes: usize = <usize>n << 2; i < bytes; i += 32) {
    const x0: v128 = f32x4.add(v128.load(dst + i), v128.load(src + i));
    const x1: v128 = f32x4.add(v128.load(dst + i, 16), v128.load(src + i, 16));
    v128.store(dst + i, x1, 16);
    v128.store(dst + i, x0);
  }
}

/** dst += factor · src. */
export function addScaled(dst: usize, src: usize, n: i32, factor: f32): void {
  const f: v128 = splat(factor);
  for (let i: i32 = 0; i < n; i += 4) {
    v128.store(dst, madd(f, v128.load(src), v128.load(dst)));
    dst += 16;
    src += 16;
  }
}

export function zero(dst: usize, n: i32): void {
  memory.fill(dst, 0, <usize>n << 2);
}

/** Y (M × width) += the row b. */
export function addRow(M: i32, width: i32, Y: usize, ldy: i32, b: usize): void {
  const w: usize = <usize>width << 2;
  for (let i: i32 = 0; i < M; i++) {
    for (let j: usize = 0; j < w; j += 16) v128.store(Y + j, f32x4.add(v128.load(Y + j), v128.load(b + j)));
    Y += <usize>ldy << 2;
  }
}

/** Every row of Y (M × width) = the row b. */
export function fillRows(M: i32, width: i32, Y: usize, ldy: i32, b: usize): void {
  for (let i: i32 = 0; i < M; i++) {
    memory.copy(Y, b, <usize>width << 2);
    Y += <usize>ldy << 2;
  }
}

/** sums (width) += each column's sum over M rows. */
export function columnSums(M: i32, width: i32, Y: usize, ldy: i32, sums: usize): void {
  const w: usize = <usize>width << 2;
  for (let i: i32 = 0; i < M; i++) {
    for (let j: usize = 0; j < w; j += 16) v128.store(sums + j, f32x4.add(v128.load(sums + j), v128.load(Y + j)));
    Y += <usize>ldy << 2;
  }
}

export function sumOfSquares(at: usize, n: i32): f64 {
  let total: f64 = 0;
  for (let i: i32 = 0; i < n; i += 64) {
    let part: v128 = splat(0);
    for (let j: i32 = i; j < min(n, i + 64); j += 4) {
      const x: v128 = v128.load(at);
      part = madd(x, x, part);
      at += 16;
    }
    total += sum64(part);
  }
  return total;
}

/** Running means over samples: mean (M rows, ldm apart) moves towards row after row of x (ldx apart) as the `count`-th of them. */
export function average(M: i32, width: i32, x: usize, ldx: i32, mean: usize, ldm: i32, count: f32): void {
  const share: f32 = 1 / count;
  for (let i: i32 = 0; i < M; i++) {
    if (count == 1) memory.copy(mean, x, <usize>width << 2);
    else {
      let j: i32 = 0;
      for (; j <= width - 4; j += 4) {
        const at: usize = <usize>j << 2;
        const before: v128 = v128.load(mean + at);
        v128.store(mean + at, madd(f32x4.sub(v128.load(x + at), before), splat(share), before));
      }
      for (; j < width; j++) {
        const at: usize = <usize>j << 2;
        const before: f32 = load<f32>(mean + at);
        store<f32>(mean + at, before + (load<f32>(x + at) - before) * share);
      }
    }
    x += <usize>ldx << 2;
    mean += <usize>ldm << 2;
  }
}

/** squares += (x − mean before) · (x − mean after), once `average` has moved the mean (Welford 1962); x is not written. */
export function addSpread(M: i32, width: i32, x: usize, ldx: i32, mean: usize, squares: usize, ldm: i32, count: f32): void {
  // With m' = m + (x − m) / n, x − m = (x − m') · n / (n − 1).
  const factor: f32 = count > 1 ? count / (count - 1) : 0;
  for (let i: i32 = 0; i < M; i++) {
    if (count == 1) memory.fill(squares, 0, <usize>width << 2);
    else
      for (let j: i32 = 0; j < width; j++) {
        const at: usize = <usize>j << 2;
        const distance: f32 = load<f32>(x + at) - load<f32>(mean + at);
        store<f32>(squares + at, load<f32>(squares + at) + distance * distance * factor);
      }
    x += <usize>ldx << 2;
    mean += <usize>ldm << 2;
    squares += <usize>ldm << 2;
  }
}

/** normal = W with columns of unit length, inverse = 1 / length; a column of zeros stays so. */
export function normaliseColumns(rows: i32, width: i32, W: usize, ldw: i32, normal: usize, inverse: usize): void {
  const stride: usize = <usize>ldw << 2;
  for (let j: i32 = 0; j < width; j += 4) {
    const at: usize = <usize>j << 2;
    let squares: v128 = splat(0);
    let p: usize = W + at;
    for (let i: i32 = 0; i < rows; i++) {
      const x: v128 = v128.load(p);
      squares = madd(x, x, squares);
      p += stride;
    }
    const scale: v128 = v128.andnot(f32x4.div(splat(1), f32x4.sqrt(squares)), f32x4.eq(squares, splat(0)));
    v128.store(inverse + at, scale);
    p = W + at;
    let d: usize = normal + at;
    for (let i: i32 = 0; i < rows; i++) {
      v128.store(d, f32x4.mul(v128.load(p), scale));
      p += stride;
      d += stride;
    }
  }
}

/** Turns the gradient of the unit-norm columns in place into that of W: (d − ŵ (ŵ · d)) / |w|. */
export function normaliseColumnsBack(rows: i32, width: i32, d: usize, ldw: i32, normal: usize, inverse: usize): void {
  const stride: usize = <usize>ldw << 2;
  for (let j: i32 = 0; j < width; j += 4) {
    const at: usize = <usize>j << 2;
    let along: v128 = splat(0);
    let p: usize = d + at;
    let w: usize = normal + at;
    for (let i: i32 = 0; i < rows; i++) {
      along = madd(v128.load(p), v128.load(w), along);
      p += stride;
      w += stride;
    }
    const scale: v128 = v128.load(inverse + at);
    p = d + at;
    w = normal + at;
    for (let i: i32 = 0; i < rows; i++) {
      v128.store(p, f32x4.mul(f32x4.sub(v128.load(p), f32x4.mul(v128.load(w), along)), scale));
      p += stride;
      w += stride;
    }
  }
}

/** One step of AdamW (Loshchilov and Hutter 2019): gradients times `clip`, moments corrected for their start, decay decoupled. */
export function adamW(
  p: usize, g: usize, m: usize, v: usize, n: i32, clip: f32, rate: f32, decay: f32, beta1: f32, beta2: f32, epsilon: f32,
  correction1: f32, correction2: f32,
): void {
  for (let i: i32 = 0; i < n; i += 4) {
    const gradient: v128 = f32x4.mul(v128.load(g), splat(clip));
    const first: v128 = flush(f32x4.add(f32x4.mul(splat(beta1), v128.load(m)), f32x4.mul(splat(1 - beta1), gradient)));
    const squares: v128 = f32x4.mul(splat(1 - beta2), f32x4.mul(gradient, gradient));
    let second: v128 = f32x4.add(f32x4.mul(splat(beta2), v128.load(v)), squares);
    second = v128.andnot(second, f32x4.lt(second, splat(1e-36)));
    v128.store(m, first);
    v128.store(v, second);
    const deviation: v128 = f32x4.add(f32x4.sqrt(f32x4.mul(second, splat(correction2))), splat(epsilon));
    const step: v128 = f32x4.div(f32x4.mul(first, splat(rate * correction1)), deviation);
    v128.store(p, f32x4.sub(f32x4.mul(v128.load(p), splat(1 - decay)), step));
    p += 16;
    g += 16;
    m += 16;
    v += 16;
  }
}

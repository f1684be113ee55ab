// Products with matrices in float64, two lanes a vector: of two matrices, of a matrix and a vector, and with a matrix that changes by a product of two
// vectors in the same pass (recursive least squares). Leading dimensions count doubles and are multiples of 4; padding is zero and stays so.

import { dot64, madd } from './double';

/**
 * Where sums of a row wait to be added up: V8 joins vectors to 256 bits only on their way to neighbouring stores. So one thread at a time works
 * on a memory with these.
 */
const SCRATCH: usize = 3584;

// @ts-ignore: decorator
@inline
function four(at: usize): f64 {
  return load<f64>(at) + load<f64>(at, 8) + (load<f64>(at, 16) + load<f64>(at, 24));
}

/** y = M x, M rows × columns. */
export function matVec64(rows: i32, columns: i32, m: usize, ld: i32, x: usize, y: usize): void {
  const stride: usize = <usize>ld << 3;
  let i: i32 = 0;
  for (; i + 4 <= rows; i += 4) {
    let a0: v128 = f64x2.splat(0);
    let b0: v128 = a0;
    let a1: v128 = a0;
    let b1: v128 = a0;
    let a2: v128 = a0;
    let b2: v128 = a0;
    let a3: v128 = a0;
    let b3: v128 = a0;
    let p0: usize = m;
    let p1: usize = p0 + stride;
    let p2: usize = p1 + stride;
    let p3: usize = p2 + stride;
    let q: usize = x;
    const end: usize = x + (<usize>columns << 3);
    while (q < end) {
      const u: v128 = v128.load(q);
      const v: v128 = v128.load(q, 16);
      a0 = madd(v128.load(p0), u, a0);
      b0 = madd(v128.load(p0, 16), v, b0);
      a1 = madd(v128.load(p1), u, a1);
      b1 = madd(v128.load(p1, 16), v, b1);
      a2 = madd(v128.load(p2), u, a2);
      b2 = madd(v128.load(p2, 16), v, b2);
      a3 = madd(v128.load(p3), u, a3);
      b3 = madd(v128.load(p3, 16), v, b3);
      p0 += 32;
      p1 += 32;
      p2 += 32;
      p3 += 32;
      q += 32;
    }
    v128.store(SCRATCH, a0);
    v128.store(SCRATCH, b0, 16);
    v128.store(SCRATCH, a1, 32);
    v128.store(SCRATCH, b1, 48);
    v128.store(SCRATCH, a2, 64);
    v128.store(SCRATCH, b2, 80);
    v128.store(SCRATCH, a3, 96);
    v128.store(SCRATCH, b3, 112);
    store<f64>(y, four(SCRATCH));
    store<f64>(y, four(SCRATCH + 32), 8);
    store<f64>(y, four(SCRATCH + 64), 16);
    store<f64>(y, four(SCRATCH + 96), 24);
    m += stride << 2;
    y += 32;
  }
  for (; i < rows; i++) {
    store<f64>(y, dot64(columns, m, x));
    m += stride;
    y += 8;
  }
}

/** M −= factor · e kᵀ, then y = M x, in one pass over M (rows × columns). */
export function learnMatVec64(rows: i32, columns: i32, m: usize, ld: i32, e: usize, factor: f64, k: usize, x: usize, y: usize): void {
  const stride: usize = <usize>ld << 3;
  let i: i32 = 0;
  for (; i + 2 <= rows; i += 2) {
    const f0: v128 = f64x2.splat(-factor * load<f64>(e));
    const f1: v128 = f64x2.splat(-factor * load<f64>(e, 8));
    let a0: v128 = f64x2.splat(0);
    let b0: v128 = a0;
    let a1: v128 = a0;
    let b1: v128 = a0;
    let p0: usize = m;
    let p1: usize = p0 + stride;
    let q: usize = x;
    let g: usize = k;
    const end: usize = x + (<usize>columns << 3);
    while (q < end) {
      const k0: v128 = v128.load(g);
      const k1: v128 = v128.load(g, 16);
      const u: v128 = v128.load(q);
      const v: v128 = v128.load(q, 16);
      const l0: v128 = madd(f0, k0, v128.load(p0));
      const h0: v128 = madd(f0, k1, v128.load(p0, 16));
      v128.store(p0, l0);
      v128.store(p0, h0, 16);
      a0 = madd(l0, u, a0);
      b0 = madd(h0, v, b0);
      p0 += 32;
      const l1: v128 = madd(f1, k0, v128.load(p1));
      const h1: v128 = madd(f1, k1, v128.load(p1, 16));
      v128.store(p1, l1);
      v128.store(p1, h1, 16);
      a1 = madd(l1, u, a1);
      b1 = madd(h1, v, b1);
      p1 += 32;
      q += 32;
      g += 32;
    }
    v128.store(SCRATCH, a0);
    v128.store(SCRATCH, b0, 16);
    v128.store(SCRATCH, a1, 32);
    v128.store(SCRATCH, b1, 48);
    store<f64>(y, four(SCRATCH));
    store<f64>(y, four(SCRATCH + 32), 8);
    m += stride << 1;
    e += 16;
    y += 16;
  }
  for (; i < rows; i++) {
    const f: v128 = f64x2.splat(-factor * load<f64>(e));
    for (let j: usize = 0; j < <usize>columns << 3; j += 16) v128.store(m + j, madd(f, v128.load(k + j), v128.load(m + j)));
    store<f64>(y, dot64(columns, m, x));
    m += stride;
    e += 8;
    y += 8;
  }
}

/** One row of C += or = a row of A · B, over N columns, a multiple of 4. */
// @ts-ignore: decorator
@inline
function gemmRow(a: usize, aK: usize, b: usize, lb: usize, c: usize, K: i32, N: i32, accumulate: i32): void {
  for (let j: i32 = 0; j < N; j += 4) {
    let low: v128 = accumulate ? v128.load(c) : f64x2.splat(0);
    let high: v128 = accumulate ? v128.load(c, 16) : f64x2.splat(0);
    let p: usize = a;
    let q: usize = b + (<usize>j << 3);
    for (let k: i32 = 0; k < K; k++) {
      const x: v128 = v128.load_splat<f64>(p);
      low = madd(x, v128.load(q), low);
      high = madd(x, v128.load(q, 16), high);
      p += aK;
      q += lb;
    }
    v128.store(c, low);
    v128.store(c, high, 16);
    c += 32;
  }
}

/**
 * C (M × N) = or += A · B, where A's rows are aRow and its columns aK doubles apart, so that A may be a transposed matrix; B and C row-major
 * with N a multiple of 4.
 */
export function gemm64(a: usize, aRow: i32, aK: i32, b: usize, ldb: i32, c: usize, ldc: i32, M: i32, K: i32, N: i32, accumulate: i32): void {
  const ra: usize = <usize>aRow << 3;
  const ka: usize = <usize>aK << 3;
  const lb: usize = <usize>ldb << 3;
  const lc: usize = <usize>ldc << 3;
  let i: i32 = 0;
  for (; i + 4 <= M; i += 4) {
    for (let j: i32 = 0; j < N; j += 4) {
      let p0: usize = a;
      let p1: usize = a + ra;
      let p2: usize = p1 + ra;
      let p3: usize = p2 + ra;
      let q: usize = b + (<usize>j << 3);
      const c0: usize = c + (<usize>j << 3);
      const c1: usize = c0 + lc;
      const c2: usize = c1 + lc;
      const c3: usize = c2 + lc;
      const zero: v128 = f64x2.splat(0);
      let s00: v128 = accumulate ? v128.load(c0) : zero;
      let s01: v128 = accumulate ? v128.load(c0, 16) : zero;
      let s10: v128 = accumulate ? v128.load(c1) : zero;
      let s11: v128 = accumulate ? v128.load(c1, 16) : zero;
      let s20: v128 = accumulate ? v128.load(c2) : zero;
      let s21: v128 = accumulate ? v128.load(c2, 16) : zero;
      let s30: v128 = accumulate ? v128.load(c3) : zero;
      let s31: v128 = accumulate ? v128.load(c3, 16) : zero;
      for (let k: i32 = 0; k < K; k++) {
        const low: v128 = v128.load(q);
        const high: v128 = v128.load(q, 16);
        const x0: v128 = v128.load_splat<f64>(p0);
        s00 = madd(x0, low, s00);
        s01 = madd(x0, high, s01);
        const x1: v128 = v128.load_splat<f64>(p1);
        s10 = madd(x1, low, s10);
        s11 = madd(x1, high, s11);
        const x2: v128 = v128.load_splat<f64>(p2);
        s20 = madd(x2, low, s20);
        s21 = madd(x2, high, s21);
        const x3: v128 = v128.load_splat<f64>(p3);
        s30 = madd(x3, low, s30);
        s31 = madd(x3, high, s31);
        p0 += ka;
        p1 += ka;
        p2 += ka;
        p3 += ka;
        q += lb;
      }
      v128.store(c0, s00);
      v128.store(c0, s01, 16);
      v128.store(c1, s10);
      v128.store(c1, s11, 16);
      v128.store(c2, s20);
      v128.store(c2, s21, 16);
      v128.store(c3, s30);
      v128.store(c3, s31, 16);
    }
    a += ra << 2;
    c += lc << 2;
  }
  for (; i < M; i++) {
    gemmRow(a, ka, b, lb, c, K, N, accumulate);
    a += ra;
    c += lc;
  }
}

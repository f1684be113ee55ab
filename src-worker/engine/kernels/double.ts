// Arithmetic in float64, two lanes a vector: products of matrices, a matrix changed by a product of two vectors and applied in one pass
// (recursive least squares), leaky units, tanh. Leading dimensions count doubles and are multiples of 4; padding is zero and stays so.

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
function madd(a: v128, b: v128, c: v128): v128 {
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

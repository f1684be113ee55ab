// Damped least squares in float64: AᵀA, Cholesky factors and their solution. Rows are `width` numbers, a multiple of 4, the last of them zero
// where n is none. Every sum runs in one order, without fused products, so that plain loops give the same bits.

/** Upper triangle of AᵀA in tiles of 4 × 4 that stay in registers; A has `rows` rows. */
export function squares(a: usize, rows: i32, width: i32, out: usize): void {
  const stride: usize = <usize>width << 3;
  for (let i: i32 = 0; i < width; i += 4) {
    for (let j: i32 = i; j < width; j += 4) {
      let p: usize = a + (<usize>i << 3);
      let q: usize = a + (<usize>j << 3);
      let c00: v128 = f64x2.splat(0);
      let c01: v128 = f64x2.splat(0);
      let c10: v128 = f64x2.splat(0);
      let c11: v128 = f64x2.splat(0);
      let c20: v128 = f64x2.splat(0);
      let c21: v128 = f64x2.splat(0);
      let c30: v128 = f64x2.splat(0);
      let c31: v128 = f64x2.splat(0);
      for (let k: i32 = 0; k < rows; k++) {
        const y0: v128 = v128.load(q);
        const y1: v128 = v128.load(q, 16);
        let x: v128 = v128.load64_splat(p);
        c00 = f64x2.add(c00, f64x2.mul(x, y0));
        c01 = f64x2.add(c01, f64x2.mul(x, y1));
        x = v128.load64_splat(p, 8);
        c10 = f64x2.add(c10, f64x2.mul(x, y0));
        c11 = f64x2.add(c11, f64x2.mul(x, y1));
        x = v128.load64_splat(p, 16);
        c20 = f64x2.add(c20, f64x2.mul(x, y0));
        c21 = f64x2.add(c21, f64x2.mul(x, y1));
        x = v128.load64_splat(p, 24);
        c30 = f64x2.add(c30, f64x2.mul(x, y0));
        c31 = f64x2.add(c31, f64x2.mul(x, y1));
        p += stride;
        q += stride;
      }
      let to: usize = out + (<usize>i * <usize>width + <usize>j << 3);
      v128.store(to, c01, 16);
      v128.store(to, c00);
      to += stride;
      v128.store(to, c11, 16);
      v128.store(to, c10);
      to += stride;
      v128.store(to, c21, 16);
      v128.store(to, c20);
      to += stride;
      v128.store(to, c31, 16);
      v128.store(to, c30);
    }
  }
}

/** Divides a row from its diagonal on by the root of that; false where it is not positive. */
function finishRow(row: usize, k: i32, stride: usize): boolean {
  const diagonal: usize = row + (<usize>k << 3);
  const pivot: f64 = load<f64>(diagonal);
  if (!(pivot > 0)) return false;
  const root: f64 = Math.sqrt(pivot);
  const by: v128 = f64x2.splat(root);
  // From an even column on: what lies left of the diagonal is never read.
  for (let j: usize = (<usize>k >> 1) << 4; j < stride; j += 16) v128.store(row + j, f64x2.div(v128.load(row + j), by));
  store<f64>(diagonal, root);
  return true;
}

/** Upper factor U of S + damping · I = UᵀU into `u`, from the upper triangle of S; 0 where it is not positive definite. */
export function factorise(s: usize, u: usize, n: i32, width: i32, damping: f64): i32 {
  const stride: usize = <usize>width << 3;
  memory.copy(u, s, stride * <usize>n);
  for (let i: i32 = 0; i < n; i++) {
    const at: usize = u + <usize>i * (stride + 8);
    store<f64>(at, load<f64>(at) + damping);
  }
  // Two rows at a time, so that what is left of the matrix is read and written half as often.
  for (let k: i32 = 0; k < n; k += 2) {
    const row: usize = u + <usize>k * stride;
    if (!finishRow(row, k, stride)) return 0;
    if (k + 1 === n) break;
    const next: usize = row + stride;
    const lead: v128 = v128.load64_splat(row + (<usize>(k + 1) << 3));
    for (let j: usize = <usize>k << 3; j < stride; j += 16)
      v128.store(next + j, f64x2.sub(v128.load(next + j), f64x2.mul(lead, v128.load(row + j))));
    if (!finishRow(next, k + 1, stride)) return 0;
    for (let i: i32 = k + 2; i < n; i++) {
      const first: v128 = v128.load64_splat(row + (<usize>i << 3));
      const second: v128 = v128.load64_splat(next + (<usize>i << 3));
      const other: usize = u + <usize>i * stride;
      for (let j: usize = (<usize>i >> 1) << 4; j < stride; j += 16) {
        const once: v128 = f64x2.sub(v128.load(other + j), f64x2.mul(first, v128.load(row + j)));
        v128.store(other + j, f64x2.sub(once, f64x2.mul(second, v128.load(next + j))));
      }
    }
  }
  return 1;
}

/** Solves UᵀU x = b in place. */
export function solve(u: usize, n: i32, width: i32, b: usize): void {
  const stride: usize = <usize>width << 3;
  for (let k: i32 = 0; k < n; k++) {
    const row: usize = u + <usize>k * stride;
    const at: usize = <usize>k << 3;
    const y: f64 = load<f64>(b + at) / load<f64>(row + at);
    store<f64>(b + at, y);
    for (let i: usize = at + 8; i < <usize>n << 3; i += 8) store<f64>(b + i, load<f64>(b + i) - load<f64>(row + i) * y);
  }
  for (let i: i32 = n - 1; i >= 0; i--) {
    const row: usize = u + <usize>i * stride;
    const at: usize = <usize>i << 3;
    let sum: f64 = load<f64>(b + at);
    for (let k: usize = at + 8; k < <usize>n << 3; k += 8) sum -= load<f64>(row + k) * load<f64>(b + k);
    store<f64>(b + at, sum / load<f64>(row + at));
  }
}

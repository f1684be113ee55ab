// Packing for products: panels of B, of its transpose, and of Aᵀ. A panel of B is K × 8, columns beyond N are zero; a panel of Aᵀ is K × TILE.
// Sizes and strides (ld…) count floats, addresses are bytes.

import { lanes } from './maths';

/** Rows that are packed together: their lines are read once, one after another, and each panel gets whole lines. */
const STRIP: i32 = 8;

/** Panels of B (K × N, row-major). */
export function packB(src: usize, ldb: i32, K: i32, N: i32, dst: usize): void {
  const stride: usize = <usize>ldb << 2;
  const panelBytes: usize = <usize>(K << 5);
  for (let k: i32 = 0; k < K; k += STRIP) {
    const end: i32 = min(K, k + STRIP);
    const strip: usize = src + <usize>k * stride;
    let panel: usize = dst + (<usize>k << 5);
    let j: i32 = 0;
    for (; j <= N - 8; j += 8) {
      let p: usize = strip + (<usize>j << 2);
      let d: usize = panel;
      for (let i: i32 = k; i < end; i++) {
        const low: v128 = v128.load(p);
        const high: v128 = v128.load(p, 16);
        v128.store(d, high, 16);
        v128.store(d, low);
        d += 32;
        p += stride;
      }
      panel += panelBytes;
    }
    if (j < N) packTail(strip + (<usize>j << 2), stride, end - k, N - j, panel);
  }
}

/** Rows of a panel that has fewer than 8 columns: what lies behind them becomes 0. */
function packTail(src: usize, stride: usize, rows: i32, columns: i32, dst: usize): void {
  const low: v128 = lanes(columns);
  const high: v128 = lanes(columns - 4);
  for (let i: i32 = 0; i < rows; i++) {
    v128.store(dst, v128.and(v128.load(src, 16), high), 16);
    v128.store(dst, v128.and(v128.load(src), low));
    dst += 32;
    src += stride;
  }
}

/** As packB, and adds each column's sum to `sums` (N rounded up to 8 floats). */
export function packBSum(src: usize, ldb: i32, K: i32, N: i32, dst: usize, sums: usize): void {
  const stride: usize = <usize>ldb << 2;
  const panelBytes: usize = <usize>(K << 5);
  for (let k: i32 = 0; k < K; k += STRIP) {
    const end: i32 = min(K, k + STRIP);
    const strip: usize = src + <usize>k * stride;
    let panel: usize = dst + (<usize>k << 5);
    let total: usize = sums;
    let j: i32 = 0;
    for (; j < N; j += 8) {
      let p: usize = strip + (<usize>j << 2);
      let step: usize = stride;
      let d: usize = panel;
      if (N - j < 8) {
        packTail(p, stride, end - k, N - j, panel);
        p = panel;
        step = 32;
      }
      let low: v128 = v128.load(total);
      let high: v128 = v128.load(total, 16);
      for (let i: i32 = k; i < end; i++) {
        const first: v128 = v128.load(p);
        const second: v128 = v128.load(p, 16);
        low = f32x4.add(low, first);
        high = f32x4.add(high, second);
        v128.store(d, second, 16);
        v128.store(d, first);
        d += 32;
        p += step;
      }
      v128.store(total, high, 16);
      v128.store(total, low);
      total += 32;
      panel += panelBytes;
    }
  }
}

/** Adds each column's sum in whole panels of B (K × N) to `sums`, as packBSum does; three panels at a time, as gates have at least. */
export function panelSums(K: i32, N: i32, panels: usize, sums: usize): void {
  const panelBytes: usize = <usize>(K << 5);
  for (let j: i32 = 0; j < N; j += 24) {
    let low0: v128 = v128.load(sums);
    let high0: v128 = v128.load(sums, 16);
    let low1: v128 = v128.load(sums, 32);
    let high1: v128 = v128.load(sums, 48);
    let low2: v128 = v128.load(sums, 64);
    let high2: v128 = v128.load(sums, 80);
    for (let p: usize = panels, end: usize = panels + panelBytes; p < end; p += 32) {
      const q: usize = p + panelBytes;
      const r: usize = q + panelBytes;
      low0 = f32x4.add(low0, v128.load(p));
      high0 = f32x4.add(high0, v128.load(p, 16));
      low1 = f32x4.add(low1, v128.load(q));
      high1 = f32x4.add(high1, v128.load(q, 16));
      low2 = f32x4.add(low2, v128.load(r));
      high2 = f32x4.add(high2, v128.load(r, 16));
    }
    v128.store(sums, high0, 16);
    v128.store(sums, low0);
    v128.store(sums, high1, 48);
    v128.store(sums, low1, 32);
    v128.store(sums, high2, 80);
    v128.store(sums, low2, 64);
    panels += 3 * panelBytes;
    sums += 96;
  }
}

/** Panels of B = Wᵀ, where W is N × K, row-major. */
export function packBT(src: usize, ldw: i32, K: i32, N: i32, dst: usize): void {
  const stride: usize = <usize>ldw << 2;
  for (let j: i32 = 0; j < N; j += 8) {
    const width: i32 = min(8, N - j);
    for (let q: i32 = 0; q < 8; q++) {
      let p: usize = src + <usize>(j + q) * stride;
      let d: usize = dst + (<usize>q << 2);
      for (let k: i32 = 0; k < K; k++) {
        store<f32>(d, q < width ? load<f32>(p) : 0);
        p += 4;
        d += 32;
      }
    }
    dst += <usize>(K << 5);
  }
}

/** Panels of Aᵀ, where A is K × M, row-major: rows of the product are columns of A. */
export function packAT(src: usize, lda: i32, K: i32, M: i32, dst: usize): void {
  const stride: usize = <usize>lda << 2;
  const tile: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;
  const rowBytes: usize = <usize>(tile << 2);
  const panelBytes: usize = <usize>K * rowBytes;
  for (let k: i32 = 0; k < K; k += STRIP) {
    const end: i32 = min(K, k + STRIP);
    const strip: usize = src + <usize>k * stride;
    let panel: usize = dst + <usize>k * rowBytes;
    for (let i: i32 = 0; i < M; i += tile) {
      let p: usize = strip + (<usize>i << 2);
      let d: usize = panel;
      const width: i32 = M - i;
      if (width >= tile) {
        for (let row: i32 = k; row < end; row++) {
          v128.store(d, v128.load(p));
          if (ASC_FEATURE_RELAXED_SIMD) store<u64>(d, load<u64>(p, 16), 16);
          d += rowBytes;
          p += stride;
        }
      } else {
        // What lies behind the last column becomes 0.
        const low: v128 = lanes(width);
        const high: v128 = lanes(width - 4);
        for (let row: i32 = k; row < end; row++) {
          v128.store(d, v128.and(v128.load(p), low));
          if (ASC_FEATURE_RELAXED_SIMD) v128.store64_lane(d, v128.and(v128.load64_zero(p, 16), high), 0, 16);
          d += rowBytes;
          p += stride;
        }
      }
      panel += panelBytes;
    }
  }
}

// Matrix products over packed panels (packing.ts). Sizes and strides (ld…) count floats, addresses are bytes. Results are written 8 columns
// at a time: ldc covers N rounded up to 8.

import {
  lastPacked4, lastPacked6, lastRows1, lastRows2, lastRows3, lastRows4, lastRows5, lastRows6, packed4, packed6, packed6x2,
  rows1, rows1x2, rows2, rows2x2, rows3, rows3x2, rows4, rows4x2, rows5, rows5x2, rows6, rows6x2,
} from './tiles';

/** Floats of A that a block of rows may hold, so that it stays in the first-level cache while the panels of B pass. */
const BLOCK: i32 = 4096;

/** Rows of a packed tile in this build. */
export function tileRows(): i32 {
  return ASC_FEATURE_RELAXED_SIMD ? 6 : 4;
}

/** Whether two panels go at once: worth it where V8 joins vectors to 256 bits, because otherwise their sums exceed the registers. */
let twoPanels: bool = false;

/** Tiles of one panel of columns or of two: the same sums in the same order, so no bit depends on it. */
export function setPanels(panels: i32): void {
  twoPanels = panels == 2;
}

/** Rows of the next tile where `left` rows remain: the most, but no tail of one or two rows that a more even division avoids. */
// @ts-ignore: decorator
@inline
function nextTile(left: i32): i32 {
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (left > 10) return 6;
    if (left > 6) return left > 8 ? 5 : 4;
    return left;
  }
  return min(left, 4);
}

/** One panel of C, or what of it `rows` rows of A reach. */
// @ts-ignore: decorator
@inline
function onePanel(a: usize, la: usize, panel: usize, c: usize, lc: usize, rows: i32, K: i32, accumulate: i32): void {
  let left: i32 = rows;
  while (left > 0) {
    const tile: i32 = nextTile(left);
    if (tile == 6) rows6(a, la, panel, c, lc, K, accumulate);
    else if (tile == 5) rows5(a, la, panel, c, lc, K, accumulate);
    else if (tile == 4) rows4(a, la, panel, c, lc, K, accumulate);
    else if (tile == 3) rows3(a, la, panel, c, lc, K, accumulate);
    else if (tile == 2) rows2(a, la, panel, c, lc, K, accumulate);
    else rows1(a, la, panel, c, lc, K, accumulate);
    a += la * <usize>tile;
    c += lc * <usize>tile;
    left -= tile;
  }
}

/** As onePanel, of a panel that no other follows where panels go in twos. */
// @ts-ignore: decorator
@inline
function lastPanel(a: usize, la: usize, panel: usize, c: usize, lc: usize, rows: i32, K: i32, accumulate: i32): void {
  let left: i32 = rows;
  while (left > 0) {
    const tile: i32 = nextTile(left);
    if (tile == 6) lastRows6(a, la, panel, c, lc, K, accumulate);
    else if (tile == 5) lastRows5(a, la, panel, c, lc, K, accumulate);
    else if (tile == 4) lastRows4(a, la, panel, c, lc, K, accumulate);
    else if (tile == 3) lastRows3(a, la, panel, c, lc, K, accumulate);
    else if (tile == 2) lastRows2(a, la, panel, c, lc, K, accumulate);
    else lastRows1(a, la, panel, c, lc, K, accumulate);
    a += la * <usize>tile;
    c += lc * <usize>tile;
    left -= tile;
  }
}

/** As onePanel, of this panel and the next. */
// @ts-ignore: decorator
@inline
function bothPanels(a: usize, la: usize, panel: usize, c: usize, lc: usize, rows: i32, K: i32, accumulate: i32): void {
  let left: i32 = rows;
  while (left > 0) {
    const tile: i32 = nextTile(left);
    if (tile == 6) rows6x2(a, la, panel, c, lc, K, accumulate);
    else if (tile == 5) rows5x2(a, la, panel, c, lc, K, accumulate);
    else if (tile == 4) rows4x2(a, la, panel, c, lc, K, accumulate);
    else if (tile == 3) rows3x2(a, la, panel, c, lc, K, accumulate);
    else if (tile == 2) rows2x2(a, la, panel, c, lc, K, accumulate);
    else rows1x2(a, la, panel, c, lc, K, accumulate);
    a += la * <usize>tile;
    c += lc * <usize>tile;
    left -= tile;
  }
}

/** C (M × N) = or += A (M × K, row-major) · B (packed by packB or packBT). */
export function gemm(a: usize, lda: i32, b: usize, c: usize, ldc: i32, M: i32, K: i32, N: i32, accumulate: i32): void {
  const la: usize = <usize>lda << 2;
  const lc: usize = <usize>ldc << 2;
  const block: i32 = max(12, (BLOCK / max(1, K) / 12) * 12);
  const panelBytes: usize = <usize>(K << 5);
  let row: i32 = 0;
  while (row < M) {
    // A few more than a block stay together rather than leave a short tail.
    const rows: i32 = M - row <= block + 4 ? M - row : block;
    const ap: usize = a + <usize>row * la;
    let cp: usize = c + <usize>row * lc;
    let panel: usize = b;
    let j: i32 = 0;
    if (twoPanels) {
      for (; j < N - 8; j += 16) {
        bothPanels(ap, la, panel, cp, lc, rows, K, accumulate);
        panel += panelBytes << 1;
        cp += 64;
      }
    }
    // Without 256 bits one panel at a time, in the same sums.
    const pairs: i32 = (N + 7) & ~15;
    for (; j < pairs; j += 8) {
      onePanel(ap, la, panel, cp, lc, rows, K, accumulate);
      panel += panelBytes;
      cp += 32;
    }
    if (j < N) lastPanel(ap, la, panel, cp, lc, rows, K, accumulate);
    row += rows;
  }
}

/** C (M × N) = or += Aᵀ · B over K rows, A packed by packAT, B by packB. C has rows for M rounded up to the tile. */
export function gemmTN(a: usize, b: usize, c: usize, ldc: i32, M: i32, K: i32, N: i32, accumulate: i32): void {
  const lc: usize = <usize>ldc << 2;
  const panelBytes: usize = <usize>(K << 5);
  let j: i32 = 0;
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (twoPanels) {
      for (; j < N - 8; j += 16) {
        let ap: usize = a;
        let cp: usize = c + (<usize>j << 2);
        for (let i: i32 = 0; i < M; i += 6) {
          packed6x2(ap, b, cp, lc, K, accumulate);
          ap += <usize>(K * 24);
          cp += lc * 6;
        }
        b += panelBytes << 1;
      }
    }
  }
  for (; j < N; j += 8) {
    // The last of an odd number of panels.
    const last: bool = (j & 15) == 0 && j >= N - 8;
    let ap: usize = a;
    let cp: usize = c + (<usize>j << 2);
    if (ASC_FEATURE_RELAXED_SIMD) {
      for (let i: i32 = 0; i < M; i += 6) {
        if (last) lastPacked6(ap, b, cp, lc, K, accumulate);
        else packed6(ap, b, cp, lc, K, accumulate);
        ap += <usize>(K * 24);
        cp += lc * 6;
      }
    } else {
      for (let i: i32 = 0; i < M; i += 4) {
        if (last) lastPacked4(ap, b, cp, lc, K, accumulate);
        else packed4(ap, b, cp, lc, K, accumulate);
        ap += <usize>(K * 16);
        cp += lc * 4;
      }
    }
    b += panelBytes;
  }
}

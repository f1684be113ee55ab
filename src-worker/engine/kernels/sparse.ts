// Products with a matrix that is mostly zeros, such as counts of spikes in short bins: only what is not zero is multiplied, in the order and with
// the sums of gemm.ts, so that the results are those of a dense product, bit for bit. A row's entries lie side by side, column and value, 8 bytes
// each; `starts` has the address of each row's first entry, and behind the last row's the end. Sizes and strides (ld…) count floats.

import { madd, splat } from './maths';
import { gather12, gather2 } from './tiles';

/**
 * Lists what is not zero in x (M × width, padded with zeros to a multiple of 8): M + 1 addresses at `starts`, entries from `entries` on. Returns
 * how many they are, or −1 where they are more than `most`; there must be room for a row more.
 */
export function listEntries(M: i32, width: i32, x: usize, ldx: i32, starts: usize, entries: usize, most: i32): i32 {
  const none: v128 = splat(0);
  const end: usize = entries + (<usize>most << 3);
  let at: usize = entries;
  for (let i: i32 = 0; i < M; i++) {
    if (at > end) return -1;
    store<u32>(starts, <u32>at);
    for (let j: i32 = 0; j < width; j += 8) {
      const p: usize = x + (<usize>j << 2);
      const low: i32 = i32x4.bitmask(f32x4.ne(v128.load(p), none));
      let bits: i32 = low | (i32x4.bitmask(f32x4.ne(v128.load(p, 16), none)) << 4);
      while (bits) {
        const lane: i32 = ctz(bits);
        store<i32>(at, j + lane);
        store<f32>(at, load<f32>(p + (<usize>lane << 2)), 4);
        at += 8;
        bits &= bits - 1;
      }
    }
    starts += 4;
    x += <usize>ldx << 2;
  }
  store<u32>(starts, <u32>at);
  return at > end ? -1 : <i32>((at - entries) >> 3);
}

/** The last of an odd number of panels, whose even and odd rows have sums of their own. */
function gatherLast(entry: usize, end: usize, from: usize, stride: usize, to: usize, accumulate: i32): void {
  let even0: v128 = splat(0);
  let even1: v128 = splat(0);
  let odd0: v128 = splat(0);
  let odd1: v128 = splat(0);
  for (; entry < end; entry += 8) {
    const index: u32 = load<u32>(entry);
    const row: usize = from + <usize>index * stride;
    const factor: v128 = v128.load_splat<f32>(entry, 4);
    if (index & 1) {
      odd0 = madd(factor, v128.load(row), odd0);
      odd1 = madd(factor, v128.load(row, 16), odd1);
    } else {
      even0 = madd(factor, v128.load(row), even0);
      even1 = madd(factor, v128.load(row, 16), even1);
    }
  }
  even0 = f32x4.add(even0, odd0);
  even1 = f32x4.add(even1, odd1);
  if (accumulate) {
    even0 = f32x4.add(v128.load(to), even0);
    even1 = f32x4.add(v128.load(to, 16), even1);
  }
  v128.store(to, even1, 16);
  v128.store(to, even0);
}

/** One row of a product from its entries, N columns in eights. */
// @ts-ignore: decorator
@inline
function gatherRow(entry: usize, end: usize, from: usize, stride: usize, to: usize, N: i32, accumulate: i32): void {
  let left: i32 = N;
  for (; left >= 96; left -= 96) {
    gather12(entry, end, from, stride, to, accumulate);
    from += 384;
    to += 384;
  }
  for (; left > 8; left -= 16) {
    gather2(entry, end, from, stride, to, accumulate);
    from += 64;
    to += 64;
  }
  if (left > 0) gatherLast(entry, end, from, stride, to, accumulate);
}

/** Y (M × N) = X · W, X by its entries, W as it lies. */
export function sparseProduct(M: i32, N: i32, starts: usize, W: usize, ldw: i32, Y: usize, ldy: i32): void {
  const stride: usize = <usize>ldw << 2;
  for (let i: i32 = 0; i < M; i++) {
    gatherRow(<usize>load<u32>(starts), <usize>load<u32>(starts, 4), W, stride, Y, N, 0);
    starts += 4;
    Y += <usize>ldy << 2;
  }
}

/**
 * D (K × N) = or += Xᵀ · dY over M rows, X by its entries in K columns. At `scratch` there is room for K + 1 numbers and for the entries, which
 * are sorted there by columns.
 */
export function sparseGradient(
  M: i32, K: i32, N: i32, starts: usize, dY: usize, ldy: i32, D: usize, ldd: i32, scratch: usize, accumulate: i32,
): void {
  const first: usize = <usize>load<u32>(starts);
  const end: usize = <usize>load<u32>(starts + (<usize>M << 2));
  const ends: usize = scratch;
  const sorted: usize = scratch + ((<usize>(K + 2) << 2) & ~7);
  memory.fill(ends, 0, <usize>(K + 1) << 2);
  // How many each column has, one further on; then where each begins; then, as they are laid down, where each ends.
  for (let entry: usize = first; entry < end; entry += 8) {
    const at: usize = ends + (<usize>load<u32>(entry) << 2);
    store<u32>(at, load<u32>(at, 4) + 1, 4);
  }
  let begin: u32 = <u32>sorted;
  for (let k: i32 = 0; k <= K; k++) {
    const at: usize = ends + (<usize>k << 2);
    begin += load<u32>(at) << 3;
    store<u32>(at, begin);
  }
  let entry: usize = first;
  for (let i: i32 = 0; i < M; i++) {
    const rowEnd: usize = <usize>load<u32>(starts + (<usize>(i + 1) << 2));
    for (; entry < rowEnd; entry += 8) {
      const at: usize = ends + (<usize>load<u32>(entry) << 2);
      const to: usize = <usize>load<u32>(at);
      store<i32>(to, i);
      store<f32>(to, load<f32>(entry, 4), 4);
      store<u32>(at, <u32>to + 8);
    }
  }
  const stride: usize = <usize>ldy << 2;
  let from: usize = sorted;
  for (let k: i32 = 0; k < K; k++) {
    const to: usize = <usize>load<u32>(ends + (<usize>k << 2));
    if (!accumulate || to > from) gatherRow(from, to, dY, stride, D, N, accumulate);
    from = to;
    D += <usize>ldd << 2;
  }
}

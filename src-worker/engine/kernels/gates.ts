// Gates of a GRU whose reset gate acts before the recurrent product (methods.md 1.1), forward and backward.
//
//   r, z = σ(x W + h U + b);  n = tanh(x W_n + (r ⊙ h) U_n + b_n);  h' = clip(z ⊙ h + (1 − z) ⊙ n)
//
// G holds a row of [r | z | n], each `width` floats (a multiple of 8), ldg floats from row to row; states are ldh apart.
// Where ldh is larger than `width`, inputs lie beside the state, which go the same ways untouched.
// Forward turns pre-activations in G into gates, backward turns gates into gradients of the pre-activations, in D and besides in
// panels of B (packing.ts), of which a row of D is one row, `panelBytes` from panel to panel: what gradients of weights read. Two vectors go side by
// side, both worked out before either is written and the second written first, so that V8 joins them into one of 256 bits.

import { GATE_0, GATE_1, GATE_2, GATE_3, GATE_HIGHEST, GATE_LOWEST, LN2, MINUS_LOG2E, ONE, ROUNDING, TWO } from './constants';
import { flush, madd, expMinus, splat } from './maths';

/** Copies what lies beside a state of w bytes, up to the end of its row. */
// @ts-ignore: decorator
@inline
function copyBeside(from: usize, to: usize, w: usize, end: usize): void {
  for (let j: usize = w; j < end; j += 32) {
    const low: v128 = v128.load(from + j);
    const high: v128 = v128.load(from + j, 16);
    v128.store(to + j, high, 16);
    v128.store(to + j, low);
  }
}

/** G[r, z] ← σ(G + b); rh = r ⊙ h, and what lies beside h. */
export function resetUpdate(M: i32, width: i32, G: usize, ldg: i32, bias: usize, h: usize, rh: usize, ldh: i32): void {
  const w: usize = <usize>width << 2;
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
    for (let j: usize = 0; j < w; j += 32) {
      const r: usize = G + j;
      const z: usize = r + w;
      const b: usize = bias + j;
      const c: usize = b + w;
      const r0: v128 = expMinus(f32x4.add(v128.load(r), v128.load(b)), one, one, high, low, log2e, rounding, ln2, p0, p1, p2, p3);
      const r1: v128 = expMinus(f32x4.add(v128.load(r, 16), v128.load(b, 16)), one, one, high, low, log2e, rounding, ln2, p0, p1, p2, p3);
      const z0: v128 = expMinus(f32x4.add(v128.load(z), v128.load(c)), one, one, high, low, log2e, rounding, ln2, p0, p1, p2, p3);
      const z1: v128 = expMinus(f32x4.add(v128.load(z, 16), v128.load(c, 16)), one, one, high, low, log2e, rounding, ln2, p0, p1, p2, p3);
      // One division for both: 1/r = z/(r z).
      const both0: v128 = f32x4.div(one, f32x4.mul(r0, z0));
      const both1: v128 = f32x4.div(one, f32x4.mul(r1, z1));
      const reset0: v128 = f32x4.mul(both0, z0);
      const reset1: v128 = f32x4.mul(both1, z1);
      const update0: v128 = f32x4.mul(both0, r0);
      const update1: v128 = f32x4.mul(both1, r1);
      const h0: v128 = v128.load(h + j);
      const h1: v128 = v128.load(h + j, 16);
      v128.store(r, reset1, 16);
      v128.store(r, reset0);
      v128.store(z, update1, 16);
      v128.store(z, update0);
      v128.store(rh + j, f32x4.mul(reset1, h1), 16);
      v128.store(rh + j, f32x4.mul(reset0, h0));
    }
    copyBeside(h, rh, w, <usize>ldh << 2);
    G += <usize>ldg << 2;
    h += <usize>ldh << 2;
    rh += <usize>ldh << 2;
  }
}

/** G[n] ← tanh(G + b); next = clip(n + z ⊙ (h − n)) to ±clip. */
export function candidate(M: i32, width: i32, G: usize, ldg: i32, bias: usize, h: usize, next: usize, ldh: i32, clip: f32): void {
  const w: usize = <usize>width << 2;
  const most: v128 = splat(clip);
  const least: v128 = splat(-clip);
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
    for (let j: usize = 0; j < w; j += 32) {
      const z: usize = G + w + j;
      const g: usize = z + w;
      const b: usize = bias + w + w + j;
      const x0: v128 = f32x4.add(v128.load(g), v128.load(b));
      const x1: v128 = f32x4.add(v128.load(g, 16), v128.load(b, 16));
      const n0: v128 = f32x4.sub(f32x4.div(two, expMinus(f32x4.add(x0, x0), one, one, high, low, log2e, rounding, ln2, p0, p1, p2, p3)), one);
      const n1: v128 = f32x4.sub(f32x4.div(two, expMinus(f32x4.add(x1, x1), one, one, high, low, log2e, rounding, ln2, p0, p1, p2, p3)), one);
      const state0: v128 = madd(v128.load(z), f32x4.sub(v128.load(h + j), n0), n0);
      const state1: v128 = madd(v128.load(z, 16), f32x4.sub(v128.load(h + j, 16), n1), n1);
      v128.store(g, n1, 16);
      v128.store(g, n0);
      v128.store(next + j, f32x4.pmax(f32x4.pmin(state1, most), least), 16);
      v128.store(next + j, f32x4.pmax(f32x4.pmin(state0, most), least));
    }
    G += <usize>ldg << 2;
    h += <usize>ldh << 2;
    next += <usize>ldh << 2;
  }
}

/** Gradient of a state, none where it is on the clip. */
// @ts-ignore: decorator
@inline
function free(d: v128, next: v128, limit: v128): v128 {
  return v128.andnot(d, f32x4.ge(f32x4.abs(next), limit));
}

// @ts-ignore: decorator
@inline
function updateBack(d: v128, h: v128, z: v128, n: v128): v128 {
  return flush(f32x4.mul(f32x4.mul(d, f32x4.sub(h, n)), f32x4.mul(z, f32x4.sub(ONE(), z))));
}

// @ts-ignore: decorator
@inline
function newBack(d: v128, z: v128, n: v128): v128 {
  return flush(f32x4.mul(f32x4.mul(d, f32x4.sub(ONE(), z)), f32x4.sub(ONE(), f32x4.mul(n, n))));
}

/** Reads a word of every line of n floats, as many at a time as the processor waits for: they were written long ago, and what follows finds them near. */
// @ts-ignore: decorator
@inline
function fetch(at: usize, n: i32): void {
  let seen: i32 = 0;
  const end: usize = at + (<usize>n << 2);
  for (; at < end; at += 64) seen |= load<i32>(at);
  fetched = seen;
}

let fetched: i32 = 0;

/** First half of the way back: D[z, n] ← gradients of their pre-activations, dh ← dh ⊙ z; no gradient where the state is on the clip. */
export function candidateBack(
  M: i32, width: i32, dh: usize, h: usize, next: usize, ldh: i32, G: usize, D: usize, ldg: i32, clip: f32, panels: usize, panelBytes: i32,
): void {
  const w: usize = <usize>width << 2;
  /** From a panel of a gate to that of the next gate. */
  const gateBytes: usize = (w >> 5) * <usize>panelBytes;
  const limit: v128 = splat(clip);
  fetch(G, M * ldg);
  fetch(h, M * ldh);
  for (let i: i32 = 0; i < M; i++) {
    let zPanel: usize = panels + gateBytes + (<usize>i << 5);
    for (let j: usize = 0; j < w; j += 32) {
      const zAt: usize = G + w + j;
      const nAt: usize = zAt + w;
      const dzAt: usize = D + w + j;
      const dnAt: usize = dzAt + w;
      const nPanel: usize = zPanel + gateBytes;
      const z0: v128 = v128.load(zAt);
      const z1: v128 = v128.load(zAt, 16);
      const n0: v128 = v128.load(nAt);
      const n1: v128 = v128.load(nAt, 16);
      const h0: v128 = v128.load(h + j);
      const h1: v128 = v128.load(h + j, 16);
      const d0: v128 = free(v128.load(dh + j), v128.load(next + j), limit);
      const d1: v128 = free(v128.load(dh + j, 16), v128.load(next + j, 16), limit);
      const dz0: v128 = updateBack(d0, h0, z0, n0);
      const dz1: v128 = updateBack(d1, h1, z1, n1);
      const dn0: v128 = newBack(d0, z0, n0);
      const dn1: v128 = newBack(d1, z1, n1);
      const rest0: v128 = flush(f32x4.mul(d0, z0));
      const rest1: v128 = flush(f32x4.mul(d1, z1));
      v128.store(dzAt, dz1, 16);
      v128.store(dzAt, dz0);
      v128.store(zPanel, dz1, 16);
      v128.store(zPanel, dz0);
      v128.store(dnAt, dn1, 16);
      v128.store(dnAt, dn0);
      v128.store(nPanel, dn1, 16);
      v128.store(nPanel, dn0);
      v128.store(dh + j, rest1, 16);
      v128.store(dh + j, rest0);
      zPanel += <usize>panelBytes;
    }
    G += <usize>ldg << 2;
    D += <usize>ldg << 2;
    h += <usize>ldh << 2;
    next += <usize>ldh << 2;
    dh += <usize>ldh << 2;
  }
}

// @ts-ignore: decorator
@inline
function resetGateBack(d: v128, h: v128, r: v128): v128 {
  return flush(f32x4.mul(f32x4.mul(d, h), f32x4.mul(r, f32x4.sub(ONE(), r))));
}

/**
 * Second half, with drh the gradient of r ⊙ h: D[r] ← gradient of its pre-activation, dh += drh ⊙ r, rh = r ⊙ h. Beside the states dh becomes
 * drh, rh becomes h.
 */
export function resetBack(
  M: i32, width: i32, dh: usize, drh: usize, h: usize, rh: usize, ldh: i32, G: usize, D: usize, ldg: i32, panels: usize, panelBytes: i32,
): void {
  const w: usize = <usize>width << 2;
  for (let i: i32 = 0; i < M; i++) {
    let panel: usize = panels + (<usize>i << 5);
    for (let j: usize = 0; j < w; j += 32) {
      const g: usize = G + j;
      const dAt: usize = D + j;
      const r0: v128 = v128.load(g);
      const r1: v128 = v128.load(g, 16);
      const d0: v128 = v128.load(drh + j);
      const d1: v128 = v128.load(drh + j, 16);
      const h0: v128 = v128.load(h + j);
      const h1: v128 = v128.load(h + j, 16);
      const sum0: v128 = madd(d0, r0, v128.load(dh + j));
      const sum1: v128 = madd(d1, r1, v128.load(dh + j, 16));
      const dr0: v128 = resetGateBack(d0, h0, r0);
      const dr1: v128 = resetGateBack(d1, h1, r1);
      v128.store(dAt, dr1, 16);
      v128.store(dAt, dr0);
      v128.store(panel, dr1, 16);
      v128.store(panel, dr0);
      v128.store(rh + j, f32x4.mul(r1, h1), 16);
      v128.store(rh + j, f32x4.mul(r0, h0));
      v128.store(dh + j, sum1, 16);
      v128.store(dh + j, sum0);
      panel += <usize>panelBytes;
    }
    copyBeside(h, rh, w, <usize>ldh << 2);
    copyBeside(drh, dh, w, <usize>ldh << 2);
    G += <usize>ldg << 2;
    D += <usize>ldg << 2;
    h += <usize>ldh << 2;
    rh += <usize>ldh << 2;
    dh += <usize>ldh << 2;
    drh += <usize>ldh << 2;
  }
}

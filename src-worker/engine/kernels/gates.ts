// Gates of a GRU whose reset gate acts before the recurrent product (methods.md 1.1), forward and backward.
//
//   r, z = σ(x W + h U + b);  n = tanh(x W_n + (r ⊙ h) U_n + b_n);  h' = clip(z ⊙ h + (1 − z) ⊙ n)
//
// G holds a row of [r | z | n], each `width` floats (a multiple of 4), ldg floats from row to row; states are ldh apart.
// Forward turns pre-activations in G into gates, backward turns gates into gradients of the pre-activations.

import { ONE } from './constants';
import { flush, madd, sigmoid, splat, tanh } from './maths';

/** G[r, z] ← σ(G + b); rh = r ⊙ h. */
export function resetUpdate(M: i32, width: i32, G: usize, ldg: i32, bias: usize, h: usize, rh: usize, ldh: i32): void {
  const w: usize = <usize>width << 2;
  for (let i: i32 = 0; i < M; i++) {
    for (let j: usize = 0; j < w; j += 16) {
      const r: v128 = sigmoid(f32x4.add(v128.load(G + j), v128.load(bias + j)));
      const z: v128 = sigmoid(f32x4.add(v128.load(G + w + j), v128.load(bias + w + j)));
      v128.store(G + j, r);
      v128.store(G + w + j, z);
      v128.store(rh + j, f32x4.mul(r, v128.load(h + j)));
    }
    G += <usize>ldg << 2;
    h += <usize>ldh << 2;
    rh += <usize>ldh << 2;
  }
}

/** G[n] ← tanh(G + b); next = clip(n + z ⊙ (h − n)) to ±clip. */
export function candidate(M: i32, width: i32, G: usize, ldg: i32, bias: usize, h: usize, next: usize, ldh: i32, clip: f32): void {
  const w: usize = <usize>width << 2;
  const high: v128 = splat(clip);
  const low: v128 = splat(-clip);
  for (let i: i32 = 0; i < M; i++) {
    for (let j: usize = 0; j < w; j += 16) {
      const z: v128 = v128.load(G + w + j);
      const n: v128 = tanh(f32x4.add(v128.load(G + w + w + j), v128.load(bias + w + w + j)));
      v128.store(G + w + w + j, n);
      const state: v128 = madd(z, f32x4.sub(v128.load(h + j), n), n);
      v128.store(next + j, f32x4.pmax(f32x4.pmin(state, high), low));
    }
    G += <usize>ldg << 2;
    h += <usize>ldh << 2;
    next += <usize>ldh << 2;
  }
}

/** First half of the way back: G[z, n] ← gradients of their pre-activations, dh ← dh ⊙ z; no gradient where the state is on the clip. */
export function candidateBack(M: i32, width: i32, dh: usize, h: usize, next: usize, ldh: i32, G: usize, ldg: i32, clip: f32): void {
  const w: usize = <usize>width << 2;
  const limit: v128 = splat(clip);
  for (let i: i32 = 0; i < M; i++) {
    for (let j: usize = 0; j < w; j += 16) {
      const z: v128 = v128.load(G + w + j);
      const n: v128 = v128.load(G + w + w + j);
      const stopped: v128 = f32x4.ge(f32x4.abs(v128.load(next + j)), limit);
      const d: v128 = v128.andnot(v128.load(dh + j), stopped);
      const rest: v128 = f32x4.sub(ONE(), z);
      const dz: v128 = f32x4.mul(f32x4.mul(d, f32x4.sub(v128.load(h + j), n)), f32x4.mul(z, rest));
      const dn: v128 = f32x4.mul(f32x4.mul(d, rest), f32x4.sub(ONE(), f32x4.mul(n, n)));
      v128.store(G + w + j, flush(dz));
      v128.store(G + w + w + j, flush(dn));
      v128.store(dh + j, flush(f32x4.mul(d, z)));
    }
    G += <usize>ldg << 2;
    h += <usize>ldh << 2;
    next += <usize>ldh << 2;
    dh += <usize>ldh << 2;
  }
}

/** Second half, with drh the gradient of r ⊙ h: G[r] ← gradient of its pre-activation, dh += drh ⊙ r. */
export function resetBack(M: i32, width: i32, dh: usize, drh: usize, h: usize, ldh: i32, G: usize, ldg: i32): void {
  const w: usize = <usize>width << 2;
  for (let i: i32 = 0; i < M; i++) {
    for (let j: usize = 0; j < w; j += 16) {
      const r: v128 = v128.load(G + j);
      const d: v128 = v128.load(drh + j);
      const dr: v128 = f32x4.mul(f32x4.mul(d, v128.load(h + j)), f32x4.mul(r, f32x4.sub(ONE(), r)));
      v128.store(G + j, flush(dr));
      v128.store(dh + j, madd(d, r, v128.load(dh + j)));
    }
    G += <usize>ldg << 2;
    h += <usize>ldh << 2;
    dh += <usize>ldh << 2;
    drh += <usize>ldh << 2;
  }
}

// One bin of a GRU cell over a few rows, forward and back: gates.ts between products with the recurrent weights. Together they are one call
// instead of four, which counts where a product takes a microsecond. Sizes and strides (ld…) count floats, addresses are bytes.

import { candidate, candidateBack, resetBack, resetUpdate } from './gates';
import { gemm } from './gemm';

/**
 * From state `h` to `next`, M rows. `inner` values of a state's row (and of what lies beside it) meet the panels of the reset and update gates
 * and of the candidate; G, to which they are added or which they set, becomes the gates. `rh` is room for r ⊙ h.
 */
export function cellForward(
  M: i32, width: i32, inner: i32, gates: usize, candidates: usize, accumulate: i32, G: usize, ldg: i32, bias: usize, h: usize, next: usize,
  rh: usize, ldh: i32, clip: f32,
): void {
  gemm(h, ldh, gates, G, ldg, M, inner, 2 * width, accumulate);
  resetUpdate(M, width, G, ldg, bias, h, rh, ldh);
  gemm(rh, ldh, candidates, G + (<usize>width << 3), ldg, M, inner, width, accumulate);
  candidate(M, width, G, ldg, bias, h, next, ldh, clip);
}

/**
 * `dh` from the gradient of `next` to that of `h` and of what lies beside it, over panels of the transposed weights. D and `panels`
 * get the gradients of the gates' pre-activations (gates.ts). `drh` is room for the gradient of r ⊙ h; `rh` gets r ⊙ h again.
 */
export function cellBack(
  M: i32, width: i32, inner: i32, gates: usize, candidates: usize, G: usize, D: usize, ldg: i32, h: usize, next: usize, dh: usize, drh: usize,
  rh: usize, ldh: i32, clip: f32, panels: usize, panelBytes: i32,
): void {
  candidateBack(M, width, dh, h, next, ldh, G, D, ldg, clip, panels, panelBytes);
  gemm(D + (<usize>width << 3), ldg, candidates, drh, ldh, M, width, inner, 0);
  resetBack(M, width, dh, drh, h, rh, ldh, G, D, ldg, panels, panelBytes);
  gemm(D, ldg, gates, dh, ldh, M, 2 * width, inner, 1);
}

// How fast small differences grow along a network's orbits, and the strength of generalised forcing that just holds them (Hess et al. 2023):
// σ̃, the geometric mean over windows of ‖Π J‖^(1/window) for products of Jacobians, not of single steps; α = max(0, 1 − 1/σ̃).

/** Bins of a window. */
export const WINDOW = 20;
/** Rounds of the power iteration that finds the norm of a product. */
const ROUNDS = 12;

/** One step of a network, linear in a small difference. */
export interface Linear {
  readonly states: number;
  /** J v, or Jᵀ v, at a step of the orbit. */
  apply(step: number, v: Float64Array, transposed: boolean): Float64Array;
}

/** ‖J_{from + length − 1} … J_from‖₂ by power iteration from a fixed start. */
export function normOfProduct(linear: Linear, from: number, length: number): number {
  let v: Float64Array = Float64Array.from({ length: linear.states }, (_, i) => 1 + 0.5 * Math.cos(3 * i + 1));
  let norm = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const size = Math.hypot(...v);
    if (!(size > 0)) return 0;
    v = v.map((x) => x / size);
    for (let step = from; step < from + length; step++) v = linear.apply(step, v, false);
    norm = Math.hypot(...v);
    for (let step = from + length - 1; step >= from; step--) v = linear.apply(step, v, true);
  }
  return norm;
}

/** σ̃ over windows of the orbits, each of `steps` steps; `perBin` steps make a bin. */
export function growth(orbits: readonly { readonly linear: Linear; readonly steps: number }[], perBin = 1): number {
  let [sum, windows] = [0, 0];
  for (const { linear, steps } of orbits) {
    const length = Math.min(WINDOW * perBin, steps);
    for (let from = 0; length > 0 && from + length <= steps; from += length) {
      sum += Math.log(Math.max(1e-12, normOfProduct(linear, from, length))) * (perBin / length);
      windows++;
    }
  }
  return windows > 0 ? Math.exp(sum / windows) : 0;
}

/** Keeps forced gradients from growing, and no stronger. */
export const strengthFor = (sigma: number): number => (sigma > 1 ? 1 - 1 / sigma : 0);

/** A strength falls slowly and rises at once. */
export const nextStrength = (strength: number, wanted: number): number => Math.max(0.999 * strength, wanted);

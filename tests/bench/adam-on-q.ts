// The usual way to fixed points (Sussillo & Barak 2013, as public tools do it) in plain float64 TypeScript: all starts at once by Adam on the mean
// of q(x) = ½‖x − F(x)‖², the learning rate falling on plateaus; then states that are nearly alike become one, and far ones are dropped.

/**
 * Usual defaults: tolerance of q, Adam's rate, its fall by `decay` after `patience` iterations that were no `better` by that share, and what
 * counts as alike.
 */
export const USUAL = {
  iterations: 5000,
  tolerance: 1e-12,
  rate: 1,
  decay: 0.95,
  patience: 2,
  better: 1e-4,
  alike: 1e-3,
  outlier: 10,
} as const;

export interface Minimised {
  readonly iterations: number;
  readonly points: readonly Float64Array[];
  /** q of each. */
  readonly q: readonly number[];
}

const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/** Of x' = tanh(W x). */
export function adamOnQ(W: Float64Array, n: number, starts: readonly Float64Array[]): Minimised {
  const count = starts.length;
  const x = new Float64Array(count * n);
  for (const [k, start] of starts.entries()) x.set(start, k * n);
  const [m, v] = [new Float64Array(count * n), new Float64Array(count * n)];
  const q = new Float64Array(count);
  const [h, g, dg] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  let rate: number = USUAL.rate;
  let [best, worse, iteration] = [Infinity, 0, 0];
  while (iteration < USUAL.iterations) {
    iteration++;
    const [first, second] = [1 - BETA1 ** iteration, 1 - BETA2 ** iteration];
    let mean = 0;
    let largest = 0;
    for (let k = 0; k < count; k++) {
      const at = k * n;
      let own = 0;
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += W[i * n + j] * x[at + j];
        h[i] = Math.tanh(sum);
        g[i] = x[at + i] - h[i];
        own += 0.5 * g[i] * g[i];
        dg[i] = (1 - h[i] * h[i]) * g[i];
      }
      q[k] = own;
      mean += own / count;
      largest = Math.max(largest, own);
      // ∇q = (I − J)ᵀ (x − F), J = diag(1 − h²) W; of the mean, over the number of starts.
      for (let i = 0; i < n; i++) {
        const by = dg[i];
        for (let j = 0; j < n; j++) g[j] -= W[i * n + j] * by;
      }
      for (let j = 0; j < n; j++) {
        const slope = g[j] / count;
        m[at + j] = BETA1 * m[at + j] + (1 - BETA1) * slope;
        v[at + j] = BETA2 * v[at + j] + (1 - BETA2) * slope * slope;
        x[at + j] -= (rate * (m[at + j] / first)) / (Math.sqrt(v[at + j] / second) + EPSILON);
      }
    }
    if (largest < USUAL.tolerance) break;
    if (mean < best * (1 - USUAL.better)) [best, worse] = [mean, 0];
    else if (++worse > USUAL.patience) [rate, worse] = [rate * USUAL.decay, 0];
  }
  return { iterations: iteration, ...unique(x, q, n) };
}

function unique(x: Float64Array, q: Float64Array, n: number): Pick<Minimised, 'points' | 'q'> {
  const order = [...q.keys()].filter((k) => Number.isFinite(q[k])).sort((a, b) => q[a] - q[b]);
  const kept: { readonly x: Float64Array; readonly q: number }[] = [];
  for (const k of order) {
    const own = x.subarray(k * n, (k + 1) * n);
    if (!kept.some((other) => Math.hypot(...other.x.map((value, i) => value - own[i])) < USUAL.alike))
      kept.push({ x: own.slice(), q: q[k] });
  }
  const centre = Float64Array.from({ length: n }, (_, i) => kept.reduce((sum, point) => sum + point.x[i], 0) / kept.length);
  const away = kept.map((point) => Math.hypot(...point.x.map((value, i) => value - centre[i])));
  const mean = away.reduce((sum, value) => sum + value, 0) / away.length;
  const near = kept.filter((_, k) => away[k] <= USUAL.outlier * mean);
  return { points: near.map((point) => point.x), q: near.map((point) => point.q) };
}

// Eigenvalues alone of a real square matrix: Hessenberg form, then Francis' double-shifted QR steps on the part that is still whole (Golub & Van
// Loan, 7.5). A tenth of the work of eigenvectors, for places where only stability is asked for.

import { hessenberg } from './schur.ts';

const STEPS_PER_EIGENVALUE = 60;

/** In no order; of a pair both. Throws a RangeError for a matrix with values that are not finite, or where QR steps do not converge. */
export function eigenvaluesOf(matrix: Float64Array, n: number): { readonly re: Float64Array; readonly im: Float64Array } {
  const h = matrix.slice();
  if (!h.every(Number.isFinite)) throw new RangeError('A matrix with values that are not finite has no eigenvalues.');
  hessenberg(h, n);
  const [re, im] = [new Float64Array(n), new Float64Array(n)];
  let steps = 0;
  for (let high = n - 1; high >= 0; ) {
    const low = firstOf(h, n, high);
    if (high - low < 2) {
      if (low === high) re[high] = h[high * n + high];
      else pairOf(h, n, low, re, im);
      high = low - 1;
      steps = 0;
      continue;
    }
    if (steps++ > STEPS_PER_EIGENVALUE) throw new RangeError('The eigenvalues did not converge.');
    francis(h, n, low, high, steps % 11 === 10);
  }
  return { re, im };
}

/** First row of the part that ends at `high` and has no zero beneath its diagonal. */
function firstOf(h: Float64Array, n: number, high: number): number {
  for (let low = high; low > 0; low--) {
    const around = Math.abs(h[low * n + low]) + Math.abs(h[(low - 1) * n + low - 1]);
    if (Math.abs(h[low * n + low - 1]) > Number.EPSILON * around) continue;
    h[low * n + low - 1] = 0;
    return low;
  }
  return 0;
}

/** Both eigenvalues of the 2 × 2 block at `low`. */
function pairOf(h: Float64Array, n: number, low: number, re: Float64Array, im: Float64Array): void {
  const at = low * n + low;
  const [a, b, c, d] = [h[at], h[at + 1], h[at + n], h[at + n + 1]];
  const half = (a - d) / 2;
  const square = half * half + b * c;
  if (square < 0) {
    re.fill((a + d) / 2, low, low + 2);
    im.set([Math.sqrt(-square), -Math.sqrt(-square)], low);
    return;
  }
  // d + z and d − bc / z, so that nothing cancels.
  const z = half + (half >= 0 ? 1 : -1) * Math.sqrt(square);
  re.set([d + z, z === 0 ? d : d - (b * c) / z], low);
}

/** One double step on rows and columns low … high. `odd`: another shift, against cycles. */
function francis(h: Float64Array, n: number, low: number, high: number, odd: boolean): void {
  const of = (i: number, j: number): number => h[i * n + j];
  const stray = Math.abs(of(high, high - 1)) + Math.abs(of(high - 1, high - 2));
  // First column of H² − trace·H + det·I with the shifts' block [x w; · y], over H's first entry beneath the diagonal: by differences from the
  // diagonal, for on a multiple of the identity all else is rounding.
  const corner = of(low, low);
  const x = (odd ? of(high, high) + 0.75 * stray : of(high, high)) - corner;
  const y = (odd ? of(high, high) + 0.75 * stray : of(high - 1, high - 1)) - corner;
  const w = odd ? -0.4375 * stray * stray : of(high, high - 1) * of(high - 1, high);
  let p = (x * y - w) / of(low + 1, low) + of(low, low + 1);
  let q = of(low + 1, low + 1) - corner - x - y;
  let r = of(low + 2, low + 1);
  for (let k = low; k < high; k++) {
    const three = k + 2 <= high;
    if (k > low) [p, q, r] = [of(k, k - 1), of(k + 1, k - 1), three ? of(k + 2, k - 1) : 0];
    const size = Math.hypot(p, q, r);
    if (size === 0) continue;
    const alpha = p > 0 ? -size : size;
    const [v, squared] = [p - alpha, (p - alpha) ** 2 + q * q + r * r];
    const [v1, v2] = [q, three ? r : 0];
    const [one, two, last] = [k * n, (k + 1) * n, three ? (k + 2) * n : (k + 1) * n];
    if (k > low) {
      h[one + k - 1] = alpha;
      h[two + k - 1] = 0;
      if (three) h[last + k - 1] = 0;
    }
    for (let j = k; j <= high; j++) {
      const by = (2 * (v * h[one + j] + v1 * h[two + j] + v2 * h[last + j])) / squared;
      h[one + j] -= by * v;
      h[two + j] -= by * v1;
      if (three) h[last + j] -= by * v2;
    }
    for (let i = low; i <= Math.min(k + 3, high); i++) {
      const at = i * n + k;
      const by = (2 * (v * h[at] + v1 * h[at + 1] + (three ? v2 * h[at + 2] : 0))) / squared;
      h[at] -= by * v;
      h[at + 1] -= by * v1;
      if (three) h[at + 2] -= by * v2;
    }
  }
}

// What was fitted, as moduli, time constants, frequencies and singular values, and how often refits hold what was put in.

import { modesOf } from '../../numerics/eigen.ts';
import { symmetricEigen } from '../../numerics/symmetric.ts';
import { pooledMaps, predicted, type Residuals, secondStage } from './fit.ts';

/** A at every bin and over all of them, with what they say. */
export function estimate(r: Residuals, lags: number, alpha: number, binMs: number) {
  const d = r.dimensions;
  const { m, from, count } = secondStage(r, predicted(r, lags, false), lags, alpha);
  const maps = new Float64Array(m.length);
  const [moduli, hz, singular] = [0, 1, 2].map(() => new Float64Array(count * d));
  for (let k = 0; k < count; k++) {
    const a = transposed(m.subarray(k * d * d, (k + 1) * d * d), d);
    maps.set(a, k * d * d);
    const says = spectrum(a, d, binMs);
    moduli.set(says.moduli, k * d);
    hz.set(says.hz, k * d);
    singular.set(says.singular, k * d);
  }
  const { instrumental, leastSquares } = pooledMaps(r, lags);
  const map = transposed(instrumental, d);
  const says = spectrum(map, d, binMs);
  const pooled = { map, moduli: says.moduli, hz: says.hz, leastSquares: spectrum(transposed(leastSquares, d), d, binMs).moduli[0] };
  return { maps, moduli, hz, singular, from, count, pooled };
}

const transposed = (a: Float64Array, d: number): Float64Array => Float64Array.from(a, (_, i) => a[(i % d) * d + Math.floor(i / d)]);

/** Moduli of eigenvalues from the largest down, their frequencies, and singular values. */
function spectrum(a: Float64Array, d: number, binMs: number) {
  const { re, im } = modesOf(a.slice(), d, Math.hypot);
  const square = new Float64Array(d * d);
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) for (let k = 0; k < d; k++) square[i * d + j] += a[k * d + i] * a[k * d + j];
  return {
    moduli: re.map((value, k) => Math.hypot(value, im[k])),
    hz: re.map((value, k) => (Math.abs(Math.atan2(im[k], value)) * 1000) / (2 * Math.PI * binMs)),
    singular: symmetricEigen(square, d).values.map((value) => Math.sqrt(Math.max(0, value))),
  };
}

/** Share of refits, over places of the first mode, whose interval (as far either way as `low` and `high` lie from `put`) holds what was put in. */
export function coverageOf(put: Float64Array, low: Float64Array, high: Float64Array, refits: readonly Float64Array[], d: number): number {
  let [held, all] = [0, 0];
  for (const refit of refits)
    for (let k = 0; k < put.length; k += d) {
      const off = refit[k] - put[k];
      // put ∈ [refit − (put − low), refit + (high − put)]
      if (off <= put[k] - low[k] && -off <= high[k] - put[k]) held++;
      all++;
    }
  return held / all;
}

/** ms; NaN for what does not decay. */
export const timeConstant = (modulus: number, binMs: number): number =>
  modulus > 0 && modulus < 1 ? -binMs / Math.log(modulus) : Number.NaN;

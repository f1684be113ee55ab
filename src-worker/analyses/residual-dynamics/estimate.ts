// What was fitted, as moduli, time constants, frequencies and singular values.

import { modesOf } from '../../numerics/eigen.ts';
import { eigenvaluesOf } from '../../numerics/eigenvalues.ts';
import { symmetricEigen } from '../../numerics/symmetric.ts';
import { chainOf, leastSquaresMap, pooledMap } from './fit.ts';
import type { Folded } from './lagged.ts';

export type Estimate = ReturnType<typeof estimate>;

/** A at every bin and over all of them, with what they say. */
export function estimate(moments: Folded, alpha: number, binMs: number) {
  const { d } = moments;
  const { m, from, count } = chainOf(moments, alpha);
  const maps = new Float64Array(m.length);
  const [moduli, hz, singular] = [0, 1, 2].map(() => new Float64Array(count * d));
  for (let k = 0; k < count; k++) {
    const a = transposed(m.subarray(k * d * d, (k + 1) * d * d), d);
    maps.set(a, k * d * d);
    const says = spectrum(a, d, binMs);
    moduli.set(says.moduli, k * d);
    hz.set(says.hz, k * d);
    singular.set(singularOf(a, d), k * d);
  }
  const map = transposed(pooledMap(moments), d);
  const says = spectrum(map, d, binMs);
  const pooled = { map, moduli: says.moduli, hz: says.hz, leastSquares: moduliIn(leastSquaresMap(moments), d)[0] };
  return { maps, moduli, hz, singular, from, count, pooled };
}

/** Moduli alone, of all bins together and then of each: (1 + bins) × d. What is drawn many times is only asked for these. */
export function moduliOf(moments: Folded, alpha: number): Float64Array {
  const { d } = moments;
  const { m, count } = chainOf(moments, alpha);
  const out = new Float64Array((1 + count) * d);
  out.set(moduliIn(pooledMap(moments), d));
  for (let k = 0; k < count; k++) out.set(moduliIn(m.subarray(k * d * d, (k + 1) * d * d), d), (1 + k) * d);
  return out;
}

const transposed = (a: Float64Array, d: number): Float64Array => Float64Array.from(a, (_, i) => a[(i % d) * d + Math.floor(i / d)]);

/** The largest first. */
function moduliIn(a: Float64Array, d: number): Float64Array {
  if (!a.every(Number.isFinite)) return new Float64Array(d).fill(Number.NaN);
  const { re, im } = eigenvaluesOf(a, d);
  return re
    .map((value, k) => Math.hypot(value, im[k]))
    .sort()
    .reverse();
}

/** Moduli of eigenvalues from the largest down, and their frequencies. */
function spectrum(a: Float64Array, d: number, binMs: number) {
  const { re, im } = modesOf(a.slice(), d, Math.hypot);
  return {
    moduli: re.map((value, k) => Math.hypot(value, im[k])),
    hz: re.map((value, k) => (Math.abs(Math.atan2(im[k], value)) * 1000) / (2 * Math.PI * binMs)),
  };
}

function singularOf(a: Float64Array, d: number): Float64Array {
  const square = new Float64Array(d * d);
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) for (let k = 0; k < d; k++) square[i * d + j] += a[k * d + i] * a[k * d + j];
  return symmetricEigen(square, d).values.map((value) => Math.sqrt(Math.max(0, value)));
}

/** ms; NaN for what does not decay. */
export const timeConstant = (modulus: number, binMs: number): number =>
  modulus > 0 && modulus < 1 ? -binMs / Math.log(modulus) : Number.NaN;

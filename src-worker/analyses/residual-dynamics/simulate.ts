// Residuals as the fitted dynamics would make them, at the same number of trials and with the same noise: what refitting these gives says how far the
// estimate is to be believed.
//
//   x(t+1) = A_t x(t) + w,  r(t) = x(t) + e;  Cov(r(t+1), r(t)) = A Σ, R = Cov(r) − Σ, Q = Σ − A Σ Aᵀ

import { key, normal } from '../../engine/random.ts';
import { symmetricEigen } from '../../numerics/symmetric.ts';
import { pooledMap, solved } from './fit.ts';
import type { Folded } from './lagged.ts';
import type { Residuals } from './residuals.ts';

const STREAM = { first: 154, process: 155, observed: 156 } as const;
/** Variance that stands for none, over the whole. */
const LEAST = 1e-6;

export interface Simulation {
  /** Roots of Σ, Q and R, d × d. */
  readonly first: Float64Array;
  readonly process: Float64Array;
  readonly observed: Float64Array;
}

/** Covariances of states, of their noise and of that of observation, over all bins; parts that would be negative are taken as none. */
export function noiseOf(r: Residuals, moments: Folded): Simulation {
  const { trials, bins, dimensions: d, values } = r;
  const a = transposed(pooledMap(moments), d);
  const [now, next] = [new Float64Array(d * d), new Float64Array(d * d)];
  const pairs = trials * (bins - 1);
  for (let trial = 0; trial < trials; trial++)
    for (let bin = 0; bin + 1 < bins; bin++) {
      const at = (trial * bins + bin) * d;
      for (let i = 0; i < d; i++)
        for (let j = 0; j < d; j++) {
          now[i * d + j] += (values[at + i] * values[at + j]) / pairs;
          next[i * d + j] += (values[at + d + i] * values[at + j]) / pairs;
        }
    }
  // Σ = A⁻¹ Cov(r(t+1), r(t)), symmetric and between nothing and the whole.
  const raw = solved(a, d, next, d);
  const sigma = raw.map((value, k) => (value + raw[(k % d) * d + Math.floor(k / d)]) / 2);
  const scale = traceOf(now, d) / d;
  const states = clipped(sigma, d, scale);
  const turned = times(times(a, states, d), transposed(a, d), d);
  const root = (of: (k: number) => number): Float64Array =>
    rootOf(
      Float64Array.from({ length: d * d }, (_, k) => of(k)),
      d,
      scale,
    );
  return { first: root((k) => states[k]), process: root((k) => states[k] - turned[k]), observed: root((k) => now[k] - states[k]) };
}

/** As many trials of as many bins, with `maps` (A of each bin from `from` on, held before and after). */
export function simulatedFrom(
  r: Residuals,
  noise: Simulation,
  { maps, from }: { readonly maps: Float64Array; readonly from: number },
  seed: number,
  draw: number,
): Residuals {
  const { trials, bins, dimensions: d } = r;
  const size = d * d;
  const last = maps.length / size - 1;
  const values = new Float64Array(r.values.length);
  const random = (stream: number, trial: number, bin: number): Float64Array => {
    const stem = key(seed, stream, draw, trial);
    return Float64Array.from({ length: d }, (_, i) => normal(stem, bin * d + i));
  };
  for (let trial = 0; trial < trials; trial++) {
    let x = applied(noise.first, random(STREAM.first, trial, 0), d);
    for (let bin = 0; bin < bins; bin++) {
      const seen = applied(noise.observed, random(STREAM.observed, trial, bin), d);
      for (let i = 0; i < d; i++) values[(trial * bins + bin) * d + i] = x[i] + seen[i];
      const at = Math.min(last, Math.max(0, bin - from)) * size;
      const moved = applied(maps.subarray(at, at + size), x, d);
      const stirred = applied(noise.process, random(STREAM.process, trial, bin), d);
      x = moved.map((value, i) => value + stirred[i]);
    }
  }
  return { ...r, values };
}

const transposed = (a: Float64Array, d: number): Float64Array => Float64Array.from(a, (_, i) => a[(i % d) * d + Math.floor(i / d)]);

const traceOf = (a: Float64Array, d: number): number =>
  Array.from({ length: d }, (_, i) => a[i * (d + 1)]).reduce((sum, value) => sum + value, 0);

function times(a: Float64Array, b: Float64Array, d: number): Float64Array {
  const out = new Float64Array(d * d);
  for (let i = 0; i < d; i++) for (let k = 0; k < d; k++) for (let j = 0; j < d; j++) out[i * d + j] += a[i * d + k] * b[k * d + j];
  return out;
}

function applied(a: Float64Array, x: Float64Array, d: number): Float64Array {
  const out = new Float64Array(d);
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) out[i] += a[i * d + j] * x[j];
  return out;
}

/** V f(λ) Vᵀ of a symmetric matrix. */
function through(a: Float64Array, d: number, of: (value: number) => number): Float64Array {
  const { values, vectors } = symmetricEigen(a.slice(), d);
  const out = new Float64Array(d * d);
  for (let k = 0; k < d; k++) {
    const size = of(values[k]);
    for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) out[i * d + j] += size * vectors[k * d + i] * vectors[k * d + j];
  }
  return out;
}

const clipped = (a: Float64Array, d: number, scale: number): Float64Array => through(a, d, (value) => Math.max(LEAST * scale, value));
const rootOf = (a: Float64Array, d: number, scale: number): Float64Array =>
  through(a, d, (value) => Math.sqrt(Math.max(LEAST * scale, value)));

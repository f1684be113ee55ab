// How far a linear system is from normal: Henrici's departure and the largest transient growth (Trefethen & Embree 2005), each beside random
// networks that share what the eigenvalues alone fix.

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Job } from '../../contract/job.ts';
import { key, normal, permutation } from '../../engine/random.ts';
import { exponential, type Gain, gainOf } from '../../numerics/matrices.ts';
import { norm2 } from '../../numerics/lu.ts';
import { departureOf, type Schur, schurOf, type timesTriangular, triangularNorm } from '../../numerics/schur.ts';
import type { Field } from '../fixed-points/field.ts';
import { largestPower, powerOf, timesFor } from './powers.ts';

const STREAM = { gaussian: 31, phases: 32 } as const;
/** Of a differential equation: at least so many instants within the duration, and steps of at most this times 1/‖J‖. */
const INSTANTS = 400;
const LONGEST_STEP = 0.25;
const MOST_INSTANTS = 4000;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** ‖J^k‖ is compared with that of surrogates at so many halvings of the duration. */
const HALVINGS = 7;

export interface Growth extends Gain {
  /** Steps of a map, ms of a differential equation. */
  readonly at: number;
}

const larger = (a: Growth, b: Growth): Growth => (b.norm > a.norm ? b : a);

/**
 * Largest ‖J^k‖ (k steps, at most `duration` of them) or ‖e^{Jt}‖ (t ms) over the growth of the least stable mode, with the state that grows
 * most and what it becomes. `schur` is the form of J.
 */
export function growthOf(
  kind: Field['kind'],
  jacobian: Float64Array,
  n: number,
  duration: number,
  leastStable: number,
  schur: Schur = schurOf(jacobian, n),
): Growth {
  const now: Growth = { ...gainOf(identity(n), n), at: 0 };
  if (kind === 'map') {
    const scale = Math.max(1, leastStable);
    const shrunk = jacobian.map((value) => value / scale);
    const { at } = largestPower(shrunk, n, duration, () => scaled(schur, 1 / scale));
    return at > 0 ? larger(now, { ...gainOf(powerOf(shrunk, n, at), n), at }) : now;
  }
  const shifted = jacobian.slice();
  if (leastStable > 0) for (let i = 0; i < n; i++) shifted[i * (n + 1)] -= leastStable;
  const instants = Math.min(MOST_INSTANTS, Math.max(INSTANTS, Math.ceil((duration * norm2(shifted, n)) / LONGEST_STEP)));
  const step = duration / instants;
  const over = (t: number): Float64Array =>
    exponential(
      shifted.map((value) => value * t),
      n,
    );
  const once = over(step);
  const { at: best } = largestPower(once, n, instants, () => schurOf(once, n));
  if (best === 0) return now;
  const gainAt = (t: number): Growth => ({ ...gainOf(over(t), n), at: t });
  let [low, high] = [(best - 1) * step, Math.min(duration, (best + 1) * step)];
  let [left, right] = [gainAt(high - GOLDEN * (high - low)), gainAt(low + GOLDEN * (high - low))];
  while (high - low > 1e-5 * high) {
    if (left.norm > right.norm) {
      high = right.at;
      right = left;
      left = gainAt(high - GOLDEN * (high - low));
    } else {
      low = left.at;
      left = right;
      right = gainAt(low + GOLDEN * (high - low));
    }
  }
  return larger(larger(now, gainAt(duration)), larger(left, right));
}

function identity(n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * (n + 1)] = 1;
  return out;
}

/** λ_max((J + Jᵀ)/2): the fastest growth at the first instant. */
export function numericalAbscissa(jacobian: Float64Array, n: number): number {
  const symmetric = Matrix.zeros(n, n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) symmetric.set(i, j, (jacobian[i * n + j] + jacobian[j * n + i]) / 2);
  return Math.max(...new EigenvalueDecomposition(symmetric, { assumeSymmetric: true }).realEigenvalues);
}

const squaresOf = ({ re, im }: Schur): number => re.reduce((sum, value, at) => sum + value * value + im[at] * im[at], 0);

/** Henrici's departure over the length of the matrix: 0 for a normal one, below 1 always. */
export function ratioOf(schur: Schur): number {
  const size = Math.sqrt(squaresOf(schur));
  return size === 0 ? 0 : departureOf(schur) / size;
}

export interface Spectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly departure: number;
}

function spectrumOf(schur: Schur): Spectrum {
  const diagonal = (values: Float64Array) => Float64Array.from({ length: schur.n }, (_, i) => values[i * (schur.n + 1)]);
  return { re: diagonal(schur.re), im: diagonal(schur.im), departure: departureOf(schur) };
}

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Largest distance of an eigenvalue from their mean, which is real. */
const radiusOf = ({ re, im }: Spectrum): number => {
  const mean = meanOf(re);
  return re.reduce((most, value, k) => Math.max(most, Math.hypot(value - mean, im[k])), 0);
};

/** Spectrum of a Gaussian matrix of this size. */
export function gaussianSpectrum(n: number, seed: number, draw: number): Spectrum {
  const random = key(seed, STREAM.gaussian, draw);
  return spectrumOf(
    schurOf(
      Float64Array.from({ length: n * n }, (_, i) => normal(random, i) / Math.sqrt(n)),
      n,
    ),
  );
}

/** Of so many: the same for every point of a network. */
export const gaussianSpectra = (n: number, draws: number, seed: number): Spectrum[] =>
  Array.from({ length: draws }, (_, draw) => gaussianSpectrum(n, seed, draw));

export type Interval = readonly [number, number];

/** Holds 95 % of the values, or all where there are few. */
function interval(values: readonly number[]): Interval {
  const sorted = values.toSorted((a, b) => a - b);
  const cut = Math.floor(0.025 * (sorted.length + 1));
  return [sorted[Math.max(0, cut - 1)] ?? Number.NaN, sorted[Math.min(sorted.length - 1, sorted.length - cut)] ?? Number.NaN];
}

/** The ratio in random networks c I + a G whose eigenvalues have the same mean and the same radius about it. */
export function randomRatios(schur: Schur, gaussians: readonly Spectrum[]): Interval {
  const own = spectrumOf(schur);
  const [mean, radius] = [meanOf(own.re), radiusOf(own)];
  return interval(
    gaussians.map((gaussian) => {
      const spread = radiusOf(gaussian);
      const a = spread === 0 ? 0 : radius / spread;
      const departure = a * gaussian.departure;
      const offset = mean - a * meanOf(gaussian.re);
      const squares = gaussian.re.reduce((sum, value, k) => sum + (offset + a * value) ** 2 + (a * gaussian.im[k]) ** 2, departure ** 2);
      return squares === 0 ? 0 : departure / Math.sqrt(squares);
    }),
  );
}

/**
 * Growth of the matrix at a few powers, and the interval of the same for matrices with its eigenvalues and shuffled phases above them.
 * `job.progress` goes from 0 to 1.
 */
export async function growthBesideShuffled(
  kind: Field['kind'],
  schur: Schur,
  {
    duration,
    leastStable,
    draws,
    seed,
  }: { readonly duration: number; readonly leastStable: number; readonly draws: number; readonly seed: number },
  job: Pick<Job, 'progress'>,
): Promise<{ readonly own: number; readonly random: Interval }> {
  const times = timesFor(schur.n);
  const first = (t: Schur): Schur => (kind === 'map' ? scaled(t, 1 / Math.max(1, leastStable)) : shortly(t, duration, leastStable, times));
  const doublings = kind === 'map' ? Math.floor(Math.log2(Math.max(1, duration))) : HALVINGS;
  const most = (t: Schur): number => {
    let power = first(t);
    let largest = Math.max(1, triangularNorm(power));
    for (let k = 0; k < doublings; k++) {
      power = times(power, power);
      largest = Math.max(largest, triangularNorm(power));
    }
    return largest;
  };
  const own = most(schur);
  const random: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    await job.progress(draw / draws);
    random.push(most(shuffled(schur, key(seed, STREAM.phases, draw))));
  }
  return { own, random: interval(random) };
}

const scaled = ({ n, re, im }: Schur, by: number): Schur => ({ n, re: re.map((x) => x * by), im: im.map((x) => x * by) });

/** e^{(T − s) t} at the duration halved `HALVINGS` times, by its series. */
function shortly(t: Schur, duration: number, leastStable: number, times: typeof timesTriangular): Schur {
  const { n } = t;
  const a = scaled(t, duration / 2 ** HALVINGS);
  if (leastStable > 0) for (let i = 0; i < n; i++) a.re[i * (n + 1)] -= (leastStable * duration) / 2 ** HALVINGS;
  const size = triangularNorm(a);
  const halvings = size > 0.5 ? Math.ceil(Math.log2(size / 0.5)) : 0;
  const small = scaled(a, 1 / 2 ** halvings);
  const one = (): Schur => ({ n, re: identity(n), im: new Float64Array(n * n) });
  let out = one();
  for (let k = 18; k >= 1; k--) {
    out = scaled(times(small, out), 1 / k);
    for (let i = 0; i < n; i++) out.re[i * (n + 1)] += 1;
  }
  for (let k = 0; k < halvings; k++) out = times(out, out);
  return out;
}

/** What lies above the diagonal keeps its sizes and is given one another's phases. */
function shuffled({ n, re, im }: Schur, random: number): Schur {
  const above: number[] = [];
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) above.push(i * n + j);
  const order = permutation(random, above.length);
  const out = { n, re: re.slice(), im: im.slice() };
  for (const [k, at] of above.entries()) {
    const from = above[order[k]];
    const size = Math.hypot(re[at], im[at]);
    const phase = Math.atan2(im[from], re[from]);
    out.re[at] = size * Math.cos(phase);
    out.im[at] = size * Math.sin(phase);
  }
  return out;
}

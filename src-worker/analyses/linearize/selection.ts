// Selection and input vectors at a point (Mante et al. 2013; Maheswaranathan & Sussillo 2020): what the slowest mode reads of each input, beside
// chance, and beside a pulse through the nonlinear dynamics.

import { key, normal } from '../../engine/random.ts';
import type { Modes } from '../../numerics/eigen.ts';
import { length } from '../../numerics/lu.ts';
import { apply } from '../../numerics/matrices.ts';
import type { Flow } from '../../models/model.ts';

/** Above this ‖l‖‖r‖ a left eigenvector says more about rounding than about dynamics. */
const ILL_CONDITIONED = 1e3;
/** The slow eigenvalue must be this many uncertainties from the next. */
const SEPARATION = 10;
const CHANCE_STREAM = 33;
const CHANCE_DRAWS = 1000;
const DIFFERENCE = 1e-6;

export const REFUSALS = {
  'ill-conditioned': 'The slowest mode is ill-conditioned (‖l‖‖r‖ above 1000): its selection vector is not to be trusted.',
  'not separated': 'The slowest eigenvalue is not separated from the next: there is no one selection vector.',
} as const;
export type Refusal = keyof typeof REFUSALS;

export interface ModeAt {
  readonly modes: Modes;
  readonly place: number;
}

const n = ({ modes }: ModeAt): number => modes.count;

const part = (of: 'rightRe' | 'rightIm' | 'leftRe' | 'leftIm', at: ModeAt): Float64Array =>
  at.modes[of].subarray(at.place * n(at), (at.place + 1) * n(at));

/** Why the selection vector of this mode is not to be used; undefined where it is. */
export function refusalOf(at: ModeAt, doubts: Float64Array): Refusal | undefined {
  const { modes, place } = at;
  if (!(modes.condition[place] <= ILL_CONDITIONED)) return 'ill-conditioned';
  for (let k = 0; k < modes.count; k++) {
    const own = k === place || (modes.im[k] !== 0 && modes.re[k] === modes.re[place] && modes.im[k] === -modes.im[place]);
    if (!own && Math.hypot(modes.re[k] - modes.re[place], modes.im[k] - modes.im[place]) < SEPARATION * Math.max(doubts[k], doubts[place]))
      return 'not separated';
  }
  return undefined;
}

/** ∂F/∂u at a point, states × inputs. */
export function inputJacobianOf(flow: Flow, x: Float64Array, u: Float64Array): Float64Array {
  if (flow.inputJacobian) return flow.inputJacobian(x, u);
  const value = (held: Float64Array) => (flow.kind === 'map' ? flow.map(x, held) : flow.derivative(x, held));
  const out = new Float64Array(flow.states * flow.inputs);
  for (let j = 0; j < flow.inputs; j++) {
    const step = DIFFERENCE * Math.max(1, Math.abs(u[j]));
    const moved = (by: number) => value(u.map((one, k) => (k === j ? one + by : one)));
    const [plus, minus] = [moved(step), moved(-step)];
    for (let i = 0; i < flow.states; i++) out[i * flow.inputs + j] = (plus[i] - minus[i]) / (2 * step);
  }
  return out;
}

/** l·v without conjugation. */
export function readBy(at: ModeAt, v: Float64Array): { readonly re: number; readonly im: number } {
  const [re, im] = [apply(part('leftRe', at), v)[0], apply(part('leftIm', at), v)[0]];
  return { re, im };
}

/** Cosine between v and a vector, or the plane of its real and imaginary parts. */
function cosine(re: Float64Array, im: Float64Array, v: Float64Array): number {
  const first = length(re);
  const size = length(v);
  if (first === 0 || size === 0) return 0;
  const along = re.reduce((sum, x, i) => sum + x * v[i], 0) / first;
  if (!im.some((x) => x !== 0)) return along / size;
  const dot = re.reduce((sum, x, i) => sum + (x * im[i]) / first, 0);
  const across = im.map((x, i) => x - (dot * re[i]) / first);
  const second = length(across);
  const other = second === 0 ? 0 : across.reduce((sum, x, i) => sum + x * v[i], 0) / second;
  return Math.hypot(along, other) / size;
}

/** What 95 % of random directions stay below: of their cosine with one direction, or with a plane. */
export function chanceCosine(states: number, dimensions: 1 | 2, seed: number): number {
  if (states <= dimensions) return 1;
  const drawn = Array.from({ length: CHANCE_DRAWS }, (_, draw) => {
    const random = key(seed, CHANCE_STREAM, dimensions, draw);
    const direction = Float64Array.from({ length: states }, (_unused, i) => normal(random, i));
    return Math.hypot(direction[0], dimensions === 2 ? direction[1] : 0) / length(direction);
  });
  return drawn.sort((a, b) => a - b)[Math.floor(0.95 * CHANCE_DRAWS)];
}

export interface Selection {
  readonly strength: number;
  /** l·b, its modulus where the mode is complex. */
  readonly effect: number;
  readonly cosineLeft: number;
  readonly cosineRight: number;
}

/** Of input `k` by the columns of ∂F/∂u. */
export function selectionOf(at: ModeAt, b: Float64Array): Selection {
  const { re, im } = readBy(at, b);
  return {
    strength: length(b),
    effect: at.modes.im[at.place] === 0 ? re : Math.hypot(re, im),
    cosineLeft: cosine(part('leftRe', at), part('leftIm', at), b),
    cosineRight: cosine(part('rightRe', at), part('rightIm', at), b),
  };
}

export const column = (jacobian: Float64Array, inputs: number, k: number): Float64Array =>
  Float64Array.from({ length: jacobian.length / inputs }, (_, i) => jacobian[i * inputs + k]);

/**
 * Change along l at the end of `duration` by a pulse of size 1 and length `pulse` from time 0, both in steps of a map or ms of a differential
 * equation: l·b λ^(T−p) (1 − λ^p)/(1 − λ), or l·b e^(λ(T−p)) (e^(λp) − 1)/λ.
 */
export function pulseEffect(
  kind: Flow['kind'],
  lambda: { readonly re: number; readonly im: number },
  read: { readonly re: number; readonly im: number },
  duration: number,
  pulse: number,
): { readonly re: number; readonly im: number } {
  if (kind === 'ode') return times(read, times(expOf(lambda, duration - pulse), kernel(lambda, pulse)));
  // λ = e^μ: the sum of λ^0 … λ^(p−1).
  let [re, im] = [0, 0];
  let power = { re: 1, im: 0 };
  for (let t = 0; t < duration; t++) {
    if (t >= duration - pulse) [re, im] = [re + power.re, im + power.im];
    power = times(power, lambda);
  }
  return times(read, { re, im });
}

type Complex = { readonly re: number; readonly im: number };
const times = (a: Complex, b: Complex): Complex => ({ re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re });
const expOf = (lambda: Complex, t: number): Complex => ({
  re: Math.exp(lambda.re * t) * Math.cos(lambda.im * t),
  im: Math.exp(lambda.re * t) * Math.sin(lambda.im * t),
});

/** (e^(λp) − 1)/λ, → p at λ = 0. */
function kernel(lambda: Complex, p: number): Complex {
  const squared = lambda.re ** 2 + lambda.im ** 2;
  if (Math.sqrt(squared) * p < 1e-8) return { re: p, im: 0 };
  const { re, im } = expOf(lambda, p);
  const top = lambda.im === 0 ? { re: Math.expm1(lambda.re * p), im: 0 } : { re: re - 1, im };
  return times(top, { re: lambda.re / squared, im: -lambda.im / squared });
}

/** How a difference between two contexts splits exactly: Δ(l·b) = l̄·Δb + Δl·b̄. */
export function contextSplit(
  l: readonly [Float64Array, Float64Array],
  b: readonly [Float64Array, Float64Array],
): { readonly total: number; readonly byInput: number; readonly bySelection: number } {
  const dot = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, i) => sum + value * y[i], 0);
  const half = (x: readonly [Float64Array, Float64Array], sign: 1 | -1): Float64Array => x[1].map((value, i) => value + sign * x[0][i]);
  return {
    total: dot(l[1], b[1]) - dot(l[0], b[0]),
    byInput: dot(half(l, 1), half(b, -1)) / 2,
    bySelection: dot(half(l, -1), half(b, 1)) / 2,
  };
}

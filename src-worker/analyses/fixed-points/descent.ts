// From one start to a point where G vanishes or stops falling: Levenberg–Marquardt on ½‖G‖² with Nielsen's damping, then plain Newton steps.

import { factorise, solveFactorised } from '../../numerics/cholesky.ts';
import { factoriseLu, length, solveLu } from '../../numerics/lu.ts';
import type { Field } from './field.ts';

const MOST_STEPS = 300;
const NEWTON_STEPS = 3;
const LONGEST_POLISH = 1e-3;
const EPSILON = Number.EPSILON;
/** μ₀ over the largest diagonal element of AᵀA. */
const FIRST_DAMPING = 1e-3;
/** A step is at most this times √n long. */
const LONGEST_STEP = 0.5;

export interface Descent {
  readonly x: Float64Array;
  /** G and A there. */
  readonly g: Float64Array;
  readonly a: Float64Array;
  readonly steps: number;
}

const largestOf = (x: Float64Array): number => {
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]));
  return largest;
};

/** Lower triangle of AᵀA into `into`, the costliest part of a step: in tiles of 4 × 4 sums that stay in registers. */
function normalMatrix(a: Float64Array, n: number, into: Float64Array): void {
  const tiled = n - (n % 4);
  for (let i = 0; i < tiled; i += 4) {
    for (let j = 0; j <= i; j += 4) {
      let [s00, s01, s02, s03] = [0, 0, 0, 0];
      let [s10, s11, s12, s13] = [0, 0, 0, 0];
      let [s20, s21, s22, s23] = [0, 0, 0, 0];
      let [s30, s31, s32, s33] = [0, 0, 0, 0];
      for (let row = 0, p = i, q = j; row < n; row++, p += n, q += n) {
        const y0 = a[q];
        const y1 = a[q + 1];
        const y2 = a[q + 2];
        const y3 = a[q + 3];
        let x = a[p];
        s00 += x * y0;
        s01 += x * y1;
        s02 += x * y2;
        s03 += x * y3;
        x = a[p + 1];
        s10 += x * y0;
        s11 += x * y1;
        s12 += x * y2;
        s13 += x * y3;
        x = a[p + 2];
        s20 += x * y0;
        s21 += x * y1;
        s22 += x * y2;
        s23 += x * y3;
        x = a[p + 3];
        s30 += x * y0;
        s31 += x * y1;
        s32 += x * y2;
        s33 += x * y3;
      }
      const to0 = (i + 0) * n + j;
      into[to0] = s00;
      into[to0 + 1] = s01;
      into[to0 + 2] = s02;
      into[to0 + 3] = s03;
      const to1 = (i + 1) * n + j;
      into[to1] = s10;
      into[to1 + 1] = s11;
      into[to1 + 2] = s12;
      into[to1 + 3] = s13;
      const to2 = (i + 2) * n + j;
      into[to2] = s20;
      into[to2 + 1] = s21;
      into[to2 + 2] = s22;
      into[to2 + 3] = s23;
      const to3 = (i + 3) * n + j;
      into[to3] = s30;
      into[to3 + 1] = s31;
      into[to3 + 2] = s32;
      into[to3 + 3] = s33;
    }
  }
  for (let i = tiled; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let at = 0; at < n * n; at += n) sum += a[at + i] * a[at + j];
      into[i * n + j] = sum;
    }
}

/** ∇ = AᵀG. */
export function gradientOf(a: Float64Array, g: Float64Array, into: Float64Array = new Float64Array(g.length)): Float64Array {
  const n = g.length;
  into.fill(0);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) into[j] += a[i * n + j] * g[i];
  return into;
}

const finite = (x: Float64Array): boolean => x.every(Number.isFinite);

/** Matrices that a descent works in; one may serve any number of descents, one after another. */
export interface Workspace {
  readonly normal: Float64Array;
  readonly factors: Float64Array;
  readonly a: Float64Array;
}

export const workspaceFor = ({ states: n }: Field): Workspace => ({
  normal: new Float64Array(n * n),
  factors: new Float64Array(n * n),
  a: new Float64Array(n * n),
});

/** Ends where ‖G‖∞ ≤ 4ε max(1, ‖x‖∞), where a step no longer moves x, or after 300 steps; undefined where G is not finite at the start. */
export function descend(
  field: Field,
  start: Float64Array,
  { normal, factors, a: room }: Workspace = workspaceFor(field),
): Descent | undefined {
  const { states: n, residual, derivative } = field;
  let x: Float64Array = start.slice();
  let g: Float64Array = residual(x);
  if (!finite(g)) return undefined;
  let a: Float64Array = derivative(x, room);
  const gradient: Float64Array = gradientOf(a, g);
  normalMatrix(a, n, normal);
  let damping = 0;
  for (let i = 0; i < n; i++) damping = Math.max(damping, normal[i * n + i]);
  damping *= FIRST_DAMPING;
  let growth = 2;
  let steps = 0;
  const atFloor = () => largestOf(g) <= 4 * EPSILON * Math.max(1, largestOf(x));
  while (steps < MOST_STEPS && !atFloor()) {
    steps++;
    factors.set(normal);
    for (let i = 0; i < n; i++) factors[i * n + i] += damping;
    const step = gradient.map((value) => -value);
    if (!factorise(factors, n)) {
      damping = Math.max(damping, Number.MIN_VALUE) * growth;
      growth *= 2;
      continue;
    }
    solveFactorised(factors, n, step);
    const long = length(step) / (LONGEST_STEP * Math.sqrt(n));
    if (long > 1) for (let i = 0; i < n; i++) step[i] /= long;
    if (length(step) <= EPSILON * length(x)) break;
    const next: Float64Array = x.map((value, i) => value + step[i]);
    const gNext = residual(next);
    // Decrease of ½‖G‖² that the linear model foretells: −∇·δ − ½‖Aδ‖².
    let foretold = 0;
    let actual = 0;
    for (let i = 0; i < n; i++) {
      let moved = 0;
      for (let j = 0; j < n; j++) moved += a[i * n + j] * step[j];
      foretold -= gradient[i] * step[i] + 0.5 * moved * moved;
      actual += 0.5 * (g[i] - gNext[i]) * (g[i] + gNext[i]);
    }
    const gain = actual / foretold;
    if (gain > 0) {
      x = next;
      g = gNext;
      a = derivative(x, room);
      gradientOf(a, g, gradient);
      normalMatrix(a, n, normal);
      damping *= Math.max(1 / 3, 1 - (2 * gain - 1) ** 3);
      growth = 2;
    } else {
      damping *= growth;
      growth *= 2;
    }
  }
  return polished({ x, g, a: a.slice(), steps }, residual, derivative);
}

/** Plain Newton steps for as long as ‖G‖ falls. */
function polished(end: Descent, residual: Field['residual'], derivative: Field['derivative']): Descent {
  const n = end.x.length;
  const pivots = new Int32Array(n);
  let best = end;
  for (let k = 0; k < NEWTON_STEPS; k++) {
    const lu = best.a.slice();
    const step = best.g.slice();
    if (!factoriseLu(lu, n, pivots)) break;
    solveLu(lu, n, pivots, step);
    // Along a continuum a Newton step is rounding blown up.
    if (length(step) > LONGEST_POLISH * Math.max(1, length(best.x))) break;
    const x = best.x.map((value, i) => value - step[i]);
    const g = residual(x);
    if (!(length(g) < length(best.g))) break;
    best = { x, g, a: derivative(x), steps: best.steps };
  }
  return best;
}

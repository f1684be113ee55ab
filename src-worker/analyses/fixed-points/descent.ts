// From one start to a point where G vanishes or stops falling: Levenberg–Marquardt on ½‖G‖² with Nielsen's damping, then plain Newton steps.

import { factorise, solveFactorised } from '../../numerics/cholesky.ts';
import { factoriseLu, length, solveLu } from '../../numerics/lu.ts';
import type { Field } from './field.ts';

const MOST_STEPS = 300;
const NEWTON_STEPS = 3;
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

/** Lower triangle of AᵀA into `into`, eight rows of A at a time: the costliest part of a step. */
function normalMatrix(a: Float64Array, n: number, into: Float64Array): void {
  into.fill(0);
  let row = 0;
  for (; row + 8 <= n; row += 8) {
    const [r0, r1, r2, r3] = [row * n, (row + 1) * n, (row + 2) * n, (row + 3) * n];
    const [r4, r5, r6, r7] = [(row + 4) * n, (row + 5) * n, (row + 6) * n, (row + 7) * n];
    for (let i = 0; i < n; i++) {
      const [b0, b1, b2, b3] = [a[r0 + i], a[r1 + i], a[r2 + i], a[r3 + i]];
      const [b4, b5, b6, b7] = [a[r4 + i], a[r5 + i], a[r6 + i], a[r7 + i]];
      const to = i * n;
      for (let j = 0; j <= i; j++) {
        const first = b0 * a[r0 + j] + b1 * a[r1 + j] + b2 * a[r2 + j] + b3 * a[r3 + j];
        into[to + j] += first + (b4 * a[r4 + j] + b5 * a[r5 + j] + b6 * a[r6 + j] + b7 * a[r7 + j]);
      }
    }
  }
  for (; row < n; row++) for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) into[i * n + j] += a[row * n + i] * a[row * n + j];
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
    const x = best.x.map((value, i) => value - step[i]);
    const g = residual(x);
    if (!(length(g) < length(best.g))) break;
    best = { x, g, a: derivative(x), steps: best.steps };
  }
  return best;
}

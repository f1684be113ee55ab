// From one start to a point where G vanishes or stops falling: Levenberg–Marquardt on ½‖G‖² with Nielsen's damping, then plain Newton steps.

import { type Squares, squaresOf } from '../../engine/squares.ts';
import { factoriseLu, inverseNorm, length, solveLu } from '../../numerics/lu.ts';
import type { Field } from './field.ts';

const MOST_STEPS = 300;
const NEWTON_STEPS = 3;
const LONGEST_POLISH = 1e-3;
/** Rounding leaves ‖G‖ at most this times ε√n max(1, ‖x‖). */
const FLOOR = 50;
const EPSILON = Number.EPSILON;
/** μ₀ over the largest diagonal element of AᵀA. */
const FIRST_DAMPING = 1e-3;
/** A step is at most this times √n long. */
const LONGEST_STEP = 0.5;

/** Where a descent ended, measured. */
export interface End {
  readonly x: Float64Array;
  /** G and A there. */
  readonly g: Float64Array;
  readonly a: Float64Array;
  readonly steps: number;
  /** ‖G‖, and whether rounding leaves no less of it. */
  readonly speed: number;
  readonly atFloor: boolean;
  /** η = ‖A⁻¹G‖, the predicted distance to the root; Infinity where A is singular. */
  readonly error: number;
  /** β = ‖A⁻¹‖. */
  readonly inverse: number;
}

const largestOf = (x: Float64Array): number => {
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]));
  return largest;
};

/** ∇ = AᵀG. */
export function gradientOf(a: Float64Array, g: Float64Array, into: Float64Array = new Float64Array(g.length)): Float64Array {
  const n = g.length;
  into.fill(0);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) into[j] += a[i * n + j] * g[i];
  return into;
}

const dot = (x: Float64Array, y: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
};

const finite = (x: Float64Array): boolean => x.every(Number.isFinite);

/** What a descent works in; one may serve any number of descents, one after another. */
export interface Workspace {
  readonly squares: Squares;
  readonly a: Float64Array;
  readonly lu: Float64Array;
  readonly pivots: Int32Array;
}

export const workspaceFor = ({ states: n }: Field, module?: WebAssembly.Module): Workspace => ({
  squares: squaresOf(n, module),
  a: new Float64Array(n * n),
  lu: new Float64Array(n * n),
  pivots: new Int32Array(n),
});

/** Ends where ‖G‖∞ ≤ 4ε max(1, ‖x‖∞), where a step no longer moves x, or after 300 steps; undefined where G is not finite at the start. */
export function descend(field: Field, start: Float64Array, workspace: Workspace = workspaceFor(field)): End | undefined {
  const { states: n, residual, derivative } = field;
  const { squares, a: room } = workspace;
  let x: Float64Array = start.slice();
  let g: Float64Array = residual(x);
  if (!finite(g)) return undefined;
  let a: Float64Array = derivative(x, room);
  const gradient: Float64Array = gradientOf(a, g);
  const step = new Float64Array(n);
  let damping = FIRST_DAMPING * squares.take(a);
  let growth = 2;
  let steps = 0;
  const atFloor = () => largestOf(g) <= 4 * EPSILON * Math.max(1, largestOf(x));
  while (steps < MOST_STEPS && !atFloor()) {
    steps++;
    for (let i = 0; i < n; i++) step[i] = -gradient[i];
    if (!squares.solve(damping, step)) {
      damping = Math.max(damping, Number.MIN_VALUE) * growth;
      growth *= 2;
      continue;
    }
    const along = -dot(gradient, step);
    const size = length(step);
    // ‖Aδ‖² = −∇·δ − μ‖δ‖², for (AᵀA + μI) δ = −∇; a step that is cut takes its part of it.
    const cut = Math.min(1, (LONGEST_STEP * Math.sqrt(n)) / size);
    const moved = Math.max(0, along - damping * size * size) * cut * cut;
    if (cut < 1) for (let i = 0; i < n; i++) step[i] *= cut;
    if (cut * size <= EPSILON * length(x)) break;
    const next: Float64Array = x.slice();
    for (let i = 0; i < n; i++) next[i] += step[i];
    const gNext = residual(next);
    // Decrease of ½‖G‖² that the linear model foretells: −∇·δ − ½‖Aδ‖².
    const foretold = cut * along - 0.5 * moved;
    let actual = 0;
    for (let i = 0; i < n; i++) actual += 0.5 * (g[i] - gNext[i]) * (g[i] + gNext[i]);
    const gain = actual / foretold;
    if (gain > 0) {
      x = next;
      g = gNext;
      a = derivative(x, room);
      gradientOf(a, g, gradient);
      squares.take(a);
      damping *= Math.max(1 / 3, 1 - (2 * gain - 1) ** 3);
      growth = 2;
    } else {
      damping *= growth;
      growth *= 2;
    }
  }
  return polished(field, { x, g, a: a.slice(), steps }, workspace);
}

/** A state as an end of no descent. */
export function endAt(field: Field, x: Float64Array): End {
  const factors = { lu: new Float64Array(x.length ** 2), pivots: new Int32Array(x.length) };
  const { end, step } = measured({ x, g: field.residual(x), a: field.derivative(x).slice(), steps: 0 }, factors);
  return step ? { ...end, inverse: inverseNorm(factors.lu, step.length, factors.pivots) } : end;
}

type Unmeasured = Pick<End, 'x' | 'g' | 'a' | 'steps'>;

/** Plain Newton steps for as long as ‖G‖ falls. */
function polished({ residual, derivative }: Field, reached: Unmeasured, workspace: Workspace): End {
  let best = measured(reached, workspace);
  for (let k = 0; k < NEWTON_STEPS && best.step; k++) {
    const { step, end } = best;
    // Along a continuum a Newton step is rounding blown up.
    if (end.error > LONGEST_POLISH * Math.max(1, length(end.x))) break;
    const x = end.x.map((value, i) => value - step[i]);
    const g = residual(x);
    if (!(length(g) < end.speed)) break;
    // At the floor x moves by rounding alone, and A by no more: its factors serve again.
    best = end.atFloor ? stepped({ ...end, x, g }, workspace) : measured({ x, g, a: derivative(x), steps: end.steps }, workspace);
  }
  return { ...best.end, inverse: best.step ? inverseNorm(workspace.lu, best.step.length, workspace.pivots) : Infinity };
}

/** With the Newton step A⁻¹G, where there is one; the workspace then holds the factors of A. */
function measured(
  reached: Unmeasured,
  { lu, pivots }: Pick<Workspace, 'lu' | 'pivots'>,
): { readonly end: End; readonly step?: Float64Array } {
  lu.set(reached.a);
  if (factoriseLu(lu, reached.x.length, pivots)) return stepped(reached, { lu, pivots });
  return { end: { ...reached, ...speedOf(reached), error: Infinity, inverse: Infinity } };
}

/** The same by factors that are there. */
function stepped(
  reached: Unmeasured,
  { lu, pivots }: Pick<Workspace, 'lu' | 'pivots'>,
): { readonly end: End; readonly step: Float64Array } {
  const step = reached.g.slice();
  solveLu(lu, step.length, pivots, step);
  return { end: { ...reached, ...speedOf(reached), error: length(step), inverse: Number.NaN }, step };
}

function speedOf({ x, g }: Unmeasured): Pick<End, 'speed' | 'atFloor'> {
  const speed = length(g);
  return { speed, atFloor: speed <= FLOOR * EPSILON * Math.sqrt(x.length) * Math.max(1, length(x)) };
}

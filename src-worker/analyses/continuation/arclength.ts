// Fixed points followed along one input by pseudo-arclength (Keller 1977): a step along the curve's tangent, Newton's method on the plane across
// it, and a step back that must come to where it began, so that no step lands on another branch.

import { factoriseLu, length, solveLu } from '../../numerics/lu.ts';
import type { Flow } from '../../models/model.ts';
import { type Field, fieldOf } from '../fixed-points/field.ts';
import { inputJacobianOf } from '../linearize/selection.ts';
import type { BranchEnd } from '../../contract/continuation.ts';

const MOST_CORRECTIONS = 6;
const EASY = 3;
const LONGEST = 0.02;
const FIRST = 0.005;
const SHORTEST = 1e-7;
const MOST_STEPS = 3000;
/** Corrections are at most this share of a step, tangents turn by at most this cosine, and the step back misses by at most this share. */
const STRAY = 0.3;
const TURN = 0.95;
const MISS = 0.01;
const FLOOR = 50;

/** What is followed: input `index` of `held` takes values between `from` and `to`; states are measured in `size`. */
export interface Line {
  readonly flow: Flow;
  readonly held: Float64Array;
  readonly index: number;
  readonly from: number;
  readonly to: number;
  readonly size: number;
}

/** A place on a branch: the state, the input, and the direction in which the branch goes on, all of length 1 in measured units. */
export interface Place {
  readonly x: Float64Array;
  readonly value: number;
  readonly tangent: Float64Array;
}

export function inputAt({ held, index }: Line, value: number): Float64Array {
  const u = held.slice();
  u[index] = value;
  return u;
}

export const fieldAt = (line: Line, value: number): Field => fieldOf(line.flow, inputAt(line, value));

const rangeOf = ({ from, to }: Line): number => to - from;

const atFloor = (g: Float64Array, x: Float64Array): boolean =>
  length(g) <= FLOOR * Number.EPSILON * Math.sqrt(x.length) * Math.max(1, length(x));

/** [A X | b R; row] of n + 1 measured unknowns, factorised. */
function bordered(line: Line, x: Float64Array, value: number, row: Float64Array) {
  const n = x.length;
  const m = n + 1;
  const a = fieldAt(line, value).derivative(x);
  const B = inputJacobianOf(line.flow, x, inputAt(line, value));
  const lu = new Float64Array(m * m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) lu[i * m + j] = a[i * n + j] * line.size;
    lu[i * m + n] = B[i * line.flow.inputs + line.index] * rangeOf(line);
  }
  lu.set(row, n * m);
  const pivots = new Int32Array(m);
  return factoriseLu(lu, m, pivots) ? { lu, pivots, m } : undefined;
}

/** The unit vector along which G stays zero, pointing as `like` does. */
export function tangentAt(line: Line, x: Float64Array, value: number, like: Float64Array): Float64Array | undefined {
  const factors = bordered(line, x, value, like);
  if (!factors) return undefined;
  const tangent = new Float64Array(factors.m);
  tangent[factors.m - 1] = 1;
  solveLu(factors.lu, factors.m, factors.pivots, tangent);
  const size = length(tangent);
  return Number.isFinite(size) && size > 0 ? tangent.map((one) => one / size) : undefined;
}

/** The first direction of a branch at a fixed point: towards larger (1) or smaller (−1) values of the input. */
export function placeAt(line: Line, x: Float64Array, value: number, sign: 1 | -1): Place | undefined {
  const n = x.length;
  const like = new Float64Array(n + 1);
  like[n] = sign;
  const tangent = tangentAt(line, x, value, like);
  return tangent && { x, value, tangent };
}

const moved = (line: Line, place: Place, by: number): { readonly x: Float64Array; readonly value: number } => ({
  x: place.x.map((one, i) => one + by * line.size * place.tangent[i]),
  value: place.value + by * rangeOf(line) * place.tangent[place.x.length],
});

/** From a foretold place to G = 0 on the plane across the tangent. */
function corrected(line: Line, foretold: { readonly x: Float64Array; readonly value: number }, tangent: Float64Array) {
  let { x, value } = foretold;
  const n = x.length;
  for (let k = 0; k <= MOST_CORRECTIONS; k++) {
    const g = fieldAt(line, value).residual(x);
    if (atFloor(g, x)) return { x, value, corrections: k };
    if (k === MOST_CORRECTIONS || !g.every(Number.isFinite)) return undefined;
    const factors = bordered(line, x, value, tangent);
    if (!factors) return undefined;
    const step = new Float64Array(n + 1);
    step.set(g);
    // The plane across: tangent · (v − foretold) stays zero, as it is at the start.
    solveLu(factors.lu, n + 1, factors.pivots, step);
    x = x.map((one, i) => one - line.size * step[i]);
    value -= rangeOf(line) * step[n];
  }
  return undefined;
}

const apart = (
  line: Line,
  a: { readonly x: Float64Array; readonly value: number },
  b: { readonly x: Float64Array; readonly value: number },
) => Math.hypot(length(a.x.map((one, i) => one - b.x[i])) / line.size, (a.value - b.value) / rangeOf(line));

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, one, i) => sum + one * b[i], 0);

/** A step of this length from a place; undefined where it does not come right. `checked` without a step back. */
export function stepped(line: Line, place: Place, by: number, checkBack = true): (Place & { readonly corrections: number }) | undefined {
  const foretold = moved(line, place, by);
  const found = corrected(line, foretold, place.tangent);
  if (!found || apart(line, found, foretold) > STRAY * Math.abs(by) + 1e-12) return undefined;
  const tangent = tangentAt(line, found.x, found.value, place.tangent);
  if (!tangent || dot(tangent, place.tangent) < TURN) return undefined;
  const next = { x: found.x, value: found.value, tangent, corrections: found.corrections };
  if (!checkBack) return next;
  const n = place.x.length;
  const chord = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) chord[i] = (found.x[i] - place.x[i]) / line.size;
  chord[n] = (found.value - place.value) / rangeOf(line);
  const back = stepped(line, next, -dot(chord, tangent), false);
  return back && apart(line, back, place) <= MISS * Math.abs(by) + 1e-9 ? next : undefined;
}

/** A root at a fixed value of the input, by Newton's method from a state near by. */
export function rootAt(line: Line, value: number, near: Float64Array): Float64Array | undefined {
  const field = fieldAt(line, value);
  const n = near.length;
  const pivots = new Int32Array(n);
  let x = near;
  for (let k = 0; k < 4 * MOST_CORRECTIONS; k++) {
    const g = field.residual(x);
    if (atFloor(g, x)) return x;
    const lu = field.derivative(x).slice();
    if (!factoriseLu(lu, n, pivots)) return undefined;
    solveLu(lu, n, pivots, g);
    x = x.map((one, i) => one - g[i]);
    if (!x.every(Number.isFinite)) return undefined;
  }
  return undefined;
}

export interface Followed {
  readonly places: readonly Place[];
  readonly end: BranchEnd;
}

/** Places after `start` until the slider's end, the limit of steps, a closed curve, or where no step comes right. */
export function follow(line: Line, start: Place): Followed {
  const places: Place[] = [];
  let [place, by] = [start, FIRST];
  while (places.length < MOST_STEPS) {
    const next = stepped(line, place, by);
    if (!next) {
      by /= 2;
      if (by < SHORTEST) return { places, end: 'lost' };
      continue;
    }
    if (next.value < line.from || next.value > line.to) {
      const end = lastPlace(line, place, next);
      return { places: end ? [...places, end] : places, end: 'range' };
    }
    const closed = places.length > 2 && apart(line, next, start) < 0.6 * by && dot(next.tangent, start.tangent) > TURN;
    if (closed) return { places, end: 'closed' };
    places.push(next);
    place = next;
    if (next.corrections <= EASY) by = Math.min(LONGEST, 1.5 * by);
  }
  return { places, end: 'steps' };
}

/** Where the branch meets the end of the slider, between two places. */
function lastPlace(line: Line, before: Place, after: Place): Place | undefined {
  const value = after.value > line.to ? line.to : line.from;
  if (before.value === value) return undefined;
  const share = (value - before.value) / (after.value - before.value);
  const x = rootAt(
    line,
    value,
    before.x.map((one, i) => one + share * (after.x[i] - one)),
  );
  const tangent = x && tangentAt(line, x, value, before.tangent);
  return x && tangent && { x, value, tangent };
}

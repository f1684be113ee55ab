// Fixed points followed from one held input to another near by, for a slider: the implicit function theorem foretells each step
// (A dx = −∂G/∂u du), Newton's method corrects it, and a step that does not come right is halved. A point that meets a fold on the way
// ends there: it has no successor. Always along the straight line from the search, so that the answer does not depend on how one came.

import type { Result } from '../../contract/result.ts';
import { factoriseLu, length, solveLu } from '../../numerics/lu.ts';
import type { Dynamics } from '../analysis.ts';
import { endAt } from './descent.ts';
import { type Field, fieldOf } from './field.ts';
import { lipschitzAt } from './point.ts';
import { arraysOf, pointsOf, usualTimeOf } from './result.ts';
import type { Found } from './search.ts';
import { stabilityAt } from './stability.ts';
import { distanceFrom } from './starts.ts';

/** Share of the way that the first step tries. */
const FIRST_STEP = 0.25;
const SMALLEST_STEP = 1 / 4096;
const CORRECTIONS = 4;
const FLOOR = 50;
/** Corrections together are at most this share of a step, else it may have jumped to another branch. */
const STRAY = 0.5;
const NUDGE = 1e-6;
/** Places between the search and the slider that are kept to go on from. */
const KEPT = 64;

/** Where the points of the search are at a share of the way; undefined where one has ended. */
type Places = readonly (Float64Array | undefined)[];

export interface Followed {
  readonly result: Result;
  /** Points of the search that ended on the way, by place. */
  readonly ended: readonly number[];
}

export interface Tracker {
  /** The points at input `u`, one after another of those that the search found fixed; the rest are left out. */
  to(u: Float64Array): Followed;
}

/** `visited`: states that distances are measured from, with their usual distance. */
export function trackerOf(
  { flow }: Pick<Dynamics, 'flow'>,
  found: Result,
  { visited, usual, margin }: { readonly visited: readonly Float64Array[]; readonly usual: number; readonly margin: number },
): Tracker {
  const { points, starts, notConverged } = pointsOf(found);
  const from = Float64Array.from(found.arrays.input.values);
  const usualTimeMs = usualTimeOf(found);
  const fixed = [...points.keys()].filter((k) => points[k].kind === 'fixed');
  const begin: Places = fixed.map((k) => Float64Array.from(points[k].position));
  const lines = new Map<string, { share: number; u: Float64Array; places: Places }[]>();

  const placesAt = (u: Float64Array): Places => {
    const way = u.map((value, i) => value - from[i]);
    const far = length(way);
    if (far === 0) return begin;
    // One line for each direction: whoever goes on along it starts from the furthest place before.
    const key = Array.from(way, (value) => (value / far).toFixed(9)).join(' ');
    const line = lines.get(key) ?? [];
    lines.set(key, line);
    if (lines.size > 8) lines.delete([...lines.keys()][0]);
    const before = line
      .filter(({ share }) => share <= far)
      .reduce((a, b) => (b.share > a.share ? b : a), { share: 0, u: from, places: begin });
    if (before.share === far) return before.places;
    const places = before.places.map((x) => x && followed(flow, x, before.u, u));
    line.push({ share: far, u, places });
    if (line.length > KEPT) line.shift();
    return places;
  };

  const at = (u: Float64Array): Followed => {
    const field = fieldOf(flow, u);
    const places = placesAt(u);
    const alive = fixed.flatMap((k, at) => (places[at] ? [{ k, x: places[at] }] : []));
    const all = alive.map(({ k, x }) => foundAt(field, x, points[k].starts, margin));
    const distances = all.map(({ end }) => distanceFrom(end.x, visited, usual));
    const search = {
      points: all,
      starts,
      notConverged,
      unbounded: 0,
      ends: new Int32Array(0),
      steps: new Int32Array(0),
      missed: undefined,
      odd: false,
    };
    const ended = fixed.filter((_, at) => places[at] === undefined);
    const others = points.length - fixed.length;
    return {
      ended,
      result: {
        arrays: {
          ...arraysOf({ field, held: { u, words: '' }, found: search, distances }),
          places: {
            values: Int32Array.from(alive, ({ k }) => k),
            shape: [alive.length],
            axes: ['point'],
            unit: '',
            about: 'Place of each point in the search that it was followed from',
          },
        },
        summary: { points: all.length, fixed: all.length, starts, notConverged, ...(usualTimeMs === undefined ? {} : { usualTimeMs }) },
        recipe: `${found.recipe} Followed from there to other inputs.`,
        notes: [
          ...(ended.length > 0
            ? [`${ended.length} of ${fixed.length} fixed points met a fold on the way and ${ended.length === 1 ? 'is' : 'are'} no more.`]
            : []),
          ...(others > 0 ? [`${others} slow or undecided ${others === 1 ? 'point is' : 'points are'} not followed.`] : []),
        ],
      },
    };
  };
  let last: { readonly key: string; readonly followed: Followed } | undefined;
  return {
    // Table, portrait and plane ask for the same input, one after another.
    to(u) {
      const key = u.join(' ');
      if (last?.key !== key) last = { key, followed: at(u) };
      return last.followed;
    },
  };
}

function foundAt(field: Field, x: Float64Array, starts: number, margin: number): Found {
  const end = endAt(field, x);
  const lipschitz = lipschitzAt(field, end);
  return { kind: 'fixed', end, lipschitz, stability: stabilityAt(field, end, lipschitz, margin), starts };
}

/** The point at input `to` that continues the one at `from`; undefined where there is none. */
export function followed(flow: Dynamics['flow'], start: Float64Array, from: Float64Array, to: Float64Array): Float64Array | undefined {
  const n = start.length;
  const way = to.map((value, i) => value - from[i]);
  const at = (share: number): Float64Array => from.map((value, i) => value + share * way[i]);
  let x = start;
  let [done, step] = [0, FIRST_STEP];
  while (done < 1) {
    const taken = Math.min(step, 1 - done);
    const slope = slopeAt(fieldOf(flow, at(done)), flow, x, at(done), way);
    const next =
      slope &&
      corrected(
        fieldOf(flow, at(done + taken)),
        x.map((value, i) => value + taken * slope[i]),
        taken * length(slope),
        n,
      );
    if (next) {
      x = next;
      done += taken;
      step = 2 * taken;
      continue;
    }
    step = taken / 2;
    if (step < SMALLEST_STEP) return undefined;
  }
  return x;
}

/** dx for the whole way: −A⁻¹ ∂G/∂u · way, its last factor by a central difference. */
function slopeAt(field: Field, flow: Dynamics['flow'], x: Float64Array, u: Float64Array, way: Float64Array): Float64Array | undefined {
  const n = x.length;
  const nudge = NUDGE / Math.max(1e-12, length(way));
  const after = fieldOf(
    flow,
    u.map((value, i) => value + nudge * way[i]),
  ).residual(x);
  const before = fieldOf(
    flow,
    u.map((value, i) => value - nudge * way[i]),
  ).residual(x);
  const lu = field.derivative(x).slice();
  const pivots = new Int32Array(n);
  if (!factoriseLu(lu, n, pivots)) return undefined;
  const dx = after.map((value, i) => (before[i] - value) / (2 * nudge));
  solveLu(lu, n, pivots, dx);
  return dx.every(Number.isFinite) ? dx : undefined;
}

/** Newton's method from a foretold place; undefined where it takes too many steps or strays further than the step allows. */
function corrected(field: Field, foretold: Float64Array, stepLength: number, n: number): Float64Array | undefined {
  let x = foretold;
  const pivots = new Int32Array(n);
  for (let k = 0; k <= CORRECTIONS; k++) {
    const g = field.residual(x);
    if (length(g) <= FLOOR * Number.EPSILON * Math.sqrt(n) * Math.max(1, length(x))) {
      const strayed = length(x.map((value, i) => value - foretold[i]));
      return strayed <= STRAY * stepLength + 1e-9 * Math.max(1, length(x)) ? x : undefined;
    }
    if (k === CORRECTIONS) return undefined;
    const lu = field.derivative(x).slice();
    if (!factoriseLu(lu, n, pivots)) return undefined;
    solveLu(lu, n, pivots, g);
    x = x.map((value, i) => value - g[i]);
    if (!x.every(Number.isFinite)) return undefined;
  }
  return undefined;
}

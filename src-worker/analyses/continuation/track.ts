// Fixed points of a search at another value of one input, for a slider: where the branches that were followed along that input meet the value,
// made exact by Newton's method. A point keeps its name along its arm; past a fold it is no more, and arms that the search does not meet have
// names of their own.

import type { Result } from '../../contract/result.ts';
import { length } from '../../numerics/lu.ts';
import type { Dynamics } from '../analysis.ts';
import { endAt } from '../fixed-points/descent.ts';
import { type Field, fieldOf } from '../fixed-points/field.ts';
import { lipschitzAt } from '../fixed-points/point.ts';
import { arraysOf, pointsOf, usualTimeOf } from '../fixed-points/result.ts';
import type { Found } from '../fixed-points/search.ts';
import { distanceFrom } from '../fixed-points/starts.ts';
import { stabilityAt } from '../fixed-points/stability.ts';
import { type Line, rootAt } from './arclength.ts';
import { type Arm, armsOf, onArm } from './arms.ts';
import { continuationOf } from './result.ts';

/** A root this near to a point of the search, over max(1, ‖x‖), is that point. */
const SAME = 1e-6;
/** Newton's method strays at most this far from where the branch is, over the way between its neighbours. */
const STRAY = 1;

export interface Moved {
  readonly result: Result;
  /** Points of the search that are no more there, by place. */
  readonly ended: readonly number[];
}

export interface Tracker {
  /** The points where the input that was followed is `value`. */
  to(value: number): Moved;
}

/** `found`: the search; `continued`: its branches along one input. `visited`: states that distances are measured from, with their usual distance. */
export function trackerOf(
  { flow }: Pick<Dynamics, 'flow'>,
  found: Result,
  continued: Result,
  { visited, usual, margin }: { readonly visited: readonly Float64Array[]; readonly usual: number; readonly margin: number },
): Tracker {
  const { points, starts, notConverged } = pointsOf(found);
  const { slider } = continuationOf(continued);
  const u = Float64Array.from(found.arrays.input.values);
  const line: Line = { flow, held: u, index: slider.index, from: slider.from, to: slider.to, size: 1 };
  const fixed = [...points.keys()].filter((k) => points[k].kind === 'fixed');
  const arms = armsOf(continued);
  const names = namesOf(
    arms,
    line,
    fixed,
    points.map(({ position }) => position),
  );

  const at = (value: number): Moved => {
    const inputs = u.map((own, i) => (i === slider.index ? value : own));
    const field = fieldOf(flow, inputs);
    const alive = arms
      .flatMap((arm, k) => {
        const x = meets(arm, line, value);
        return x ? [{ name: names[k], x }] : [];
      })
      .sort((a, b) => a.name - b.name);
    const all = alive.map(({ name, x }) => foundAt(field, x, points[name]?.starts ?? 0, margin));
    const ended = fixed.filter((k) => !alive.some(({ name }) => name === k));
    const fresh = alive.filter(({ name }) => name >= points.length).length;
    const others = points.length - fixed.length;
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
    const usualTimeMs = usualTimeOf(found);
    const arrays = {
      ...arraysOf({
        field,
        held: { u: inputs, words: '' },
        found: search,
        distances: all.map(({ end }) => distanceFrom(end.x, visited, usual)),
      }),
      places: {
        values: Int32Array.from(alive, ({ name }) => name),
        shape: [alive.length],
        axes: ['point'],
        unit: '',
        about: 'Place of each point in the search that it was followed from; those after its last are met by branches elsewhere',
      },
    };
    return {
      ended,
      result: {
        arrays,
        summary: { points: all.length, fixed: all.length, starts, notConverged, ...(usualTimeMs === undefined ? {} : { usualTimeMs }) },
        recipe: `${found.recipe} Followed from there along ${slider.input}.`,
        notes: [
          ...(ended.length > 0
            ? [`${ended.length} of ${fixed.length} fixed points met a fold on the way and ${are(ended.length)} no more.`]
            : []),
          ...(fresh > 0 ? [`${fresh} ${fresh === 1 ? 'point is' : 'points are'} of branches that the search does not meet.`] : []),
          ...(others > 0 ? [`${others} slow or undecided ${others === 1 ? 'point is' : 'points are'} not followed.`] : []),
        ],
      },
    };
  };
  let last: { readonly value: number; readonly moved: Moved } | undefined;
  return {
    // Table, portrait and plane ask for the same value, one after another.
    to(value) {
      if (last?.value !== value) last = { value, moved: at(value) };
      return last.moved;
    },
  };
}

const are = (count: number): string => (count === 1 ? 'is' : 'are');
const apart = (a: ArrayLike<number>, b: Float64Array): number => length(b.map((one, i) => one - a[i]));

/** The root where an arm meets a value. */
function meets(arm: Arm, line: Line, value: number): Float64Array | undefined {
  const near = onArm(arm, value);
  const root = near && rootAt(line, value, near.x);
  return root && apart(near.x, root) <= STRAY * near.apart + SAME * Math.max(1, length(root)) ? root : undefined;
}

/** What each arm is called without the search at hand, for pictures; undefined where the branches were followed without one at the held input. */
export function armNames({ flow }: Pick<Dynamics, 'flow'>, continued: Result): readonly number[] | undefined {
  const { heldPositions, heldFixed } = continued.arrays;
  if (!heldPositions || !heldFixed) return undefined;
  const { slider } = continuationOf(continued);
  const line = { flow, held: Float64Array.from(slider.held), index: slider.index, from: slider.from, to: slider.to, size: 1 };
  const n = flow.states;
  const positions = Array.from({ length: heldPositions.shape[0] }, (_, k) => heldPositions.values.subarray(k * n, (k + 1) * n));
  const fixed = [...positions.keys()].filter((k) => heldFixed.values[k] === 1);
  return namesOf(armsOf(continued), line, fixed, positions);
}

/** Of each arm the point of the search that lies on it, by place, else a number after all of these. */
function namesOf(arms: readonly Arm[], line: Line, fixed: readonly number[], points: readonly ArrayLike<number>[]): number[] {
  let fresh = points.length;
  const taken = new Set<number>();
  return arms.map((arm) => {
    const root = meets(arm, line, line.held[line.index]);
    const own = root && fixed.find((k) => !taken.has(k) && apart(points[k], root) <= SAME * Math.max(1, length(root)));
    if (own === undefined) return fresh++;
    taken.add(own);
    return own;
  });
}

function foundAt(field: Field, x: Float64Array, starts: number, margin: number): Found {
  const end = endAt(field, x);
  const lipschitz = lipschitzAt(field, end);
  return { kind: 'fixed', end, lipschitz, stability: stabilityAt(field, end, lipschitz, margin), starts };
}

// Where a saddle's one unstable direction leads: its unstable manifold, two branches followed forward in time from either side of the point.

import type { Flow } from '../../models/model.ts';
import type { Line } from '../../scene/scene.ts';
import type { Mode } from './modes.ts';
import { isFar, type PlacedPoint } from './points.ts';
import { advance, stepOf } from './simulate.ts';
import type { PortraitSpace } from './space.ts';

/** Distance from the point at which a branch begins, over max(1, ‖x‖): the manifold is straight there. */
const BEGIN = 1e-4;
const MOST_STEPS = 3000;
const BOUND = 1e6;
/** A branch ends where a step is this short, over max(1, ‖x‖); places nearer than this share of the extent are not drawn. */
const STILL = 1e-7;
const GAP = 0.004;

/** The mode along which a saddle is left, where there is one alone and it does not turn: a map's eigenvalue beyond 1, an equation's beyond 0. */
export function wayOut({ point }: PlacedPoint, modes: readonly Mode[], isMap: boolean): Mode | undefined {
  const [first] = modes;
  if (point.unstable !== 1 || point.stability === 'stable' || !first || first.im !== 0) return undefined;
  return first.re > (isMap ? 1 : 0) ? first : undefined;
}

/** Both branches of every such point that was visited, or is picked. */
export function manifoldLines(
  flow: Flow,
  u: Float64Array,
  placed: readonly PlacedPoint[],
  modesOf: (k: number) => readonly Mode[],
  space: PortraitSpace,
  extent: number,
  picked: number | undefined,
): readonly Line[] {
  const step = stepOf(flow, u);
  return placed.flatMap((own, k): readonly Line[] => {
    const mode = !isFar(own.point) || k === picked ? wayOut(own, modesOf(k), flow.kind === 'map') : undefined;
    if (!mode) return [];
    const start = Float64Array.from(own.point.position);
    const begin = BEGIN * Math.max(1, Math.hypot(...start));
    return [1, -1].map((side): Line => {
      const places = branch(flow, u, start, mode.right.re, side * begin, step, space, GAP * extent);
      const column = (d: number): Float64Array => Float64Array.from(places, (place) => place[d]);
      return {
        kind: 'line',
        key: `way out of ${own.place + 1} ${side > 0 ? 'one' : 'other'}`,
        datum: { point: own.place },
        colour: 'ink',
        weight: 'line',
        x: column(0),
        y: column(1),
        z: column(2),
      };
    });
  });
}

function branch(
  flow: Flow,
  u: Float64Array,
  start: Float64Array,
  direction: Float64Array,
  by: number,
  step: number,
  space: PortraitSpace,
  gap: number,
): Float64Array[] {
  const shown = (x: Float64Array): Float64Array => space.place(space.shown(x));
  const apart = (a: Float64Array, b: Float64Array): number => Math.hypot(...a.map((value, i) => value - b[i]));
  let x: Float64Array = start.map((value, i) => value + by * direction[i]);
  const places = [shown(start)];
  for (let k = 0; k < MOST_STEPS; k++) {
    const next = advance(flow, x, u, step);
    const moved = apart(next, x);
    const size = Math.hypot(...next);
    if (!(size < BOUND)) break;
    x = next;
    const place = shown(x);
    if (apart(place, places[places.length - 1]) > gap) places.push(place);
    if (moved < STILL * Math.max(1, size)) break;
  }
  places.push(shown(x));
  return places;
}

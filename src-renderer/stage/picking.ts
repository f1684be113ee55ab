// What lies under the pointer: the nearest drawn mark of a trial within reach.

import type { Drawing, Primitive } from '../../src-worker/scene/primitives.ts';
import type { Datum } from '../../src-worker/scene/scene.ts';

const REACH_PX = 8;

export interface Picked {
  readonly datum: Datum;
  readonly key: string | undefined;
  /** Where on the mark, pixels. */
  readonly x: number;
  readonly y: number;
  /** Share along its points, 0 to 1. */
  readonly along: number;
}

/** The nearest path that stands for a trial, within reach of (x, y). */
export function pickTrial({ primitives }: Pick<Drawing, 'primitives'>, x: number, y: number): Picked | undefined {
  let best: (Picked & { readonly away: number }) | undefined;
  for (const primitive of primitives) {
    if (primitive.datum?.trial === undefined || primitive.kind !== 'path') continue;
    const near = nearest(primitive, x, y);
    if (near.away < Math.min(REACH_PX, best?.away ?? Number.POSITIVE_INFINITY))
      best = { ...near, datum: primitive.datum, key: primitive.key };
  }
  return best;
}

type PathOf = Extract<Primitive, { kind: 'path' }>;

function nearest({ points }: PathOf, x: number, y: number): { x: number; y: number; along: number; away: number } {
  let best = { x: 0, y: 0, along: 0, away: Number.POSITIVE_INFINITY };
  for (let i = 0; i + 3 < points.length; i += 2) {
    const [ax, ay, bx, by] = [points[i]!, points[i + 1]!, points[i + 2]!, points[i + 3]!];
    const [dx, dy] = [bx - ax, by - ay];
    const length = dx * dx + dy * dy;
    const share = length > 0 ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
    const [px, py] = [ax + share * dx, ay + share * dy];
    const away = Math.hypot(x - px, y - py);
    if (away < best.away) best = { x: px, y: py, along: (i / 2 + share) / (points.length / 2 - 1), away };
  }
  return best;
}

// What lies under the pointer: the nearest drawn mark of a trial, a unit or a fixed point within reach.

import type { Drawing } from '../../src-worker/scene/primitives.ts';
import type { Frame } from '../../src-worker/scene/projection.ts';
import type { Datum, Line, Scene } from '../../src-worker/scene/scene.ts';

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
export const pickTrial = (drawing: Pick<Drawing, 'primitives'>, x: number, y: number): Picked | undefined =>
  pickPath(drawing, x, y, ({ trial }) => trial !== undefined);

/** The same of a fixed point that is followed: its branch. */
export const pickBranch = (drawing: Pick<Drawing, 'primitives'>, x: number, y: number): Picked | undefined =>
  pickPath({ primitives: drawing.primitives.filter(({ layer }) => layer !== 'sign') }, x, y, ({ point }) => point !== undefined);

function pickPath(
  { primitives }: Pick<Drawing, 'primitives'>,
  x: number,
  y: number,
  wanted: (datum: Datum) => boolean,
): Picked | undefined {
  let best: (Picked & { readonly away: number }) | undefined;
  for (const primitive of primitives) {
    if (!primitive.datum || !wanted(primitive.datum) || primitive.kind !== 'path') continue;
    const near = nearest(primitive.points, x, y);
    if (near.away < Math.min(REACH_PX, best?.away ?? Number.POSITIVE_INFINITY))
      best = { ...near, datum: primitive.datum, key: primitive.key };
  }
  return best;
}

/** The nearest sign that stands for a unit, by its middle, within reach of (x, y). */
export const pickUnit = (drawing: Pick<Drawing, 'primitives'>, x: number, y: number): Picked | undefined =>
  pickSign(drawing, x, y, ({ unit }) => unit !== undefined);

/** The same of a fixed point. */
export const pickPoint = (drawing: Pick<Drawing, 'primitives'>, x: number, y: number): Picked | undefined =>
  pickSign(drawing, x, y, ({ point }) => point !== undefined);

function pickSign(
  { primitives }: Pick<Drawing, 'primitives'>,
  x: number,
  y: number,
  wanted: (datum: Datum) => boolean,
): Picked | undefined {
  let best: (Picked & { readonly away: number }) | undefined;
  for (const { kind, layer, datum, key, ...rest } of primitives) {
    if (!datum || !wanted(datum) || kind !== 'path' || layer !== 'sign' || !('points' in rest)) continue;
    const { points } = rest;
    let [mx, my, count] = [0, 0, 0];
    for (let i = 0; i + 1 < points.length; i += 2)
      if (Number.isFinite(points[i])) [mx, my, count] = [mx + points[i]!, my + points[i + 1]!, count + 1];
    const [cx, cy] = [mx / count, my / count];
    const away = Math.hypot(cx - x, cy - y);
    if (away < Math.min(REACH_PX, best?.away ?? Number.POSITIVE_INFINITY)) best = { datum, key, x: cx, y: cy, along: 0, away };
  }
  return best;
}

/** The same for lines that no primitive stands for, because the graphics card draws them. */
export class LinePicker {
  readonly #lines: readonly Line[];
  readonly #span: Scene['spanMs'];
  #frame: Frame | undefined;
  #seen: readonly Seen[] = [];

  constructor(lines: readonly Line[], span: Scene['spanMs']) {
    this.#lines = lines.filter(({ datum }) => datum.trial !== undefined);
    this.#span = span;
  }

  /** Seen through `frame`; lines are projected anew only when that changed. What lies outside the span is not picked. */
  pick(frame: Frame, x: number, y: number): Picked | undefined {
    if (this.#frame !== frame) {
      this.#frame = frame;
      this.#seen = this.#lines.map((line) => projected(line, frame, this.#span));
    }
    let best: { readonly line: Line; readonly near: ReturnType<typeof nearest> } | undefined;
    for (let index = 0; index < this.#seen.length; index++) {
      const { points, left, right, top, bottom } = this.#seen[index]!;
      const reach = Math.min(REACH_PX, best?.near.away ?? Number.POSITIVE_INFINITY);
      // Most lines lie elsewhere altogether.
      if (x < left - reach || x > right + reach || y < top - reach || y > bottom + reach) continue;
      const near = nearest(points, x, y);
      if (near.away < reach) best = { line: this.#lines[index]!, near };
    }
    return best && { ...best.near, datum: best.line.datum, key: best.line.key };
  }
}

/** A line as it is on screen, in its box. */
interface Seen {
  readonly points: Float64Array;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function projected({ x, y, z, timeMs }: Line, { rotation, scale, target, plot }: Frame, span: Scene['spanMs']): Seen {
  const points = new Float64Array(2 * x.length);
  const [cx, cy] = [plot.x + plot.width / 2, plot.y + plot.height / 2];
  const [r0, r1, r2, u0, u1, u2] = rotation as [number, number, number, number, number, number];
  const [tx, ty, tz] = target;
  let [left, right, top, bottom] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < x.length; i++) {
    const away = span !== undefined && timeMs !== undefined && (timeMs[i]! < span[0] || timeMs[i]! > span[1]);
    const a = x[i]! - tx;
    const b = y[i]! - ty;
    const c = (z?.[i] ?? 0) - tz;
    const across = away ? Number.NaN : cx + scale * (r0 * a + r1 * b + r2 * c);
    const down = cy - scale * (u0 * a + u1 * b + u2 * c);
    points[2 * i] = across;
    points[2 * i + 1] = down;
    if (across < left) left = across;
    if (across > right) right = across;
    if (!away && down < top) top = down;
    if (!away && down > bottom) bottom = down;
  }
  return { points, left, right, top, bottom };
}

/** Where on a path is nearest: squares suffice until the end. */
function nearest(points: Float64Array, x: number, y: number): { x: number; y: number; along: number; away: number } {
  let [least, at, share] = [Number.POSITIVE_INFINITY, -1, 0];
  for (let i = 0; i + 3 < points.length; i += 2) {
    const ax = points[i]!;
    const ay = points[i + 1]!;
    const dx = points[i + 2]! - ax;
    const dy = points[i + 3]! - ay;
    const length = dx * dx + dy * dy;
    const along = length > 0 ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
    const ex = x - ax - along * dx;
    const ey = y - ay - along * dy;
    const square = ex * ex + ey * ey;
    if (square < least) [least, at, share] = [square, i, along];
  }
  if (at < 0) return { x: 0, y: 0, along: 0, away: Number.POSITIVE_INFINITY };
  const [ax, ay] = [points[at]!, points[at + 1]!];
  return {
    x: ax + share * (points[at + 2]! - ax),
    y: ay + share * (points[at + 3]! - ay),
    along: (at / 2 + share) / (points.length / 2 - 1),
    away: Math.sqrt(least),
  };
}

// Where labels go: beside their points, clear of each other, of lines and of the panel's edge.

import type { Rect } from './primitives.ts';

export interface Wish {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Preferred direction from the point, radians, y downwards. */
  readonly angle: number;
  /** Distance kept from the point. */
  readonly gap: number;
}

export const overlap = (a: Rect, b: Rect): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

/** How many of the points x, y, x, y … lie in a rectangle. */
export function pointsIn({ x, y, width, height }: Rect, points: Float64Array): number {
  let inside = 0;
  for (let i = 0; i + 1 < points.length; i += 2)
    if (points[i] >= x && points[i] <= x + width && points[i + 1] >= y && points[i + 1] <= y + height) inside++;
  return inside;
}

/** One box for each wish, chosen in order among sixteen directions and two distances. */
export function placed(wishes: readonly Wish[], points: Float64Array, taken: readonly Rect[], bounds: Rect): readonly Rect[] {
  const boxes: Rect[] = [];
  for (const { x, y, width, height, angle, gap } of wishes) {
    let best: { readonly cost: number; readonly box: Rect } | undefined;
    for (const reach of [1, 1.9])
      for (let turn = 0; turn < 16; turn++) {
        const away = ((turn + 1) >> 1) * (turn % 2 ? 1 : -1) * (Math.PI / 8);
        const [dx, dy] = [Math.cos(angle + away), Math.sin(angle + away)];
        // The box touches a circle of radius gap about its point.
        const distance = gap * reach + (Math.abs(dx) * width + Math.abs(dy) * height) / 2;
        const box = {
          x: x + dx * distance - width / 2,
          y: y + dy * distance - height / 2,
          width,
          height,
        };
        const area = width * height;
        const outside = area - overlap(box, bounds);
        const others = [...boxes, ...taken].reduce((sum, other) => sum + overlap(box, other), 0);
        const cost =
          40 * (outside / area) +
          (others > 0 ? 5 + 40 * (others / area) : 0) +
          1.5 * Math.min(6, pointsIn(box, points)) +
          Math.abs(away) +
          2 * (reach - 1);
        if (best === undefined || cost < best.cost) best = { cost, box };
      }
    if (best) boxes.push(best.box);
  }
  return boxes;
}

/** Shifts sorted places apart until neighbours are `gap` away from each other, within [low, high]; order is kept. */
export function spread(places: readonly number[], gap: number, low: number, high: number): readonly number[] {
  const out = [...places];
  for (let i = 0; i < out.length; i++) out[i] = Math.max(out[i], i > 0 ? out[i - 1] + gap : low);
  for (let i = out.length - 1; i >= 0; i--) out[i] = Math.min(out[i], i < out.length - 1 ? out[i + 1] - gap : high);
  return out;
}

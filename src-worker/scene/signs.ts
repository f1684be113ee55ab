// Shapes of markers: the same outline on screen, on paper and in the legend.

import type { PathPrimitive } from './primitives.ts';
import type { Points, Sign } from './scene.ts';

const circle = (radius: number): number[] =>
  Array.from({ length: 24 }, (_, i) => (Math.PI * i) / 12).flatMap((angle) => [radius * Math.cos(angle), radius * Math.sin(angle)]);

/** Outline about (0, 0) with half-width 1, y downwards, an arrow pointing right; and whether it is closed. */
const OUTLINES: Readonly<Record<Sign, { readonly points: readonly number[]; readonly closed: boolean }>> = {
  dot: { points: circle(1), closed: true },
  ring: { points: circle(1), closed: true },
  half: { points: circle(1), closed: true },
  question: { points: circle(1), closed: true },
  diamond: { points: [0, -1.15, 1.15, 0, 0, 1.15, -1.15, 0], closed: true },
  square: { points: [-0.85, -0.85, 0.85, -0.85, 0.85, 0.85, -0.85, 0.85], closed: true },
  triangle: { points: [0, -1.1, 1.05, 0.8, -1.05, 0.8], closed: true },
  arrow: { points: [-1.15, -1.1, 1.5, 0, -1.15, 1.1], closed: true },
  cross: { points: [-0.9, -0.9, 0.9, 0.9, Number.NaN, Number.NaN, -0.9, 0.9, 0.9, -0.9], closed: false },
  plus: { points: [-1.1, 0, 1.1, 0, Number.NaN, Number.NaN, 0, -1.1, 0, 1.1], closed: false },
  tick: { points: [0, -1, 0, 1], closed: false },
};

const SIZES = { small: 0.67, normal: 1, large: 1.4 } as const;

/** Half the width of a sign, in half widths of a normal one. */
export const sizeOf = ({ size = 'normal' }: Points): number => (typeof size === 'number' ? size : SIZES[size]);

/** Signs that are filled with the page's colour and drawn in outline. */
const HOLLOW: ReadonlySet<Sign> = new Set<Sign>(['diamond', 'triangle', 'ring', 'half', 'question']);

export interface SignPlace {
  readonly x: number;
  readonly y: number;
  /** Half the width. */
  readonly radius: number;
  /** Turned clockwise by this angle in radians. */
  readonly angle?: number;
  readonly colour: string;
  readonly surface: string;
  /** Width of outlines, and of the rim in the page's colour about filled signs. */
  readonly width: number;
  readonly rim: number;
}

/** The paths of one sign at a place. */
export function signPaths(
  sign: Sign,
  { x, y, radius, angle = 0, colour, surface, width, rim }: SignPlace,
): readonly Omit<PathPrimitive, 'layer'>[] {
  const { points, closed } = OUTLINES[sign];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const placed = (outline: readonly number[]): Float64Array => {
    const out = new Float64Array(outline.length);
    for (let i = 0; i < outline.length; i += 2) {
      out[i] = x + radius * (cos * outline[i] - sin * outline[i + 1]);
      out[i + 1] = y + radius * (sin * outline[i] + cos * outline[i + 1]);
    }
    return out;
  };
  const outline = placed(points);
  if (!closed) {
    const under: readonly Omit<PathPrimitive, 'layer'>[] =
      rim > 0 && sign === 'plus' ? [{ kind: 'path', points: outline, stroke: surface, width: width + 2 * rim }] : [];
    return [...under, { kind: 'path', points: outline, stroke: colour, width }];
  }
  if (!HOLLOW.has(sign)) {
    const rimmed: readonly Omit<PathPrimitive, 'layer'>[] =
      rim > 0 ? [{ kind: 'path', points: outline, closed: true, stroke: surface, width: 2 * rim, fill: surface }] : [];
    return [...rimmed, { kind: 'path', points: outline, closed: true, fill: colour }];
  }
  const hollow: Omit<PathPrimitive, 'layer'> = { kind: 'path', points: outline, closed: true, fill: surface, stroke: colour, width };
  if (sign === 'half') return [hollow, { kind: 'path', points: placed(circle(1).slice(0, 26)), closed: true, fill: colour }];
  if (sign === 'question') {
    const hook = [-0.35, -0.3, -0.2, -0.55, 0.15, -0.55, 0.35, -0.25, 0, 0.05, 0, 0.25, Number.NaN, Number.NaN, 0, 0.5, 0, 0.6];
    return [hollow, { kind: 'path', points: placed(hook), stroke: colour, width }];
  }
  return [hollow];
}

// Lines of a scene of space: single trials pale beneath, averages cut at bins and sorted by depth with a halo of the page's colour.

import { hexOf, type Rgb, rgbOf } from './colour.ts';
import { paintOf, paletteOf, valueColour } from './palettes.ts';
import type { Primitive, Rect } from './primitives.ts';
import { nearness, projector, type Frame } from './projection.ts';
import type { Line, Points, Scene } from './scene.ts';
import { splined } from './smooth.ts';
import type { Style } from './style.ts';

/** Steps of the curve between two bins. */
const CURVE_PARTS = 3;
/** Vertices of single trials up to which they are drawn as curves too. */
const CURVED_TRIALS = 40_000;

/** x, y, z, x, y, z … of a mark. */
export function verticesOf({ x, y, z }: Line | Points): Float64Array {
  const out = new Float64Array(3 * x.length);
  for (let i = 0; i < x.length; i++) {
    out[3 * i] = x[i];
    out[3 * i + 1] = y[i];
    out[3 * i + 2] = z?.[i] ?? 0;
  }
  return out;
}

/** Curves do not change while a camera turns: those of a mark are kept as long as it is. */
const curves = new WeakMap<Line, Float64Array>();

/** The curve between the bins of a line, as it is drawn. */
export function curveOf(line: Line): Float64Array {
  const known = curves.get(line);
  if (known) return known;
  const curve = splined(verticesOf(line), 3, CURVE_PARTS);
  curves.set(line, curve);
  return curve;
}

/** What is left of lines outside the time to look at: opacity of trials and of averages, width of averages in thin lines. */
export const FADED_TRIAL = 0.22;
const FADED_LINE = 0.55;
const FADED_WIDTH = 1.4;

/** Whether the step from a vertex to the next lies outside the time to look at. */
export function faded({ spanMs }: Scene, { timeMs }: Line, step: number): boolean {
  if (!spanMs || !timeMs) return false;
  const middle = (timeMs[step] + (timeMs[step + 1] ?? timeMs[step])) / 2;
  return middle < spanMs[0] || middle > spanMs[1];
}

export const isPale = ({ weight }: Line): boolean => weight === 'thin';
export const isFine = ({ weight }: Line): boolean => weight === 'fine';
export const isLoud = (line: Line): boolean => !isPale(line) && !isFine(line);

/** x, y, x, y … of points x, y, z, x, y, z …. */
export function screenPoints(points: Float64Array, frame: Frame): Float64Array {
  const project = projector(frame);
  const flat = new Float64Array((2 * points.length) / 3);
  for (let i = 0; i < points.length / 3; i++) {
    const [x, y] = project(points[3 * i], points[3 * i + 1], points[3 * i + 2]);
    flat[2 * i] = x;
    flat[2 * i + 1] = y;
  }
  return flat;
}

/** Colour of the step from one vertex to the next. */
function stepColour(scene: Scene, line: Line, style: Style): (step: number) => string {
  const { value } = line;
  const scale = scene.values;
  if (value && scale) return (step) => hexOf(valueColour(style.theme, scale, (value[step] + (value[step + 1] ?? value[step])) / 2, true));
  const { colour } = paintOf(line.colour, style.theme, scene.conditions);
  return () => colour;
}

export function paleLines(scene: Scene, lines: readonly Line[], frame: Frame, style: Style, clip: Rect): readonly Primitive[] {
  const project = projector(frame);
  const parts = lines.reduce((sum, { x }) => sum + x.length, 0) > CURVED_TRIALS ? 1 : 2;
  const drawn = lines.map((line) => {
    const curve = splined(verticesOf(line), 3, parts);
    const flat = new Float64Array((2 * curve.length) / 3);
    let [depth, count] = [0, 0];
    for (let i = 0; i < curve.length / 3; i++) {
      const [x, y, near] = project(curve[3 * i], curve[3 * i + 1], curve[3 * i + 2]);
      flat.set([x, y], 2 * i);
      if (Number.isFinite(near)) [depth, count] = [depth + near, count + 1];
    }
    return { line, flat, depth: count > 0 ? depth / count : 0 };
  });
  const [far, near] = style.pale;
  return drawn
    .sort((a, b) => a.depth - b.depth)
    .flatMap(({ line, flat, depth }): readonly Primitive[] => {
      const opacity = far + (near - far) * nearness(frame, depth);
      const base = {
        kind: 'path',
        layer: 'thin',
        clip,
        opacity,
        key: line.key,
        datum: line.datum,
        width: style.thin,
        cap: 'round',
      } as const;
      const colour = stepColour(scene, line, style);
      if (!line.value && !scene.spanMs) return [{ ...base, points: flat, stroke: colour(0) }];
      const look = (step: number): string => `${colour(step)} ${faded(scene, line, step)}`;
      return runsOf(line.x.length - 1, look).map(([first, last]) => ({
        ...base,
        ...(faded(scene, line, first) ? { opacity: FADED_TRIAL * opacity } : {}),
        points: flat.slice(2 * first * parts, 2 * last * parts + 2),
        stroke: colour(first),
      }));
    });
}

/** Steps 0 … count − 1 in runs of one colour, as [first, one past the last]. */
function runsOf(count: number, colour: (step: number) => string): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (let step = 0; step < count; step++) {
    const last = runs.at(-1);
    if (last && colour(last[0]) === colour(step)) last[1] = step + 1;
    else runs.push([step, step + 1]);
  }
  return runs;
}

/** A colour as it is at a depth: where lines fade, the farther the more like the page. */
export function away(colour: string, depth: number, frame: Frame, { fade, theme }: Style): string {
  if (fade === 0) return colour;
  const share = fade * (1 - nearness(frame, depth));
  const page = rgbOf(paletteOf(theme).surface);
  return hexOf(rgbOf(colour).map((part, i) => part + share * (page[i] - part)) as unknown as Rgb);
}

export function loudLines(scene: Scene, lines: readonly Line[], frame: Frame, style: Style, clip: Rect): readonly Primitive[] {
  const project = projector(frame);
  const { halo } = paletteOf(style.theme);
  const pieces = lines.flatMap((line) => {
    const curve = curveOf(line);
    const at = Array.from({ length: curve.length / 3 }, (_, i) => project(curve[3 * i], curve[3 * i + 1], curve[3 * i + 2]));
    const colour = stepColour(scene, line, style);
    return Array.from({ length: Math.max(0, line.x.length - 1) }, (_, step) => {
      const [first, last] = [step * CURVE_PARTS, (step + 1) * CURVE_PARTS];
      const depth = (at[first][2] + at[last][2]) / 2;
      return { line, at, first, last, colour: away(colour(step), depth, frame, style), depth };
    }).filter(({ depth }) => Number.isFinite(depth));
  });
  /** Points `from` up to `to` in a row; with `isWhole` false those that are not finite are left out. */
  const flat = (at: readonly (readonly number[])[], from: number, to: number, isWhole = true): Float64Array => {
    const out = new Float64Array(2 * (to - from));
    let count = 0;
    for (let i = from; i < to; i++) {
      const [x, y] = at[i]!;
      if (!isWhole && !Number.isFinite(x)) continue;
      out[count++] = x!;
      out[count++] = y!;
    }
    return out.subarray(0, count);
  };
  return pieces
    .sort((a, b) => a.depth - b.depth)
    .flatMap(({ line, at, first, last, colour, depth }): readonly Primitive[] => {
      const width = style[line.weight] * (1 + style.swell * (nearness(frame, depth) - 0.5));
      const base = { kind: 'path', layer: 'line', clip, key: line.key, datum: line.datum } as const;
      // The coloured piece reaches one step into its neighbours, over the ends of its own halo.
      const reach = flat(at, Math.max(0, first - 1), Math.min(at.length, last + 2), false);
      // Outside the time to look at a line is only a hint.
      if (faded(scene, line, first / CURVE_PARTS))
        return [{ ...base, points: flat(at, first, last + 1), stroke: colour, width: FADED_WIDTH * style.thin, opacity: FADED_LINE }];
      return [
        { ...base, points: flat(at, first, last + 1), stroke: halo, width: width + 2 * style.halo, cap: 'butt' },
        { ...base, points: reach, stroke: colour, width, cap: 'round', ...(line.dashed ? { dash: [3 * width, 2 * width] } : {}) },
      ];
    });
}

/** Straight from vertex to vertex, without a halo. */
export function fineLine(scene: Scene, line: Line, frame: Frame, style: Style, clip: Rect): Primitive {
  const { colour } = paintOf(line.colour, style.theme, scene.conditions);
  const dash = line.dashed ? { dash: [4 * style.fine, 3 * style.fine] } : {};
  const points = screenPoints(verticesOf(line), frame);
  return { kind: 'path', layer: 'line', clip, key: line.key, datum: line.datum, points, stroke: colour, width: style.fine, ...dash };
}

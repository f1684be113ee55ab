// Marks of flat scenes as paths and images, in their order: what fills the panel first, then lines, then signs.

import type { Scale } from './axes.ts';
import { hexOf } from './colour.ts';
import { words } from './furniture.ts';
import { placesOfWords } from './guide-words.ts';
import { paintOf, paletteOf, valueColour } from './palettes.ts';
import type { ImagePrimitive, Primitive, Rect } from './primitives.ts';
import type { Band, Image, Line, Mark, Points, Scene } from './scene.ts';
import { signPaths, sizeOf } from './signs.ts';
import type { Style } from './style.ts';

/** Whether any mark is coloured by a condition. */
export const usesConditions = ({ marks }: Scene): boolean =>
  marks.some((mark) => typeof mark.colour === 'object' && 'condition' in mark.colour && mark.colour.condition >= 0);

const ORDER: Readonly<Record<Mark['kind'], number>> = { image: 0, band: 1, rule: 2, line: 3, points: 4, text: 5 };
const WEIGHTS: Readonly<Record<Line['weight'], number>> = { fine: 0, thin: 0, line: 1, thick: 2 };

/** All marks but rules, clipped to the plot. */
export function drawMarks(scene: Scene, x: Scale, y: Scale, plot: Rect, style: Style): readonly Primitive[] {
  const rank = (mark: Mark) => 4 * ORDER[mark.kind] + (mark.kind === 'line' ? WEIGHTS[mark.weight] : 0);
  const places = placesOfWords(scene, x, y, plot, style);
  return scene.marks
    .map((mark, i) => ({ mark, i }))
    .sort((a, b) => rank(a.mark) - rank(b.mark) || a.i - b.i)
    .flatMap(({ mark }): readonly Primitive[] => {
      switch (mark.kind) {
        case 'image':
          return [image(mark, x, y, style)];
        case 'band':
          return [band(scene, mark, x, y, plot, style)];
        case 'line':
          return lines(scene, mark, x, y, plot, style);
        case 'points':
          return signs(scene, mark, x, y, plot, style);
        case 'rule':
          return [];
        case 'text': {
          const { colour } = paintOf(mark.colour, style.theme, scene.conditions);
          const halo = { colour: paletteOf(style.theme).halo, width: 2 * style.halo };
          const more = { layer: 'label', anchor: mark.anchor, colour, halo, key: mark.key, datum: mark.datum } as const;
          const place = places.get(mark);
          return place ? [words(style, place.x, place.y, mark.text, more)] : [];
        }
        default:
          return mark satisfies never;
      }
    });
}

function image({ key, datum, rows, columns, values, x0, x1, y0, y1, scale }: Image, x: Scale, y: Scale, style: Style): ImagePrimitive {
  const [left, right, start, end] = [x.to(x0), x.to(x1), y.to(y0), y.to(y1)];
  const upsideDown = end < start;
  const rgba = new Uint8Array(4 * rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column];
      const to = 4 * ((upsideDown ? rows - 1 - row : row) * columns + column);
      // What was not observed stays the page's colour.
      if (!Number.isFinite(value)) continue;
      const colour = valueColour(style.theme, scale, value);
      for (let k = 0; k < 3; k++) rgba[to + k] = Math.round(Math.min(255, Math.max(0, colour[k])));
      rgba[to + 3] = 255;
    }
  const box = { x: Math.min(left, right), y: Math.min(start, end), width: Math.abs(right - left), height: Math.abs(end - start) };
  return { kind: 'image', layer: 'back', key, datum, ...box, rows, columns, rgba };
}

function band(scene: Scene, mark: Band, x: Scale, y: Scale, clip: Rect, style: Style): Primitive {
  const kept = [...mark.x.keys()].filter((i) => [x.to(mark.x[i]), y.to(mark.low[i]), y.to(mark.high[i])].every(Number.isFinite));
  const upper = kept.flatMap((i) => [x.to(mark.x[i]), y.to(mark.high[i])]);
  const lower = kept.toReversed().flatMap((i) => [x.to(mark.x[i]), y.to(mark.low[i])]);
  const { colour, opacity } = paintOf(mark.colour, style.theme, scene.conditions);
  const points = Float64Array.from([...upper, ...lower]);
  return {
    kind: 'path',
    layer: 'back',
    clip,
    key: mark.key,
    datum: mark.datum,
    points,
    closed: true,
    fill: colour,
    opacity: bandOpacity(mark, opacity),
  };
}

/** A band in a condition's colour is as pale as a grey one, and a little more telling; one in ink stands out from one that is grey. */
export const bandOpacity = ({ colour }: Band, grey: number): number => (colour === 'band' ? grey : colour === 'ink' ? 0.28 : 0.16);

function lines(scene: Scene, mark: Line, x: Scale, y: Scale, clip: Rect, style: Style): readonly Primitive[] {
  const points = new Float64Array(2 * mark.x.length);
  for (let i = 0; i < mark.x.length; i++) points.set([x.to(mark.x[i]), y.to(mark.y[i])], 2 * i);
  const width = style[mark.weight];
  const layer = mark.weight === 'thin' ? ('thin' as const) : ('line' as const);
  const dash = mark.dashed ? { dash: [3.2 * width, 2 * width] } : {};
  const base = { kind: 'path', layer, clip, key: mark.key, datum: mark.datum, width, cap: 'round', ...dash } as const;
  const { colour } = paintOf(mark.colour, style.theme, scene.conditions);
  const { value } = mark;
  const scale = scene.values;
  if (!value || !scale) return [{ ...base, points, stroke: colour }];
  return Array.from({ length: Math.max(0, mark.x.length - 1) }, (_, i) => ({
    ...base,
    points: points.slice(2 * i, 2 * i + 4),
    stroke: hexOf(valueColour(style.theme, scale, (value[i] + value[i + 1]) / 2, true)),
  }));
}

function signs(scene: Scene, mark: Points, x: Scale, y: Scale, clip: Rect, style: Style): readonly Primitive[] {
  const { colour } = paintOf(mark.colour, style.theme, scene.conditions);
  const radius = style.sign * sizeOf(mark);
  const { value } = mark;
  const valued = value && scene.values;
  const colourAt = (i: number): string => (valued ? hexOf(valueColour(style.theme, valued, value[i], true)) : colour);
  if (mark.sign === 'tick' && !mark.data) {
    const points = new Float64Array(6 * mark.x.length).fill(Number.NaN);
    for (let i = 0; i < mark.x.length; i++) {
      const [at, middle] = [x.to(mark.x[i]), y.to(mark.y[i])];
      const half = mark.tickHeight === undefined ? radius : Math.abs(y.to(mark.y[i] + mark.tickHeight / 2) - middle);
      points.set([at, middle - half, at, middle + half], 6 * i);
    }
    const width = mark.tickHeight === undefined ? style.axis : Math.max(0.5 * style.axis, Math.min(1.2 * style.axis, clip.width / 300));
    return [{ kind: 'path', layer: 'sign', clip, key: mark.key, datum: mark.datum, points, stroke: colour, width, cap: 'butt' }];
  }
  const { surface } = paletteOf(style.theme);
  return [...mark.x.keys()].flatMap((i) => {
    const [cx, cy] = [x.to(mark.x[i]), y.to(mark.y[i])];
    if (!Number.isFinite(cx) || !Number.isFinite(cy)) return [];
    const angle = mark.fromX && mark.fromY ? Math.atan2(cy - y.to(mark.fromY[i]), cx - x.to(mark.fromX[i])) : 0;
    const place = { x: cx, y: cy, radius, angle, colour: colourAt(i), surface, width: Math.max(style.axis, 0.8 * style.line), rim: 0 };
    return signPaths(mark.sign, place).map((path) => ({
      ...path,
      layer: 'sign' as const,
      key: mark.key,
      datum: mark.data?.[i] ?? mark.datum,
    }));
  });
}

// Signs and names of a scene of space: signs sorted by depth, names where they cover the least of the curves.

import { hexOf } from './colour.ts';
import { words } from './furniture.ts';
import { paintOf, paletteOf, valueColour } from './palettes.ts';
import { placed, type Wish } from './place.ts';
import type { Primitive, Rect } from './primitives.ts';
import { projector, type Frame } from './projection.ts';
import type { Line, Points, Scene, Text } from './scene.ts';
import { signPaths, sizeOf } from './signs.ts';
import { away } from './space-lines.ts';
import type { Style } from './style.ts';

/** Points of curves that names keep clear of. */
const MOST_SEEN = 3000;

/** Signs of points, the farthest first. */
export function spaceSigns(scene: Scene, mark: Points, frame: Frame, style: Style): readonly Primitive[] {
  const project = projector(frame);
  const { colour } = paintOf(mark.colour, style.theme, scene.conditions);
  const { surface } = paletteOf(style.theme);
  const radius = style.sign * sizeOf(mark);
  const { value } = mark;
  const valued = value && scene.values;
  const colourAt = (i: number): string => (valued ? hexOf(valueColour(style.theme, valued, value[i], true)) : colour);
  return Array.from(mark.x, (value, i) => ({ i, at: project(value, mark.y[i], mark.z?.[i] ?? 0) }))
    .filter(({ at }) => at.every(Number.isFinite))
    .sort((a, b) => a.at[2] - b.at[2])
    .flatMap(({ i, at: [x, y, depth] }) => {
      const from = mark.fromX && project(mark.fromX[i], mark.fromY?.[i] ?? 0, mark.fromZ?.[i] ?? 0);
      const angle = from ? Math.atan2(y - from[1], x - from[0]) : 0;
      const place = {
        x,
        y,
        radius,
        angle,
        colour: away(colourAt(i), depth, frame, style),
        surface,
        width: Math.max(style.axis, 0.8 * style.line),
        rim: style.halo / 2,
      };
      return signPaths(mark.sign, place).map((path) => ({
        ...path,
        layer: 'sign' as const,
        key: mark.key,
        datum: mark.data?.[i] ?? mark.datum,
      }));
    });
}

/** Names at start dots, pushed away from the middle of all starts, and free texts at their points. */
export function names(
  lines: readonly Line[],
  texts: readonly Text[],
  frame: Frame,
  style: Style,
  seen: Float64Array,
  taken: readonly Rect[],
  bounds: Rect,
): readonly Primitive[] {
  const project = projector(frame);
  const { small, measure, theme } = style;
  const { text, halo } = paletteOf(theme);
  const named = [
    ...lines
      .filter(({ label }) => label)
      .map((line) => {
        const first = line.x.findIndex(Number.isFinite);
        return {
          text: line.label ?? '',
          key: line.key,
          datum: line.datum,
          at: project(line.x[first], line.y[first], line.z?.[first] ?? 0),
        };
      }),
    ...texts.map((mark) => ({ text: mark.text, key: mark.key, datum: mark.datum, at: project(mark.x, mark.y, mark.z ?? 0) })),
  ].filter(({ at }) => at.every(Number.isFinite));
  const [mx, my] = [0, 1].map((k) => named.reduce((sum, { at }) => sum + at[k] / named.length, 0)) as [number, number];
  const wishes = named.map((name): Wish => {
    const [x, y] = name.at;
    return {
      x,
      y,
      width: measure(name.text, small),
      height: 0.9 * small,
      angle: Math.atan2(y - my, x - mx),
      gap: style.sign + 0.35 * small,
    };
  });
  // Some thousand points of the curves are enough to keep clear of.
  const every = Math.max(1, Math.ceil(seen.length / 2 / MOST_SEEN));
  const some =
    every === 1
      ? seen
      : Float64Array.from({ length: 2 * Math.floor(seen.length / 2 / every) }, (_, i) => seen[2 * (i >> 1) * every + (i % 2)]);
  const inset = { x: 2, y: 2, width: bounds.width - 4, height: bounds.height - 4 };
  return placed(wishes, some, taken, inset).map((box, i) =>
    words(style, box.x + box.width / 2, box.y + 0.82 * small, named[i].text, {
      layer: 'label',
      anchor: 'middle',
      colour: text,
      halo: { colour: halo, width: 2 * style.halo },
      key: named[i].key,
      datum: named[i].datum,
    }),
  );
}

// The rows above a flat scene's data: conditions, kinds of lines, signs and the colour bar.

import { signBlock, stroke, trialsText, valueBlock, words } from './furniture.ts';
import { conditionColour, paintOf, paletteOf } from './palettes.ts';
import { bandOpacity, usesConditions } from './plane-marks.ts';
import type { PathPrimitive, Primitive, Rect } from './primitives.ts';
import type { Band, Line, Scene } from './scene.ts';
import { shortened, type Style } from './style.ts';

/** Conditions, kinds of lines, signs and the colour bar in rows above the data, where the panel is high enough to spare them. */
export function headerOf(scene: Scene, width: number, height: number, style: Style) {
  const { small, theme } = style;
  const bar = scene.values && valueBlock(scene.values, style);
  const rows = height > 12 * small ? legendRows(scene, style, width - 2.5 * small) : [];
  const shown = rows.slice(0, Math.max(1, Math.floor((0.3 * height) / (1.4 * small))));
  const signs = height > 12 * small ? signBlock(scene.marks, style, width - 2.5 * small) : undefined;
  const above = bar ? 1.5 * small : 0;
  const listed = above + shown.length * 1.4 * small;
  return {
    height: listed + (signs?.height ?? 0),
    at: (left: number, top: number, plot: Rect): readonly Primitive[] => [
      ...(bar ? bar.at(Math.max(0, plot.x + plot.width - bar.width), top) : []),
      ...shown.flatMap((row, line) => {
        const from = Math.max(0.5 * small, Math.min(left, width - small - rowWidth(row, style)));
        return row.flatMap(({ text, swatch, x }): readonly Primitive[] => {
          const base = top + above + (1.4 * line + 1) * small;
          if (swatch === undefined) return [words(style, from + x, base, text, { colour: paletteOf(theme).text3 })];
          const points = [from + x, base - 0.36 * small, from + x + 1.3 * small, base - 0.36 * small];
          return [stroke(points, swatch.colour, swatch.width, swatch.more), words(style, from + x + 1.7 * small, base, text)];
        });
      }),
      ...(signs ? signs.at(Math.max(0.5 * small, Math.min(left, width - small - signs.width)), top + listed) : []),
    ],
  };
}

interface LegendItem {
  readonly text: string;
  readonly swatch?: { readonly colour: string; readonly width: number; readonly more: Partial<PathPrimitive> };
  readonly x: number;
}

const rowWidth = (row: readonly LegendItem[], style: Style): number => {
  const last = row[row.length - 1];
  return last === undefined ? 0 : last.x + (last.swatch ? 1.7 * style.small : 0) + style.measure(last.text, style.small);
};

function legendRows(scene: Scene, style: Style, room: number): readonly (readonly LegendItem[])[] {
  const { small, measure, theme } = style;
  const key = scene.conditions;
  const named = new Map<string, Line | Band>();
  for (const mark of scene.marks) if ((mark.kind === 'line' || mark.kind === 'band') && mark.legend) named.set(mark.legend, mark);
  const conditions =
    key && key.names.length > 1 && !style.ownsConditions && usesConditions(scene)
      ? [
          ...key.names.map((name, condition) => ({
            text: shortened(name, small, 12 * small, measure),
            swatch: { colour: conditionColour(theme, key, condition), width: style.thick, more: { datum: { condition } } },
          })),
          { text: trialsText(key) },
        ]
      : [];
  const kinds = [...named].map(([text, mark]) => {
    if (mark.kind === 'band') {
      const { colour, opacity } = paintOf(mark.colour, theme, key);
      return { text, swatch: { colour, width: 0.8 * small, more: { opacity: bandOpacity(mark, opacity), cap: 'butt' as const } } };
    }
    const { weight, dashed } = mark;
    const width = style[weight];
    // Curves of series are told apart by their colour, others by how they are drawn.
    const isSeries = typeof mark.colour === 'object' && 'series' in mark.colour;
    const colour = isSeries ? paintOf(mark.colour, theme, key).colour : paletteOf(theme).text2;
    return { text, swatch: { colour, width, more: dashed ? { dash: [3.2 * width, 2 * width] } : {} } };
  });
  const rows: LegendItem[][] = [];
  let edge = Infinity;
  for (const item of [...conditions, ...kinds]) {
    const taken = ('swatch' in item ? 1.7 * small : 0) + measure(item.text, small);
    if (edge + taken > room) {
      rows.push([]);
      edge = 0;
    }
    rows[rows.length - 1].push({ ...item, x: edge });
    edge += taken + small;
  }
  return rows;
}

// Straight lines across a flat scene, and the names of lines and curves: none touches another.

import type { Scale } from './axes.ts';
import { stroke, words } from './furniture.ts';
import { paintOf, paletteOf } from './palettes.ts';
import { spread } from './place.ts';
import type { Primitive, Rect } from './primitives.ts';
import type { Line, Rule, Scene } from './scene.ts';
import { shortened, type Style } from './style.ts';

/** Straight lines across the panel; names of upright ones above it, of level ones at their right end. */
export function rules(
  scene: Scene,
  x: Scale,
  y: Scale,
  plot: Rect,
  style: Style,
  width: number,
  named: boolean,
  /** Level ones are named with the curves. */
  beside: boolean,
): readonly Primitive[] {
  const { small, measure, theme, axis } = style;
  const { text2, halo } = paletteOf(theme);
  const inside = (place: number, low: number, size: number) => place >= low - 0.5 && place <= low + size + 0.5;
  const all = scene.marks.filter((mark): mark is Rule => mark.kind === 'rule');
  const upright = all.filter((rule) => rule.x !== undefined && inside(x.to(rule.x), plot.x, plot.width));
  const level = all.filter((rule) => rule.y !== undefined && inside(y.to(rule.y), plot.y, plot.height));
  const drawn = (rule: Rule, points: readonly number[]) => {
    const { colour } = paintOf(rule.colour, theme, scene.conditions);
    const dash = rule.dashed ? { dash: [2.5 * axis, 2 * axis] } : {};
    return stroke(points, colour, axis, { layer: 'line', key: rule.key, datum: rule.datum, ...dash });
  };
  // Names stand centred above their lines, or on the far sides of two that are close; what would still touch is left out.
  const sorted = upright.filter(({ label }) => label && named).toSorted((a, b) => x.to(a.x ?? 0) - x.to(b.x ?? 0));
  let edge = -Infinity;
  const namesAbove = sorted.flatMap((rule, i) => {
    const [place, half] = [x.to(rule.x ?? 0), measure(rule.label, small) / 2];
    const next = sorted[i + 1];
    const crowded = next !== undefined && x.to(next.x ?? 0) - measure(next.label, small) / 2 < place + half + 0.8 * small;
    const centres = [place, place - half - 0.3 * small, place + half + 0.3 * small];
    const centre = (crowded ? [centres[1], centres[0]] : [centres[0], centres[2]])
      .map((at) => Math.max(half + 1, Math.min(at, width - half - 1)))
      .find((at) => at - half >= edge);
    if (centre === undefined) return [];
    edge = centre + half + 0.8 * small;
    return [words(style, centre, plot.y - 0.4 * small, rule.label, { layer: 'label', anchor: 'middle', colour: text2, key: rule.key })];
  });
  const places = level.map((rule) => y.to(rule.y ?? 0));
  const order = places.map((_, i) => i).sort((a, b) => places[a] - places[b]);
  const bases = spread(
    order.map((i) => places[i] - 0.35 * small),
    1.15 * small,
    plot.y + 0.9 * small,
    plot.y + plot.height,
  );
  const shades = all.flatMap((rule) => {
    if (rule.x === undefined || rule.until === undefined) return [];
    const within = (at: number): number => Math.max(plot.x, Math.min(plot.x + plot.width, x.to(at)));
    const [left, right] = [within(rule.x), within(rule.until)];
    if (right - left < 0.5) return [];
    const [above, below] = [plot.y, plot.y + plot.height];
    const points = Float64Array.of(left, above, right, above, right, below, left, below);
    const { colour, opacity } = paintOf('band', theme, scene.conditions);
    return [{ kind: 'path', layer: 'back', points, closed: true, fill: colour, opacity, key: rule.key, datum: rule.datum } as const];
  });
  return [
    ...shades,
    ...upright.map((rule) => drawn(rule, [x.to(rule.x ?? 0), plot.y, x.to(rule.x ?? 0), plot.y + plot.height])),
    ...level.map((rule) => drawn(rule, [plot.x, y.to(rule.y ?? 0), plot.x + plot.width, y.to(rule.y ?? 0)])),
    ...namesAbove,
    ...order.flatMap((i, rank) => {
      const { label, key } = level[i];
      if (!label || beside) return [];
      const outline = { colour: halo, width: 2 * style.halo };
      return [
        words(style, plot.x + plot.width - 0.3 * small, bases[rank], label, {
          layer: 'label',
          anchor: 'end',
          colour: text2,
          halo: outline,
          key,
        }),
      ];
    }),
  ];
}

/** Names of curves above their right ends, within the plot. */
export function innerNames(named: readonly Line[], x: Scale, y: Scale, plot: Rect, style: Style): readonly Primitive[] {
  const { text2, halo } = paletteOf(style.theme);
  return named.flatMap((line) => {
    const last = line.y.findLastIndex((value, i) => Number.isFinite(y.to(value)) && Number.isFinite(x.to(line.x[i])));
    if (last < 0) return [];
    const base = Math.max(plot.y + style.small, y.to(line.y[last]) - 0.4 * style.small);
    const more = { layer: 'label', anchor: 'end', colour: text2, halo: { colour: halo, width: 2 * style.halo }, key: line.key } as const;
    return [words(style, plot.x + plot.width - 0.3 * style.small, base, line.label ?? '', more)];
  });
}

/** Names of curves at their right ends, pushed apart where ends are close. */
export function lineNames(
  named: readonly Line[],
  level: readonly Rule[],
  x: Scale,
  y: Scale,
  plot: Rect,
  style: Style,
  room: number,
): readonly Primitive[] {
  const { small, measure, theme } = style;
  const right = plot.x + plot.width;
  const rims = level
    .map((line) => ({ line, end: right, place: y.to(line.y ?? Number.NaN) }))
    .filter(({ place }) => place >= plot.y - 0.5 && place <= plot.y + plot.height + 0.5);
  const ends = named
    .map((line): { readonly line: Line | Rule; readonly end: number; readonly place: number } => {
      const last = line.y.findLastIndex((value, i) => Number.isFinite(y.to(value)) && Number.isFinite(x.to(line.x[i])));
      return { line, end: last < 0 ? Number.NaN : x.to(line.x[last]), place: last < 0 ? Number.NaN : y.to(line.y[last]) };
    })
    .filter(({ place }) => Number.isFinite(place))
    .concat(rims)
    .sort((a, b) => a.place - b.place);
  const bases = spread(
    ends.map(({ place }) => Math.max(plot.y, Math.min(place, plot.y + plot.height))),
    1.15 * small,
    plot.y + 0.4 * small,
    plot.y + plot.height - 0.2 * small,
  );
  const { text2, lineStrong } = paletteOf(theme);
  return ends.flatMap(({ line, end, place }, i) => {
    const name = words(
      style,
      right + 0.5 * small,
      bases[i] + 0.36 * small,
      shortened(line.label ?? '', small, room - 0.5 * small, measure),
      { layer: 'label', colour: text2, key: line.key, datum: line.datum },
    );
    // A curve that ends early, as of a fit that runs, is led to its name.
    const isFar = right - end > 2 * small && place >= plot.y && place <= plot.y + plot.height;
    const leader = stroke([end + 0.4 * small, place, right + 0.3 * small, bases[i]], lineStrong, style.axis, {
      layer: 'back',
      key: line.key,
    });
    return isFar ? [leader, name] : [name];
  });
}

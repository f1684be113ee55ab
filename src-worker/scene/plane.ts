// Flat scenes: axes with room for their words, heat maps and bands at the back, lines, signs, rules and names on top.

import { axisTitle, extentOf, scaleOf, ticksOf, type Scale, type Tick } from './axes.ts';
import { signBlock, stroke, trialsText, valueBlock, words } from './furniture.ts';
import { conditionColour, paintOf, paletteOf } from './palettes.ts';
import { drawMarks, usesConditions } from './plane-marks.ts';
import { spread } from './place.ts';
import type { Drawing, PathPrimitive, Primitive, Rect } from './primitives.ts';
import type { Axis, Line, Rule, Scene } from './scene.ts';
import { shortened, type Style } from './style.ts';

/** Draws a scene without a camera into width × height. */
export function drawPlane(scene: Scene, width: number, height: number, style: Style): Drawing {
  const { small, text, measure } = style;
  const pad = 0.5 * small;
  const header = headerOf(scene, width, height, style);
  const shared = scene.x.unit === 'ms' ? style.shared : undefined;
  const xRules = scene.marks.filter((mark): mark is Rule => mark.kind === 'rule' && mark.x !== undefined);
  const ruleRow = shared?.namesEvents !== false && xRules.some(({ label }) => label) ? 1.35 * small : 0;
  const top = pad + header.height + Math.max(ruleRow, 0.5 * small);
  const bottom = shared && !shared.hasTimeAxis ? 0.6 * small : 0.5 * small + 1.15 * small + (axisTitle(scene.x) ? 1.35 * text : 0) + pad;
  const floor = Math.max(top + small, height - bottom);
  const ownY = scaleOf(scene.y, extentOf(scene.marks, 'y', scene.y.scale === 'log'), [floor, top]);
  const widest = Math.max(0, ...ticksOf(scene.y, ownY, small, measure, false).map(({ label }) => measure(label, small)));
  const left = shared?.left ?? pad + (axisTitle(scene.y) ? 1.5 * text : 0) + Math.min(0.3 * width, widest) + 0.9 * small;
  const named = scene.marks.filter((mark): mark is Line => mark.kind === 'line' && mark.label !== undefined);
  // Where curves are named at their ends, so are level rules.
  const level =
    named.length > 0 && !shared
      ? scene.marks.filter((mark): mark is Rule => mark.kind === 'rule' && mark.y !== undefined && mark.label !== '')
      : [];
  const nameRoom = Math.min(0.36 * width, Math.max(0, ...[...named, ...level].map(({ label }) => measure(label ?? '', small) + small)));
  const right = shared?.right ?? Math.max(pad + nameRoom, 1.4 * small);
  const ownX = scaleOf(scene.x, extentOf(scene.marks, 'x', scene.x.scale === 'log'), [left, Math.max(left + small, width - right)]);
  const [x, y] = scene.equal ? equalled(scene, ownX, ownY) : [ownX, ownY];
  const yTicks = ticksOf(scene.y, y, small, measure, false);
  const xTicks = shared && !shared.hasTimeAxis ? [] : ticksOf(scene.x, x, small, measure, true);
  const plot: Rect = { x: left, y: top, width: x.range[1] - left, height: floor - top };
  return {
    width,
    height,
    background: paletteOf(style.theme).surface,
    plot,
    x,
    y,
    primitives: [
      ...drawMarks(scene, x, y, plot, style),
      ...veils(scene, x, plot, style),
      ...axes(scene, x, y, xTicks, yTicks, plot, width, height, style),
      ...rules(scene, x, y, plot, style, width, shared?.namesEvents !== false, level.length > 0),
      ...(shared ? innerNames(named, x, y, plot, style) : lineNames(named, level, x, y, plot, style, nameRoom)),
      ...header.at(left, pad, plot),
    ],
  };
}

/** Two scales with as many pixels a unit: the one with room to spare gets a wider domain about its middle. */
function equalled(scene: Scene, x: Scale, y: Scale): readonly [Scale, Scale] {
  const perUnit = ({ domain, range }: Scale) => Math.abs((range[1] - range[0]) / (domain[1] - domain[0]));
  const wanted = Math.min(perUnit(x), perUnit(y));
  const widened = (axis: Axis, scale: Scale): Scale => {
    const { domain, range } = scale;
    const middle = (domain[0] + domain[1]) / 2;
    const half = Math.abs(range[1] - range[0]) / (2 * wanted);
    return scaleOf({ ...axis, domain: [middle - half, middle + half] }, undefined, range);
  };
  return [widened(scene.x, x), widened(scene.y, y)];
}

/** Conditions, kinds of lines, signs and the colour bar in rows above the data, where the panel is high enough to spare them. */
function headerOf(scene: Scene, width: number, height: number, style: Style) {
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
  const named = new Map<string, Line>();
  for (const mark of scene.marks) if (mark.kind === 'line' && mark.legend) named.set(mark.legend, mark);
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
  const kinds = [...named].map(([text, { weight, dashed }]) => {
    const width = style[weight];
    return { text, swatch: { colour: paletteOf(theme).text2, width, more: dashed ? { dash: [3.2 * width, 2 * width] } : {} } };
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

function axes(
  scene: Scene,
  x: Scale,
  y: Scale,
  xTicks: readonly Tick[],
  yTicks: readonly Tick[],
  plot: Rect,
  width: number,
  height: number,
  style: Style,
): readonly Primitive[] {
  const { small, text, theme, axis } = style;
  const { lineStrong, text2, text3 } = paletteOf(theme);
  const [left, right, top, floor] = [plot.x, plot.x + plot.width, plot.y, plot.y + plot.height];
  const tick = 0.35 * small;
  const gap = theme === 'paper' ? 0 : 2;
  const [titleX, titleY] = [
    style.shared && !style.shared.hasTimeAxis && scene.x.unit === 'ms' ? '' : axisTitle(scene.x),
    axisTitle(scene.y),
  ];
  const frame = theme === 'paper' ? [stroke([left, top, left, floor, right, floor], lineStrong, axis)] : [];
  const middle = (top + floor) / 2;
  const halfTitle = style.measure(titleY, text) / 2;
  const upright = Math.min(Math.max(middle, halfTitle), Math.max(halfTitle, height - halfTitle));
  return [
    ...frame,
    ...xTicks.flatMap(({ at, label }) => {
      const place = x.to(at);
      const half = style.measure(label, small) / 2;
      return [
        stroke([place, floor + gap, place, floor + gap + tick], lineStrong, axis),
        words(style, Math.max(half, Math.min(place, width - half)), floor + gap + tick + 1.1 * small, label, {
          anchor: 'middle',
          colour: text3,
        }),
      ];
    }),
    ...yTicks.flatMap(({ at, label }) => {
      const place = y.to(at);
      return [
        stroke([left - gap - tick, place, left - gap, place], lineStrong, axis),
        words(style, left - gap - tick - 0.35 * small, place + 0.36 * small, label, { anchor: 'end', colour: text3 }),
      ];
    }),
    words(style, (left + right) / 2, height - 0.5 * small - 0.22 * text, titleX, { anchor: 'middle', size: text, colour: text2 }),
    words(style, 0.5 * small + 0.85 * text, upright, titleY, { anchor: 'middle', size: text, colour: text2, turned: true }),
  ].filter((primitive) => primitive.kind !== 'text' || primitive.text !== '');
}

/** Straight lines across the panel; names of upright ones above it, of level ones at their right end. */
function rules(
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

/** What lies outside the time to look at, beneath a veil of the page's colour. */
function veils({ x: axis, spanMs }: Scene, x: Scale, { x: left, y, width, height }: Rect, { theme }: Style): readonly Primitive[] {
  if (!spanMs || axis.unit !== 'ms') return [];
  const [from, to] = spanMs.map((at) => Math.min(left + width, Math.max(left, x.to(at)))) as [number, number];
  return [
    [left, from],
    [to, left + width],
  ]
    .filter(([a, b]) => b! > a!)
    .map(([a, b]) => ({
      kind: 'path',
      layer: 'line',
      points: Float64Array.of(a!, y, b!, y, b!, y + height, a!, y + height),
      closed: true,
      fill: paletteOf(theme).surface,
      opacity: 0.62,
    }));
}

/** Names of curves above their right ends, within the plot. */
function innerNames(named: readonly Line[], x: Scale, y: Scale, plot: Rect, style: Style): readonly Primitive[] {
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
function lineNames(
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

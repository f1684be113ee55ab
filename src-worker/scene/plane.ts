// Flat scenes: axes with room for their words, heat maps and bands at the back, lines, signs, rules and names on top.

import { axisTitle, extentOf, scaleOf, ticksOf, type Scale, type Tick } from './axes.ts';
import { stroke, words } from './furniture.ts';
import { paletteOf } from './palettes.ts';
import { headerOf } from './plane-legend.ts';
import { drawMarks } from './plane-marks.ts';
import { innerNames, lineNames, rules } from './plane-names.ts';
import type { Drawing, Primitive, Rect } from './primitives.ts';
import type { Axis, Line, Rule, Scene } from './scene.ts';
import { shortened, type Style } from './style.ts';

/** Room between a label and the panel's edge, in letters. */
const EDGE = 0.5;

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

/** Where labels of a horizontal axis stand: clear of the panel's edges, which moves the outer ones; a neighbour that these would touch has none. */
function insideLabels(ticks: readonly Tick[], x: Scale, width: number, { small, measure }: Style) {
  const placed = ticks.map(({ at, label }) => {
    const half = measure(label, small) / 2;
    const edge = half + EDGE * small;
    return { at, place: Math.max(edge, Math.min(x.to(at), width - edge)), half, isMoved: x.to(at) > width - edge || x.to(at) < edge };
  });
  const touch = (a: (typeof placed)[number], b: (typeof placed)[number]): boolean =>
    Math.abs(a.place - b.place) < a.half + b.half + 0.3 * small;
  return placed.filter((one) => one.isMoved || !placed.some((other) => other !== one && other.isMoved && touch(one, other)));
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
    uprightTitle(scene.y, height - small, style),
  ];
  const frame = theme === 'paper' ? [stroke([left, top, left, floor, right, floor], lineStrong, axis)] : [];
  const middle = (top + floor) / 2;
  const halfTitle = style.measure(titleY, text) / 2;
  const labels = insideLabels(xTicks, x, width, style);
  const upright = Math.min(Math.max(middle, halfTitle), Math.max(halfTitle, height - halfTitle));
  return [
    ...frame,
    ...xTicks.flatMap(({ at, label }) => {
      const place = x.to(at);
      const word = labels.find((one) => one.at === at);
      return [
        stroke([place, floor + gap, place, floor + gap + tick], lineStrong, axis),
        ...(word ? [words(style, word.place, floor + gap + tick + 1.1 * small, label, { anchor: 'middle', colour: text3 })] : []),
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

/** An upright title as long as there is room for: what the label adds after a comma goes before its unit does. */
function uprightTitle(axis: Axis, room: number, { text, measure }: Style): string {
  const brief = axisTitle({ ...axis, label: axis.label.split(', ')[0] });
  return measure(axisTitle(axis), text) <= room ? axisTitle(axis) : shortened(brief, text, room, measure);
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

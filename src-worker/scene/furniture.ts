// What stands beside the data: wheel or list of conditions, colour bar, legend of signs, triad and scale bar.

import { conditionColour, paletteOf, valueColour } from './palettes.ts';
import type { PathPrimitive, Primitive, Rect, TextPrimitive } from './primitives.ts';
import type { Frame } from './projection.ts';
import { turn } from './projection.ts';
import type { Axis, ColourRole, ConditionKey, Mark, Sign, ValueScale } from './scene.ts';
import { signPaths } from './signs.ts';
import type { Style } from './style.ts';
import { shortened } from './style.ts';
import { axisTitle, numberText } from './axes.ts';

const layer = 'furniture' as const;

/** A text in the style's small size, or another. */
export function words(style: Style, x: number, y: number, text: string, more: Partial<TextPrimitive> = {}): TextPrimitive {
  return { kind: 'text', layer, x, y, text, size: style.small, colour: paletteOf(style.theme).text2, anchor: 'start', ...more };
}

export const stroke = (points: readonly number[], colour: string, width: number, more: Partial<PathPrimitive> = {}): PathPrimitive => ({
  kind: 'path',
  layer,
  points: Float64Array.from(points),
  stroke: colour,
  width,
  ...more,
});

/** Drawn furniture and the room it takes. */
export interface Block {
  readonly width: number;
  readonly height: number;
  /** With the block's upper left corner at (x, y). */
  at(x: number, y: number): readonly Primitive[];
}

/** '32 trials each', '28 to 35 trials each'. */
export function trialsText({ trials }: ConditionKey): string {
  const [least, most] = [Math.min(...trials), Math.max(...trials)];
  return least === most
    ? `${numberText(most)} ${most === 1 ? 'trial' : 'trials'} each`
    : `${numberText(least)} to ${numberText(most)} trials each`;
}

/** Angles round a wheel, each at its own place, with the number of trials beneath. */
function wheel(key: ConditionKey, degrees: readonly number[], style: Style): Block {
  const { small, measure, theme } = style;
  const radius = small * (style.corners === 'fixed' ? 2.9 : 2.1);
  const side = radius + small * 0.5 + Math.max(...key.names.map((name) => measure(name, small)));
  const counts = trialsText(key);
  const half = Math.max(side, measure(counts, small) / 2);
  return {
    width: 2 * half,
    height: 2 * (radius + 1.5 * small) + 1.4 * small,
    at(x, y) {
      const [cx, cy] = [x + half, y + radius + 1.5 * small];
      const place = (angle: number, r: number): readonly [number, number] => [cx + r * Math.cos(angle), cy - r * Math.sin(angle)];
      const step = Math.PI / Math.max(3, key.names.length);
      const sectors = degrees.flatMap((degree, index): readonly Primitive[] => {
        const angle = (degree * Math.PI) / 180;
        const arc = (r: number) => Array.from({ length: 9 }, (_, i) => place(angle + (step - 0.035) * (i / 4 - 1), r));
        const points = Float64Array.from([...arc(radius), ...arc(0.56 * radius).reverse()].flat());
        const [tx, ty] = place(angle, radius + 0.45 * small);
        const across = Math.cos(angle);
        return [
          { kind: 'path', layer, points, closed: true, fill: conditionColour(theme, key, index), datum: { condition: index } },
          words(style, tx, ty + 0.36 * small * (1 - Math.sin(angle)), key.names[index] ?? '', {
            anchor: Math.abs(across) < 0.1 ? 'middle' : across > 0 ? 'start' : 'end',
          }),
        ];
      });
      return [...sectors, words(style, cx, cy + radius + 2.75 * small, counts, { anchor: 'middle', colour: paletteOf(theme).text3 })];
    },
  };
}

/** Names under each other with their colours and numbers of trials; what does not fit is counted. */
function list(key: ConditionKey, style: Style, rows: number): Block {
  const { small, measure, theme } = style;
  const shown = key.names.length <= rows ? key.names.length : rows - 1;
  const lines = key.names
    .slice(0, shown)
    .map((name, index) => `${shortened(name, small, 14 * small, measure)}, ${numberText(key.trials[index] ?? 0)}`);
  const rest = key.names.length - shown;
  const title = `${key.label}, trials`;
  const all = [title, ...lines, ...(rest > 0 ? [`and ${rest} more`] : [])];
  return {
    width: Math.max(...all.map((line) => measure(line, small))) + 2 * small,
    height: all.length * 1.4 * small,
    at: (x, y) =>
      all.flatMap((line, row): readonly Primitive[] => {
        const base = y + (1.4 * row + 1) * small;
        if (row === 0 || row > shown) return [words(style, x, base, line, { colour: paletteOf(theme).text3 })];
        const colour = conditionColour(theme, key, row - 1);
        return [
          stroke([x, base - 0.35 * small, x + 1.3 * small, base - 0.35 * small], colour, style.thick, { datum: { condition: row - 1 } }),
          words(style, x + 2 * small, base, line),
        ];
      }),
  };
}

/** The legend of conditions: a wheel where they are angles, else a list of at most `rows`. Undefined where there is nothing to tell apart. */
export function conditionBlock(key: ConditionKey | undefined, style: Style, rows = 14): Block | undefined {
  if (key === undefined || key.names.length < 2) return undefined;
  return key.scale === 'angle' && key.values && key.names.length <= 16 ? wheel(key, key.values, style) : list(key, style, rows);
}

/** A colour bar with its ends named: '0 ▭ 60 Hz'. */
export function valueBlock(scale: ValueScale, style: Style, forLines = false): Block {
  const { small, measure, theme } = style;
  const [low, high] = scale.domain;
  const [left, right] = [numberText(low), `${numberText(high)}${scale.unit ? ` ${scale.unit}` : ''}`];
  const [bar, title] = [4.2 * small, `${scale.label}  `];
  const before = measure(title, small) + measure(left, small) + 0.4 * small;
  return {
    width: before + bar + 0.4 * small + measure(right, small),
    height: 1.3 * small,
    at(x, y) {
      const [x0, base] = [x + before, y + small];
      const colours = Array.from({ length: 24 }, (_, i) => valueColour(theme, scale, low + ((high - low) * i) / 23, forLines));
      const rgba = Uint8Array.from(colours.flatMap((rgb) => [...rgb.map((part) => Math.round(Math.min(255, Math.max(0, part)))), 255]));
      const box = { x: x0, y: base - 0.72 * small, width: bar, height: 0.72 * small };
      const rim = [box.x, box.y, box.x + bar, box.y, box.x + bar, base, box.x, base];
      return [
        words(style, x, base, title, { colour: paletteOf(theme).text3 }),
        words(style, x0 - 0.4 * small, base, left, { anchor: 'end' }),
        { kind: 'image', layer, ...box, rows: 1, columns: 24, rgba },
        stroke(rim, paletteOf(theme).lineStrong, 0.6 * style.axis, { closed: true }),
        words(style, x0 + bar + 0.4 * small, base, right),
      ];
    },
  };
}

/** Signs that are drawn, with what they mean, in rows no wider than `width`. */
export function signBlock(marks: readonly Mark[], style: Style, width: number): Block | undefined {
  const entries = new Map<string, { readonly sign: Sign; readonly text: string; readonly colour: ColourRole }>();
  for (const mark of marks)
    if (mark.kind === 'points' && mark.legend)
      entries.set(`${mark.sign} ${mark.legend}`, { sign: mark.sign, text: mark.legend, colour: mark.colour });
  if (entries.size === 0) return undefined;
  const { small, measure, theme } = style;
  const radius = Math.min(style.sign, 0.36 * small);
  const rows: { readonly sign: Sign; readonly text: string; readonly colour: ColourRole; readonly x: number }[][] = [[]];
  let edge = 0;
  let widest = 0;
  for (const entry of entries.values()) {
    const room = 1.1 * small + measure(entry.text, small);
    if (edge > 0 && edge + room > width) {
      rows.push([]);
      edge = 0;
    }
    rows.at(-1)?.push({ ...entry, x: edge });
    widest = Math.max(widest, edge + room);
    edge += room + 1.1 * small;
  }
  const { text2, mute, surface, nominal } = paletteOf(theme);
  // Signs of series are told apart by their colour, others by their shape.
  const colourOf = (role: ColourRole): string =>
    role === 'mute' ? mute : typeof role === 'object' && 'series' in role ? nominal[role.series % nominal.length] : text2;
  return {
    width: widest,
    height: rows.length * 1.5 * small,
    at: (x, y) =>
      rows.flatMap((row, line) =>
        row.flatMap((entry): readonly Primitive[] => {
          const base = y + (1.5 * line + 1) * small;
          const colour = colourOf(entry.colour);
          const place = { x: x + entry.x + 0.4 * small, y: base - 0.36 * small, radius, colour, surface, width: style.axis, rim: 0 };
          return [
            ...signPaths(entry.sign, place).map((path) => ({ ...path, layer })),
            words(style, x + entry.x + 1.1 * small, base, entry.text),
          ];
        }),
      ),
  };
}

/** The three axes as they lie, with their names; text keeps clear of text. */
export function triadBlock(axes: readonly Axis[], { rotation }: Frame, style: Style): Block {
  const { small, measure, theme } = style;
  const length = small * (style.corners === 'fixed' ? 4.6 : 2.8);
  const arms = axes.map((axis, i) => {
    const [right, up, near] = turn(rotation, [i === 0 ? 1 : 0, i === 1 ? 1 : 0, i === 2 ? 1 : 0]);
    const stretch = Math.hypot(right, up, near);
    const [x, y] = [(right * length) / stretch, (-up * length) / stretch];
    const reach = Math.hypot(x, y) || 1;
    const text = `${axisTitle(axis)}${Math.abs(stretch - 1) < 1e-9 ? '' : `, × ${Number(stretch.toPrecision(3))}`}`;
    const width = measure(text, small);
    // The name goes on where the arm points; a steep arm has it centred.
    const lean = x / reach;
    const left = Math.abs(lean) < 0.3 ? x - width / 2 : lean > 0 ? x + 0.5 * small : x - 0.5 * small - width;
    return { x, y, near, text, width, left, base: y + (0.75 * small * y) / reach + 0.36 * small };
  });
  const byHeight = [...arms].sort((a, b) => a.base - b.base);
  for (let i = 1; i < byHeight.length; i++)
    for (const above of byHeight.slice(0, i)) {
      const arm = byHeight[i];
      const beside = arm.left < above.left + above.width && above.left < arm.left + arm.width;
      if (beside && arm.base < above.base + 1.15 * small) arm.base = above.base + 1.15 * small;
    }
  const [x0, x1] = [Math.min(0, ...arms.map((arm) => arm.left)), Math.max(0, ...arms.map((arm) => arm.left + arm.width))];
  const [y0, y1] = [
    Math.min(0, ...arms.flatMap((arm) => [arm.base - small, arm.y])),
    Math.max(0, ...arms.flatMap((arm) => [arm.base, arm.y])),
  ];
  return {
    width: x1 - x0,
    height: y1 - y0,
    at: (x, y) =>
      [...arms]
        .sort((a, b) => a.near - b.near)
        .flatMap((arm): readonly Primitive[] => [
          stroke([x - x0, y - y0, x - x0 + arm.x, y - y0 + arm.y], paletteOf(theme).text2, style.axis, { cap: 'round' }),
          words(style, x - x0 + arm.left, y - y0 + arm.base, arm.text),
        ]),
  };
}

/** A bar of a round length, at most `width` long, in the state's units. */
export function scaleBarBlock(frame: Frame, unit: string, style: Style, width: number): Block {
  const most = width / frame.scale;
  const power = 10 ** Math.floor(Math.log10(most));
  const length = ([5, 2, 1].find((step) => step * power <= most) ?? 1) * power;
  const text = unit === '' ? numberText(length) : `${numberText(length)} ${unit}`;
  const drawn = length * frame.scale;
  const { small, measure, theme } = style;
  return {
    width: drawn + 0.6 * small + measure(text, small),
    height: 1.5 * small,
    at: (x, y) => [
      stroke([x, y + 0.64 * small, x + drawn, y + 0.64 * small], paletteOf(theme).text, 1.5 * style.axis),
      words(style, x + drawn + 0.6 * small, y + small, text),
    ],
  };
}

/** A bar of a given length with what it stands for; its ends tell it from the scale bar. */
export function fixedBarBlock(
  { scale }: Frame,
  { length, label }: { readonly length: number; readonly label: string },
  style: Style,
): Block {
  const drawn = length * scale;
  const { small, measure, theme, axis } = style;
  return {
    width: drawn + 0.6 * small + measure(label, small),
    height: 1.5 * small,
    at(x, y) {
      const [level, half] = [y + 0.64 * small, 0.27 * small];
      const ends = [x, level - half, x, level + half, Number.NaN, Number.NaN, x + drawn, level - half, x + drawn, level + half];
      return [
        stroke([x, level, x + drawn, level, Number.NaN, Number.NaN, ...ends], paletteOf(theme).text, axis),
        words(style, x + drawn + 0.6 * small, y + small, label),
      ];
    },
  };
}

export const boxAt = ({ width, height }: Block, x: number, y: number): Rect => ({ x, y, width, height });

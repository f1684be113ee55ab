// Scenes of space: trajectories as seen by the one camera. Single trials pale beneath, averages cut at bins and sorted by depth
// with a halo of the page's colour where they cross, signs and names above, triad, scale bar and legends in the corners.

import { hexOf } from './colour.ts';
import { boxAt, conditionBlock, fixedBarBlock, scaleBarBlock, signBlock, triadBlock, valueBlock, words, type Block } from './furniture.ts';
import { paintOf, paletteOf, valueColour } from './palettes.ts';
import { pointsIn, placed, type Wish } from './place.ts';
import type { Drawing, Primitive, Rect } from './primitives.ts';
import { DEFAULT_CAMERA, frameOf, nearness, projector, type Frame } from './projection.ts';
import type { Camera, Line, Points, Scene, Text } from './scene.ts';
import { signPaths, sizeOf } from './signs.ts';
import { splined } from './smooth.ts';
import type { Style } from './style.ts';

/** Steps of the curve between two bins. */
export const CURVE_PARTS = 3;
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
function curveOf(line: Line): Float64Array {
  const known = curves.get(line);
  if (known) return known;
  const curve = splined(verticesOf(line), 3, CURVE_PARTS);
  curves.set(line, curve);
  return curve;
}

/** What is left of lines outside the time to look at: opacity of trials and of averages, width of averages in thin lines. */
export const FADED_TRIAL = 0.22;
export const FADED_LINE = 0.55;
const FADED_WIDTH = 1.4;

/** Whether the step from a vertex to the next lies outside the time to look at. */
export function faded({ spanMs }: Scene, { timeMs }: Line, step: number): boolean {
  if (!spanMs || !timeMs) return false;
  const middle = (timeMs[step] + (timeMs[step + 1] ?? timeMs[step])) / 2;
  return middle < spanMs[0] || middle > spanMs[1];
}

const isPale = ({ weight }: Line): boolean => weight === 'thin';
const isFine = ({ weight }: Line): boolean => weight === 'fine';
const isLoud = (line: Line): boolean => !isPale(line) && !isFine(line);

/** The marks that the camera fits into the panel: averages where there are any, else trials, else signs. */
function fittedMarks({ marks }: Scene): readonly (Line | Points)[] {
  const lines = marks.filter((mark) => mark.kind === 'line');
  const loud = lines.filter(isLoud);
  return loud.length > 0 ? loud : lines.length > 0 ? lines : marks.filter((mark) => mark.kind === 'points');
}

/** Their points, x, y, z, x, y, z …. */
export const fittedPoints = (scene: Scene): Float64Array => scene.fitted ?? joined(fittedMarks(scene).map(verticesOf));

/** The same with the points of curves between bins: what labels and furniture keep clear of. */
const coveringPoints = (scene: Scene): Float64Array =>
  joined(fittedMarks(scene).map((mark) => (mark.kind === 'line' ? curveOf(mark) : verticesOf(mark))));

function joined(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

interface Corners {
  readonly blocks: readonly Primitive[];
  readonly boxes: readonly Rect[];
  /** Points of the averages beneath them. */
  readonly covered: number;
}

/** The frame that a scene of space has in a panel: what a stage that draws lines by itself must use. */
export function spaceFrame(
  scene: Scene,
  width: number,
  height: number,
  style: Style,
  camera: Camera = scene.camera ?? DEFAULT_CAMERA,
): Frame {
  const { corner } = style;
  const clear = corner && { left: width - corner.width, bottom: corner.height };
  return frameOf(camera, fittedPoints(scene), plotOf(scene, width, height, style), clear);
}

/** Room for the data, clear of the strip of legends below and of names beside. */
function plotOf({ marks, fitted, conditions }: Scene, width: number, height: number, style: Style): Rect {
  const named = marks
    .filter((mark) => mark.kind === 'line' && mark.label)
    .map((mark) => style.measure((mark as Line).label ?? '', style.small));
  // Names of hidden conditions keep their room, so that nothing jumps.
  if (fitted && named.length > 0) named.push(...(conditions?.names ?? []).map((name) => style.measure(name, style.small)));
  const side = Math.min(
    0.22 * width,
    1.6 * style.small + Math.max(0, ...named) + 2 * style.sign + (style.corners === 'fixed' ? 0.05 * width : 0),
  );
  const below = stripOf(marks, width, style).height;
  const top = Math.min(0.2 * height, 2.2 * style.small + (style.corners === 'fixed' ? 0.04 * height : 0));
  const bottom = Math.min(0.4 * height, below + 2.4 * style.small);
  return { x: side, y: top, width: Math.max(1, width - 2 * side), height: Math.max(1, height - top - bottom) };
}

interface Strip {
  readonly height: number;
  readonly signs: Block | undefined;
  /** Whether the legend of signs stands beside the scale bar. */
  readonly beside: boolean;
  readonly barWidth: number;
}

function stripOf(marks: Scene['marks'], width: number, style: Style): Strip {
  const pad = style.small;
  const barWidth = Math.min(0.14 * width, 10 * style.small);
  const signs = signBlock(marks, style, width - 2 * pad);
  const beside = signs === undefined || signs.width < width - 3 * pad - barWidth - 9 * style.small;
  return { signs, beside, barWidth, height: 1.5 * style.small + (signs && !beside ? signs.height : 0) + 0.5 * pad };
}

/** Draws a scene that has a camera into width × height. */
export function drawSpace(
  scene: Scene,
  width: number,
  height: number,
  style: Style,
  camera: Camera = scene.camera ?? DEFAULT_CAMERA,
): Drawing {
  const bounds = { x: 0, y: 0, width, height };
  const lines = scene.marks.filter((mark) => mark.kind === 'line');
  const pale = lines.filter(isPale);
  const loud = lines.filter(isLoud);
  let frame = spaceFrame(scene, width, height, style, camera);
  const covering = coveringPoints(scene);
  let seen = screenPoints(covering, frame);
  let corners = cornersOf(scene, frame, width, height, style, seen);
  // On paper the averages shrink a little rather than run under the furniture.
  for (let tries = 0; style.corners === 'free' && corners.covered > 0 && tries < 5; tries++) {
    frame = { ...frame, scale: 0.92 * frame.scale };
    seen = screenPoints(covering, frame);
    corners = cornersOf(scene, frame, width, height, style, seen);
  }
  const points = scene.marks.filter((mark) => mark.kind === 'points');
  const texts = scene.marks.filter((mark) => mark.kind === 'text');
  return {
    width,
    height,
    background: paletteOf(style.theme).surface,
    plot: frame.plot,
    frame,
    primitives: [
      ...paleLines(scene, pale, frame, style, bounds),
      ...lines.filter(isFine).map((line) => fineLine(scene, line, frame, style, bounds)),
      ...loudLines(scene, loud, frame, style, bounds),
      ...points.flatMap((mark) => spaceSigns(scene, mark, frame, style)),
      ...names(lines, texts, frame, style, seen, corners.boxes, bounds),
      ...corners.blocks,
    ],
  };
}

/** x, y, x, y … of points x, y, z, x, y, z …. */
function screenPoints(points: Float64Array, frame: Frame): Float64Array {
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

function paleLines(scene: Scene, lines: readonly Line[], frame: Frame, style: Style, clip: Rect): readonly Primitive[] {
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

function loudLines(scene: Scene, lines: readonly Line[], frame: Frame, style: Style, clip: Rect): readonly Primitive[] {
  const project = projector(frame);
  const { halo } = paletteOf(style.theme);
  const pieces = lines.flatMap((line) => {
    const curve = curveOf(line);
    const at = Array.from({ length: curve.length / 3 }, (_, i) => project(curve[3 * i], curve[3 * i + 1], curve[3 * i + 2]));
    const colour = stepColour(scene, line, style);
    return Array.from({ length: Math.max(0, line.x.length - 1) }, (_, step) => {
      const [first, last] = [step * CURVE_PARTS, (step + 1) * CURVE_PARTS];
      return { line, at, first, last, colour: colour(step), depth: (at[first][2] + at[last][2]) / 2 };
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
function fineLine(scene: Scene, line: Line, frame: Frame, style: Style, clip: Rect): Primitive {
  const { colour } = paintOf(line.colour, style.theme, scene.conditions);
  const dash = line.dashed ? { dash: [4 * style.fine, 3 * style.fine] } : {};
  const points = screenPoints(verticesOf(line), frame);
  return { kind: 'path', layer: 'line', clip, key: line.key, datum: line.datum, points, stroke: colour, width: style.fine, ...dash };
}

/** Points of curves that names keep clear of. */
const MOST_SEEN = 3000;

function spaceSigns(scene: Scene, mark: Points, frame: Frame, style: Style): readonly Primitive[] {
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
    .flatMap(({ i, at: [x, y] }) => {
      const from = mark.fromX && project(mark.fromX[i], mark.fromY?.[i] ?? 0, mark.fromZ?.[i] ?? 0);
      const angle = from ? Math.atan2(y - from[1], x - from[0]) : 0;
      const place = {
        x,
        y,
        radius,
        angle,
        colour: colourAt(i),
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
function names(
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

/** Triad, scale bar, legends: in their usual corners, or on paper in those that cover the fewest points of the averages. */
function cornersOf(scene: Scene, frame: Frame, width: number, height: number, style: Style, seen: Float64Array): Corners {
  const pad = 0.7 * style.small;
  const { signs, beside, barWidth, height: strip } = stripOf(scene.marks, width, style);
  const axes = [scene.x, scene.y, ...(scene.z ? [scene.z] : [])].map((axis) => ({ ...axis, unit: '' }));
  const bar = scaleBarBlock(frame, scene.x.unit, style, barWidth);
  const foot = height - strip;
  const blocks: Primitive[] = [...bar.at(pad, foot)];
  const more = (scene.bars ?? []).map((one) => fixedBarBlock(frame, one, style));
  for (const [k, block] of more.entries()) blocks.push(...block.at(pad, foot - 1.5 * style.small * (more.length - k)));
  const left = foot - 1.5 * style.small * more.length;
  if (signs) blocks.push(...(beside ? signs.at(width - pad - signs.width, foot) : signs.at(pad, foot + 1.5 * style.small)));
  const boxes: Rect[] = [];
  const put = (block: Block | undefined, order: readonly (readonly ['left' | 'right', 'top' | 'bottom'])[]) => {
    if (!block) return;
    const candidates = order.map(([side, end]) =>
      boxAt(
        block,
        side === 'left' ? pad : width - pad - block.width,
        end === 'top' ? pad : (side === 'left' ? left : foot) - 0.6 * style.small - block.height,
      ),
    );
    const cost = (box: Rect) => pointsIn(box, seen) + boxes.reduce((sum, other) => sum + 1000 * Number(touches(box, other)), 0);
    const best = style.corners === 'fixed' ? candidates[0] : candidates.reduce((a, b) => (cost(b) < cost(a) ? b : a));
    boxes.push(best);
    blocks.push(...block.at(best.x, best.y));
  };
  put(triadBlock(axes, frame, style), [
    ['left', 'bottom'],
    ['right', 'bottom'],
    ['left', 'top'],
    ['right', 'top'],
  ]);
  const free = [
    ['right', 'top'],
    ['left', 'top'],
    ['right', 'bottom'],
    ['left', 'bottom'],
  ] as const;
  const coloured = scene.marks.some((mark) => typeof mark.colour === 'object' && 'condition' in mark.colour && mark.colour.condition >= 0);
  if (coloured && !style.ownsConditions && !(scene.values && scene.marks.every((mark) => mark.kind !== 'line' || mark.value)))
    put(conditionBlock(scene.conditions, style, Math.floor((0.45 * height) / (1.4 * style.small))), free);
  if (scene.values && scene.marks.some((mark) => (mark.kind === 'line' || mark.kind === 'points') && mark.value))
    put(valueBlock(scene.values, style, true), style.ownsConditions ? [['left', 'top']] : free);
  // Trials run beneath the furniture, and its words stay readable.
  const covered = boxes.reduce((sum, box) => sum + pointsIn(box, seen), 0);
  const outline = { colour: paletteOf(style.theme).halo, width: 2 * style.halo };
  return { blocks: blocks.map((block) => (block.kind === 'text' ? { ...block, halo: outline } : block)), boxes, covered };
}

const touches = (a: Rect, b: Rect): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

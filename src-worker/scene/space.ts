// Scenes of space: trajectories as seen by the one camera, with lines, signs and names, and triad, scale bar and legends in the corners.

import { boxAt, conditionBlock, fixedBarBlock, scaleBarBlock, signBlock, triadBlock, valueBlock, type Block } from './furniture.ts';
import { paletteOf } from './palettes.ts';
import { pointsIn } from './place.ts';
import type { Drawing, Primitive, Rect } from './primitives.ts';
import { DEFAULT_CAMERA, frameOf, type Frame } from './projection.ts';
import type { Camera, Line, Points, Scene } from './scene.ts';
import { names, spaceSigns } from './space-labels.ts';
import { curveOf, fineLine, isFine, isLoud, isPale, loudLines, paleLines, screenPoints, verticesOf } from './space-lines.ts';
import type { Style } from './style.ts';

/** The marks that the camera fits into the panel: averages where there are any, else trials, else signs. */
function fittedMarks({ marks }: Scene): readonly (Line | Points)[] {
  const lines = marks.filter((mark) => mark.kind === 'line');
  const loud = lines.filter(isLoud);
  // One average says little of where the trials are.
  if (loud.length > 1) return loud;
  return lines.length > 0 ? lines : marks.filter((mark) => mark.kind === 'points');
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

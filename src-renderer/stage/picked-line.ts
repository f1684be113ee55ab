// The picked trial over the picture: in ink, with a tick each 100 ms and a ring at the time cursor.

import { paintOf, paletteOf } from '../../src-worker/scene/palettes.ts';
import { type Frame, projector } from '../../src-worker/scene/projection.ts';
import type { Line, Scene } from '../../src-worker/scene/scene.ts';
import { splined } from '../../src-worker/scene/smooth.ts';
import { verticesOf } from '../../src-worker/scene/space-lines.ts';
import type { Style } from '../../src-worker/scene/style.ts';

const TICK_MS = 100;
const CURVE_PARTS = 4;

export const lineOfTrial = (scene: Scene, trial: number | undefined): Line | undefined =>
  trial === undefined ? undefined : scene.marks.find((mark): mark is Line => mark.kind === 'line' && mark.datum.trial === trial);

const onCurve = (place: number): number => Math.round(place * CURVE_PARTS);

/** The picked trial where trials are points: an ink dot in a ring of the accent. */
export function paintPickedPoint(
  context: CanvasRenderingContext2D,
  scene: Scene,
  trial: number | undefined,
  frame: Frame,
  { theme }: Style,
): void {
  if (trial === undefined) return;
  for (const mark of scene.marks) {
    if (mark.kind !== 'points' || !mark.data) continue;
    const at = mark.data.findIndex((datum) => datum.trial === trial);
    if (at < 0) continue;
    const { ink, halo, accent } = paletteOf(theme);
    const [x, y] = projector(frame)(mark.x[at]!, mark.y[at]!, mark.z?.[at] ?? 0);
    for (const [radius, colour] of [
      [8, halo],
      [7, accent],
      [5, halo],
      [3.6, ink],
    ] as const) {
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = colour;
      context.fill();
    }
  }
}

/** Place on the line at a time, in vertices; undefined outside it. */
function placeAt(timeMs: Float64Array, at: number): number | undefined {
  for (let i = 0; i + 1 < timeMs.length; i++) {
    const [before, after] = [timeMs[i]!, timeMs[i + 1]!];
    if (before <= at && at <= after) return i + (at - before) / (after - before);
  }
  return undefined;
}

/** A dot on every average at a time. */
export function paintTime(context: CanvasRenderingContext2D, scene: Scene, frame: Frame, style: Style, atMs: number): void {
  const project = projector(frame);
  const { halo } = paletteOf(style.theme);
  for (const mark of scene.marks) {
    if (mark.kind !== 'line' || mark.weight === 'thin' || !mark.timeMs) continue;
    const place = placeAt(mark.timeMs, atMs);
    if (place === undefined) continue;
    const curve = splined(verticesOf(mark), 3, CURVE_PARTS);
    const index = Math.min(onCurve(place), curve.length / 3 - 1);
    const [x, y] = project(curve[3 * index]!, curve[3 * index + 1]!, curve[3 * index + 2]!);
    for (const [radius, colour] of [
      [6, halo],
      [4.5, paintOf(mark.colour, style.theme, scene.conditions).colour],
    ] as const) {
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = colour;
      context.fill();
    }
  }
}

export function paintPicked(
  context: CanvasRenderingContext2D,
  line: Line,
  frame: Frame,
  style: Style,
  cursorMs: number | undefined,
  span: Scene['spanMs'],
): void {
  const { ink, halo, accent, surface } = paletteOf(style.theme);
  const project = projector(frame);
  const curve = splined(verticesOf(line), 3, CURVE_PARTS);
  const at = (index: number) => project(curve[3 * index]!, curve[3 * index + 1]!, curve[3 * index + 2]!);
  const { timeMs } = line;
  const count = curve.length / 3;
  const last = line.x.length - 1;
  // The part inside the span, in points of the curve.
  const begin = span && timeMs ? onCurve(placeAt(timeMs, span[0]) ?? (span[0] > timeMs[last]! ? last : 0)) : 0;
  const end = span && timeMs ? onCurve(placeAt(timeMs, span[1]) ?? (span[1] < timeMs[0]! ? 0 : last)) : count - 1;
  const trace = (from: number, to: number): void => {
    context.beginPath();
    for (let i = from; i <= to; i++) {
      const [x, y] = at(i);
      if (i === from) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
    context.stroke();
  };
  context.lineJoin = 'round';
  context.setLineDash([]);
  for (const [colour, width] of [
    [halo, 1.8 + 2 * style.halo],
    [ink, 1.8],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    trace(begin, end);
  }
  context.strokeStyle = ink;
  context.lineWidth = 1;
  context.globalAlpha = 0.45;
  context.setLineDash([1, 2.5]);
  trace(0, begin);
  trace(end, count - 1);
  context.globalAlpha = 1;
  context.setLineDash([]);
  if (!timeMs) return;
  const first = Math.ceil(Math.max(timeMs[0]!, span?.[0] ?? timeMs[0]!) / TICK_MS) * TICK_MS;
  context.strokeStyle = ink;
  context.lineWidth = 1.2;
  for (let time = first; time <= Math.min(timeMs[last]!, span?.[1] ?? timeMs[last]!); time += TICK_MS) {
    const place = placeAt(timeMs, time);
    if (place === undefined) continue;
    const index = Math.min(Math.max(1, onCurve(place)), curve.length / 3 - 2);
    const [x, y] = at(index);
    const [x0, y0] = at(index - 1);
    const [x1, y1] = at(index + 1);
    const length = Math.hypot(x1 - x0, y1 - y0) || 1;
    const [nx, ny] = [(3.2 * (y1 - y0)) / length, (-3.2 * (x1 - x0)) / length];
    context.beginPath();
    context.moveTo(x - nx, y - ny);
    context.lineTo(x + nx, y + ny);
    context.stroke();
  }
  const place = cursorMs === undefined ? undefined : placeAt(timeMs, cursorMs);
  if (place === undefined) return;
  const [x, y] = at(Math.min(onCurve(place), curve.length / 3 - 1));
  context.beginPath();
  context.arc(x, y, 5, 0, 2 * Math.PI);
  context.fillStyle = surface;
  context.fill();
  context.strokeStyle = accent;
  context.lineWidth = 2;
  context.stroke();
}

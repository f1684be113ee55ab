// Paints a Scene's primitives on a canvas: the screen's counterpart of the figure writers.

import type { ImagePrimitive, Layer, PathPrimitive, Primitive, Rect, TextPrimitive } from '../../src-worker/scene/primitives.ts';
import type { Measure } from '../../src-worker/scene/style.ts';

const screenFamily = '"Inter Variable", Inter, system-ui, "Liberation Sans", sans-serif';
export const paperFamily = 'Arial, Helvetica, "Liberation Sans", sans-serif';
const fontOf = (size: number, strong = false, family = screenFamily): string => `${strong ? 600 : 400} ${size}px ${family}`;

const ruler = document.createElement('canvas').getContext('2d')!;

/** Width of a text as the canvas will write it. */
export const measure: Measure = (text, size) => {
  ruler.font = fontOf(size);
  return ruler.measureText(text).width;
};

/** Sizes a canvas to its place on screen, at the screen's own resolution, and clears it. */
export function prepare(canvas: HTMLCanvasElement, width: number, height: number, background?: string): CanvasRenderingContext2D {
  const ratio = window.devicePixelRatio;
  const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  const context = canvas.getContext('2d')!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  if (background !== undefined) {
    context.fillStyle = background;
    context.fillRect(0, 0, width, height);
  }
  return context;
}

/** Paints in the given order, which is from back to front; `skip` names layers that another painter draws. */
export function paint(
  context: CanvasRenderingContext2D,
  primitives: readonly Primitive[],
  { skip = [], family = screenFamily }: { readonly skip?: readonly Layer[]; readonly family?: string } = {},
): void {
  context.lineJoin = 'round';
  // Neighbours with the same clip share one, as in SVG: thousands of pieces of a curve then need no more than their strokes.
  let clip: Rect | undefined;
  context.save();
  for (const primitive of primitives) {
    if (skip.includes(primitive.layer)) continue;
    if (primitive.clip !== clip) {
      clip = primitive.clip;
      context.restore();
      context.save();
      if (clip) {
        context.beginPath();
        context.rect(clip.x, clip.y, clip.width, clip.height);
        context.clip();
      }
    }
    context.globalAlpha = primitive.opacity ?? 1;
    if (primitive.kind === 'path') paintPath(context, primitive);
    else if (primitive.kind === 'text') paintText(context, primitive, family);
    else paintImage(context, primitive);
  }
  context.restore();
}

function paintPath(context: CanvasRenderingContext2D, { points, closed, stroke, width, dash, cap, fill }: PathPrimitive): void {
  context.beginPath();
  let down = false;
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [x, y] = [points[i]!, points[i + 1]!];
    if (!Number.isFinite(x) || !Number.isFinite(y)) down = false;
    else if (down) context.lineTo(x, y);
    else {
      context.moveTo(x, y);
      down = true;
    }
  }
  if (closed) context.closePath();
  if (fill !== undefined) {
    context.fillStyle = fill;
    context.fill();
  }
  if (stroke === undefined) return;
  context.strokeStyle = stroke;
  context.lineWidth = width ?? 1;
  context.lineCap = cap ?? 'butt';
  context.setLineDash(dash ? [...dash] : []);
  context.stroke();
}

function paintText(
  context: CanvasRenderingContext2D,
  { x, y, text, size, colour, anchor, strong, halo, turned }: TextPrimitive,
  family: string,
): void {
  context.save();
  context.setLineDash([]);
  context.font = fontOf(size, strong, family);
  context.textAlign = anchor === 'middle' ? 'center' : anchor;
  context.translate(x, y);
  if (turned) context.rotate(-Math.PI / 2);
  if (halo) {
    context.strokeStyle = halo.colour;
    context.lineWidth = halo.width;
    context.strokeText(text, 0, 0);
  }
  context.fillStyle = colour;
  context.fillText(text, 0, 0);
  context.restore();
}

function paintImage(context: CanvasRenderingContext2D, { x, y, width, height, rows, columns, rgba }: ImagePrimitive): void {
  if (rows === 0 || columns === 0) return;
  const sheet = new OffscreenCanvas(columns, rows);
  sheet.getContext('2d')!.putImageData(new ImageData(new Uint8ClampedArray(rgba), columns, rows), 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(sheet, x, y, width, height);
}

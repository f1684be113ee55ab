// Ticks by the hundred thousand, pixel by pixel: where a tick is a column of a few pixels, setting them is faster than any path, so that
// a raster pans and zooms within a frame without a graphics card too.

import { rgbOf } from '../../src-worker/scene/colour.ts';
import { paintOf, type Theme } from '../../src-worker/scene/palettes.ts';
import type { Drawing } from '../../src-worker/scene/primitives.ts';
import type { Points, Scene } from '../../src-worker/scene/scene.ts';
import { isTicks, type TickPainter } from './ticks.ts';

/** Ticks of one colour. */
export interface Ticks {
  readonly mark: Points;
  /** Red, green, blue and opacity as the bytes of a pixel. */
  readonly pixel: number;
}

/** Bytes stand in the order of the machine; all that browsers run on have the lowest first. */
const pixelOf = ([red, green, blue]: readonly number[], opacity: number): number =>
  ((Math.round(255 * opacity) << 24) | (blue! << 16) | (green! << 8) | red!) >>> 0;

export class DenseTicks implements TickPainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #ticks: readonly Ticks[];
  #image: ImageData | undefined;

  constructor(canvas: HTMLCanvasElement, scene: Scene, theme: Theme) {
    this.#canvas = canvas;
    this.#ticks = scene.marks.filter(isTicks).map((mark) => {
      const { colour, opacity } = paintOf(mark.colour, theme, scene.conditions);
      return { mark, pixel: pixelOf(rgbOf(colour), opacity) };
    });
  }

  place(drawing: Drawing, ratio: number): void {
    const context = this.#canvas.getContext('2d');
    if (!context) return;
    const [columns, rows] = [Math.max(1, Math.round(drawing.width * ratio)), Math.max(1, Math.round(drawing.height * ratio))];
    if (this.#canvas.width !== columns) this.#canvas.width = columns;
    if (this.#canvas.height !== rows) this.#canvas.height = rows;
    if (this.#image?.width !== columns || this.#image.height !== rows) this.#image = context.createImageData(columns, rows);
    const pixels = new Uint32Array(this.#image.data.buffer);
    pixels.fill(0);
    setTicks(pixels, columns, this.#ticks, drawing, ratio);
    context.putImageData(this.#image, 0, 0);
  }

  dispose(): void {}
}

/** Sets the pixels of ticks that lie in the drawing's plot; `pixels` has rows of `columns`. */
export function setTicks(
  pixels: Uint32Array,
  columns: number,
  ticks: readonly Ticks[],
  { x, y, plot }: Pick<Drawing, 'x' | 'y' | 'plot'>,
  ratio: number,
): void {
  if (!x || !y) return;
  const rows = pixels.length / columns;
  const [left, right] = [Math.max(0, Math.round(plot.x * ratio)), Math.min(columns, Math.round((plot.x + plot.width) * ratio))];
  const [top, bottom] = [Math.max(0, Math.round(plot.y * ratio)), Math.min(rows, Math.round((plot.y + plot.height) * ratio))];
  // Both axes are straight: a place is a product and a sum.
  const [toColumn, toRow] = [straight(x, ratio), straight(y, ratio)];
  const wide = Math.max(1, Math.round(ratio));
  for (const { mark, pixel } of ticks) {
    const { x: at, y: of } = mark;
    const tall = Math.max(1, Math.round(Math.abs(toRow.times) * (mark.tickHeight ?? 1)));
    for (let i = 0; i < at.length; i++) {
      const column = Math.floor(at[i]! * toColumn.times + toColumn.plus);
      if (!(column >= left && column < right)) continue;
      const first = Math.round(of[i]! * toRow.times + toRow.plus - tall / 2);
      const last = Math.min(bottom, first + tall);
      const end = Math.min(right, column + wide);
      for (let row = Math.max(top, first); row < last; row++)
        for (let across = column; across < end; across++) pixels[row * columns + across] = pixel;
    }
  }
}

/** A linear axis as a factor and a shift to pixels. */
function straight({ to, domain }: NonNullable<Drawing['x']>, ratio: number): { readonly times: number; readonly plus: number } {
  const [low, high] = domain;
  const times = ((to(high) - to(low)) / (high - low)) * ratio;
  return { times, plus: to(low) * ratio - low * times };
}

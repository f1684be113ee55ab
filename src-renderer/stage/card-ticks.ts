// Ticks by the hundred thousand on the graphics card (deck.gl): a raster pans and zooms without being drawn anew.

import { Deck, OrthographicView } from '@deck.gl/core';
import { LineLayer } from '@deck.gl/layers';
import { rgbOf } from '../../src-worker/scene/colour.ts';
import { paintOf, type Theme } from '../../src-worker/scene/palettes.ts';
import type { Drawing } from '../../src-worker/scene/primitives.ts';
import type { Points, Scene } from '../../src-worker/scene/scene.ts';
import { isTicks, type TickPainter } from './ticks.ts';

/** Tops and bottoms of a mark's ticks in data units, relative to `origin`, which keeps long recordings exact in float32. */
function ends({ x, y, tickHeight = 1 }: Points, originX: number): { readonly from: Float32Array; readonly to: Float32Array } {
  const [from, to] = [new Float32Array(2 * x.length), new Float32Array(2 * x.length)];
  for (let i = 0; i < x.length; i++) {
    from[2 * i] = to[2 * i] = x[i]! - originX;
    from[2 * i + 1] = y[i]! - tickHeight / 2;
    to[2 * i + 1] = y[i]! + tickHeight / 2;
  }
  return { from, to };
}

export class CardTicks implements TickPainter {
  readonly #deck: Deck<OrthographicView>;
  readonly #originX: number;

  /** `failed` is called where the card gives up. */
  constructor(canvas: HTMLCanvasElement, scene: Scene, theme: Theme, failed: () => void) {
    const ticks = scene.marks.filter(isTicks);
    this.#originX = ticks[0]?.x[0] ?? 0;
    const layers = ticks.map((mark) => {
      const { from, to } = ends(mark, this.#originX);
      const { colour, opacity } = paintOf(mark.colour, theme, scene.conditions);
      return new LineLayer({
        id: mark.key,
        data: {
          length: mark.x.length,
          attributes: { getSourcePosition: { value: from, size: 2 }, getTargetPosition: { value: to, size: 2 } },
        },
        positionFormat: 'XY',
        getColor: [...rgbOf(colour), Math.round(255 * opacity)] as [number, number, number, number],
        getWidth: 1,
        widthUnits: 'pixels',
      });
    });
    const views = new OrthographicView();
    this.#deck = new Deck({ canvas, width: '100%', height: '100%', controller: false, layers, views, onError: failed });
  }

  place({ x, y, plot }: Drawing): void {
    if (!x || !y || plot.width <= 0 || plot.height <= 0) return;
    // Viewports are of whole pixels: the data that stand at their edges are those of whole pixels too.
    const [left, right] = [Math.round(plot.x), Math.round(plot.x + plot.width)];
    const [upper, lower] = [Math.round(plot.y), Math.round(plot.y + plot.height)];
    const [x0, x1, top, bottom] = [x.from(left), x.from(right), y.from(upper), y.from(lower)];
    const zoom = (pixels: number, span: number): number => Math.log2(pixels / Math.abs(span));
    this.#deck.setProps({
      views: new OrthographicView({ x: left, y: upper, width: right - left, height: lower - upper, flipY: bottom > top }),
      viewState: {
        target: [(x0 + x1) / 2 - this.#originX, (top + bottom) / 2, 0],
        zoom: [zoom(right - left, x1 - x0), zoom(lower - upper, bottom - top)],
      },
    });
  }

  dispose(): void {
    this.#deck.finalize();
  }
}

// Ticks by the hundred thousand on the graphics card (deck.gl): a raster pans and zooms without being drawn anew.

import { Deck, OrthographicView } from '@deck.gl/core';
import { LineLayer } from '@deck.gl/layers';
import { rgbOf } from '../../src-worker/scene/colour.ts';
import { paintOf, type Theme } from '../../src-worker/scene/palettes.ts';
import type { Drawing } from '../../src-worker/scene/primitives.ts';
import type { Points, Scene } from '../../src-worker/scene/scene.ts';
import { isTicks } from './ticks.ts';

/** Tops and bottoms of a mark's ticks in data units, relative to `origin`, which keeps long recordings exact in float32. */
function ends(mark: Points, originX: number): { readonly from: Float32Array; readonly to: Float32Array } {
  const half = (mark.tickHeight ?? 1) / 2;
  const [from, to] = [new Float32Array(2 * mark.x.length), new Float32Array(2 * mark.x.length)];
  for (let i = 0; i < mark.x.length; i++) {
    from[2 * i] = to[2 * i] = mark.x[i]! - originX;
    from[2 * i + 1] = mark.y[i]! - half;
    to[2 * i + 1] = mark.y[i]! + half;
  }
  return { from, to };
}

/** The ticks of one scene on a canvas of their own, beneath axes that another painter draws. */
export class DenseTicks {
  readonly #deck: Deck<OrthographicView>;
  readonly #originX: number;

  constructor(canvas: HTMLCanvasElement, scene: Scene, theme: Theme, failed: () => void) {
    const ticks = scene.marks.filter(isTicks);
    this.#originX = ticks[0]?.x[0] ?? 0;
    const layers = ticks.map((mark) => {
      const { from, to } = ends(mark, this.#originX);
      const { colour, opacity } = paintOf(mark.colour, theme, scene.conditions);
      const attributes = { getSourcePosition: { value: from, size: 2 }, getTargetPosition: { value: to, size: 2 } };
      return new LineLayer({
        id: mark.key,
        data: { length: mark.x.length, attributes },
        positionFormat: 'XY',
        getColor: [...rgbOf(colour), Math.round(255 * opacity)] as [number, number, number, number],
        getWidth: 1,
        widthUnits: 'pixels',
      });
    });
    this.#deck = new Deck({
      canvas,
      width: '100%',
      height: '100%',
      controller: false,
      layers,
      views: new OrthographicView(),
      onError: failed,
    });
  }

  /** Puts the ticks where a drawing has its axes. */
  place({ x, y, plot }: Drawing): void {
    if (!x || !y || plot.width <= 0 || plot.height <= 0) return;
    const [x0, x1] = [x.from(plot.x), x.from(plot.x + plot.width)];
    const [top, bottom] = [y.from(plot.y), y.from(plot.y + plot.height)];
    const zoom = (pixels: number, span: number): number => Math.log2(pixels / Math.abs(span));
    this.#deck.setProps({
      views: new OrthographicView({ x: plot.x, y: plot.y, width: plot.width, height: plot.height, flipY: bottom > top }),
      viewState: {
        target: [(x0 + x1) / 2 - this.#originX, (top + bottom) / 2, 0],
        zoom: [zoom(plot.width, x1 - x0), zoom(plot.height, bottom - top)],
      },
    });
  }

  dispose(): void {
    this.#deck.finalize();
  }
}

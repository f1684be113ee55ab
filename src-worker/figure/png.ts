// A drawing as pixels, by resvg with the same font as in PDF, so that no browser and no system font has a say.

import { readFileSync } from 'node:fs';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { fontFiles, rendererWasm } from './assets.ts';
import { withResolution } from './raster.ts';

type RenderedImage = ReturnType<InstanceType<typeof Resvg>['render']>;

interface Renderer {
  readonly fonts: Uint8Array[];
}

let loading: Promise<Renderer> | undefined;

async function load(): Promise<Renderer> {
  await initWasm(rendererWasm() as Uint8Array<ArrayBuffer>);
  return { fonts: [fontFiles.regular(), fontFiles.strong()].map((file) => new Uint8Array(readFileSync(file))) };
}

async function rendered<T>(svg: string, pixels: number, take: (image: RenderedImage) => T): Promise<T> {
  loading ??= load();
  const { fonts } = await loading;
  const renderer = new Resvg(svg, {
    fitTo: { mode: 'width', value: pixels },
    font: { fontBuffers: fonts, defaultFontFamily: 'Arimo', sansSerifFamily: 'Arimo' },
  });
  try {
    const image = renderer.render();
    try {
      return take(image);
    } finally {
      image.free();
    }
  } finally {
    renderer.free();
  }
}

/** An SVG of ours as a PNG file `pixels` wide that states its resolution. */
export const pngOf = (svg: string, pixels: number, dpi: number): Promise<Buffer> =>
  rendered(svg, pixels, (image) => withResolution(image.asPng(), dpi));

/** The same as columns × rows × 4 values 0 … 255, transparent where the SVG has no background. */
export const pixelsOf = (
  svg: string,
  pixels: number,
): Promise<{ readonly columns: number; readonly rows: number; readonly rgba: Uint8Array }> =>
  rendered(svg, pixels, (image) => ({ columns: image.width, rows: image.height, rgba: image.pixels.slice() }));

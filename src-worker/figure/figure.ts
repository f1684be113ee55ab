// A Scene on paper: white in either theme, sizes in millimetres, text and lines in points at final size.

import { Failure } from '../contract/failure.ts';
import { draw } from '../scene/draw.ts';
import type { Drawing, ImagePrimitive } from '../scene/primitives.ts';
import type { Camera, Scene } from '../scene/scene.ts';
import { type PaperLook, paperStyleWith } from '../scene/style.ts';
import { becomesImage, isThin } from '../scene/weight.ts';
import { csvOf } from './csv.ts';
import { pdfOf } from './pdf.ts';
import { pixelsOf, pngOf } from './png.ts';
import { encodePng } from './raster.ts';
import { svgOf } from './svg.ts';

/** `csv`: the data behind the figure; `mp4`: a movie of it, which movie.ts writes. */
export const FIGURE_TYPES = ['svg', 'pdf', 'png', 'csv', 'mp4'] as const;
export type FigureType = (typeof FIGURE_TYPES)[number];

export interface Paper {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly camera?: Camera;
  readonly look?: PaperLook;
}

const POINTS_A_MM = 72 / 25.4;
const IMAGE_DPI = [600, 400, 300, 200] as const;
/** Of an image; SVG writes four characters for three bytes. */
const MOST_IMAGE_BYTES = 1.1e6;
const MOST_IMAGE_PIXELS = 5e6;

/** The type that a file's name asks for. */
export function figureType(path: string): FigureType {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  const type = FIGURE_TYPES.find((known) => known === ending);
  if (type === undefined)
    throw new Failure(
      'unknown-figure-type',
      `A figure cannot be written as “${path}”.`,
      `Let its name end in ${FIGURE_TYPES.map((known) => `.${known}`).join(', ')}.`,
    );
  return type;
}

/** The drawing of a Scene on paper; single trials that would make the file too large become an image of up to 600 dpi. */
export async function paperDrawing(scene: Scene, { widthMm, heightMm, camera, look }: Paper): Promise<Drawing> {
  if (!(widthMm >= 10 && heightMm >= 10 && widthMm <= 2000 && heightMm <= 2000))
    throw new Failure(
      'bad-figure-size',
      `A figure of ${widthMm} × ${heightMm} mm cannot be drawn.`,
      'Choose a width and a height from 10 to 2000 mm.',
    );
  const drawing = draw(scene, widthMm * POINTS_A_MM, heightMm * POINTS_A_MM, paperStyleWith(look), camera);
  if (!becomesImage(drawing.primitives)) return drawing;
  const thin = { ...drawing, primitives: drawing.primitives.filter(isThin) };
  const picture = await imageOf(thin, scene);
  const first = drawing.primitives.findIndex(isThin);
  const [before, after] = [drawing.primitives.slice(0, first), drawing.primitives.slice(first)];
  return { ...drawing, primitives: [...before, picture, ...after.filter((primitive) => !isThin(primitive))] };
}

/** A drawing as one image over the whole page, at the finest resolution that keeps the file small. */
async function imageOf(drawing: Drawing, { title, text }: Scene): Promise<ImagePrimitive> {
  const { width, height } = drawing;
  const svg = svgOf(drawing, { title, text });
  const last = IMAGE_DPI[IMAGE_DPI.length - 1];
  for (const dpi of IMAGE_DPI) {
    if (dpi !== last && (width * height * dpi ** 2) / 72 ** 2 > MOST_IMAGE_PIXELS) continue;
    const image = await pixelsOf(svg, Math.round((width / 72) * dpi));
    if (dpi === last || encodePng(image.rgba, image.columns, image.rows).length <= MOST_IMAGE_BYTES)
      return { kind: 'image', layer: 'thin', x: 0, y: 0, width, height, ...image };
  }
  throw new Error('no resolution to draw an image at');
}

export const writeSvg = async (scene: Scene, paper: Paper): Promise<Buffer> => Buffer.from(svgOf(await paperDrawing(scene, paper), scene));

export const writePdf = async (scene: Scene, paper: Paper): Promise<Buffer> => pdfOf(await paperDrawing(scene, paper), scene);

/** Pixels are millimetres × dpi / 25.4, rounded. */
export async function writePng(scene: Scene, paper: Paper & { readonly dpi: number }): Promise<Buffer> {
  const pixels = Math.round((paper.widthMm / 25.4) * paper.dpi);
  return pngOf(svgOf(await paperDrawing(scene, paper), scene), pixels, paper.dpi);
}

/** The bytes of a figure of any type that stands still. */
export function writeFigure(scene: Scene, type: Exclude<FigureType, 'mp4'>, paper: Paper & { readonly dpi: number }): Promise<Buffer> {
  switch (type) {
    case 'svg':
      return writeSvg(scene, paper);
    case 'pdf':
      return writePdf(scene, paper);
    case 'png':
      return writePng(scene, paper);
    case 'csv':
      return Promise.resolve(Buffer.from(csvOf(scene)));
    default:
      return type satisfies never;
  }
}

// A drawing as PDF: paths, an embedded TrueType font, text as text. The same drawing gives the same bytes.

import PDFDocument from 'pdfkit';
import type { Drawing, ImagePrimitive, PathPrimitive, TextPrimitive } from '../scene/primitives.ts';
import { fontFiles } from './assets.ts';
import { encodePng, enlarged } from './raster.ts';
import { pathData } from './svg.ts';

type Document = InstanceType<typeof PDFDocument>;

/** Part of fontkit's fonts that halos need: glyphs as outlines. */
interface Outlined {
  readonly unitsPerEm: number;
  layout(text: string): {
    readonly glyphs: readonly {
      readonly path: { scale(x: number, y: number): { translate(x: number, y: number): { toSVG(): string } } };
    }[];
    readonly positions: readonly { readonly xAdvance: number }[];
  };
}

/** Files are named by what is in them, so the date that PDF wants is always the same. */
const DATE = new Date(Date.UTC(2000, 0, 1));

/** The drawing, whose unit is the point, as the bytes of a PDF file of one page. */
export function pdfOf(drawing: Drawing, { title, text }: { readonly title: string; readonly text: string }): Promise<Buffer> {
  const document = new PDFDocument({
    size: [drawing.width, drawing.height],
    margin: 0,
    font: fontFiles.regular(),
    lang: 'en',
    info: { Title: title, Subject: text, Creator: 'Orrery', Producer: 'Orrery', CreationDate: DATE },
  });
  const parts: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (part: Buffer) => parts.push(part));
    document.on('end', () => resolve(Buffer.concat(parts)));
    document.on('error', reject);
  });
  document.registerFont('regular', fontFiles.regular());
  document.registerFont('strong', fontFiles.strong());
  document.rect(0, 0, drawing.width, drawing.height).fill(drawing.background);
  for (const primitive of drawing.primitives) {
    document.save();
    const { clip, opacity } = primitive;
    if (clip) document.rect(clip.x, clip.y, clip.width, clip.height).clip();
    if (opacity !== undefined && opacity !== 1) document.opacity(opacity);
    if (primitive.kind === 'path') path(document, primitive);
    else if (primitive.kind === 'text') words(document, primitive);
    else image(document, primitive);
    document.restore();
  }
  document.end();
  return done;
}

function path(document: Document, primitive: PathPrimitive): void {
  const data = pathData(primitive);
  if (data === '') return;
  const { stroke, width = 1, dash, cap = 'round', fill } = primitive;
  document.path(data);
  if (stroke !== undefined) document.lineWidth(width).lineJoin('round').lineCap(cap);
  if (dash) document.dash(dash[0], { space: dash[1] ?? dash[0] });
  if (fill !== undefined && stroke !== undefined) document.fillAndStroke(fill, stroke);
  else if (fill !== undefined) document.fill(fill);
  else if (stroke !== undefined) document.stroke(stroke);
}

function words(document: Document, { x, y, text, size, colour, anchor, strong, halo, turned }: TextPrimitive): void {
  document.font(strong ? 'strong' : 'regular').fontSize(size);
  const width = document.widthOfString(text);
  const left = x - (anchor === 'start' ? 0 : anchor === 'end' ? width : width / 2);
  if (turned) document.rotate(-90, { origin: [x, y] });
  if (halo) outline(document, text, left, y, size, halo.colour, halo.width);
  document.fillColor(colour).text(text, left, y, { lineBreak: false, baseline: 'alphabetic' });
}

/** Letters in outline, as paths: the text itself is then in the file once, for search and copying. */
function outline(document: Document, text: string, left: number, base: number, size: number, colour: string, width: number): void {
  const { font } = (document as unknown as { readonly _font: { readonly font: Outlined } })._font;
  const scale = size / font.unitsPerEm;
  const { glyphs, positions } = font.layout(text);
  let at = left;
  for (const [i, glyph] of glyphs.entries()) {
    const data = glyph.path.scale(scale, -scale).translate(at, base).toSVG();
    if (data !== '') document.path(data).lineWidth(width).lineJoin('round').stroke(colour);
    at += positions[i].xAdvance * scale;
  }
}

function image(document: Document, { x, y, width, height, rows, columns, rgba }: ImagePrimitive): void {
  const times = Math.max(1, Math.min(8, Math.floor(1024 / Math.max(rows, columns))));
  const png = encodePng(enlarged(rgba, columns, rows, times), columns * times, rows * times);
  document.image(png, x, y, { width, height });
}

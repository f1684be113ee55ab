// A drawing as SVG: live text, one unit of the picture a point on paper.

import type { Drawing, ImagePrimitive, PathPrimitive, Primitive, Rect, TextPrimitive } from '../scene/primitives.ts';
import { encodePng, enlarged } from './raster.ts';

export const FONT_FAMILY = "Arial, Arimo, 'Liberation Sans', Helvetica, sans-serif";

const number = (value: number): string => String(Math.round(value * 100) / 100);
const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[letter] ?? letter);

/** Path data; vertices that are not finite lift the pen. */
export function pathData({ points, closed }: Pick<PathPrimitive, 'points' | 'closed'>): string {
  let data = '';
  let down = false;
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [x, y] = [points[i], points[i + 1]];
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      down = false;
      continue;
    }
    data += `${down ? 'L' : 'M'}${number(x)} ${number(y)}`;
    down = true;
  }
  return closed && data !== '' ? `${data}Z` : data;
}

function path(primitive: PathPrimitive): string {
  const data = pathData(primitive);
  if (data === '') return '';
  const { stroke, width = 1, dash, cap, fill } = primitive;
  const line =
    stroke === undefined
      ? ''
      : ` stroke="${stroke}" stroke-width="${number(width)}"${cap === 'butt' ? ' stroke-linecap="butt"' : ''}${dash ? ` stroke-dasharray="${dash.map(number).join(' ')}"` : ''}`;
  // Opacity of a stroke or a fill alone needs no layer of its own when it is drawn.
  const pale =
    fill === undefined
      ? opacity(primitive, 'stroke-opacity')
      : stroke === undefined
        ? opacity(primitive, 'fill-opacity')
        : opacity(primitive);
  return `<path d="${data}"${fill ? ` fill="${fill}"` : ''}${line}${pale}/>`;
}

function words({ x, y, text, size, colour, anchor, strong, halo, turned, ...rest }: TextPrimitive): string {
  const place = turned ? `transform="translate(${number(x)} ${number(y)}) rotate(-90)"` : `x="${number(x)}" y="${number(y)}"`;
  const more = [
    anchor === 'start' ? '' : ` text-anchor="${anchor}"`,
    strong ? ' font-weight="700"' : '',
    halo ? ` stroke="${halo.colour}" stroke-width="${number(halo.width)}" paint-order="stroke"` : '',
  ].join('');
  return `<text ${place} font-size="${number(size)}" fill="${colour}"${more}${opacity(rest)}>${escaped(text)}</text>`;
}

function image({ x, y, width, height, rows, columns, rgba, ...rest }: ImagePrimitive): string {
  const times = Math.max(1, Math.min(8, Math.floor(1024 / Math.max(rows, columns))));
  const png = encodePng(enlarged(rgba, columns, rows, times), columns * times, rows * times).toString('base64');
  const box = `x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}"`;
  return `<image ${box} preserveAspectRatio="none" image-rendering="optimizeSpeed" style="image-rendering:pixelated" href="data:image/png;base64,${png}"${opacity(rest)}/>`;
}

const opacity = ({ opacity: value }: { readonly opacity?: number }, name = 'opacity'): string =>
  value === undefined || value === 1 ? '' : ` ${name}="${number(value)}"`;

function element(primitive: Primitive): string {
  switch (primitive.kind) {
    case 'path':
      return path(primitive);
    case 'text':
      return words(primitive);
    case 'image':
      return image(primitive);
    default:
      return primitive satisfies never;
  }
}

const rectKey = ({ x, y, width, height }: Rect): string => [x, y, width, height].map(number).join(' ');

/** The drawing, whose unit is the point, as an SVG file with its size in millimetres. */
export function svgOf(drawing: Drawing, { title, text }: { readonly title: string; readonly text: string }): string {
  const { width, height, primitives } = drawing;
  const mm = (points: number) => number((points * 25.4) / 72);
  const clips = [...new Map(primitives.flatMap(({ clip }) => (clip ? [[rectKey(clip), clip] as const] : []))).values()];
  const clipOf = new Map(clips.map((clip, i) => [rectKey(clip), i]));
  const body: string[] = [];
  // Neighbours with the same clip share a group.
  for (let i = 0; i < primitives.length; ) {
    const { clip } = primitives[i];
    const group = clip ? rectKey(clip) : undefined;
    let end = i;
    while (end < primitives.length && (primitives[end].clip ? rectKey(primitives[end].clip as Rect) : undefined) === group) end++;
    const elements = primitives
      .slice(i, end)
      .map(element)
      .filter((line) => line !== '');
    body.push(...(group === undefined ? elements : [`<g clip-path="url(#c${clipOf.get(group)})">`, ...elements, '</g>']));
    i = end;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${mm(width)}mm" height="${mm(height)}mm" viewBox="0 0 ${number(width)} ${number(height)}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(text)}</desc>`,
    ...(clips.length > 0
      ? [`<defs>${clips.map((clip, i) => `<clipPath id="c${i}"><rect ${box(clip)}/></clipPath>`).join('')}</defs>`]
      : []),
    `<rect width="${number(width)}" height="${number(height)}" fill="${drawing.background}"/>`,
    `<g font-family="${FONT_FAMILY}" fill="none" stroke-linejoin="round" stroke-linecap="round">`,
    ...body,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

const box = ({ x, y, width, height }: Rect): string =>
  `x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}"`;

// Colours as numbers: hexadecimal text, and mixing in OKLab (Ottosson 2020), where equal steps look equal.

export type Rgb = readonly [number, number, number];

/** '#rrggbb' to 0 … 255. */
export const rgbOf = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;

/** 0 … 255 to '#rrggbb'. */
export const hexOf = (rgb: Rgb): string =>
  `#${rgb
    .map((part) =>
      Math.round(Math.min(255, Math.max(0, part)))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;

/** A part of sRGB, 0 … 255, as light, 0 … 1, and back. */
export const toLinear = (part: number): number => (part <= 10.31475 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
export const fromLinear = (light: number): number => 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);

/** sRGB, 0 … 255, to OKLab: lightness 0 … 1, then green to red, blue to yellow. */
export function toOklab(rgb: Rgb): Rgb {
  const [r, g, b] = rgb.map(toLinear) as unknown as Rgb;
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** OKLab to sRGB, 0 … 255, not yet rounded. */
export function fromOklab([lightness, a, b]: Rgb): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

const between = (a: Rgb, b: Rgb, share: number): Rgb => a.map((part, i) => part + (b[i] - part) * share) as unknown as Rgb;

/** A colour `share` of the way, 0 to 1, through stops that are evenly spaced, mixed in OKLab. */
export function along(stops: readonly string[], share: number): Rgb {
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const below = Math.min(stops.length - 2, Math.floor(place));
  if (stops.length < 2 || place === below) return rgbOf(stops[Math.max(0, below)]);
  return fromOklab(between(toOklab(rgbOf(stops[below])), toOklab(rgbOf(stops[below + 1])), place - below));
}

/** The same for a circle of stops: turn 0 and turn 1 are one colour. */
export function around(stops: readonly string[], turn: number): Rgb {
  const closed = [...stops, stops[0]];
  return along(closed, turn - Math.floor(turn));
}

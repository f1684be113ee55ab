// Words on guides slide along them to where neither a sign nor another word stands, and where they can be told from other lines.

import type { Scale } from './axes.ts';
import type { Rect } from './primitives.ts';
import type { Line, Points, Scene, Text } from './scene.ts';
import { sizeOf } from './signs.ts';
import type { Style } from './style.ts';

/** Where a text's anchor and baseline are, px (points on paper). */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A point on a guide, which one, and what the word would cover there. */
interface Candidate extends Place {
  readonly key: string;
  readonly box: Rect;
}

/** Places along a line are this far apart, in letters. */
const STEP = 0.25;
/** Side of a cell in which signs are looked up, in letters. */
const CELL = 2;
/** Between a word and a sign, in letters. */
const CLEAR = 0.1;

/**
 * Places of the texts of a flat scene: as given, or for one that has guides the nearest free place along them. Those of guides with the
 * fewest places go first; one that fits nowhere in the plot has no place.
 */
export function placesOfWords(scene: Scene, x: Scale, y: Scale, plot: Rect, style: Style): ReadonlyMap<Text, Place> {
  const texts = scene.marks.filter((mark): mark is Text => mark.kind === 'text');
  const wished = (text: Text): Place => ({ x: x.to(text.x), y: y.to(text.y) });
  const sliding = texts.filter(({ along }) => along !== undefined);
  const places = new Map<Text, Place>(texts.filter((text) => !sliding.includes(text)).map((text) => [text, wished(text)]));
  if (sliding.length === 0) return places;
  const { small } = style;
  const taken = [...places].map(([text, place]) => boxOf(text, place, style));
  const lines = new Map(
    scene.marks.filter((mark): mark is Line => mark.kind === 'line').map((line) => [line.key, sampled(line, x, y, plot, STEP * small)]),
  );
  const signs = gridOf(
    scene.marks.filter((mark): mark is Points => mark.kind === 'points').flatMap((mark) => signsOf(mark, x, y, style)),
    CELL * small,
  );
  const strokes = gridOf(
    [...lines].flatMap(([key, at]) => at.map((place) => ({ ...place, radius: 0, key }))),
    CELL * small,
  );
  const open = sliding.map((text) => {
    const { x: x0, y: y0 } = wished(text);
    const away = (place: Place): number => Math.hypot(place.x - x0, place.y - y0);
    const all = (text.along ?? [])
      .flatMap((key) => (lines.get(key) ?? []).map((place): Candidate => ({ ...place, key, box: boxOf(text, place, style) })))
      .filter(({ box }) => isWithin(box, plot) && !signs.touches(box, CLEAR * small));
    return { text, free: all.sort((a, b) => away(a) - away(b)) };
  });
  for (const { text, free } of open.sort((a, b) => a.free.length - b.free.length)) {
    const left = free.filter(({ box }) => !taken.some((other) => touch(box, other)));
    const best = left.find(({ box, key }) => !strokes.touches(box, 0, (other) => other.key !== key)) ?? left[0];
    if (!best) continue;
    taken.push(best.box);
    places.set(text, { x: best.x, y: best.y });
  }
  return places;
}

function boxOf({ anchor, text }: Text, { x, y }: Place, { small, measure }: Style): Rect {
  const width = measure(text, small);
  const share = anchor === 'start' ? 0 : anchor === 'end' ? 1 : 0.5;
  return { x: x - share * width, y: y - 0.95 * small, width, height: 1.3 * small };
}

const touch = (a: Rect, b: Rect): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const isWithin = (box: Rect, { x, y, width, height }: Rect): boolean =>
  box.x >= x && box.y >= y && box.x + box.width <= x + width && box.y + box.height <= y + height;

/** Points at equal steps along the parts of a line that cross the plot. */
function sampled({ x: xs, y: ys }: Line, x: Scale, y: Scale, plot: Rect, step: number): readonly Place[] {
  const places: Place[] = [];
  for (let i = 0; i + 1 < xs.length; i++) {
    const [x0, y0, dx, dy] = [x.to(xs[i]), y.to(ys[i]), x.to(xs[i + 1]) - x.to(xs[i]), y.to(ys[i + 1]) - y.to(ys[i])];
    const acrossX = inside(x0, dx, plot.x, plot.x + plot.width);
    const acrossY = inside(y0, dy, plot.y, plot.y + plot.height);
    const [from, to] = [Math.max(acrossX[0], acrossY[0]), Math.min(acrossX[1], acrossY[1])];
    const steps = Math.ceil(((to - from) * Math.hypot(dx, dy)) / step);
    for (let k = 0; k < steps; k++) {
      const share = from + ((to - from) * (k + 0.5)) / steps;
      places.push({ x: x0 + share * dx, y: y0 + share * dy });
    }
  }
  return places;
}

/** The shares of a way from `start` by `by` that lie between two bounds; the first is beyond the second where none does. */
function inside(start: number, by: number, low: number, high: number): readonly [number, number] {
  if (by === 0) return start >= low && start <= high ? [0, 1] : [1, 0];
  const ends = [(low - start) / by, (high - start) / by];
  return [Math.max(0, Math.min(...ends)), Math.min(1, Math.max(...ends))];
}

interface Disc extends Place {
  readonly radius: number;
}

function signsOf(mark: Points, x: Scale, y: Scale, style: Style): readonly Disc[] {
  const radius = style.sign * sizeOf(mark) + style.axis / 2;
  return Array.from(mark.x, (at, i) => ({ x: x.to(at), y: y.to(mark.y[i]), radius })).filter(
    (disc) => Number.isFinite(disc.x) && Number.isFinite(disc.y),
  );
}

/** Discs by the cell of their centre, so that only those about a box are looked at. */
function gridOf<Of extends Disc>(discs: readonly Of[], cell: number) {
  const cells = new Map<string, Of[]>();
  for (const disc of discs) {
    const key = `${Math.floor(disc.x / cell)} ${Math.floor(disc.y / cell)}`;
    const others = cells.get(key);
    if (others) others.push(disc);
    else cells.set(key, [disc]);
  }
  const widest = discs.reduce((most, { radius }) => Math.max(most, radius), 0);
  return {
    /** Whether a disc that counts comes nearer to the box than `clear`. */
    touches({ x, y, width, height }: Rect, clear: number, counts: (disc: Of) => boolean = () => true): boolean {
      const reach = widest + clear;
      const [left, right] = [x - reach, x + width + reach].map((at) => Math.floor(at / cell));
      const [top, bottom] = [y - reach, y + height + reach].map((at) => Math.floor(at / cell));
      const near = (disc: Of): boolean => {
        const dx = Math.max(x - disc.x, 0, disc.x - x - width);
        const dy = Math.max(y - disc.y, 0, disc.y - y - height);
        return Math.hypot(dx, dy) <= disc.radius + clear && counts(disc);
      };
      for (let row = top; row <= bottom; row++)
        for (let column = left; column <= right; column++) if (cells.get(`${column} ${row}`)?.some(near)) return true;
      return false;
    },
  };
}

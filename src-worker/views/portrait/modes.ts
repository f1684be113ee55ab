// Modes of fixed points in a phase portrait: real ones as lines, pairs as discs, half as long as their time constant at a printed scale;
// arrows lead in where a mode decays and out where it grows; dashed where neither is certain.

import type { PointMode } from '../../contract/points.ts';
import type { Result } from '../../contract/result.ts';
import { numberText } from '../../scene/axes.ts';
import type { Line, Mark, Points } from '../../scene/scene.ts';
import { isFar, type PlacedPoint } from './points.ts';
import type { PortraitSpace } from './space.ts';

/** Modes longer than this times the printed time constant are cut there. */
const MOST_TIMES = 3;
/** Length of the printed time constant over the extent of the picture. */
const SHARE = 0.09;
const PICKED_MODES = 2;
/** A mode this near to the border is undecided. */
const MARGIN = 1e-4;
const CIRCLE = 48;

export interface Mode extends PointMode {
  readonly right: { readonly re: Float64Array; readonly im: Float64Array };
}

/** Modes of one point whose vectors were kept, the least stable first; of a pair the one that turns forward. */
export function modesAt(result: Result, point: number, isMap: boolean): readonly Mode[] {
  const { rightRe, rightIm } = result.arrays;
  const [, kept, n] = rightRe.shape;
  return timesAt(result, point, isMap).flatMap(({ place, ...mode }): readonly Mode[] => {
    if (place >= kept) return [];
    const vector = (point * kept + place) * n;
    const of = (values: ArrayLike<number>) => Float64Array.from({ length: n }, (_, i) => values[vector + i]);
    return [{ ...mode, right: { re: of(rightRe.values), im: of(rightIm.values) } }];
  });
}

/** All modes of one point, without their vectors; `place` is that among all eigenvalues. */
export function timesAt({ arrays }: Result, point: number, isMap: boolean): readonly (PointMode & { readonly place: number })[] {
  const { eigenvaluesRe, eigenvaluesIm, modeTimes, modeFrequencies } = arrays;
  const [, modes] = eigenvaluesRe.shape;
  return Array.from({ length: modes }, (_, place) => {
    const at = point * modes + place;
    const [re, im] = [eigenvaluesRe.values[at], eigenvaluesIm.values[at]];
    const beyond = isMap ? Math.hypot(re, im) - 1 : re;
    return {
      re,
      im,
      timeMs: beyond > 0 ? modeTimes.values[at] / Math.LN2 : modeTimes.values[at],
      frequencyHz: modeFrequencies.values[at],
      verdict: Math.abs(beyond) <= MARGIN ? ('undecided' as const) : beyond > 0 ? ('grows' as const) : ('decays' as const),
      place,
    };
  }).filter(({ im }) => im >= 0);
}

/** '253 ms', '1.2 s'. */
export const timeText = (ms: number): string =>
  ms >= 1000 ? `${numberText(Number((ms / 1000).toPrecision(3)))} s` : `${numberText(Number(ms.toPrecision(3)))} ms`;

/** 1, 2 or 5 × 10ⁿ nearest to a time. */
const roundTime = (ms: number): number => {
  const power = 10 ** Math.floor(Math.log10(ms));
  return [1, 2, 5, 10].map((step) => step * power).reduce((a, b) => (Math.abs(Math.log(b / ms)) < Math.abs(Math.log(a / ms)) ? b : a));
};

export interface DrawnModes {
  readonly marks: readonly Mark[];
  readonly bar?: { readonly length: number; readonly label: string };
  readonly words: string;
}

export function modeMarks(
  placed: readonly PlacedPoint[],
  modesOf: (point: number) => readonly Mode[],
  space: PortraitSpace,
  extent: number,
  picked: number | undefined,
  timeMs: number | undefined,
  usualMs: number | undefined,
): DrawnModes {
  const shown = [...placed.keys()]
    .filter((k) => k === picked || (placed[k].point.kind === 'fixed' && !isFar(placed[k].point)))
    .flatMap((k) =>
      modesOf(k)
        .slice(0, k === picked ? PICKED_MODES : 1)
        .map((mode, rank) => ({ k, mode, rank })),
    )
    .filter(({ mode }) => mode.timeMs > 0);
  const times = shown
    .map(({ mode }) => mode.timeMs)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  if (times.length === 0) return { marks: [], words: '' };
  const printed = timeMs ?? roundTime(usualMs ?? times[Math.floor(times.length / 2)]);
  const perMs = (SHARE * extent) / printed;
  const marks = shown.flatMap(({ k, mode, rank }): readonly Mark[] => {
    const half = perMs * Math.min(mode.timeMs, MOST_TIMES * printed);
    const key = `mode ${placed[k].place + 1}.${rank + 1}`;
    return mode.im > 0 ? discOf(placed[k], mode, half, key, space) : lineOf(placed[k], mode, half, key, space);
  });
  const cut = times.some((ms) => ms > MOST_TIMES * printed);
  const label = `modes: time constant ${timeText(printed)}`;
  return {
    marks,
    bar: { length: perMs * printed, label },
    words: `modes with half lengths in proportion to their time constants${cut ? `, at most ${numberText(MOST_TIMES * printed)} ms` : ''}`,
  };
}

/** A direction of unit length in what is shown, of which only the part within the drawn dimensions is seen. */
function unit(direction: Float64Array): Float64Array | undefined {
  const size = Math.hypot(...direction);
  return size > 0 ? direction.map((value) => value / size) : undefined;
}

function lineOf(
  { at, place: point, point: { position } }: PlacedPoint,
  mode: Mode,
  half: number,
  key: string,
  space: PortraitSpace,
): readonly Mark[] {
  const along = unit(space.direction(mode.right.re, position));
  if (!along) return [];
  const way = space.turn(along);
  const ends = [-1, 1].map((side) => Float64Array.from(at, (value, d) => value + side * half * way[d]));
  const base = { datum: { point }, colour: 'ink' } as const;
  const line: Line = {
    ...base,
    kind: 'line',
    key,
    weight: 'line',
    x: Float64Array.from(ends, (end) => end[0]),
    y: Float64Array.from(ends, (end) => end[1]),
    z: Float64Array.from(ends, (end) => end[2]),
    ...(mode.verdict === 'undecided' ? { dashed: true } : {}),
  };
  if (mode.verdict === 'undecided') return [line];
  // Out of the point where it grows, into it where it decays.
  const from = ends.map((end) => Float64Array.from(end, (value, d) => value + (mode.verdict === 'grows' ? -1 : 1) * (value - at[d])));
  const heads = ends.map((end) => (mode.verdict === 'grows' ? end : Float64Array.from(end, (value, d) => at[d] + 0.72 * (value - at[d]))));
  const column = (list: readonly Float64Array[], d: number): Float64Array => Float64Array.from(list, (one) => one[d]);
  const arrows: Points = {
    ...base,
    kind: 'points',
    key: `${key} arrows`,
    sign: 'arrow',
    size: 0.8,
    x: column(heads, 0),
    y: column(heads, 1),
    z: column(heads, 2),
    fromX: column(from, 0),
    fromY: column(from, 1),
    fromZ: column(from, 2),
  };
  return [line, arrows];
}

/** A circle in the plane of the pair, in what is shown. */
function discOf(
  { at, place: point, point: { position } }: PlacedPoint,
  mode: Mode,
  half: number,
  key: string,
  space: PortraitSpace,
): readonly Mark[] {
  const a = unit(space.direction(mode.right.re, position)) ?? unit(space.direction(mode.right.im, position));
  if (!a) return [];
  const other = space.direction(mode.right.im, position);
  const inner = other.reduce((sum, value, d) => sum + value * a[d], 0);
  const b = unit(other.map((value, d) => value - inner * a[d]));
  if (!b) return [];
  const [first, second] = [space.turn(a), space.turn(b)];
  const on = (d: number): Float64Array =>
    Float64Array.from({ length: CIRCLE + 1 }, (_, i) => {
      const angle = (2 * Math.PI * i) / CIRCLE;
      return at[d] + half * (Math.cos(angle) * first[d] + Math.sin(angle) * second[d]);
    });
  return [
    {
      kind: 'line',
      key,
      datum: { point },
      colour: 'ink',
      weight: 'line',
      x: on(0),
      y: on(1),
      z: on(2),
      ...(mode.verdict === 'decays' ? {} : { dashed: true }),
    },
  ];
}

// The flow of dynamics in one plane through a point: where states of the plane are some time later, as arrows within it, with the share of
// the movement that leaves it. A plane says nothing of what lies beside it, so it is drawn with its rim and written out.

import type { Flow } from '../../models/model.ts';
import { numberText } from '../../scene/axes.ts';
import type { Line, Mark } from '../../scene/scene.ts';
import type { Mode } from './modes.ts';
import { advance, stepOf } from './simulate.ts';
import type { PortraitSpace } from './space.ts';

const ACROSS = 9;
const STEPS = 3;
/** Radius of the slice where no states tell how far it should reach, in states. */
const RADIUS = 1;
/** The longest arrow over the distance between arrows. */
const LONGEST = 1.3;
const HEAD = 0.3;

export interface Slice {
  readonly marks: readonly Mark[];
  readonly words: string;
}

interface Plane {
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly words: string;
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

/** Orthonormal directions that span the two; undefined where they are one. */
function spanned(a: Float64Array, b: Float64Array): readonly [Float64Array, Float64Array] | undefined {
  const size = Math.sqrt(dot(a, a));
  const first = a.map((value) => value / size);
  const inner = dot(b, first);
  const rest = b.map((value, i) => value - inner * first[i]);
  const left = Math.sqrt(dot(rest, rest));
  return size > 0 && left > 1e-6 * Math.sqrt(dot(b, b)) ? [first, rest.map((value) => value / left)] : undefined;
}

/** The plane of a point's slowest pair, or of its two slowest modes. */
export function planeOfModes(modes: readonly Mode[], name: string): Plane | undefined {
  const [one, two] = modes;
  if (!one) return undefined;
  const pair = one.im > 0;
  const [first, second] = spanned(one.right.re, pair ? one.right.im : (two?.right.re ?? one.right.re)) ?? [];
  return (
    first && second && { first, second, words: `the plane of ${pair ? 'the slowest pair of modes' : 'the two slowest modes'} of ${name}` }
  );
}

/** `centre`: the state in the middle; `visited`: states (row by row) that say how far the slice reaches. */
export function sliceOf(
  flow: Flow,
  u: Float64Array,
  { first, second, words }: Plane,
  centre: Float64Array,
  visited: Float64Array,
  space: PortraitSpace,
  durationMs: number | undefined,
): Slice {
  const n = flow.states;
  const step = flow.kind === 'map' ? flow.stepMs : stepOf(flow, u);
  const steps = Math.max(1, Math.round((durationMs ?? STEPS * step) / step));
  const radius = radiusOf(visited, n, centre, first, second);
  const at = (a: number, b: number): Float64Array => centre.map((value, i) => value + a * first[i] + b * second[i]);
  const arrows: { readonly a: number; readonly b: number; readonly da: number; readonly db: number }[] = [];
  let [all, left] = [0, 0];
  const gap = (2 * radius) / (ACROSS - 1);
  for (let row = 0; row < ACROSS; row++)
    for (let column = 0; column < ACROSS; column++) {
      const [a, b] = [-radius + column * gap, -radius + row * gap];
      if (a * a + b * b > radius * radius * 1.001) continue;
      const start = at(a, b);
      let x = start;
      for (let k = 0; k < steps; k++) x = advance(flow, x, u, step);
      const moved = x.map((value, i) => value - start[i]);
      const [da, db] = [dot(moved, first), dot(moved, second)];
      if (!Number.isFinite(da + db)) continue;
      all += dot(moved, moved);
      left += dot(moved, moved) - da * da - db * db;
      arrows.push({ a, b, da, db });
    }
  const longest = Math.max(0, ...arrows.map(({ da, db }) => Math.hypot(da, db)));
  const times = longest > 0 ? roundDown((LONGEST * gap) / longest) : 1;
  const seen = (a: number, b: number): Float64Array => space.place(space.shown(at(a, b)));
  const strokes = arrows.flatMap(({ a, b, da, db }) => {
    const [ea, eb] = [a + times * da, b + times * db];
    // A head in the plane: back along the arrow and to either side.
    const wing = (side: number) => seen(ea - HEAD * times * (da + side * 0.6 * db), eb - HEAD * times * (db - side * 0.6 * da));
    return [seen(a, b), seen(ea, eb), undefined, wing(1), seen(ea, eb), wing(-1), undefined];
  });
  const rim = Array.from({ length: 65 }, (_, i) => seen(radius * Math.cos((Math.PI * i) / 32), radius * Math.sin((Math.PI * i) / 32)));
  const line = (key: string, points: readonly (Float64Array | undefined)[], more: Partial<Line>): Line => ({
    kind: 'line',
    key,
    datum: {},
    colour: 'control',
    weight: 'fine',
    x: Float64Array.from(points, (point) => point?.[0] ?? Number.NaN),
    y: Float64Array.from(points, (point) => point?.[1] ?? Number.NaN),
    z: Float64Array.from(points, (point) => point?.[2] ?? Number.NaN),
    ...more,
  });
  const share = all > 0 ? `, ${Math.round((100 * left) / all)} % of which leaves it` : '';
  return {
    marks: [line('slice rim', rim, { dashed: true }), line('slice flow', strokes, {})],
    words: `flow over ${numberText(steps * step)} ms in ${words}, arrows × ${numberText(times)}${share}`,
  };
}

const roundDown = (value: number): number => {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([5, 2, 1].find((step) => step * power <= value) ?? 1) * power;
};

/** What four fifths of visited states do not exceed. */
function radiusOf(visited: Float64Array, n: number, centre: Float64Array, first: Float64Array, second: Float64Array): number {
  const away: number[] = [];
  const every = Math.max(1, Math.floor(visited.length / n / 2000));
  for (let row = 0; row < visited.length / n; row += every) {
    const x = visited.subarray(row * n, (row + 1) * n).map((value, i) => value - centre[i]);
    const distance = Math.hypot(dot(x, first), dot(x, second));
    if (Number.isFinite(distance)) away.push(distance);
  }
  away.sort((a, b) => a - b);
  return away[Math.floor(0.8 * away.length)] || RADIUS;
}

// What the complex plane of eigenvalues is ruled with: the border of stability, equal time constants, equal frequencies, and the shade of
// what grows.

import { numberText } from '../scene/axes.ts';
import type { Band, Line, Mark, Text } from '../scene/scene.ts';
import { timeText } from './portrait/modes.ts';

export type Plane = { readonly kind: 'map'; readonly stepMs: number } | { readonly kind: 'ode' };

type Range = readonly [number, number];

/** Names stand at least this share of the picture apart. */
const APART = 0.22;
const SPREAD = [1, 2, 5].flatMap((step) => [-3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7].map((power) => step * 10 ** power)).sort((a, b) => a - b);

const line = (key: string, colour: Line['colour'], points: readonly (readonly [number, number])[]): Line => ({
  kind: 'line',
  key,
  datum: {},
  colour,
  weight: 'fine',
  x: Float64Array.from(points, ([x]) => x),
  y: Float64Array.from(points, ([, y]) => y),
});

/** A guide's name, near (x, y) on one of the lines that it is the name of. */
const word = (along: readonly string[], x: number, y: number, text: string, anchor: Text['anchor']): Text => ({
  kind: 'text',
  key: `name ${along[0]}`,
  datum: {},
  colour: 'control',
  x,
  y,
  text,
  anchor,
  along,
});

/** Numbers whose places, which rise or fall with them, lie at least so far apart. */
function some(values: readonly number[], place: (value: number) => number, apart: number): readonly number[] {
  const kept: number[] = [];
  for (const value of values.toReversed()) if (kept.every((other) => Math.abs(place(other) - place(value)) >= apart)) kept.push(value);
  return kept.toReversed();
}

export const guidesOf = (plane: Plane, x: Range, y: Range): readonly Mark[] =>
  plane.kind === 'map' ? ofMap(plane.stepMs, x, y) : ofEquation(x, y);

function arc(radius: number): (readonly [number, number])[] {
  return Array.from({ length: 181 }, (_, i) => {
    const angle = (Math.PI * i) / 90;
    return [radius * Math.cos(angle), radius * Math.sin(angle)] as const;
  });
}

function ofMap(stepMs: number, [left, right]: Range, [low, high]: Range): readonly Mark[] {
  const reach = 4 * Math.max(Math.abs(left), Math.abs(right), Math.abs(low), Math.abs(high), 1);
  const columns = [-reach, ...Array.from({ length: 121 }, (_, i) => -Math.cos((Math.PI * i) / 120)), reach];
  const rim = columns.map((at) => (Math.abs(at) < 1 ? Math.sqrt(1 - at * at) : 0));
  const shade = (key: string, side: 1 | -1): Band => ({
    kind: 'band',
    key,
    datum: {},
    colour: 'band',
    x: Float64Array.from(columns),
    low: Float64Array.from(rim, (value) => (side > 0 ? value : -reach)),
    high: Float64Array.from(rim, (value) => (side > 0 ? reach : -value)),
  });
  // Circles whose radius differs enough from its neighbours to be seen, from the left edge to the border.
  const times = some(
    SPREAD.filter((ms) => {
      const radius = Math.exp(-stepMs / ms);
      return radius > Math.max(left, 0.02) && radius < 1 - 0.1 * (right - left);
    }),
    (ms) => Math.exp(-stepMs / ms),
    APART * (right - left),
  );
  const up = Math.min(high, -low);
  const angles = some(
    SPREAD.filter((hz) => {
      const angle = (2 * Math.PI * hz * stepMs) / 1000;
      return angle < 0.95 * Math.PI && Math.sin(Math.min(angle, Math.PI / 2)) < 1.1 * up && angle > 0.12 * up;
    }),
    (hz) => Math.sin(Math.min((2 * Math.PI * hz * stepMs) / 1000, Math.PI / 2)),
    APART * up,
  );
  return [
    shade('grows above', 1),
    shade('grows below', -1),
    ...times.map((ms) => line(`${ms} ms`, 'guide', arc(Math.exp(-stepMs / ms)))),
    ...angles.flatMap((hz) => {
      const angle = (2 * Math.PI * hz * stepMs) / 1000;
      return [1, -1].map((side) =>
        line(`${side * hz} Hz`, 'guide', [
          [0, 0],
          [reach * Math.cos(angle), side * reach * Math.sin(angle)],
        ]),
      );
    }),
    line('real', 'guide', [
      [-reach, 0],
      [reach, 0],
    ]),
    line('border', 'control', arc(1)),
    ...times.map((ms) => {
      const radius = Math.exp(-stepMs / ms);
      const angle = -Math.asin(Math.min(0.85, (0.75 * up) / radius));
      return word([`${ms} ms`], radius * Math.cos(angle), radius * Math.sin(angle), timeText(ms), 'middle');
    }),
    ...angles.map((hz) => {
      const angle = (2 * Math.PI * hz * stepMs) / 1000;
      const radius = Math.min((0.9 * up) / Math.sin(Math.min(angle, Math.PI / 2)), 1);
      return word([`${hz} Hz`, `${-hz} Hz`], radius * Math.cos(angle), radius * Math.sin(angle), `${numberText(hz)} Hz`, 'end');
    }),
  ];
}

function ofEquation([left, right]: Range, [low, high]: Range): readonly Mark[] {
  const reach = 4 * Math.max(-left, right, -low, high);
  const shade: Band = {
    kind: 'band',
    key: 'grows',
    datum: {},
    colour: 'band',
    x: Float64Array.of(0, reach),
    low: Float64Array.of(-reach, -reach),
    high: Float64Array.of(reach, reach),
  };
  const width = right - left;
  const times = some(
    SPREAD.filter((ms) => 1000 / ms < -left && 1000 / ms > 0.06 * width),
    (ms) => -1000 / ms,
    APART * width,
  );
  const frequencies = some(
    SPREAD.filter((hz) => 2 * Math.PI * hz < high && 2 * Math.PI * hz > 0.1 * high),
    (hz) => 2 * Math.PI * hz,
    0.5 * APART * (high - low),
  );
  return [
    shade,
    ...times.map((ms) =>
      line(`${ms} ms`, 'guide', [
        [-1000 / ms, -reach],
        [-1000 / ms, reach],
      ]),
    ),
    ...frequencies.flatMap((hz) =>
      [1, -1].map((side) =>
        line(`${side * hz} Hz`, 'guide', [
          [-reach, side * 2 * Math.PI * hz],
          [reach, side * 2 * Math.PI * hz],
        ]),
      ),
    ),
    line('real', 'guide', [
      [-reach, 0],
      [reach, 0],
    ]),
    line('border', 'control', [
      [0, -reach],
      [0, reach],
    ]),
    ...times.map((ms) => word([`${ms} ms`], -1000 / ms, low + 0.06 * (high - low), timeText(ms), 'middle')),
    ...frequencies.map((hz) => word([`${hz} Hz`, `${-hz} Hz`], left + 0.02 * width, 2 * Math.PI * hz, `${numberText(hz)} Hz`, 'start')),
  ];
}

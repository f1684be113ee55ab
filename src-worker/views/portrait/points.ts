// Fixed and slow points of a phase portrait by the signs of their stability: stable filled, saddle half filled, unstable hollow,
// undecided a question mark; slow ones smaller; grey where no state was visited.

import { FAR } from '../../analyses/fixed-points/starts.ts';
import type { FixedPoint } from '../../contract/fixed-points.ts';
import type { Result } from '../../contract/result.ts';
import type { Mark, Points, Sign, Text } from '../../scene/scene.ts';

export const POINT_SIGNS = { stable: 'dot', saddle: 'half', unstable: 'ring', undecided: 'question' } as const satisfies Record<
  string,
  Sign
>;

/** In half widths of a normal sign. */
const SIZE = { near: 1.7, far: 1.2, slow: 1.15, picked: 2.7 } as const;
/** Points further down the list are named only where they were visited. */
const NAMED = 9;

/** What each point is called, from 0: its place in the search, also where it was followed from there. */
export const placesOf = ({ arrays }: Pick<Result, 'arrays'>): readonly number[] =>
  Array.from({ length: arrays.positions.shape[0] }, (_, k) => arrays.places?.values[k] ?? k);

export const isFar = ({ distance }: FixedPoint): boolean => distance !== undefined && distance > FAR;

export const signOf = ({ kind, stability }: FixedPoint): Sign => (kind === 'undecided' ? 'question' : POINT_SIGNS[stability]);

/** 'stable', 'slow, saddle', 'not visited'. */
export function legendOf(point: FixedPoint): string {
  const what = point.kind === 'undecided' ? 'undecided' : point.stability;
  return point.kind === 'slow' ? `slow, ${what}` : point.kind === 'continuum' ? `continuum, ${what}` : what;
}

export interface PlacedPoint {
  readonly point: FixedPoint;
  /** What it is called, from 0. */
  readonly place: number;
  readonly at: Float64Array;
  /** From the three drawn dimensions. */
  readonly outside: number;
}

/** `speeds`: a number to colour each point by, NaN for none. */
export function pointMarks(placed: readonly PlacedPoint[], picked: number | undefined, speeds: Float64Array | undefined): readonly Mark[] {
  const order = [...placed.keys()].sort((a, b) => Number(isFar(placed[b].point)) - Number(isFar(placed[a].point)) || b - a);
  const ring = picked === undefined || placed[picked] === undefined ? [] : [ringAt(placed[picked])];
  const signs = order.map((k): Points => {
    const { point, at, place } = placed[k];
    const far = isFar(point);
    const speed = speeds?.[k];
    return {
      kind: 'points',
      key: `point ${place + 1}`,
      datum: { point: place },
      colour: far ? 'mute' : 'ink',
      sign: signOf(point),
      size: point.kind === 'fixed' ? (far ? SIZE.far : SIZE.near) : SIZE.slow,
      ...coordinates(at),
      ...(speed !== undefined && Number.isFinite(speed) ? { value: Float64Array.of(speed) } : {}),
      legend: far ? `${legendOf(point)}, not visited` : legendOf(point),
    };
  });
  const names = order
    .filter((k) => k === picked || k < NAMED || !isFar(placed[k].point))
    .map(
      (k): Text => ({
        kind: 'text',
        key: `name ${placed[k].place + 1}`,
        datum: { point: placed[k].place },
        colour: 'text',
        x: placed[k].at[0],
        y: placed[k].at[1],
        z: placed[k].at[2],
        text: String(placed[k].place + 1),
        anchor: 'middle',
      }),
    );
  return [...ring, ...signs, ...names];
}

const coordinates = (at: Float64Array) => ({ x: at.slice(0, 1), y: at.slice(1, 2), z: at.slice(2, 3) });

const ringAt = ({ at, place }: PlacedPoint): Points => ({
  kind: 'points',
  key: 'picked',
  datum: { point: place },
  colour: 'accent',
  sign: 'ring',
  size: SIZE.picked,
  ...coordinates(at),
});

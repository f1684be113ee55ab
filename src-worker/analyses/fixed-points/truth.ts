// Points of a fit beside those of the system that the recording was simulated from, in log rates: the readout is affine in the state and true log
// rates are affine in the true latents, so that no other alignment is needed.

import type { FixedPoint } from '../../contract/fixed-points.ts';
import { readStates } from '../../models/readout.ts';
import type { TruePoint } from '../../synthetic/true-points.ts';
import type { Dynamics } from '../analysis.ts';

export interface BesideTruth {
  readonly truth: TruePoint;
  /** The nearest point by place, and the root mean square over units of the difference of log rates; absent without points. */
  readonly nearest?: { readonly place: number; readonly apart: number };
}

/** Root mean square over units of the difference of log rates. */
export const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum / a.length);
};

/** Each true point with the nearest of `points`; undefined where the truth or the rates of states are not known. */
export function besideTruth(
  { truth, readouts }: Pick<Dynamics, 'truth' | 'readouts'>,
  points: readonly { readonly position: ArrayLike<number> }[],
): readonly BesideTruth[] | undefined {
  const readout = readouts?.logRates;
  if (!truth || !readout) return undefined;
  const shown = points.map(({ position }) => readStates(readout, position));
  return truth.map((one) => {
    const distances = shown.map((values) => apart(values, one.logRates));
    const place = distances.indexOf(Math.min(...distances));
    return { truth: one, ...(place < 0 ? {} : { nearest: { place, apart: distances[place] } }) };
  });
}

/** Names of true points by the place of the point that each has for itself: the nearest, where no other true point is nearer to that. */
export function namesByPlace(beside: readonly BesideTruth[]): ReadonlyMap<number, string> {
  const own = beside.flatMap(({ truth, nearest }) => {
    const isOwn = nearest && beside.every((other) => other.nearest?.place !== nearest.place || other.nearest.apart >= nearest.apart);
    return isOwn ? [[nearest.place, truth.name] as const] : [];
  });
  return new Map(own);
}

const WORDS: Readonly<Record<FixedPoint['stability'], string>> = {
  stable: 'stable',
  saddle: 'a saddle',
  unstable: 'unstable',
  undecided: 'of undecided stability',
};

const BESIDE = 'Beside the system that the recording was simulated from';
export const isTruthNote = (note: string): boolean => note.startsWith(BESIDE);

/** How far apart they are, in words: 'true movement (2.0 Hz, 286 ms) lies 0.08 from point 1, stable (1.9 Hz, 308 ms)'. */
export function truthNote(beside: readonly BesideTruth[], points: readonly FixedPoint[]): string {
  const short = (value: number, digits = 2): string => String(Number(value.toPrecision(digits)));
  const times = (hz: number, ms: number | undefined): string =>
    `${short(hz)} Hz, ${ms === undefined ? 'no time constant' : `${short(ms, 3)} ms`}`;
  const parts = beside.map(({ truth: { name, eigenvalues }, nearest }) => {
    const [[re, im]] = eigenvalues;
    const known = `true ${name} (${times(Math.abs(im) / (2 * Math.PI), 1000 * (re > 0 ? Math.LN2 / re : -1 / re))})`;
    if (!nearest) return `${known} has no point beside it`;
    const { stability, frequencyHz, timeConstantMs } = points[nearest.place];
    return `${known} lies ${short(nearest.apart)} from point ${nearest.place + 1}, ${WORDS[stability]} (${times(frequencyHz, stability === 'undecided' ? undefined : timeConstantMs)})`;
  });
  return `${BESIDE}, without input: ${parts.join('; ')} (root mean square of log rates over units).`;
}

// A search as a result: an array for each thing that is known of every point, and the points as objects out of these arrays again.

import type { FixedPoint, FixedPoints } from '../../contract/fixed-points.ts';
import type { Arrays, NamedArray, Result } from '../../contract/result.ts';
import type { Modes } from '../../numerics/eigen.ts';
import type { Searched } from './find.ts';
import { piecesArrays, piecesIn } from '../pieces/result.ts';
import { timesOf } from './stability.ts';

const KINDS = ['fixed', 'slow', 'continuum', 'undecided'] as const;
const VERDICTS = ['stable', 'saddle', 'unstable', 'undecided'] as const;
/** Vectors are kept of so many modes a point, the least stable first. */
const MODES_KEPT = 12;

export function arraysOf({
  field,
  held,
  found: { points, ends, steps },
  distances,
  pieces,
}: Pick<Searched, 'field' | 'held' | 'found' | 'distances'> & Partial<Pick<Searched, 'pieces'>>): Arrays {
  const { states: n, kind, stepMs } = field;
  const kept = Math.min(MODES_KEPT, n);
  const perPoint = (unit: string, about: string, of: (place: number) => number): NamedArray => ({
    values: Float64Array.from(points.keys(), of),
    shape: [points.length],
    axes: ['point'],
    unit,
    about,
  });
  const perMode = (unit: string, about: string, of: (modes: Modes, k: number) => number): NamedArray => ({
    values: Float64Array.from({ length: points.length * n }, (_, at) => of(points[Math.floor(at / n)].stability.modes, at % n)),
    shape: [points.length, n],
    axes: ['point', 'mode'],
    unit,
    about,
  });
  const vectors = (name: 'rightRe' | 'rightIm' | 'leftRe' | 'leftIm', about: string): NamedArray => {
    const values = new Float64Array(points.length * kept * n);
    for (const [place, { stability }] of points.entries()) values.set(stability.modes[name].subarray(0, kept * n), place * kept * n);
    return { values, shape: [points.length, kept, n], axes: ['point', 'mode', 'state'], unit: '', about };
  };
  const perUnit = kind === 'ode' ? 'per ms' : 'per step';
  const positions = new Float64Array(points.length * n);
  for (const [place, { end }] of points.entries()) positions.set(end.x, place * n);
  const times = (modes: Modes, k: number) => timesOf(kind, stepMs, modes.re[k], modes.im[k]);
  return {
    positions: { values: positions, shape: [points.length, n], axes: ['point', 'state'], unit: '', about: 'Where each point lies' },
    kinds: {
      ...perPoint('', `What each point is: ${KINDS.map((name, k) => `${k} ${name}`).join(', ')}`, (k) => KINDS.indexOf(points[k].kind)),
      words: KINDS,
    },
    residuals: perPoint(perUnit, 'Length of G(x) at each point', (k) => points[k].end.speed),
    errors: perPoint('', 'Predicted distance of each point to the root', (k) => points[k].end.error),
    verdicts: {
      ...perPoint('', `Stability: ${VERDICTS.map((name, k) => `${k} ${name}`).join(', ')}`, (k) =>
        VERDICTS.indexOf(points[k].stability.verdict),
      ),
      words: VERDICTS,
    },
    margins: perPoint(perUnit, 'Distance of the mode nearest to the border of stability', (k) => points[k].stability.margin),
    uncertainties: perPoint(perUnit, 'Numerical uncertainty of that mode', (k) => points[k].stability.uncertainty),
    leastUnstable: perPoint('', 'Modes that are surely unstable', (k) => points[k].stability.unstable[0]),
    mostUnstable: perPoint('', 'Modes that are not surely stable', (k) => points[k].stability.unstable[1]),
    timeConstants: perPoint(
      'ms',
      'Time constant of the slowest mode, or its doubling time; NaN where it has none',
      (k) => points[k].stability.timeConstantMs ?? Number.NaN,
    ),
    frequencies: perPoint('Hz', 'Frequency of the slowest mode', (k) => points[k].stability.frequencyHz),
    starts: perPoint('', 'Starts that ended at each point', (k) => points[k].starts),
    distances: perPoint(
      '',
      'Distance to the nearest visited state over the usual one between neighbours; NaN where none was visited',
      (k) => distances[k],
    ),
    eigenvaluesRe: perMode(perUnit, 'Real parts of eigenvalues, the least stable first', (modes, k) => modes.re[k]),
    eigenvaluesIm: perMode(perUnit, 'Imaginary parts of eigenvalues', (modes, k) => modes.im[k]),
    modeTimes: perMode('ms', 'Time constant of each mode, or its doubling time', (modes, k) => times(modes, k).ms),
    modeFrequencies: perMode('Hz', 'Frequency of each mode', (modes, k) => times(modes, k).hz),
    rightRe: vectors('rightRe', 'Real parts of right eigenvectors of the least stable modes'),
    rightIm: vectors('rightIm', 'Imaginary parts of right eigenvectors'),
    leftRe: vectors('leftRe', 'Real parts of left eigenvectors, l·r = 1'),
    leftIm: vectors('leftIm', 'Imaginary parts of left eigenvectors'),
    ends: { values: ends, shape: [ends.length], axes: ['start'], unit: '', about: 'Point at which each start ended, −1 for none' },
    steps: { values: steps, shape: [steps.length], axes: ['start'], unit: '', about: 'Steps that each start took' },
    ...piecesArrays(pieces, n),
    input: { values: held.u, shape: [held.u.length], axes: ['input'], unit: '', about: 'Held input' },
  };
}

/**
 * Time constant in the middle of those of fixed points' least stable modes, ms, by which pictures choose their scale; of points that were
 * followed that of the search, so that the scale stays while they move.
 */
export function usualTimeOf({ arrays, summary }: Pick<Result, 'arrays' | 'summary'>): number | undefined {
  if (summary.usualTimeMs !== undefined) return summary.usualTimeMs;
  const { kinds, modeTimes } = arrays;
  const times = Array.from(kinds.values, (kind, k) => (KINDS[kind] === 'fixed' ? modeTimes.values[k * modeTimes.shape[1]] : Number.NaN));
  const known = times.filter(Number.isFinite).sort((a, b) => a - b);
  return known[Math.floor(known.length / 2)];
}

/** The points out of a result that may have been kept for long. */
export function pointsOf({ arrays, summary }: Pick<Result, 'arrays' | 'summary'>): FixedPoints {
  const n = arrays.positions.shape[1];
  const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);
  const points = Array.from({ length: arrays.positions.shape[0] }, (_, k): FixedPoint => {
    const of = (name: string): number => arrays[name].values[k];
    const [least, most] = [of('leastUnstable'), of('mostUnstable')];
    const [timeConstantMs, distance] = [finite(of('timeConstants')), finite(of('distances'))];
    return {
      kind: KINDS[of('kinds')],
      residual: of('residuals'),
      stability: VERDICTS[of('verdicts')],
      margin: of('margins'),
      uncertainty: of('uncertainties'),
      unstable: least === most ? least : [least, most],
      ...(timeConstantMs === undefined ? {} : { timeConstantMs }),
      frequencyHz: of('frequencies'),
      starts: of('starts'),
      ...(distance === undefined ? {} : { distance }),
      position: Array.from(arrays.positions.values.subarray(k * n, (k + 1) * n)),
    };
  });
  const { starts, notConverged, missedEstimate } = summary;
  return { points, starts, notConverged, ...(missedEstimate === undefined ? {} : { missedEstimate }), ...piecesIn(arrays) };
}

// Whether points form a line or ring along which dynamics hardly move within a trial (Seung 1996; Ságodi et al. 2024 on approximate ones). Each
// number has a bound from which it passes and one from which it fails; between them the verdict stays open.

import type { CurveCriterion, CurveReport, CurveVerdict } from '../../contract/linearize.ts';
import { singularValues } from '../../numerics/matrices.ts';
import { between, longestPath, type Path } from './tree.ts';

/** A point with its linearisation, as the criterion needs it. */
export interface CurvePoint {
  readonly x: Float64Array;
  /** ‖G‖: per step of a map, per ms of a differential equation. */
  readonly speed: number;
  /** | ln|λ| | of a map or |Re λ| per ms, of every mode, the slowest first. */
  readonly rates: Float64Array;
  /** Right eigenvector of the slowest mode, of length 1: its real part where complex. */
  readonly slow: Float64Array;
  /** Whether a mode other than the slowest is surely unstable. */
  readonly unstableAcross: boolean;
}

const NEIGHBOURHOOD = 5;
/** At either end of the path gaps do not count. */
const OUTER = 0.05;
const STANDSTILL = 1e-9;
const TIMES = [0.5, 1, 2, 4] as const;
/** Two slow modes and neighbourhoods this round make a surface. */
const SURFACE = { rho: 0.5, roundness: 0.5 } as const;
const ENDS = { ring: 0.25, line: 0.5 } as const;

export const CRITERIA = [
  { name: 'side branches', pass: 0.1, fail: 0.25 },
  { name: 'width of neighbourhoods', pass: 0.2, fail: 0.5 },
  { name: 'angle of the slow mode to the curve, °', pass: 20, fail: 45 },
  { name: 'largest gap', pass: 0.15, fail: 0.3 },
  { name: 'decay across in a trial', pass: 3, fail: 1 },
  { name: 'decay along in a trial', pass: 0.5, fail: 2 },
  { name: 'drift along in a trial', pass: 0.1, fail: 0.3 },
  { name: 'distance of the ends', pass: ENDS.ring, fail: ENDS.line },
] as const;

const GEOMETRIC = 5;
const [ALONG, DRIFT, APART] = [5, 6, 7];

/** What does not depend on how long a trial is. */
export interface Shape {
  /** Length of the tree. */
  readonly total: number;
  /** Side branches, width, angle, gap, and the distance of the ends. */
  readonly branches: number;
  readonly width: number;
  readonly angle: number;
  readonly gap: number;
  readonly apart: number;
  /** Slowest decay across, 90 % quantile of that along, largest speed over the length of the curve: per step or ms. */
  readonly across: number;
  readonly along: number;
  readonly drift: number;
  /** Medians of the slowest and of the second slowest decay. */
  readonly pace: number;
  readonly second: number;
  readonly unstableAcross: boolean;
}

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? Number.NaN;
const median = (values: readonly number[]): number => quantile(values, 0.5);

export function shapeOf(points: readonly CurvePoint[]): { readonly shape: Shape; readonly path: Path } {
  const places = points.map(({ x }) => x);
  const path = longestPath(places);
  const size = path.total;
  const local = points.map((_, k) => neighbourhood(points, k));
  const ends = path.along.length < 2 ? 0 : between(places[path.along[0]], places[path.along.at(-1)!]);
  const shape = {
    total: size,
    branches: size === 0 ? 0 : 1 - path.length / size,
    width: median(local.map(({ width }) => width)),
    angle: median(local.map(({ angle }) => angle)),
    gap: size === 0 ? 0 : gapOf(places, path) / size,
    apart: size === 0 ? 0 : ends / size,
    across: Math.min(...points.map(({ rates }) => rates[1] ?? Infinity)),
    along: quantile(
      points.map(({ rates }) => rates[0]),
      0.9,
    ),
    drift: size === 0 ? Infinity : Math.max(...points.map(({ speed }) => speed)) / size,
    pace: median(points.map(({ rates }) => rates[0])),
    second: median(points.map(({ rates }) => rates[1] ?? Infinity)),
    unstableAcross: points.some((point) => point.unstableAcross),
  };
  return { shape, path };
}

/** s₂/s₁ of a point with its nearest, and the angle between its slow mode and the direction they spread along. */
function neighbourhood(points: readonly CurvePoint[], place: number): { readonly width: number; readonly angle: number } {
  const own = points[place];
  const n = own.x.length;
  const near = points
    .map(({ x }, k) => ({ k, by: between(x, own.x) }))
    .sort((a, b) => a.by - b.by || a.k - b.k)
    .slice(0, NEIGHBOURHOOD);
  const centred = new Float64Array(near.length * n);
  for (let i = 0; i < n; i++) {
    const mean = near.reduce((sum, { k }) => sum + points[k].x[i], 0) / near.length;
    for (const [row, { k }] of near.entries()) centred[row * n + i] = points[k].x[i] - mean;
  }
  const singular = singularValues(centred, near.length, n);
  if (!(singular[0] > 0)) return { width: 1, angle: 90 };
  // The first direction by power iteration on the few rows.
  let weights = Float64Array.from(near, (_, row) =>
    centred.subarray(row * n, (row + 1) * n).reduce((sum, x, i) => sum + x * own.slow[i], 0),
  );
  if (!weights.some((x) => x !== 0)) weights = Float64Array.from(near, (_, row) => row - 1.5);
  const direction = new Float64Array(n);
  for (let step = 0; step < 60; step++) {
    direction.fill(0);
    for (const [row, weight] of weights.entries()) for (let i = 0; i < n; i++) direction[i] += weight * centred[row * n + i];
    const length = Math.hypot(...direction);
    if (length === 0) return { width: 1, angle: 90 };
    for (let i = 0; i < n; i++) direction[i] /= length;
    weights = weights.map((_, row) => direction.reduce((sum, x, i) => sum + x * centred[row * n + i], 0));
  }
  const cosine = Math.min(1, Math.abs(direction.reduce((sum, x, i) => sum + x * own.slow[i], 0)));
  return { width: (singular[1] ?? 0) / singular[0], angle: (180 / Math.PI) * Math.acos(cosine) };
}

/** Largest step along the path, without its outer twentieth at either end. */
function gapOf(points: readonly Float64Array[], { along, length }: Path): number {
  let [walked, largest] = [0, 0];
  for (let k = 1; k < along.length; k++) {
    const by = between(points[along[k - 1]], points[along[k]]);
    if (walked + by > OUTER * length && walked < (1 - OUTER) * length) largest = Math.max(largest, by);
    walked += by;
  }
  return largest;
}

const grade = (value: number, { pass, fail }: { readonly pass: number; readonly fail: number }): CurveCriterion['grade'] => {
  const [v, p, f] = pass < fail ? [value, pass, fail] : [-value, -pass, -fail];
  return v <= p ? 'pass' : v >= f ? 'fail' : 'open';
};

/** `duration` in steps of a map or ms. */
export function criteriaAt(shape: Shape, duration: number): CurveCriterion[] {
  const { branches, width, angle, gap, across, along, drift, apart } = shape;
  const values = [branches, width, angle, gap, across * duration, along * duration, drift * duration, apart];
  return CRITERIA.map((criterion, k) => ({ ...criterion, value: values[k], grade: grade(values[k], criterion) }));
}

/** In the order of the specification: what speaks against a curve first, then what leaves it open, then how slow it is. */
export function verdictOf(
  shape: Shape,
  { duration, settled }: Pick<Trial, 'duration' | 'settled'>,
): { readonly verdict: CurveVerdict; readonly because: string } {
  const criteria = criteriaAt(shape, duration);
  if (shape.total === 0) return { verdict: 'isolated points', because: 'All starts come to the same place.' };
  const geometric = criteria.slice(0, GEOMETRIC);
  if (shape.unstableAcross) return { verdict: 'no curve', because: 'A mode across the curve is unstable.' };
  const failed = geometric.find((one) => one.grade === 'fail');
  if (failed) {
    return shape.second * duration <= SURFACE.rho && shape.width >= SURFACE.roundness
      ? { verdict: 'plane or higher', because: 'Two modes are slow, and points spread along both.' }
      : { verdict: 'no curve', because: `${capital(failed.name)} is beyond its bound.` };
  }
  const open = geometric.find((one) => one.grade === 'open') ?? (criteria[APART].grade === 'open' ? criteria[APART] : undefined);
  if (open) return { verdict: 'undecided', because: `${capital(open.name)} lies between its bounds.` };
  const slow = [criteria[ALONG], criteria[DRIFT]];
  const fast = slow.find((one) => one.grade === 'fail');
  if (fast) return { verdict: 'isolated points', because: `${capital(fast.name)} is too large for a curve of points.` };
  const form = criteria[APART].grade === 'pass' ? 'ring' : 'line';
  const between = slow.find((one) => one.grade === 'open');
  if (between) return { verdict: `approximate ${form}`, because: `${capital(between.name)} lies between its bounds.` };
  if (settled)
    return { verdict: `approximate ${form}`, because: 'Too few points were found: it rests on states that fast modes had left.' };
  return { verdict: form, because: 'Every number passes.' };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export interface Trial {
  /** In steps of a map, or ms. */
  readonly duration: number;
  readonly durationMs: number;
  /** The points are states that fast modes had left, for too few were found. */
  readonly settled: boolean;
  /** Whether kicks across the curve came back; undefined where none were given. */
  readonly attracts: boolean | undefined;
}

export function curveReport(shape: Shape, trial: Trial): CurveReport {
  const { duration, durationMs, settled, attracts } = trial;
  // A mode this slow is known no better than that it stands still.
  const timeConstantMs = shape.pace * duration > STANDSTILL ? durationMs / duration / shape.pace : Number.NaN;
  return {
    ...verdictOf(shape, trial),
    criteria: criteriaAt(shape, duration),
    basis: settled ? 'settled' : 'points',
    durationMs,
    atDurations: TIMES.map((times) => ({ times, verdict: verdictOf(shape, { duration: times * duration, settled }).verdict })),
    ...(Number.isFinite(timeConstantMs) ? { timeConstantMs } : {}),
    ...(attracts === undefined ? {} : { attracts }),
  };
}

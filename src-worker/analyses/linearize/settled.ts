// Points for the criterion of line and ring attractors: those found, or states that fast modes have left; and kicks across the curve.

import { key, normal } from '../../engine/random.ts';
import { length, norm2 } from '../../numerics/lu.ts';
import type { Job } from '../../contract/job.ts';
import type { Flow } from '../../models/model.ts';
import type { Field } from '../fixed-points/field.ts';
import { type End, endAt } from '../fixed-points/descent.ts';
import { modesOfAll } from '../fixed-points/modes.ts';
import type { Search } from '../fixed-points/search.ts';
import { type Stability, stabilityAt } from '../fixed-points/stability.ts';
import { runLooking, stepsFor } from '../flow/run.ts';
import { partOf } from '../part.ts';
import { type CurvePoint, type Shape, shapeOf, type Trial, verdictOf } from './curve.ts';
import { distanceToPath } from './tree.ts';

/** With fewer points than this, settled states are looked at instead. */
const FEWEST = 8;
const SETTLED_STARTS = 100;
/** Of a continuum at most so many points, evenly. */
const MOST = 120;
/** Time constants of the second slowest mode until a state counts as settled; at most so many trials. */
const SETTLING = 10;
const MOST_TRIALS = 10;
/** Points that repel across the curve are left out where they are at most this share. */
const REPELLING = 0.1;
const KICKS = 5;
const KICK = 0.1;
const RETURNED = 0.01;
const KICK_STREAM = 34;
/** How far the whole is after each part, roughly; kicks come last. */
const PARTS = { settled: 0.5, looked: 0.9 } as const;
const DOING = 'Looking for lines and rings';
const NO_BOUND = { value: 0, estimated: false };

export interface Curve {
  readonly shape: Shape;
  readonly trial: Trial;
  /** States along the longest path. */
  readonly path: readonly Float64Array[];
}

/** Decay (or growth) of each mode: | ln|λ| | of a map, |Re λ| per ms. */
const rateOf = (kind: Field['kind'], re: number, im: number): number =>
  kind === 'map' ? Math.abs(Math.log(Math.hypot(re, im))) : Math.abs(re);

function curvePoint({ kind }: Field, { x, g }: Pick<End, 'x' | 'g'>, { modes, doubts }: Stability, margin: number): CurvePoint {
  const rates = Float64Array.from(modes.re, (re, k) => rateOf(kind, re, modes.im[k]));
  const slowest = rates.indexOf(Math.min(...rates));
  const unstable = (k: number): boolean => {
    const beyond = kind === 'map' ? Math.hypot(modes.re[k], modes.im[k]) - 1 : modes.re[k];
    return beyond > Math.max(4 * doubts[k], margin);
  };
  return {
    x,
    speed: length(g),
    rates: rates.toSorted(),
    slow: modes.rightRe.slice(slowest * modes.count, (slowest + 1) * modes.count),
    unstableAcross: rates.some((_, k) => k !== slowest && unstable(k)),
  };
}

/** Evenly thinned to at most `most`. */
const thinned = <T>(all: readonly T[], most: number): readonly T[] => {
  const every = Math.max(1, all.length / most);
  return Array.from({ length: Math.min(all.length, most) }, (_, k) => all[Math.floor(k * every)]);
};

export async function curveOf(
  { flow, field, u, found, margin }: { flow: Flow; field: Field; u: Float64Array; found: Search; margin: number },
  startsOf: (count: number) => readonly Float64Array[],
  { duration, durationMs }: Pick<Trial, 'duration' | 'durationMs'>,
  job: Job,
): Promise<Curve | undefined> {
  const looked = async (states: readonly Float64Array[], looking: Job): Promise<CurvePoint[]> => {
    // The states of points were looked at by the search.
    const modesAt = new Map(found.points.map(({ end, stability }) => [end.x, stability.modes]));
    const ends: End[] = [];
    for (const x of states) {
      await looking.progress(0);
      ends.push(endAt(field, x));
    }
    const fresh = ends.filter(({ x }) => !modesAt.has(x));
    for (const [k, modes] of (await modesOfAll(field, fresh, looking)).entries()) modesAt.set(fresh[k].x, modes);
    return ends.map((end) => curvePoint(field, end, stabilityAt(field, end, NO_BOUND, margin, modesAt.get(end.x)), margin));
  };
  // A continuum is judged by itself: isolated points beside it, such as the middle of a ring, are no part of it.
  const continuum = found.points.find(({ spread }) => spread)?.spread;
  const known = continuum ?? found.points.filter(({ kind }) => kind === 'fixed' || kind === 'slow').map(({ end }) => end.x);
  const settled = known.length < FEWEST;
  const states = settled
    ? await settledStates({ flow, field, u, found }, startsOf(SETTLED_STARTS), duration, partOf(job, 0, PARTS.settled, DOING))
    : thinned(known, MOST);
  const all = await looked(states, partOf(job, PARTS.settled, PARTS.looked, DOING));
  const attracting = all.filter((point) => !point.unstableAcross);
  const points = attracting.length >= (1 - REPELLING) * all.length ? attracting : all;
  if (points.length < FEWEST) return undefined;
  const { shape, path } = shapeOf(points);
  const along = path.along.map((k) => points[k].x);
  const { verdict } = verdictOf(shape, { duration, settled });
  const isCurve = /line|ring/.test(verdict);
  const attracts = isCurve
    ? await comesBack({ flow, field, u }, along, shape.total, verdict.endsWith('ring'), duration, partOf(job, PARTS.looked, 1, DOING))
    : undefined;
  await job.progress(1, DOING);
  return { shape, trial: { duration, durationMs, settled, attracts }, path: along };
}

/** States after ten time constants of the second slowest mode; those that leave all bounds are left out. */
async function settledStates(
  { flow, field, u, found }: { flow: Flow; field: Field; u: Float64Array; found: Search },
  starts: readonly Float64Array[],
  duration: number,
  job: Job,
): Promise<readonly Float64Array[]> {
  const seconds = found.points.map(({ stability: { modes } }) => {
    const rates = Float64Array.from(modes.re, (re, k) => rateOf(field.kind, re, modes.im[k])).sort();
    return 1 / (rates[1] ?? Infinity);
  });
  const usual = seconds.sort((a, b) => a - b)[Math.floor(seconds.length / 2)] ?? duration / SETTLING;
  const wanted = Math.min(SETTLING * usual, MOST_TRIALS * duration);
  const whole = field.kind === 'map' ? Math.max(1, Math.ceil(wanted)) : Math.max(wanted, duration / 1000);
  const steps = field.kind === 'map' ? 0 : stepsFor(whole, sizeOf(field, starts[0]));
  const ends: Float64Array[] = [];
  for (const [k, start] of starts.entries())
    ends.push(await runLooking(flow, start, u, { duration: whole, steps }, () => job.progress(k / starts.length)));
  return ends.filter((x) => x.every(Number.isFinite));
}

const sizeOf = (field: Field, x: Float64Array): number => norm2(field.derivative(x).slice(), field.states);

/** Whether kicks of a tenth of the curve's length across it are back within a hundredth after a trial. */
async function comesBack(
  { flow, field, u }: { flow: Flow; field: Field; u: Float64Array },
  path: readonly Float64Array[],
  total: number,
  closed: boolean,
  duration: number,
  job: Job,
): Promise<boolean> {
  const n = field.states;
  const steps = field.kind === 'map' ? 0 : stepsFor(duration, sizeOf(field, path[0]));
  const every = Math.round(field.kind === 'map' ? duration : 1);
  let everyBack = true;
  for (let k = 0; k < KICKS; k++) {
    const at = Math.floor(((k + 0.5) * path.length) / KICKS);
    const [before, after] = [path[Math.max(0, at - 1)], path[Math.min(path.length - 1, at + 1)]];
    const tangent = after.map((value, i) => value - before[i]);
    const random = key(job.seed, KICK_STREAM, k);
    const across = Float64Array.from({ length: n }, (_unused, i) => normal(random, i));
    const square = tangent.reduce((sum, value) => sum + value * value, 0);
    const dot = square === 0 ? 0 : across.reduce((sum, value, i) => sum + value * tangent[i], 0) / square;
    const kick = across.map((value, i) => value - dot * tangent[i]);
    const size = length(kick);
    if (size < 1e-9) continue;
    const kicked = path[at].map((value, i) => value + (KICK * total * kick[i]) / size);
    const time = field.kind === 'map' ? every : duration;
    const end = await runLooking(flow, kicked, u, { duration: time, steps }, () => job.progress(k / KICKS));
    const places = path.map((_unused, i) => i);
    everyBack = everyBack && distanceToPath(end, path, places, closed) <= RETURNED * total;
  }
  return everyBack;
}

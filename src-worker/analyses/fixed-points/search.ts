// Fixed and slow points of a field from many starts: each start's end, points told apart, what each is, and what may be missing.

import type { Job } from '../../contract/job.ts';
import { length } from '../../numerics/lu.ts';
import { partOf } from '../part.ts';
import { descend, type End, workspaceFor } from './descent.ts';
import type { Field } from './field.ts';
import { chao, isOdd, type Missed, mirrored } from './missed.ts';
import { modesOfAll } from './modes.ts';
import { type Bound, type Ending, endingOf, type Kind, lipschitzAt, wholeEnd } from './point.ts';
import { type Stability, stabilityAt } from './stability.ts';

/** Slow points are minima of a flat function, known less well than roots: apart if further than this times max(1, ‖x‖). */
const SLOW_APART = 1e-4;
const STARTS_AT_ONCE = 16;
/** The share of a search that its descents take, roughly. */
const DESCENDED = 0.8;
const LOOKING = 'Looking at points';

export interface Found {
  readonly kind: Kind;
  readonly end: End;
  readonly lipschitz: Bound;
  readonly stability: Stability;
  /** Starts that ended here. */
  readonly starts: number;
  /** Where each of them ended, of a continuum: its points. */
  readonly spread?: readonly Float64Array[];
}

export interface Search {
  /** Fixed first, then undecided, continuum and slow; the more starts, the earlier. */
  readonly points: readonly Found[];
  readonly starts: number;
  /** Starts that ended nowhere. */
  readonly notConverged: number;
  /** Of these, starts at which G is not finite. */
  readonly unbounded: number;
  /** Point of each start, −1 for none. */
  readonly ends: Int32Array;
  /** Steps of each start. */
  readonly steps: Int32Array;
  /** Undefined where a continuum was found, for there are no points to count, and where the starts cannot tell. */
  readonly missed: Missed | undefined;
  readonly odd: boolean;
}

const ORDER = ['fixed', 'undecided', 'continuum', 'slow'] as const satisfies readonly Kind[];

export interface SearchSettings {
  readonly margin: number;
  /** A usual step: slow points are slower than a tenth of it. */
  readonly usualSpeed: number;
  /** States known to be points: found without a start. */
  readonly known?: readonly Float64Array[];
  /** `known` holds every fixed point there is. */
  readonly complete?: boolean;
  /** Ends of the starts made elsewhere, in threads; made here unless given. */
  descents?(starts: readonly Float64Array[], job: Job): Promise<readonly (Ending | undefined)[]>;
}

const distance = (x: Float64Array, y: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] - y[i]) ** 2;
  return Math.sqrt(sum);
};

/** How far the root may lie from an end: its Newton step, and the rounding of G that the inverse blows up. */
const reach = ({ x, error, inverse }: Ending): number => 2 * (error + inverse * Number.EPSILON * length(x));

const apart = (x: Float64Array): number => 100 * Number.EPSILON * Math.sqrt(x.length) * Math.max(1, length(x));

const samePoint = (a: Ending, b: Ending): boolean => distance(a.x, b.x) <= reach(a) + reach(b) + apart(a.x);

async function descendAll(field: Field, starts: readonly Float64Array[], usualSpeed: number, job: Job): Promise<(Ending | undefined)[]> {
  const ends: (Ending | undefined)[] = [];
  const workspace = workspaceFor(field);
  for (const start of starts) {
    if (ends.length % STARTS_AT_ONCE === 0) await job.progress(ends.length / starts.length, 'Searching');
    const end = descend(field, start, workspace);
    ends.push(end && endingOf(field, end, usualSpeed));
  }
  return ends;
}

export async function search(field: Field, own: readonly Float64Array[], settings: SearchSettings, job: Job): Promise<Search> {
  const starts = [...own, ...(settings.known ?? [])];
  const descending = partOf(job, 0, DESCENDED);
  const ends = await (settings.descents?.(starts, descending) ?? descendAll(field, starts, settings.usualSpeed, descending));
  // The best end of a point stands for it.
  const order = [...ends.keys()].filter((k) => ends[k]?.kind !== undefined).sort((a, b) => ends[a]!.error - ends[b]!.error || a - b);
  const groups: { readonly kind: Kind; readonly end: Ending; readonly members: number[] }[] = [];
  for (const k of order) {
    const end = ends[k]!;
    const kind = end.kind!;
    const group = groups.find((other) => other.kind === kind && same(kind, other.end, end));
    if (group) group.members.push(k);
    else groups.push({ kind, end, members: [k] });
  }
  // An end whose root is not proven, at a point that is, belongs to it.
  const settled = groups.filter(({ kind, end, members }) => {
    if (kind !== 'undecided') return true;
    const owner = groups.find((other) => other.kind === 'fixed' && samePoint(other.end, end));
    owner?.members.push(...members);
    return owner === undefined;
  });
  settled.sort(
    (a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || b.members.length - a.members.length || a.members[0] - b.members[0],
  );
  const wholes: Pick<Found, 'end' | 'lipschitz'>[] = [];
  for (const { end: ending } of settled) {
    await job.progress(DESCENDED, LOOKING);
    const end = wholeEnd(field, ending);
    wholes.push({ end, lipschitz: lipschitzAt(field, end) });
  }
  const modes = await modesOfAll(
    field,
    wholes.map(({ end }) => end),
    partOf(job, DESCENDED, 1, LOOKING),
  );
  const points: Found[] = [];
  const pointOf = new Int32Array(starts.length).fill(-1);
  for (const [place, { kind, members }] of settled.entries()) {
    const { end, lipschitz } = wholes[place];
    for (const member of members) pointOf[member] = place;
    points.push({
      kind,
      end,
      lipschitz,
      stability: stabilityAt(field, end, lipschitz, settings.margin, modes[place]),
      starts: members.filter((member) => member < own.length).length,
      ...(kind === 'continuum' ? { spread: members.map((member) => ends[member]!.x) } : {}),
    });
  }
  const odd = isOdd(field, own.slice(0, 3));
  const ownEnds = ends.slice(0, own.length);
  const ownPoints = pointOf.slice(0, own.length);
  return {
    points,
    starts: own.length,
    notConverged: ownPoints.reduce((sum, point) => sum + (point < 0 ? 1 : 0), 0),
    unbounded: ownEnds.filter((end) => end === undefined).length,
    ends: ownPoints,
    steps: Int32Array.from(ownEnds, (end) => end?.steps ?? 0),
    missed: settings.complete ? { points: 0, coverage: 1 } : missedBy(points, odd),
    odd,
  };
}

/** A continuum is one thing however many starts ended on it. */
const same = (kind: Kind, a: Ending, b: Ending): boolean =>
  kind === 'continuum' || (kind === 'slow' ? distance(a.x, b.x) <= SLOW_APART * Math.max(1, length(a.x)) : samePoint(a, b));

function missedBy(points: readonly Found[], odd: boolean): Missed | undefined {
  if (points.some(({ kind }) => kind === 'continuum')) return undefined;
  const isolated = points.filter(({ kind }) => kind !== 'slow');
  const starts = isolated.reduce((sum, point) => sum + point.starts, 0);
  if (!odd) return chao({ reached: isolated.map((point) => point.starts), starts });
  const near = (x: Float64Array, y: Float64Array): boolean => distance(x, y) <= 1e-9 * Math.max(1, length(x));
  const classes = mirrored(
    isolated.map(({ end }) => end.x),
    near,
  );
  const reached = [...new Set(classes)].map((one) => isolated.reduce((sum, { starts: n }, k) => sum + (classes[k] === one ? n : 0), 0));
  const missed = chao({ reached, starts });
  // What is missing would be pairs.
  return missed && { ...missed, points: 2 * missed.points };
}

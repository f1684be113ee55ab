// Branches of fixed points, each followed both ways from where it was found, and the bifurcations on them: places where an eigenvalue crosses
// the border of stability, bracketed by halving the step (Kuznetsov 2004).

import type { BifurcationKind, BranchEnd } from '../../contract/continuation.ts';
import type { Job } from '../../contract/job.ts';
import { eigenvaluesOf } from '../../numerics/eigenvalues.ts';
import { length, norm2 } from '../../numerics/lu.ts';
import type { Field } from '../fixed-points/field.ts';
import { partOf } from '../part.ts';
import { fieldAt, follow, type Line, type Place, placeAt, rootAt, stepped } from './arclength.ts';

/** Bifurcations are bracketed to this share of the slider. */
const BRACKET = 1e-7;
const MOST_HALVINGS = 40;
/** Roots at the same input this near are one. */
const SAME = 1e-6;

/** Of a place on a branch, from eigenvalues alone. */
export interface StepStability {
  readonly verdict: 'stable' | 'saddle' | 'unstable' | 'undecided';
  /** Modes that are surely unstable. */
  readonly unstable: number;
  /** Modes beyond the border, however near. */
  readonly beyond: number;
  /** The least stable mode, and the one nearest to the border; of a pair the one that turns forward. */
  readonly leading: Eigenvalue;
  readonly nearest: Eigenvalue;
}

interface Eigenvalue {
  readonly re: number;
  readonly im: number;
}

export interface Step extends Place {
  readonly stability: StepStability;
}

export interface Crossing {
  readonly kind: BifurcationKind;
  readonly after: number;
  readonly value: number;
  readonly uncertainty: number;
  readonly re: number;
  readonly im: number;
  readonly x: Float64Array;
}

export interface Branch {
  readonly steps: readonly Step[];
  readonly crossings: readonly Crossing[];
  readonly ends: readonly [BranchEnd, BranchEnd];
  readonly closed: boolean;
}

export interface Seed {
  readonly x: Float64Array;
  readonly value: number;
}

export async function branchesFrom(line: Line, seeds: readonly Seed[], margin: number, job: Job): Promise<Branch[]> {
  const branches: Branch[] = [];
  for (const [k, seed] of seeds.entries()) {
    await job.progress(k / seeds.length, 'Following branches');
    if (branches.some((branch) => passes(line, branch, seed))) continue;
    const branch = await branchFrom(line, seed, margin, partOf(job, k / seeds.length, (k + 1) / seeds.length));
    if (branch) branches.push(branch);
  }
  return branches;
}

async function branchFrom(line: Line, seed: Seed, margin: number, job: Job): Promise<Branch | undefined> {
  const up = placeAt(line, seed.x, seed.value, 1);
  if (!up) return undefined;
  const down = { ...up, tangent: up.tangent.map((one) => -one) };
  const forward = follow(line, up);
  const closed = forward.end === 'closed';
  const backward = closed ? { places: [], end: 'closed' as const } : follow(line, down);
  const turned = backward.places.map((place) => ({ ...place, tangent: place.tangent.map((one) => -one) })).reverse();
  const places = [...turned, up, ...forward.places];
  const steps: Step[] = [];
  for (const place of places) {
    if (steps.length % 20 === 0) await job.progress(steps.length / places.length, 'Stability along branches');
    steps.push({ ...place, stability: stabilityOf(line, place, margin) });
  }
  const crossings = steps.flatMap((step, k) => (k === 0 ? [] : crossingsBetween(line, steps[k - 1], step, k - 1, margin, 0)));
  return { steps, crossings, ends: [backward.end, forward.end], closed };
}

/** `margin`: for a derivative it is relative to ‖J‖. */
function stabilityOf(line: Line, { x, value }: Pick<Place, 'x' | 'value'>, margin: number): StepStability {
  const { kind, states: n } = fieldAt(line, value);
  const jacobian = fieldAt(line, value).derivative(x).slice();
  if (kind === 'map') for (let i = 0; i < n; i++) jacobian[i * (n + 1)] += 1;
  const { re, im } = eigenvaluesOf(jacobian, n);
  const far = Array.from(re, (_, k) => beyond(kind, re[k], im[k]));
  const wide = kind === 'map' ? margin : margin * norm2(jacobian, n);
  const best = (score: (k: number) => number): Eigenvalue => {
    const k = far.reduce((best, _, k) => (score(k) > score(best) ? k : best), 0);
    return { re: re[k], im: Math.abs(im[k]) };
  };
  const [unstable, stable] = [far.filter((value) => value > wide).length, far.filter((value) => value < -wide).length];
  return {
    verdict: stable === n ? 'stable' : unstable === n ? 'unstable' : unstable > 0 && stable > 0 ? 'saddle' : 'undecided',
    unstable,
    beyond: far.filter((value) => value > 0).length,
    leading: best((k) => far[k]),
    nearest: best((k) => -Math.abs(far[k])),
  };
}

const beyond = (kind: Field['kind'], re: number, im: number): number => (kind === 'map' ? Math.hypot(re, im) - 1 : re);

const direction = ({ tangent }: Place): number => tangent[tangent.length - 1];

/** Halves the way between two places until what changes is bracketed. */
function crossingsBetween(line: Line, a: Step, b: Step, after: number, margin: number, depth: number): Crossing[] {
  if (a.stability.beyond === b.stability.beyond) return [];
  const chord = Math.hypot(length(b.x.map((one, i) => one - a.x[i])) / line.size, (b.value - a.value) / (line.to - line.from));
  if (chord <= BRACKET || depth >= MOST_HALVINGS) return [crossingAt(line, a, b, after)];
  const next = stepped(line, a, chord / 2, false);
  const middle = next && { ...next, stability: stabilityOf(line, next, margin) };
  // Where no step between comes right, the bracket stays as wide as it is and says so.
  if (!middle) return [crossingAt(line, a, b, after)];
  return [...crossingsBetween(line, a, middle, after, margin, depth + 1), ...crossingsBetween(line, middle, b, after, margin, depth + 1)];
}

function crossingAt(line: Line, a: Step, b: Step, after: number): Crossing {
  const { kind } = line.flow;
  // Of the two ends, the mode that is nearest to the border.
  const nearest = [a, b]
    .map(({ stability }) => stability.nearest)
    .reduce((one, other) => (Math.abs(beyond(kind, other.re, other.im)) < Math.abs(beyond(kind, one.re, one.im)) ? other : one));
  const turns = direction(a) * direction(b) < 0;
  const what: BifurcationKind =
    nearest.im !== 0 ? 'oscillation' : kind === 'map' && nearest.re < 0 ? 'flip' : turns ? 'fold' : 'branch point';
  return {
    kind: what,
    after,
    value: (a.value + b.value) / 2,
    uncertainty: Math.max(Math.abs(b.value - a.value) / 2, Number.EPSILON * Math.abs(a.value)),
    ...nearest,
    x: a.x.map((one, i) => (one + b.x[i]) / 2),
  };
}

/** Whether a branch passes through a point that was found by itself. */
function passes(line: Line, { steps }: Branch, { x, value }: Seed): boolean {
  for (let k = 0; k < steps.length; k++) {
    const [a, b] = [steps[Math.max(0, k - 1)], steps[k]];
    if ((a.value - value) * (b.value - value) > 0) continue;
    const share = a.value === b.value ? 0 : (value - a.value) / (b.value - a.value);
    const near = a.x.map((one, i) => one + share * (b.x[i] - one));
    const between = length(near.map((one, i) => one - x[i]));
    if (between > length(b.x.map((one, i) => one - a.x[i])) + SAME * line.size) continue;
    const root = rootAt(line, value, near);
    if (root && length(root.map((one, i) => one - x[i])) <= SAME * Math.max(1, length(x))) return true;
  }
  return false;
}

// Cycles of a map that is linear in pieces, by a heuristic: solve for the cycle of a guessed sequence of pieces; where its orbit visits others,
// guess those and solve again. A k-cycle has 2^(nk) possible sequences, so nothing is said of cycles that were not found.

import { key, uniform } from '../../engine/random.ts';
import type { Job } from '../../contract/job.ts';
import { modesOf } from '../../numerics/eigen.ts';
import { factoriseLu, solveLu } from '../../numerics/lu.ts';
import { apply, product } from '../../numerics/matrices.ts';
import type { Pieces } from './pieces.ts';

const STREAM = 35;
/** Guesses for each length, and corrections of each guess. */
const GUESSES = 300;
const CORRECTIONS = 60;
/** Steps of a simulated orbit before its last pieces are taken as a guess. */
const SETTLING = 500;
const REPORT_EVERY = 20;
/** States that orbits start from lie in this many times the spread of c, and at least this. */
const REACH = 10;

export interface Cycle {
  /** Its states one after another, the first being that of the least sequence of pieces. */
  readonly states: readonly Float64Array[];
  /** Eigenvalues of the product of its steps, the largest first. */
  readonly multipliers: readonly { readonly re: number; readonly im: number }[];
  readonly verdict: 'stable' | 'saddle' | 'unstable' | 'undecided';
  /** Guesses that led here. */
  readonly found: number;
}

type Sequence = readonly Uint8Array[];

export async function findCycles(pieces: Pieces, longest: number, margin: number, seed: number, job: Job): Promise<Cycle[]> {
  if (!pieces.map) return [];
  const cycles = new Map<string, { cycle: Omit<Cycle, 'found'>; found: number }>();
  for (let order = 2; order <= longest; order++)
    for (let guess = 0; guess < GUESSES; guess++) {
      if (guess % REPORT_EVERY === 0) await job.progress((order - 2 + guess / GUESSES) / (longest - 1), `Looking for cycles of ${order}`);
      const states = corrected(pieces, guessed(pieces, order, key(seed, STREAM, order, guess), guess % 2 === 0));
      if (!states) continue;
      const sequence = states.map((x) => onAt(pieces, x));
      const { name, first } = named(sequence);
      if (hasShorterPeriod(sequence)) continue;
      const known = cycles.get(name);
      if (known) known.found++;
      else cycles.set(name, { cycle: measured(pieces, [...states.slice(first), ...states.slice(0, first)], margin), found: 1 });
    }
  return [...cycles.entries()]
    .sort(([a, x], [b, y]) => x.cycle.states.length - y.cycle.states.length || y.found - x.found || (a < b ? -1 : 1))
    .map(([, { cycle, found }]) => ({ ...cycle, found }));
}

const onAt = (pieces: Pieces, x: Float64Array): Uint8Array => Uint8Array.from(pieces.decider(x), (value) => (value > 0 ? 1 : 0));

const step = (pieces: Pieces, x: Float64Array): Float64Array => {
  const { P, q } = pieces.map!(onAt(pieces, x));
  return apply(P, x).map((value, i) => value + q[i]);
};

/** Pieces at random, or those that an orbit ends in. */
function guessed(pieces: Pieces, order: number, random: number, atRandom: boolean): Sequence {
  const { n } = pieces;
  if (atRandom)
    return Array.from({ length: order }, (_, k) =>
      Uint8Array.from({ length: n }, (_unused, i) => (uniform(random, k * n + i) < 0.5 ? 0 : 1)),
    );
  let x: Float64Array = Float64Array.from({ length: n }, (_, i) => REACH * (2 * uniform(random, i) - 1));
  for (let k = 0; k < SETTLING && x.every(Number.isFinite); k++) x = step(pieces, x);
  const orbit: Uint8Array[] = [];
  for (let k = 0; k < order; k++) {
    orbit.push(onAt(pieces, x));
    x = step(pieces, x);
  }
  return orbit;
}

/** States of the cycle whose pieces are those that it was solved for; undefined where the corrections come to none. */
function corrected(pieces: Pieces, guess: Sequence): readonly Float64Array[] | undefined {
  const tried = new Set<string>();
  let sequence = guess;
  for (let k = 0; k < CORRECTIONS; k++) {
    const name = sequence.map((on) => on.join('')).join(' ');
    if (tried.has(name)) return undefined;
    tried.add(name);
    const states = solved(pieces, sequence);
    if (!states) return undefined;
    const visited = states.map((x) => onAt(pieces, x));
    if (visited.every((on, t) => on.every((value, i) => value === sequence[t][i]))) return states;
    sequence = visited;
  }
  return undefined;
}

/** x₁ = P_k … P₁ x₁ + …, and the states that follow it; undefined without a unique solution. */
function solved(pieces: Pieces, sequence: Sequence): readonly Float64Array[] | undefined {
  const { n } = pieces;
  const maps = sequence.map((on) => pieces.map!(on));
  let P: Float64Array = identity(n);
  let q: Float64Array = new Float64Array(n);
  for (const one of maps) {
    P = product(one.P, P, n);
    q = apply(one.P, q).map((value, i) => value + one.q[i]);
  }
  const lu = P.map((value, at) => (at % (n + 1) === 0 ? 1 : 0) - value);
  const pivots = new Int32Array(n);
  if (!factoriseLu(lu, n, pivots)) return undefined;
  solveLu(lu, n, pivots, q);
  if (!q.every(Number.isFinite)) return undefined;
  const states: Float64Array[] = [q];
  for (const { P: A, q: b } of maps.slice(0, -1)) states.push(apply(A, states.at(-1)!).map((value, i) => value + b[i]));
  return states;
}

/** The least of its turns as text, and where that begins: the name of a cycle wherever it is entered. */
function named(sequence: Sequence): { readonly name: string; readonly first: number } {
  const texts = sequence.map((on) => on.join(''));
  let [name, first] = [texts.join(' '), 0];
  for (let k = 1; k < texts.length; k++) {
    const turned = [...texts.slice(k), ...texts.slice(0, k)].join(' ');
    if (turned < name) [name, first] = [turned, k];
  }
  return { name, first };
}

/** The same pieces over again have the same unique solution: a shorter cycle, or a fixed point. */
function hasShorterPeriod(sequence: Sequence): boolean {
  const texts = sequence.map((on) => on.join(''));
  for (let period = 1; period < texts.length; period++)
    if (texts.length % period === 0 && texts.every((text, k) => text === texts[k % period])) return true;
  return false;
}

function measured(pieces: Pieces, states: readonly Float64Array[], margin: number): Omit<Cycle, 'found'> {
  const { n } = pieces;
  let P: Float64Array = identity(n);
  for (const x of states) P = product(pieces.map!(onAt(pieces, x)).P, P, n);
  const { re, im } = modesOf(P, n, (a, b) => Math.hypot(a, b));
  const multipliers = Array.from(re, (value, k) => ({ re: value, im: im[k] }));
  const beyond = multipliers.map((one) => Math.hypot(one.re, one.im) - 1);
  const unstable = beyond.filter((value) => value > margin).length;
  const stable = beyond.filter((value) => value < -margin).length;
  const verdict = stable === n ? 'stable' : unstable === n ? 'unstable' : unstable > 0 && stable > 0 ? 'saddle' : 'undecided';
  return { states, multipliers, verdict };
}

function identity(n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * (n + 1)] = 1;
  return out;
}

// What an end of the search is: a fixed point with one root near by (Newton–Kantorovich), a place on a continuum, slow, or undecided.

import { factoriseLu, inverseNorm, length, norm2, solveLu } from '../../numerics/lu.ts';
import { key, normal } from '../../engine/random.ts';
import { type Descent, gradientOf } from './descent.ts';
import type { Field } from './field.ts';

export type Kind = 'fixed' | 'slow' | 'continuum' | 'undecided';

/** Rounding leaves ‖G‖ at most this times ε√n max(1, ‖x‖). */
const FLOOR = 50;
/** A with a singular value this small has no isolated root. */
const SINGULAR = 1e-8;
/** ‖AᵀG‖ over ‖A‖‖G‖ of a stationary point of ‖G‖. */
const STATIONARY = 1e-8;
/** A slow point is slower than this times the usual step. */
const SLOW = 0.1;
const PROBES = 3;
const PROBE_STREAM = 20;

/** An end of the search, measured. */
export interface End extends Descent {
  readonly speed: number;
  readonly atFloor: boolean;
  /** η = ‖A⁻¹G‖, the predicted distance to the root; Infinity where A is singular. */
  readonly error: number;
  /** β = ‖A⁻¹‖. */
  readonly inverse: number;
}

export function measured(end: Descent): End {
  const n = end.x.length;
  const speed = length(end.g);
  const lu = end.a.slice();
  const pivots = new Int32Array(n);
  const atFloor = speed <= FLOOR * Number.EPSILON * Math.sqrt(n) * Math.max(1, length(end.x));
  if (!factoriseLu(lu, n, pivots)) return { ...end, speed, atFloor, error: Infinity, inverse: Infinity };
  const step = end.g.slice();
  solveLu(lu, n, pivots, step);
  return { ...end, speed, atFloor, error: length(step), inverse: inverseNorm(lu, n, pivots) };
}

export interface Bound {
  readonly value: number;
  readonly estimated: boolean;
}

/** K: how fast J changes at most; by probing near x, times ten, where the flow knows no bound. */
export function lipschitzAt(field: Field, { x, a, error }: End): Bound {
  if (field.lipschitz !== undefined) return { value: field.lipschitz, estimated: false };
  const size = Number.isFinite(error) ? Math.max(10 * error, 1e-6) : 1e-6;
  let most = 0;
  for (let probe = 0; probe < PROBES; probe++) {
    const direction = x.map((_, i) => normal(key(PROBE_STREAM, probe), i));
    const scale = size / length(direction);
    const near = field.derivative(x.map((value, i) => value + scale * direction[i]));
    most = Math.max(
      most,
      norm2(
        near.map((value, i) => value - a[i]),
        x.length,
      ) / size,
    );
  }
  return { value: 10 * most, estimated: true };
}

/** `usualSpeed`: median ‖G‖ of visited states, or of a step of the trajectories. Undefined for an end that converged to nothing. */
export function kindOf(end: End, lipschitz: Bound, usualSpeed: number): Kind | undefined {
  if (end.atFloor) {
    if (1 / end.inverse <= SINGULAR) return 'continuum';
    return end.inverse * lipschitz.value * end.error <= 0.5 ? 'fixed' : 'undecided';
  }
  return isStationary(end) && end.speed <= SLOW * usualSpeed ? 'slow' : undefined;
}

const isStationary = ({ a, g, speed, x }: End): boolean => length(gradientOf(a, g)) <= STATIONARY * norm2(a, x.length) * speed;

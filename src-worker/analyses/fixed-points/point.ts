// What an end of the search is: a fixed point with one root near by (Newton–Kantorovich), a place on a continuum, slow, or undecided.

import { length, norm2 } from '../../numerics/lu.ts';
import { key, normal } from '../../engine/random.ts';
import { type End, gradientOf } from './descent.ts';
import type { Field } from './field.ts';

export type Kind = 'fixed' | 'slow' | 'continuum' | 'undecided';

/** A with a singular value this small has no isolated root. */
const SINGULAR = 1e-8;
/** ‖AᵀG‖ over ‖A‖‖G‖ of a stationary point of ‖G‖. */
const STATIONARY = 1e-8;
/** A slow point is slower than this times the usual step. */
const SLOW = 0.1;
const PROBES = 3;
const PROBE_STREAM = 20;

export interface Bound {
  readonly value: number;
  readonly estimated: boolean;
}

/** What is known of every start's end; G and A are made again for those that stand for a point. */
export type Ending = Omit<End, 'g' | 'a'> & { readonly kind: Kind | undefined };

export function endingOf(field: Field, end: End, usualSpeed: number): Ending {
  const { g, a, ...rest } = end;
  return { ...rest, kind: kindOf(field, end, usualSpeed) };
}

export const wholeEnd = ({ residual, derivative }: Field, ending: Ending): End => ({
  ...ending,
  g: residual(ending.x),
  a: derivative(ending.x).slice(),
});

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
export function kindOf(field: Field, end: End, usualSpeed: number): Kind | undefined {
  if (end.atFloor) {
    if (1 / end.inverse <= SINGULAR) return 'continuum';
    return end.inverse * lipschitzAt(field, end).value * end.error <= 0.5 ? 'fixed' : 'undecided';
  }
  return isStationary(end) && end.speed <= SLOW * usualSpeed ? 'slow' : undefined;
}

const isStationary = ({ a, g, speed, x }: End): boolean => length(gradientOf(a, g)) <= STATIONARY * norm2(a, x.length) * speed;

// Stability of a point with its margin: each mode is stable, unstable or undecided beside its own numerical uncertainty.

import type { Modes } from '../../numerics/eigen.ts';
import { norm2 } from '../../numerics/lu.ts';
import type { Field } from './field.ts';
import type { End } from './descent.ts';
import { beyond, jacobianOf, modesBeyond } from './modes.ts';
import type { Bound } from './point.ts';

export interface Stability {
  readonly modes: Modes;
  /** Numerical uncertainty of each eigenvalue. */
  readonly doubts: Float64Array;
  /** Place of the mode nearest to the border of stability. */
  readonly slowest: number;
  readonly verdict: 'stable' | 'saddle' | 'unstable' | 'undecided';
  /** Smallest distance of a mode from the border: | |λ| − 1 | of a map, |Re λ| per ms of a derivative. */
  readonly margin: number;
  /** Numerical uncertainty of the mode nearest to the border. */
  readonly uncertainty: number;
  /** At least and at most so many unstable modes. */
  readonly unstable: readonly [number, number];
  /** Of the slowest mode; the time to double where it grows. Undefined where it neither grows nor decays. */
  readonly timeConstantMs: number | undefined;
  readonly frequencyHz: number;
}

/** Time constant, or doubling time, and frequency of each mode. */
export function timesOf(kind: Field['kind'], stepMs: number, re: number, im: number): { readonly ms: number; readonly hz: number } {
  if (kind === 'ode') {
    const ms = re > 0 ? Math.LN2 / re : 1 / Math.abs(re);
    return { ms, hz: (1000 * Math.abs(im)) / (2 * Math.PI) };
  }
  const rate = Math.log(Math.hypot(re, im));
  const ms = rate > 0 ? (stepMs * Math.LN2) / rate : stepMs / Math.abs(rate);
  return { ms, hz: (1000 * Math.abs(Math.atan2(im, re))) / (2 * Math.PI * stepMs) };
}

/** `margin`: for a derivative it is relative to ‖J‖. `known`: the modes of J, where they were made elsewhere. */
export function stabilityAt(field: Field, end: End, lipschitz: Bound, margin: number, known?: Modes): Stability {
  const { states: n, kind, stepMs } = field;
  const jacobian = jacobianOf(field, end);
  const size = norm2(jacobian, n);
  const modes = known ?? modesBeyond(kind, jacobian, n);
  const wanted = kind === 'map' ? margin : margin * size;
  // Where A is singular there is no root to be away from: only rounding counts.
  const error = Number.isFinite(end.error) && end.atFloor ? 2 * lipschitz.value * end.error : 0;
  const own = error + 10 * n * Number.EPSILON * size;
  const doubts = modes.condition.map((condition) => condition * own);
  let [stable, unstable, nearest, slowest] = [0, 0, Infinity, 0];
  for (let k = 0; k < n; k++) {
    const distance = beyond(kind, modes.re[k], modes.im[k]);
    if (Math.abs(distance) < nearest) [nearest, slowest] = [Math.abs(distance), k];
    if (Math.abs(distance) <= Math.max(4 * doubts[k], wanted)) continue;
    if (distance > 0) unstable++;
    else stable++;
  }
  const most = n - stable;
  const { ms, hz } = timesOf(kind, stepMs, modes.re[slowest], modes.im[slowest]);
  return {
    modes,
    doubts,
    slowest,
    verdict: stable === n ? 'stable' : unstable === n ? 'unstable' : unstable > 0 && stable > 0 ? 'saddle' : 'undecided',
    margin: nearest,
    uncertainty: doubts[slowest],
    unstable: [unstable, most],
    timeConstantMs: Number.isFinite(ms) ? ms : undefined,
    frequencyHz: hz,
  };
}

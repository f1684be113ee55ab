// Modes of the Jacobians at many points, as draws that threads share out: nearly all of what stability costs.

import type { Job } from '../../contract/job.ts';
import { type Modes, modesOf } from '../../numerics/eigen.ts';
import { drawsOf } from '../draws/draws.ts';
import type { ShortDraws } from '../draws/kinds.ts';
import type { End } from './descent.ts';
import type { Field } from './field.ts';

export interface ManyJacobians {
  readonly kind: Field['kind'];
  readonly n: number;
  readonly jacobians: readonly Float64Array[];
}

/** Multiplications of modes over states³. */
const WORK = 25;

/** J at a point: ∂F/∂x of a map, ∂f/∂x of a differential equation. */
export function jacobianOf({ kind, states: n }: Pick<Field, 'kind' | 'states'>, { a }: Pick<End, 'a'>): Float64Array {
  const jacobian = a.slice();
  if (kind === 'map') for (let i = 0; i < n; i++) jacobian[i * (n + 1)] += 1;
  return jacobian;
}

/** How far a mode lies beyond the border of stability: |λ| − 1 of a map, Re λ of a differential equation. */
export const beyond = (kind: Field['kind'], re: number, im: number): number => (kind === 'map' ? Math.hypot(re, im) - 1 : re);

/** Of one Jacobian, the least stable first. */
export const modesBeyond = (kind: Field['kind'], jacobian: Float64Array, n: number): Modes =>
  modesOf(jacobian, n, (re, im) => beyond(kind, re, im));

/** Of each end. `job.progress` goes from 0 to 1. */
export async function modesOfAll(field: Field, ends: readonly Pick<End, 'a'>[], job: Job): Promise<readonly Modes[]> {
  const { kind, states: n } = field;
  const data: ManyJacobians = { kind, n, jacobians: ends.map((end) => jacobianOf(field, end)) };
  const found = await drawsOf('modes', data, { count: ends.length, work: WORK * n ** 3 }, job);
  return found.map((numbers) => modesIn(numbers, n));
}

const PARTS = ['re', 'im', 'condition', 'rightRe', 'rightIm', 'leftRe', 'leftIm'] as const satisfies readonly (keyof Modes)[];

export function modesOfJacobians({ kind, n, jacobians }: ManyJacobians): ShortDraws {
  return (place) => {
    const modes = modesBeyond(kind, jacobians[place], n);
    const numbers = new Float64Array(3 * n + 4 * n * n);
    let at = 0;
    for (const part of PARTS) {
      numbers.set(modes[part], at);
      at += modes[part].length;
    }
    return numbers;
  };
}

function modesIn(numbers: Float64Array, n: number): Modes {
  const [re, im, condition] = [0, 1, 2].map((k) => numbers.subarray(k * n, (k + 1) * n));
  const [rightRe, rightIm, leftRe, leftIm] = [0, 1, 2, 3].map((k) => numbers.subarray(3 * n + k * n * n, 3 * n + (k + 1) * n * n));
  return { count: n, re, im, condition, rightRe, rightIm, leftRe, leftIm };
}

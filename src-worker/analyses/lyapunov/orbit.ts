// Where dynamics go from a state when nothing but a held input acts: settled on a fixed point, still moving, or beyond all bounds.

import type { Job } from '../../contract/job.ts';
import type { States } from '../../contract/result.ts';
import type { Flow } from '../../models/model.ts';
import { modesOf } from '../../numerics/eigen.ts';
import { length } from '../../numerics/lu.ts';
import { principalComponents, project } from '../../numerics/pca.ts';
import { finiteBins } from '../states.ts';
import type { Course } from './course.ts';

const FIRST_STEPS = 1000;
/** Slowest time constants to wait for, and the longest wait. */
const TIME_CONSTANTS = 25;
const MOST_STEPS = 20_000;
/** A step this short, relative to the state, is one on the spot. */
const STILL = 1e-9;
const BEYOND = 1e9;
/** States to look at for the fastest mode, which sets the step of an equation. */
const PROBED = 8;

export interface Orbit {
  readonly end: Float64Array;
  readonly fate: 'settled' | 'moving' | 'unbounded';
  readonly steps: number;
}

/** Runs on until transients are over: 1000 steps, or 25 of the slowest time constants at the state that is then reached. */
export async function settle(flow: Flow, course: Course, u: Float64Array, from: Float64Array, job: Job): Promise<Orbit> {
  let x = from;
  let steps = 0;
  let last = Infinity;
  const run = async (until: number): Promise<boolean> => {
    for (; steps < until; steps++) {
      if (steps % 256 === 0) {
        await job.progress(0);
        job.signal.throwIfAborted();
      }
      const next = course.advance(x, steps);
      const size = length(next);
      if (!(size < BEYOND)) return false;
      last = length(next.map((value, i) => value - x[i])) / Math.max(1, size);
      x = next;
      if (last === 0) break;
    }
    return true;
  };
  if (!(await run(FIRST_STEPS))) return { end: x, fate: 'unbounded', steps };
  const slowest = Math.max(...exponentsAt(flow, x, u).map((rate) => 1 / Math.max(Math.abs(rate) * (course.stepMs / 1000), 1 / MOST_STEPS)));
  if (!(await run(Math.min(MOST_STEPS, Math.max(FIRST_STEPS, TIME_CONSTANTS * slowest))))) return { end: x, fate: 'unbounded', steps };
  return { end: x, fate: last <= STILL ? 'settled' : 'moving', steps };
}

/** Rates at which modes at a state grow, 1/s, largest first: log|λ| of a map's step, Re λ of an equation. */
export function exponentsAt(flow: Flow, x: Float64Array, u: Float64Array): Float64Array {
  const perSecond = flow.kind === 'map' ? 1000 / flow.stepMs : 1000;
  const rate = (re: number, im: number) => (flow.kind === 'map' ? Math.log(Math.hypot(re, im)) : re);
  const { re, im } = modesOf(flow.jacobian(x, u).slice(), flow.states, rate);
  return re.map((value, k) => rate(value, im[k]) * perSecond);
}

/** A tenth of the shortest time of any mode at the states given, ms. */
export function stepFor(flow: Flow, states: readonly Float64Array[], u: Float64Array): number {
  const every = Math.max(1, Math.floor(states.length / PROBED));
  let fastest = 0;
  for (let k = 0; k < states.length; k += every) {
    const { re, im } = modesOf(flow.jacobian(states[k], u).slice(), flow.states, Math.hypot);
    fastest = Math.max(fastest, Math.hypot(re[0], im[0]));
  }
  return fastest > 0 ? 0.1 / fastest : 1;
}

/** Whether a state lies beyond three standard deviations of what was visited, along any of its first components. */
export function boxOf({ values, dimensions, rows, bins }: States): ((x: Float64Array) => boolean) | undefined {
  const finite = finiteBins(values, dimensions);
  const known = values.filter((_, i) => finite[Math.floor(i / dimensions)] === 1);
  if (rows * bins < 2 || known.length < 2 * dimensions) return undefined;
  const every = Math.max(1, Math.floor(known.length / dimensions / 5000));
  const sampled = known.filter((_, i) => Math.floor(i / dimensions) % every === 0);
  const basis = principalComponents(sampled, dimensions, Math.min(10, dimensions));
  const kept = basis.variances.filter((variance) => variance > 1e-6 * basis.variances[0]).length;
  return (x) =>
    project(x, basis)
      .subarray(0, kept)
      .some((score, k) => score ** 2 > 9 * basis.variances[k]);
}

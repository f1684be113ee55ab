// Trajectories of dynamics that came without any: the flow let go from a few starts at a held input.

import type { Dynamics } from '../../analyses/analysis.ts';
import { rowsOf, startsFor } from '../../analyses/fixed-points/starts.ts';
import type { States } from '../../contract/result.ts';
import type { Flow } from '../../models/model.ts';
import { norm2 } from '../../numerics/lu.ts';

const TRAJECTORIES = 24;
const STEPS = 60;
/** A step of an equation over the inverse of ‖J‖ at the origin. */
const SHORT = 0.2;
const BOUND = 1e6;

/** One step of a map, or of the classical Runge–Kutta method over `ms`. */
export function advance(flow: Flow, x: Float64Array, u: Float64Array, ms: number): Float64Array {
  if (flow.kind === 'map') return flow.map(x, u);
  const along = (k: Float64Array, share: number): Float64Array => x.map((value, i) => value + share * k[i]);
  const k1 = flow.derivative(x, u);
  const k2 = flow.derivative(along(k1, ms / 2), u);
  const k3 = flow.derivative(along(k2, ms / 2), u);
  const k4 = flow.derivative(along(k3, ms), u);
  return x.map((value, i) => value + (ms / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]));
}

/** ms of one step for pictures. */
export const stepOf = (flow: Flow, u: Float64Array): number =>
  flow.kind === 'map' ? flow.stepMs : SHORT / Math.max(1e-9, norm2(flow.jacobian(new Float64Array(flow.states), u), flow.states));

const kept = new WeakMap<Dynamics, States>();

/** NaN once a trajectory leaves all bounds. */
export function simulated(dynamics: Dynamics, u: Float64Array): States {
  const found = kept.get(dynamics);
  if (found) return found;
  const { flow } = dynamics;
  const brought = dynamics.starts ? rowsOf(dynamics.starts).slice(0, TRAJECTORIES) : [];
  const starts = startsFor(flow.states, { brought, visited: [] }, { count: TRAJECTORIES, noiseSds: 1, seed: 0 });
  const ms = stepOf(flow, u);
  const n = flow.states;
  const values = new Float64Array(starts.length * STEPS * n).fill(Number.NaN);
  for (const [row, start] of starts.entries()) {
    let x = start;
    for (let step = 0; step < STEPS; step++) {
      if (!x.every((value) => Math.abs(value) < BOUND)) break;
      values.set(x, (row * STEPS + step) * n);
      x = advance(flow, x, u, ms);
    }
  }
  const states: States = {
    values,
    rows: starts.length,
    bins: STEPS,
    dimensions: n,
    binMs: ms,
    timeMs: Float64Array.from({ length: STEPS }, (_, k) => k * ms),
    unit: '',
    of: 'trials',
    rowIds: Int32Array.from(starts.keys()),
    conditions: new Int32Array(starts.length).fill(-1),
    conditionNames: [],
    recipe: `${starts.length} trajectories let go from ${brought.length > 0 ? 'the starts of the network' : 'states in (−1, 1)'}`,
  };
  kept.set(dynamics, states);
  return states;
}

// One step of dynamics together with vectors of its tangent space: of a map by its Jacobian, of a differential equation by Runge–Kutta of
// fourth order on state and vectors at once.

import type { Flow } from '../../models/model.ts';
import type { Tangent } from './tangent.ts';

export interface Course {
  readonly states: number;
  readonly stepMs: number;
  /** The state after step number `step`; where a tangent is given, it is moved too. */
  advance(x: Float64Array, step: number, tangent?: Tangent): Float64Array;
}

/** Input of each step. */
export type InputAt = (step: number) => Float64Array;

/** `stepMs` is that of an equation; a map has its own. */
export function courseOf(flow: Flow, inputAt: InputAt, stepMs: number): Course {
  return flow.kind === 'map' ? mapCourse(flow, inputAt) : equationCourse(flow, inputAt, stepMs);
}

export function mapCourse(flow: Extract<Flow, { kind: 'map' }>, inputAt: InputAt): Course {
  const { states: n, stepMs } = flow;
  const jacobian = new Float64Array(n * n);
  return {
    states: n,
    stepMs,
    advance(x, step, tangent) {
      const u = inputAt(step);
      tangent?.move(flow.jacobian(x, u, jacobian));
      return flow.map(x, u);
    },
  };
}

/** Runge–Kutta, the input held for a step. */
export function equationCourse(flow: Extract<Flow, { kind: 'ode' }>, inputAt: InputAt, stepMs: number): Course {
  const { states: n } = flow;
  const h = stepMs;
  const jacobian = new Float64Array(n * n);
  return {
    states: n,
    stepMs,
    advance(x, step, tangent) {
      const u = inputAt(step);
      const shifted = (by: Float64Array, share: number) => x.map((value, i) => value + share * by[i]);
      const k1 = flow.derivative(x, u);
      const x2 = shifted(k1, h / 2);
      const k2 = flow.derivative(x2, u);
      const x3 = shifted(k2, h / 2);
      const k3 = flow.derivative(x3, u);
      const x4 = shifted(k3, h);
      const k4 = flow.derivative(x4, u);
      if (tangent) {
        tangent.stage(flow.jacobian(x, u, jacobian), h / 6, h / 2);
        tangent.stage(flow.jacobian(x2, u, jacobian), h / 3, h / 2);
        tangent.stage(flow.jacobian(x3, u, jacobian), h / 3, h);
        tangent.stage(flow.jacobian(x4, u, jacobian), h / 6);
      }
      return x.map((value, i) => value + (h / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]));
    },
  };
}

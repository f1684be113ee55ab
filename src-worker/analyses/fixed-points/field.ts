// What is to vanish at a fixed point: G(x) = F(x, u) − x of a map, f(x, u) of an ordinary differential equation, and A = ∂G/∂x.

import type { Flow } from '../../models/model.ts';

export interface Field {
  readonly kind: Flow['kind'];
  readonly states: number;
  /** Milliseconds of one step of a map; 1 for a derivative, which is per ms. */
  readonly stepMs: number;
  /** G at x. */
  residual(x: Float64Array): Float64Array;
  /** A at x, row-major; `into` may be made use of. */
  derivative(x: Float64Array, into?: Float64Array): Float64Array;
  /** Upper bound of ‖J(x) − J(y)‖ / ‖x − y‖ where one is known. */
  readonly lipschitz: number | undefined;
}

export function fieldOf(flow: Flow, u: Float64Array): Field {
  const { kind, states } = flow;
  const lipschitz = flow.jacobianLipschitz;
  if (flow.kind === 'ode')
    return {
      kind,
      states,
      stepMs: 1,
      lipschitz,
      residual: (x) => flow.derivative(x, u),
      derivative: (x, into) => flow.jacobian(x, u, into),
    };
  return {
    kind,
    states,
    stepMs: flow.stepMs,
    lipschitz,
    residual(x) {
      const g = flow.map(x, u);
      for (let i = 0; i < states; i++) g[i] -= x[i];
      return g;
    },
    derivative(x, into) {
      const a = flow.jacobian(x, u, into);
      for (let i = 0; i < states; i++) a[i * (states + 1)] -= 1;
      return a;
    },
  };
}

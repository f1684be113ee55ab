// One step of dynamics together with vectors of its tangent space: of a map by its Jacobian, of a differential equation by Runge–Kutta of
// fourth order on state and vectors at once.

import type { Flow } from '../../models/model.ts';

export interface Course {
  readonly states: number;
  readonly stepMs: number;
  /** The state after step number `step`, and where vectors (rows of length `states`, one after another) are given, they too, in place. */
  advance(x: Float64Array, step: number, vectors?: Float64Array): Float64Array;
}

type Map = Extract<Flow, { kind: 'map' }>;
type Equation = Extract<Flow, { kind: 'ode' }>;

/** `inputAt` gives the input of each step. */
export function mapCourse(flow: Map, inputAt: (step: number) => Float64Array): Course {
  const { states: n, stepMs } = flow;
  const jacobian = new Float64Array(n * n);
  const moved = new Float64Array(n);
  return {
    states: n,
    stepMs,
    advance(x, step, vectors) {
      const u = inputAt(step);
      if (vectors) {
        const j = flow.jacobian(x, u, jacobian);
        for (let from = 0; from < vectors.length; from += n) {
          multiply(j, n, vectors, from, moved);
          vectors.set(moved, from);
        }
      }
      return flow.map(x, u);
    },
  };
}

/** Runge–Kutta at a held input. */
export function equationCourse(flow: Equation, u: Float64Array, stepMs: number): Course {
  const { states: n } = flow;
  const h = stepMs;
  return {
    states: n,
    stepMs,
    advance(x, _step, vectors) {
      const shifted = (by: Float64Array, share: number) => x.map((value, i) => value + share * by[i]);
      const k1 = flow.derivative(x, u);
      const x2 = shifted(k1, h / 2);
      const k2 = flow.derivative(x2, u);
      const x3 = shifted(k2, h / 2);
      const k3 = flow.derivative(x3, u);
      const x4 = shifted(k3, h);
      const k4 = flow.derivative(x4, u);
      if (vectors) {
        // Jacobians may share memory: each is copied before the next.
        const [j1, j2, j3, j4] = [x, x2, x3, x4].map((at) => flow.jacobian(at, u).slice());
        const parts = [0, 1, 2, 3].map(() => new Float64Array(n));
        const probe = new Float64Array(n);
        const [q1, q2, q3, q4] = parts;
        for (let from = 0; from < vectors.length; from += n) {
          const probed = (by: Float64Array, share: number) => {
            for (let i = 0; i < n; i++) probe[i] = vectors[from + i] + share * by[i];
          };
          multiply(j1, n, vectors, from, q1);
          probed(q1, h / 2);
          multiply(j2, n, probe, 0, q2);
          probed(q2, h / 2);
          multiply(j3, n, probe, 0, q3);
          probed(q3, h);
          multiply(j4, n, probe, 0, q4);
          for (let i = 0; i < n; i++) vectors[from + i] += (h / 6) * (q1[i] + 2 * q2[i] + 2 * q3[i] + q4[i]);
        }
      }
      return x.map((value, i) => value + (h / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]));
    },
  };
}

/** into ← J v of the vector that begins at `from`. */
function multiply(j: Float64Array, n: number, vectors: Float64Array, from: number, into: Float64Array): void {
  for (let row = 0; row < n; row++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += j[row * n + i] * vectors[from + i];
    into[row] = sum;
  }
}

// Dynamics run forward in time at an input that may change: steps of a map, RK4 of a differential equation.

import type { Flow } from '../../models/model.ts';

/** A step of RK4 is at most this over the size of the Jacobian where it starts. */
const SHORT = 0.1;
/** And there are at most so many of them. */
const MOST_STEPS = 100_000;

/** Steps of RK4 that a duration (ms) takes for an accuracy that a Jacobian of this size asks for. */
export const stepsFor = (duration: number, jacobianSize: number): number =>
  Math.max(1, Math.min(MOST_STEPS, Math.ceil((duration * jacobianSize) / SHORT)));

/** Steps that a map takes in a bin of its trials. */
export const stepsPerBin = (flow: Extract<Flow, { kind: 'map' }>, binMs: number): number => Math.max(1, Math.round(binMs / flow.stepMs));

/** The state after `duration` (steps of a map, ms of a differential equation) at a held input; `steps` counts for the latter alone. */
export function runFor(flow: Flow, from: Float64Array, u: Float64Array, duration: number, steps: number): Float64Array {
  let x: Float64Array = from.slice();
  if (flow.kind === 'map') {
    for (let k = 0; k < duration; k++) x = flow.map(x, u);
    return x;
  }
  const h = duration / steps;
  for (let k = 0; k < steps; k++) x = rk4(flow.derivative, x, u, h);
  return x;
}

function rk4(derivative: (x: Float64Array, u: Float64Array) => Float64Array, x: Float64Array, u: Float64Array, h: number): Float64Array {
  const a = derivative(x, u);
  const b = derivative(
    x.map((value, i) => value + (h / 2) * a[i]),
    u,
  );
  const c = derivative(
    x.map((value, i) => value + (h / 2) * b[i]),
    u,
  );
  const d = derivative(
    x.map((value, i) => value + h * c[i]),
    u,
  );
  return x.map((value, i) => value + (h / 6) * (a[i] + 2 * b[i] + 2 * c[i] + d[i]));
}

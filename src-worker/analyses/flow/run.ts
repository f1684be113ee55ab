// Dynamics run forward in time at an input that may change: steps of a map, RK4 of a differential equation.

import type { Flow } from '../../models/model.ts';

/** A step of RK4 is at most this over the size of the Jacobian where it starts. */
const SHORT = 0.1;
/** And there are at most so many of them. */
const MOST_STEPS = 100_000;
/** A look every so many steps is nothing beside them. */
const LOOK_EVERY = 1000;

/** Steps of RK4 that a duration (ms) takes for an accuracy that a Jacobian of this size asks for. */
export const stepsFor = (duration: number, jacobianSize: number): number =>
  Math.max(1, Math.min(MOST_STEPS, Math.ceil((duration * jacobianSize) / SHORT)));

/** Steps that a map takes in a bin of its trials. */
export const stepsPerBin = (flow: Extract<Flow, { kind: 'map' }>, binMs: number): number => Math.max(1, Math.round(binMs / flow.stepMs));

/** The state after `duration` (steps of a map, ms of a differential equation) at a held input; `steps` counts for the latter alone. */
export function runFor(flow: Flow, from: Float64Array, u: Float64Array, duration: number, steps: number): Float64Array {
  const { count, next } = stepsOf(flow, u, duration, steps);
  let x: Float64Array = from.slice();
  for (let k = 0; k < count; k++) x = next(x);
  return x;
}

/** The same, with a look every so many steps whether it is still wanted. */
export async function runLooking(
  flow: Flow,
  from: Float64Array,
  u: Float64Array,
  { duration, steps }: { readonly duration: number; readonly steps: number },
  look: () => Promise<void>,
): Promise<Float64Array> {
  const { count, next } = stepsOf(flow, u, duration, steps);
  let x: Float64Array = from.slice();
  for (let k = 0; k < count; k++) {
    if (k % LOOK_EVERY === 0) await look();
    x = next(x);
  }
  return x;
}

function stepsOf(
  flow: Flow,
  u: Float64Array,
  duration: number,
  steps: number,
): { readonly count: number; readonly next: (x: Float64Array) => Float64Array } {
  if (flow.kind === 'map') return { count: duration, next: (x) => flow.map(x, u) };
  const h = duration / steps;
  return { count: steps, next: (x) => rk4(flow.derivative, x, u, h) };
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

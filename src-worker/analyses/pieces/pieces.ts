// Networks that are linear in pieces: which units are above zero decides which linear map holds (Durstewitz 2017; Monfared & Durstewitz 2020).
// Fixed points solve (M − W D) y = c, where D marks the entries of y above zero and M is diagonal.

import type { PlainFlow } from '../../models/flows.ts';
import type { Weights } from '../../models/network/rnn.ts';

export interface Pieces {
  readonly n: number;
  readonly M: Float64Array;
  /** n × n, row-major. */
  readonly W: Float64Array;
  readonly c: Float64Array;
  /** The state of a fixed point whose y this is. */
  stateOf(y: Float64Array): Float64Array;
  /** What decides the piece that a state lies in: unit i is on where entry i is above zero. */
  decider(x: Float64Array): Float64Array;
  /** x' = P x + q in the piece where these units are on; undefined for a differential equation, which has no steps. */
  map?(on: Uint8Array): { readonly P: Float64Array; readonly q: Float64Array };
}

/** Undefined for networks that are not linear in two pieces a unit. */
export function piecesOf(plain: PlainFlow | undefined, u: Float64Array): Pieces | undefined {
  if (plain === undefined || plain.of === 'gru' || plain.of === 'generator') return undefined;
  const { weights } = plain;
  const { states: n, W } = weights;
  const c = drivenBy(weights, u);
  if (plain.of === 'piecewise-linear') {
    const { A } = plain;
    return {
      n,
      M: A.map((value) => 1 - value),
      W,
      c,
      stateOf: (y) => y,
      decider: (x) => x,
      map: (on) => ({ P: W.map((weight, at) => (on[at % n] ? weight : 0) + (at % (n + 1) === 0 ? A[at / (n + 1)] : 0)), q: c }),
    };
  }
  if (plain.phi !== 'relu') return undefined;
  const M = new Float64Array(n).fill(1);
  if (plain.of === 'currents') {
    const { alpha } = plain;
    return {
      n,
      M,
      W,
      c,
      stateOf: (y) => y,
      decider: (x) => x,
      map: (on) => ({
        P: W.map((weight, at) => (on[at % n] ? alpha * weight : 0) + (at % (n + 1) === 0 ? 1 - alpha : 0)),
        q: c.map((value) => alpha * value),
      }),
    };
  }
  const alpha = plain.of === 'stepped' ? plain.alpha : 1;
  const pieces: Pieces = {
    n,
    M,
    W,
    c,
    stateOf: (y) => y.map((value) => Math.max(0, value)),
    decider(x) {
      const z = c.slice();
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) z[i] += W[i * n + j] * x[j];
      return z;
    },
  };
  if (plain.of === 'continuous') return pieces;
  return {
    ...pieces,
    map: (on) => ({
      P: W.map((weight, at) => (on[Math.floor(at / n)] ? alpha * weight : 0) + (at % (n + 1) === 0 ? 1 - alpha : 0)),
      q: c.map((value, i) => (on[i] ? alpha * value : 0)),
    }),
  };
}

/** V u + b. */
function drivenBy({ states, inputs, V, b }: Weights, u: Float64Array): Float64Array {
  const c = b.slice();
  for (let i = 0; i < states; i++) for (let j = 0; j < inputs; j++) c[i] += V[i * inputs + j] * u[j];
  return c;
}

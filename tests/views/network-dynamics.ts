// A network of rank 2 whose units are those of the small reaching experiment, as dynamics: what views of weights are tried on.

import type { Dynamics } from '../../src-worker/analyses/analysis.ts';
import { key, normal } from '../../src-worker/engine/random.ts';
import { flowFrom } from '../../src-worker/models/flows.ts';

export function networkDynamics(units: number): Dynamics {
  const draw = (seed: number, i: number): number => normal(key(seed, 8), i);
  const W = Float64Array.from({ length: units * units }, (_, at) => {
    const [i, j] = [Math.floor(at / units), at % units];
    return (2 * draw(1, i) * (draw(1, j) + draw(2, j)) + draw(3, i) * draw(4, j)) / units;
  });
  const V = Float64Array.from({ length: units }, (_, i) => draw(5, i));
  return {
    flow: flowFrom({
      of: 'currents',
      weights: { states: units, inputs: 1, W, V, b: new Float64Array(units) },
      phi: 'tanh',
      alpha: 0.2,
      stepMs: 20,
    }),
    of: 'a network of rank 2',
    recorded: Int32Array.from({ length: units }, (_, i) => i),
    notes: [],
  };
}

// A fitted rate network in float64: its weights by target and source, and its dynamics at a held external input.

import { bestWeights } from '../../training/loop.ts';
import { flowFrom } from '../flows.ts';
import type { Checkpoint, Flow } from '../model.ts';
import type { Weights } from '../network/rnn.ts';
import { factsOf } from './facts.ts';

/** Recurrent weights (row i drives unit i), input weights and bias. */
export function networkOf(checkpoint: Checkpoint): Weights {
  const { sizes: s } = factsOf(checkpoint);
  const weights = bestWeights(checkpoint);
  const H = s.hidden;
  const W = new Float64Array(H * H);
  if (s.rank === 0) for (let i = 0; i < H; i++) for (let j = 0; j < H; j++) W[i * H + j] = weights['recurrent.W'][j * H + i];
  else {
    const [n, m] = [weights['selection.W'], weights['output.W']];
    for (let i = 0; i < H; i++)
      for (let j = 0; j < H; j++) {
        let sum = 0;
        for (let r = 0; r < s.rank; r++) sum += m[r * H + i] * n[j * s.rank + r];
        W[i * H + j] = sum / H;
      }
  }
  const V = new Float64Array(H * s.external);
  for (let i = 0; i < H; i++) for (let e = 0; e < s.external; e++) V[i * s.external + e] = weights['external.W'][e * H + i];
  return { states: H, inputs: s.external, W, V, b: Float64Array.from(weights['bias.b']) };
}

/** One step of the network; a bin is several of them where it is long beside the time constant. A rectified network is piecewise linear. */
export function rateFlow(checkpoint: Checkpoint, nonlinearity: 'tanh' | 'relu', tauMs: number): Flow {
  const { sizes, binMs } = factsOf(checkpoint);
  const weights = networkOf(checkpoint);
  const stepMs = binMs / sizes.substeps;
  const alpha = stepMs / tauMs;
  if (nonlinearity === 'tanh') return flowFrom({ of: 'currents', weights, phi: 'tanh', alpha, stepMs });
  const scaled = (values: Float64Array) => values.map((x) => alpha * x);
  const A = new Float64Array(weights.states).fill(1 - alpha);
  return flowFrom({
    of: 'piecewise-linear',
    weights: { ...weights, W: scaled(weights.W), V: scaled(weights.V), b: scaled(weights.b) },
    A,
    stepMs,
  });
}

// What a state of a rate network stands for: log rates C x + d; and where each state is a recorded unit, which one.

import { bestWeights } from '../../training/loop.ts';
import type { Checkpoint } from '../model.ts';
import type { Nonlinearity } from '../network/rnn.ts';
import type { Readouts } from '../readout.ts';
import { factsOf } from './facts.ts';

/** Log rates where rates are exponentials, rates where values are continuous; κ of low-rank weights as factors. */
export function rateReadouts(checkpoint: Checkpoint, phi: Nonlinearity): Readouts {
  const { sizes: s, view, binMs } = factsOf(checkpoint);
  const weights = bestWeights(checkpoint);
  const [H, N] = [s.hidden, s.units];
  const selection = weights['selection.W'];
  const factors = selection && {
    factors: {
      of: 'factors',
      unit: '',
      dimensions: s.rank,
      states: H,
      // κ = nᵀ φ(x) / H
      matrix: Float64Array.from({ length: s.rank * H }, (_, at) => selection[(at % H) * s.rank + Math.floor(at / H)] / H),
      bias: new Float64Array(s.rank),
      phi,
    },
  };
  const matrix = new Float64Array(N * H);
  const bias = new Float64Array(N);
  for (const [n, unit] of view.order.entries()) {
    const isLog = s.outputsPerUnit === 1;
    const scale = isLog ? 1 : view.scale[n];
    bias[unit] = isLog ? weights['readout.b'][n] + Math.log(1000 / binMs) : scale * weights['readout.b'][n] + view.offset[n];
    for (let i = 0; i < H; i++) matrix[unit * H + i] = scale * weights['readout.W'][i * N + n];
  }
  if (s.outputsPerUnit !== 1) return { rates: { of: 'rates', unit: 'Hz', dimensions: N, states: H, matrix, bias }, ...factors };
  return {
    ...factors,
    logRates: { of: 'log rates', unit: 'log Hz', dimensions: N, states: H, matrix, bias },
  };
}

/** Place in the dataset of each state. */
export const recordedUnits = (checkpoint: Checkpoint): Int32Array => Int32Array.from(factsOf(checkpoint).view.order);

// What a state of a rate network stands for: log rates C x + d; and where each state is a recorded unit, which one.

import { bestWeights } from '../../training/loop.ts';
import type { Checkpoint } from '../model.ts';
import type { Readouts } from '../readout.ts';
import { factsOf } from './facts.ts';

/** Log rates only where rates are exponentials: counts, not continuous values. */
export function rateReadouts(checkpoint: Checkpoint): Readouts {
  const { sizes: s, view, binMs } = factsOf(checkpoint);
  if (s.outputsPerUnit !== 1) return {};
  const weights = bestWeights(checkpoint);
  const [H, N] = [s.hidden, s.units];
  const matrix = new Float64Array(N * H);
  const bias = new Float64Array(N);
  for (const [n, unit] of view.order.entries()) {
    bias[unit] = weights['readout.b'][n] + Math.log(1000 / binMs);
    for (let i = 0; i < H; i++) matrix[unit * H + i] = weights['readout.W'][i * N + n];
  }
  return { logRates: { of: 'log rates', unit: 'log Hz', dimensions: N, states: H, matrix, bias } };
}

/** Place in the dataset of each state. */
export const recordedUnits = (checkpoint: Checkpoint): Int32Array => Int32Array.from(factsOf(checkpoint).view.order);

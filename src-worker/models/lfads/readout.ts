// What a generator's state stands for: factors f = Ŵᵀ g with columns of unit length, log rates Rᵀ f + b.

import type { Readouts } from '../readout.ts';
import type { LfadsSizes } from './architecture.ts';
import type { UnitView } from '../../training/units.ts';

type Weights = Readonly<Record<string, ArrayLike<number>>>;

/** Log rates only where rates are exponentials: counts, not continuous values. */
export function readoutsOf(weights: Weights, sizes: LfadsSizes, { order }: UnitView, binMs: number): Readouts {
  const { generator: states, factors, units, outputsPerUnit } = sizes;
  const w = weights['factors.W']!;
  const matrix = new Float64Array(factors * states);
  for (let f = 0; f < factors; f++) {
    let squares = 0;
    for (let i = 0; i < states; i++) squares += w[i * factors + f]! ** 2;
    for (let i = 0; i < states; i++) matrix[f * states + i] = w[i * factors + f]! / Math.sqrt(squares);
  }
  const ofFactors = { of: 'factors', unit: '', dimensions: factors, states, matrix, bias: new Float64Array(factors) };
  if (outputsPerUnit !== 1) return { factors: ofFactors };
  const [r, b] = [weights['readout.W']!, weights['readout.b']!];
  const rates = new Float64Array(units * states);
  const bias = new Float64Array(units);
  for (const [n, unit] of order.entries()) {
    bias[unit] = b[n]! + Math.log(1000 / binMs);
    for (let f = 0; f < factors; f++)
      for (let i = 0; i < states; i++) rates[unit * states + i] += r[f * units + n]! * matrix[f * states + i];
  }
  return { factors: ofFactors, logRates: { of: 'log rates', unit: 'log Hz', dimensions: units, states, matrix: rates, bias } };
}

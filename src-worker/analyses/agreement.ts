// How far fits that began elsewhere agree in their weights.

import { correlation } from '../numerics/statistics.ts';

/** Correlation of two square matrices off their diagonals. */
export function offDiagonal(a: Float64Array, b: Float64Array, n: number): number {
  const off = (list: Float64Array): Float64Array => list.filter((_, at) => at % (n + 1) !== 0);
  return correlation(off(a), off(b));
}

const rms = (values: Float64Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

/** S.d. of every place over lists. */
export function spreadOver(lists: readonly Float64Array[]): Float64Array {
  const count = lists.length;
  return Float64Array.from(lists[0], (_, at) => {
    const mean = lists.reduce((sum, list) => sum + list[at], 0) / count;
    return Math.sqrt(lists.reduce((sum, list) => sum + (list[at] - mean) ** 2, 0) / (count - 1));
  });
}

/** Numbers of two or more n × n matrices of weights: size of the first, s.d. over all, mean correlation of pairs off the diagonal. */
export function weightAgreement(weights: readonly Float64Array[], n: number): Record<string, number> {
  const pairs = weights.flatMap((one, a) => weights.slice(a + 1).map((other) => offDiagonal(one, other, n)));
  return {
    'ensemble.members': weights.length,
    'ensemble.weightRms': rms(weights[0]),
    'ensemble.weightSd': rms(spreadOver(weights)),
    'ensemble.weights': pairs.reduce((sum, r) => sum + r, 0) / pairs.length,
  };
}

// Principal components of a current over its target units.

import { symmetricEigen } from '../../numerics/symmetric.ts';

/** `values`: targets × samples, the mean of each target away. Scores are component × sample, shares of the variance one a component. */
export function componentsOf(
  values: Float64Array,
  targets: number,
  samples: number,
  count: number,
): { readonly scores: Float64Array; readonly shares: Float64Array } {
  const gram = new Float64Array(targets * targets);
  for (let i = 0; i < targets; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let t = 0; t < samples; t++) sum += values[i * samples + t] * values[j * samples + t];
      gram[i * targets + j] = sum;
      gram[j * targets + i] = sum;
    }
  const { values: found, vectors } = symmetricEigen(gram, targets);
  const total = found.reduce((sum, value) => sum + Math.max(0, value), 0);
  const scores = new Float64Array(count * samples);
  const shares = new Float64Array(count);
  for (let k = 0; k < Math.min(count, targets); k++) {
    const loading = vectors.subarray(k * targets, (k + 1) * targets);
    const largest = loading.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    const sign = largest < 0 ? -1 : 1;
    shares[k] = total > 0 ? Math.max(0, found[k]) / total : 0;
    for (let i = 0; i < targets; i++)
      for (let t = 0; t < samples; t++) scores[k * samples + t] += sign * loading[i] * values[i * samples + t];
  }
  return { scores, shares };
}

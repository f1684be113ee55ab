// Principal components of a current over its target units.

import { symmetricEigen } from '../../numerics/symmetric.ts';

export interface Components {
  /** component × target, of length 1; the largest is positive. */
  readonly loadings: Float64Array;
  /** component × sample. */
  readonly scores: Float64Array;
  /** Of the variance, one a component. */
  readonly shares: Float64Array;
}

/** `values`: targets × samples, the mean of each target away. */
export function componentsOf(values: Float64Array, targets: number, samples: number, count: number): Components {
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
  const loadings = new Float64Array(count * targets);
  const shares = new Float64Array(count);
  for (let k = 0; k < Math.min(count, targets); k++) {
    const vector = vectors.subarray(k * targets, (k + 1) * targets);
    const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    shares[k] = total > 0 ? Math.max(0, found[k]) / total : 0;
    loadings.set(largest < 0 ? vector.map((value) => -value) : vector, k * targets);
  }
  return { loadings, scores: projected(loadings, values, targets, samples), shares };
}

/** What targets × samples do along loadings (component × target): component × sample. Parts of a current add up to what the whole does. */
export function projected(loadings: Float64Array, values: Float64Array, targets: number, samples: number): Float64Array {
  const count = loadings.length / targets;
  const out = new Float64Array(count * samples);
  for (let k = 0; k < count; k++)
    for (let i = 0; i < targets; i++) {
      const loading = loadings[k * targets + i];
      if (loading !== 0) for (let t = 0; t < samples; t++) out[k * samples + t] += loading * values[i * samples + t];
    }
  return out;
}

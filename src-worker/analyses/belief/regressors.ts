// Rank and condition of the activity that weights are regressed on.

import { symmetricEigen } from '../../numerics/symmetric.ts';
import { modulated } from './rows.ts';

export interface Spectrum {
  /** Directions that hold 95 % of the variance. */
  readonly dimensions95: number;
  /** Directions above rounding. */
  readonly rank: number;
  /** Largest over least singular value. */
  readonly condition: number;
}

const ROUNDING = 1e-12;
/** Of more units the spectrum is that of the samples, thinned to as many. */
const MOST = 500;

/** `activity`: units × samples. */
export function spectrumOf(activity: Float64Array, units: number, samples: number): Spectrum {
  const centred = modulated(activity, samples);
  const bySamples = units > MOST && samples < units;
  const n = bySamples ? samples : units;
  const gram = new Float64Array(n * n);
  if (bySamples) {
    for (let u = 0; u < units; u++)
      for (let i = 0; i < n; i++) {
        const a = centred[u * samples + i];
        for (let j = 0; j <= i; j++) gram[i * n + j] += a * centred[u * samples + j];
      }
  } else
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let t = 0; t < samples; t++) sum += centred[i * samples + t] * centred[j * samples + t];
        gram[i * n + j] = sum;
      }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) gram[j * n + i] = gram[i * n + j];
  const { values } = symmetricEigen(gram, n);
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  let [held, dimensions95] = [0, 0];
  while (dimensions95 < n && held < 0.95 * total) held += Math.max(0, values[dimensions95++]);
  const rank = values.filter((value) => value > ROUNDING * values[0]).length;
  const least = rank < units ? 0 : values[units - 1];
  return { dimensions95, rank, condition: least > 0 ? Math.sqrt(values[0] / least) : 1 / Math.sqrt(ROUNDING) };
}

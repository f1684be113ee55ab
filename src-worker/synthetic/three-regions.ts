// Three regions whose currents are known (after Perich et al. 2021): A is chaotic and left to itself, a bump that moves over its units drives B,
// two patterns drive C one after the other; few weak connections lead from each region to the others.
//
//   τ ẋ = −x + W φ(x) + drive, φ = tanh; a region's own weights are g N(0, 1)/√units, between regions each connection is there with a chance
//
// The order of every operation is fixed, so the recording is the same bits on every machine.

import { exponential, Stream } from './arithmetic.ts';

export interface ThreeRegionOptions {
  readonly seed: number;
  readonly unitsPerRegion: number;
  readonly samples: number;
  /** Chance of a connection between two units of different regions, and its weight. */
  readonly fraction: number;
  readonly amplitude: number;
  /** Size of what drives B and C. */
  readonly drive: number;
  /** S.d. that noise alone would give the state of a unit. */
  readonly noise: number;
}

export const THREE_REGIONS: ThreeRegionOptions = {
  seed: 1,
  unitsPerRegion: 100,
  samples: 1201,
  fraction: 0.05,
  amplitude: 0.02,
  drive: 0.5,
  noise: 0.03,
};

export const SAMPLE_MS = 10;
export const TAU_MS = 100;
export const STEPS_PER_SAMPLE = 5;
/** Samples before the recording begins. */
const LEAD = 200;
/** Gains of the regions' own weights. */
const GAINS = [1.8, 1.5, 1.5];
export const REGIONS = ['A', 'B', 'C'] as const;
/** S.d. of the bump, as a share of the units. */
const BUMP = 0.05;

export interface ThreeRegions {
  readonly units: number;
  readonly samples: number;
  /** samples × units, φ(x). */
  readonly rates: Float64Array;
  /** units × units, row i onto unit i. */
  readonly weights: Float64Array;
  readonly regions: readonly string[];
}

const tanh = (x: number): number => {
  const bounded = Math.min(20, Math.max(-20, x));
  return 1 - 2 / (exponential(2 * bounded) + 1);
};

export function threeRegions(options: Partial<ThreeRegionOptions> = {}): ThreeRegions {
  const { seed, unitsPerRegion: n, samples, fraction, amplitude, drive, noise } = { ...THREE_REGIONS, ...options };
  const units = 3 * n;
  const [weighted, linked, begun, kicked] = [201, 202, 203, 204].map((stream) => new Stream(seed, stream));
  const weights = new Float64Array(units * units);
  const scale = 1 / Math.sqrt(n);
  for (let i = 0; i < units; i++)
    for (let j = 0; j < units; j++) {
      const [into, from] = [Math.floor(i / n), Math.floor(j / n)];
      const own = weighted.normal();
      const there = linked.uniform() < fraction;
      weights[i * units + j] = into === from ? GAINS[into] * own * scale : there ? amplitude : 0;
    }
  const patterns = Float64Array.from({ length: 2 * n }, () => 2 * begun.below(2) - 1);
  const x = Float64Array.from({ length: units }, () => 2 * begun.uniform() - 1);
  const r = x.map(tanh);
  const rates = new Float64Array(samples * units);
  const alpha = SAMPLE_MS / STEPS_PER_SAMPLE / TAU_MS;
  const kick = noise * Math.sqrt(2 * alpha);
  const sum = new Float64Array(units);
  for (let t = -LEAD; t < samples; t++) {
    if (t >= 0) rates.set(r, t * units);
    for (let step = 0; step < STEPS_PER_SAMPLE; step++) {
      // The bump goes once over B while the recording lasts; halfway through C gets its other pattern.
      const centre = ((t + step / STEPS_PER_SAMPLE) / samples) * n;
      for (let i = 0; i < units; i++) {
        let total = 0;
        for (let j = 0; j < units; j++) total += weights[i * units + j] * r[j];
        const k = i - n;
        if (k >= 0 && k < n && t >= 0) {
          const away = (k - centre) / (BUMP * n);
          total += drive * exponential(-0.5 * Math.min(80, away * away));
        }
        if (k >= n && t >= 0) total += drive * patterns[(2 * t < samples ? 0 : n) + k - n];
        sum[i] = total;
      }
      for (let i = 0; i < units; i++) {
        x[i] += alpha * (sum[i] - x[i]) + kick * kicked.normal();
        r[i] = tanh(x[i]);
      }
    }
  }
  return { units, samples, rates, weights, regions: Array.from({ length: units }, (_, i) => REGIONS[Math.floor(i / n)]) };
}

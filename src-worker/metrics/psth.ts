// PSTH R²: how well condition averages of a model's rates match those of smoothed spikes; per unit, then averaged (Neural Latents Benchmark).

import { averageByCondition } from '../numerics/averages.ts';
import { rSquared } from '../numerics/ridge.ts';
import { smoothBins } from '../numerics/smoothing.ts';

/** `rates` (counts per bin) and `counts` are trials × bins × units, `conditions` one per trial (−1 for none). Units whose average is flat do not count. */
export function psthR2(
  rates: Float32Array,
  counts: Float32Array,
  bins: number,
  units: number,
  conditions: Int32Array,
  sdBins: number,
  observed?: Uint8Array,
): number {
  const smoothed = smoothBins(counts, conditions.length, bins, units, sdBins, { observed });
  const spikes = averageByCondition(smoothed, bins, units, conditions, observed).values;
  const model = averageByCondition(rates, bins, units, conditions, observed).values;
  let [sum, judged] = [0, 0];
  for (let u = 0; u < units; u++) {
    const own = (values: Float64Array): Float64Array => values.filter((_, i) => i % units === u && !Number.isNaN(spikes[i]));
    const r2 = rSquared(own(spikes), own(model), 1);
    if (Number.isNaN(r2)) continue;
    sum += r2;
    judged++;
  }
  return judged > 0 ? sum / judged : Number.NaN;
}

// Bits per spike: how much likelier counts are under a model's rates than under each unit's mean rate (Neural Latents Benchmark, Pei et
// al. 2021). Pooled over units: one total, divided by all spikes. The mean is that of the counts being judged.

import type { Numbers } from '../contract/result.ts';

const LEAST_RATE = 1e-9;

export interface BitsPerSpike {
  /** (NLL of means − NLL of rates) ÷ (spikes · ln 2), over all units that count; NaN without spikes. */
  readonly pooled: number;
  /** The same of each unit alone. */
  readonly perUnit: Float64Array;
}

/** Sums from which bits per spike follow: counts may come in parts, and none of them is kept. */
export class Likelihood {
  readonly #sums: Float64Array;
  readonly #gains: Float64Array;
  #rows = 0;

  constructor(units: number) {
    this.#sums = new Float64Array(units);
    this.#gains = new Float64Array(units);
  }

  /** `rates` (counts per bin) and `counts` are rows × units. `observed` (rows) masks rows that were not recorded. */
  take(rates: Numbers, counts: Numbers, observed?: Uint8Array): void {
    const units = this.#sums.length;
    const rows = counts.length / units;
    for (let row = 0; row < rows; row++) {
      if (observed && !observed[row]) continue;
      this.#rows++;
      for (let u = 0; u < units; u++) {
        const count = counts[row * units + u];
        const rate = Math.max(LEAST_RATE, rates[row * units + u]);
        this.#sums[u] += count;
        // log k! is in both likelihoods and drops out.
        this.#gains[u] += count * Math.log(rate) - rate;
      }
    }
  }

  /** Only units where `included` is 1 enter the pooled number. */
  bitsPerSpike(included?: Uint8Array): BitsPerSpike {
    let [gained, spikes] = [0, 0];
    const perUnit = this.#sums.map((sum, u) => {
      const mean = Math.max(LEAST_RATE, sum / this.#rows);
      const gain = this.#gains[u] - (sum * Math.log(mean) - mean * this.#rows);
      if (!included || included[u]) [gained, spikes] = [gained + gain, spikes + sum];
      return sum > 0 ? gain / sum / Math.LN2 : Number.NaN;
    });
    return { pooled: spikes > 0 ? gained / spikes / Math.LN2 : Number.NaN, perUnit };
  }
}

/**
 * `rates` (counts per bin) and `counts` are rows × units. `observed` (rows) masks rows that were not recorded; only units where
 * `included` is 1 enter the pooled number.
 */
export function bitsPerSpike(
  rates: Numbers,
  counts: Numbers,
  units: number,
  { observed, included }: { readonly observed?: Uint8Array | undefined; readonly included?: Uint8Array } = {},
): BitsPerSpike {
  const likelihood = new Likelihood(units);
  likelihood.take(rates, counts, observed);
  return likelihood.bitsPerSpike(included);
}

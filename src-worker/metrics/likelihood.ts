// Bits per spike: how much likelier counts are under a model's rates than under each unit's mean rate (Neural Latents Benchmark, Pei et
// al. 2021). Pooled over units: one total, divided by all spikes. The mean is that of the counts being judged.

const LEAST_RATE = 1e-9;

export interface BitsPerSpike {
  /** (NLL of means − NLL of rates) ÷ (spikes · ln 2), over all units that count; NaN without spikes. */
  readonly pooled: number;
  /** The same of each unit alone. */
  readonly perUnit: Float64Array;
}

/**
 * `rates` (counts per bin) and `counts` are rows × units. `observed` (rows) masks rows that were not recorded; only units where
 * `included` is 1 enter the pooled number.
 */
export function bitsPerSpike(
  rates: Float32Array | Float64Array,
  counts: Float32Array | Float64Array,
  units: number,
  { observed, included }: { readonly observed?: Uint8Array | undefined; readonly included?: Uint8Array } = {},
): BitsPerSpike {
  const rows = counts.length / units;
  const [sums, gains] = [new Float64Array(units), new Float64Array(units)];
  let seen = 0;
  for (let row = 0; row < rows; row++) {
    if (observed && !observed[row]) continue;
    seen++;
    for (let u = 0; u < units; u++) {
      const count = counts[row * units + u];
      const rate = Math.max(LEAST_RATE, rates[row * units + u]);
      sums[u] += count;
      // log k! is in both likelihoods and drops out.
      gains[u] += count * Math.log(rate) - rate;
    }
  }
  let [gained, spikes] = [0, 0];
  const perUnit = new Float64Array(units);
  for (let u = 0; u < units; u++) {
    const mean = Math.max(LEAST_RATE, sums[u] / seen);
    gains[u] -= sums[u] * Math.log(mean) - mean * seen;
    perUnit[u] = sums[u] > 0 ? gains[u] / sums[u] / Math.LN2 : Number.NaN;
    if (included && !included[u]) continue;
    gained += gains[u];
    spikes += sums[u];
  }
  return { pooled: spikes > 0 ? gained / spikes / Math.LN2 : Number.NaN, perUnit };
}
